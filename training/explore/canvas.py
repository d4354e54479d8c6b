"""Figures as inline SVG that take their colours from the page, each once for a desk and once for a phone."""

import io
import re
from collections.abc import Callable
from functools import cache
from importlib.metadata import distribution

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, fontManager, get_font
from matplotlib.textpath import text_to_path

# At 72 dots an inch, a point is a pixel of the page.
DPI = 72
WIDTHS_PX = {"wide": 720, "narrow": 350}
TEXT_PX = 13

# What matplotlib paints with; each becomes the page's variable of that name, so that light and dark both fit.
INK, MUTED, LINE, BAR, SOFT, MARK, PAPER = (f"#00000{digit}" for digit in range(1, 8))
VARIABLES = {INK: "ink", MUTED: "muted", LINE: "line", BAR: "bar", SOFT: "soft", MARK: "mark", PAPER: "card"}

# NanumGothic holds Korean and Latin letters, DejaVu Sans most other signs.
FAMILIES = ["NanumGothic", "DejaVu Sans"]
NO_GLYPH = "□"
# Letters that direct or join others, and have no shape alone: joiners, directions, variation selectors.
SHAPELESS = re.compile(r"[\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")

STYLE = {
    "svg.fonttype": "path",
    "svg.hashsalt": "explore",
    "font.family": FAMILIES,
    "font.size": TEXT_PX,
    "text.parse_math": False,
    "text.color": INK,
    "axes.edgecolor": LINE,
    "axes.labelcolor": MUTED,
    "axes.labelpad": 8,
    "axes.titlecolor": MUTED,
    "axes.titlesize": TEXT_PX,
    "axes.titlepad": 12,
    "axes.unicode_minus": False,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "grid.color": LINE,
    "grid.linewidth": 0.8,
    "patch.linewidth": 0,
    "xtick.color": LINE,
    "xtick.labelcolor": MUTED,
    "ytick.color": LINE,
    "ytick.labelcolor": MUTED,
    "ytick.major.size": 0,
    "ytick.minor.size": 0,
    "xtick.minor.size": 0,
}


def draw(name: str, height_px: int, paint: Callable[[Figure], None]) -> str:
    """Draw one plot at every width of WIDTHS_PX.

    Args:
        name: Word of letters that no other plot of the page has; the ids inside begin with it.
        height_px: Height of the plot.
        paint: Puts the plot onto an empty figure; it may look at the figure's width.

    Returns:
        An `<svg class="wide">` and an `<svg class="narrow">`. Text is drawn as outlines, and no text of the data is in
        the markup.
    """
    _register_font()
    drawings = []
    with rc_context(STYLE):
        for kind, width_px in WIDTHS_PX.items():
            figure = Figure(figsize=(width_px / DPI, height_px / DPI), dpi=DPI)
            paint(figure)
            drawings.append(_inline(figure, f"{name}-{kind}", kind))
    return "".join(drawings)


def width_px(figure: Figure) -> float:
    """The width of a figure."""
    return figure.get_figwidth() * DPI


def full_axes(figure: Figure) -> Axes:
    """Axes without frame or ticks over the whole figure, measured in pixels from the upper left."""
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, width_px(figure)), ylim=(figure.get_figheight() * DPI, 0))
    axes.set_axis_off()
    return axes


def text_width_px(text: str, size_px: float = TEXT_PX) -> float:
    """How wide a text is drawn."""
    _register_font()
    font = FontProperties(family=FAMILIES, size=size_px)
    return text_to_path.get_text_width_height_descent(text, font, ismath=False)[0] if text else 0.0


def drawable(text: str) -> str:
    """The text without what the fonts cannot draw, such as most emoji; □ where nothing is left."""
    shown = "".join(sign for sign in SHAPELESS.sub("", text) if ord(sign) in _glyphs() and ord(sign) > 31)
    return " ".join(shown.split()) or NO_GLYPH


def fit(text: str, limit_px: float, size_px: float = TEXT_PX) -> str:
    """The drawable text, cut with an ellipsis where it is wider than the limit."""
    text = drawable(text)
    if text_width_px(text, size_px) <= limit_px:
        return text
    # No more than this many fit, were all as narrow as the narrowest.
    fitting = text[: max(1, int(6 * limit_px / size_px))]
    while len(fitting) > 1 and text_width_px(fitting + "…", size_px) > limit_px:
        fitting = fitting[:-1]
    return fitting.rstrip() + "…"


@cache
def _register_font() -> None:
    """Make NanumGothic (SIL Open Font Licence) known by name; importing its package would change every plot."""
    path = distribution("koreanize-matplotlib").locate_file("koreanize_matplotlib/fonts/NanumGothic.ttf")
    fontManager.addfont(str(path))


@cache
def _glyphs() -> frozenset[int]:
    """Every character that one of the fonts can draw."""
    _register_font()
    return frozenset().union(*(get_font(findfont(family)).get_charmap() for family in FAMILIES))


def _inline(figure: Figure, prefix: str, kind: str) -> str:
    """What matplotlib writes as a file, made fit for standing in a page beside others."""
    buffer = io.StringIO()
    nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    figure.savefig(buffer, format="svg", transparent=True, metadata=nothing)
    svg = re.sub(r"<!--.*?-->|<style.*?</style>", "", buffer.getvalue(), flags=re.DOTALL)
    body = svg[svg.index("<svg") :].partition(">")[2]
    body = re.sub(r' id="[a-zA-Z0-9.]+_\d+"', "", re.sub(r"\s*\n\s*", " ", body))
    body = re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>{prefix}-", body.replace("xlink:href", "href"))
    for colour, variable in VARIABLES.items():
        body = body.replace(colour, f"var(--{variable})")
    width, height = (round(side * DPI) for side in figure.get_size_inches())
    return f'<svg class="{kind}" viewBox="0 0 {width} {height}" aria-hidden="true">{body}'
