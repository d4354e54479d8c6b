"""Figures as inline SVG that take their colors from the page, each once for a desk and once for a phone."""

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
INK = "#000001"
MUTED = "#000002"
LINE = "#000003"
BAR = "#000004"
SOFT = "#000005"
MARK = "#000006"
PAPER = "#000007"
VARIABLES = {INK: "ink", MUTED: "muted", LINE: "line", BAR: "bar", SOFT: "soft", MARK: "mark", PAPER: "card"}

# NanumGothic holds Korean and Latin letters, DejaVu Sans most other signs.
FAMILIES = ["NanumGothic", "DejaVu Sans"]
NO_GLYPH = "□"
# Letters that direct or join others, and have no shape alone: joiners, directions, variation selectors.
SHAPELESS = re.compile(r"[\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")

# Characters before the space control a terminal and have no shape.
LAST_CONTROL_CHARACTER = 31
# The narrowest letter is a sixth of its size wide.
MOST_LETTERS_A_SIZE = 6

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
        name: A word of letters that no other plot of the page has; the ids inside begin with it.
        height_px: The height of the plot.
        paint: A function that puts the plot onto an empty figure; it may look at the figure's width.

    Returns:
        An `<svg class="wide">` and an `<svg class="narrow">`. Text is drawn as outlines, and no text of the data is in
        the markup.
    """
    _register_font()
    drawings = []
    with rc_context(STYLE):
        for kind, width in WIDTHS_PX.items():
            figure = Figure(figsize=(width / DPI, height_px / DPI), dpi=DPI)
            paint(figure)
            drawings.append(_inline(figure, f"{name}-{kind}", kind))
    return "".join(drawings)


def width_px(figure: Figure) -> float:
    """Compute the width of a figure."""
    return figure.get_figwidth() * DPI


def full_axes(figure: Figure) -> Axes:
    """Add axes without frame or ticks over the whole figure, measured in pixels from the upper left."""
    axes = figure.add_axes((0, 0, 1, 1))
    height_px = figure.get_figheight() * DPI
    axes.set(xlim=(0, width_px(figure)), ylim=(height_px, 0))
    axes.set_axis_off()
    return axes


def text_width_px(text: str, size_px: float = TEXT_PX) -> float:
    """Measure how wide a text is drawn."""
    if not text:
        return 0.0
    _register_font()
    font = FontProperties(family=FAMILIES, size=size_px)
    width, _, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    return width


def drawable(text: str) -> str:
    """Leave out what the fonts cannot draw, such as most emoji; □ where nothing is left."""
    glyphs = _glyphs()
    shapes = []
    for character in SHAPELESS.sub("", text):
        if ord(character) in glyphs and ord(character) > LAST_CONTROL_CHARACTER:
            shapes.append(character)
    return " ".join("".join(shapes).split()) or NO_GLYPH


def fit(text: str, limit_px: float, size_px: float = TEXT_PX) -> str:
    """Cut the drawable text with an ellipsis where it is wider than the limit."""
    text = drawable(text)
    if text_width_px(text, size_px) <= limit_px:
        return text

    # No more than this many fit, were all as narrow as the narrowest.
    most_characters = int(MOST_LETTERS_A_SIZE * limit_px / size_px)
    cut = text[: max(1, most_characters)]
    while len(cut) > 1 and text_width_px(cut + "…", size_px) > limit_px:
        cut = cut[:-1]
    return cut.rstrip() + "…"


@cache
def _register_font() -> None:
    """Tell matplotlib of NanumGothic (SIL Open Font Licence); importing its package would change every plot."""
    path = distribution("koreanize-matplotlib").locate_file("koreanize_matplotlib/fonts/NanumGothic.ttf")
    fontManager.addfont(str(path))


@cache
def _glyphs() -> frozenset[int]:
    """List every character that one of the fonts can draw."""
    _register_font()
    characters: set[int] = set()
    for family in FAMILIES:
        font = get_font(findfont(family))
        characters.update(font.get_charmap())
    return frozenset(characters)


def _inline(figure: Figure, prefix: str, kind: str) -> str:
    """Write a figure as SVG that can stand in a page beside others.

    Args:
        figure: The figure.
        prefix: The beginning of all ids, so that no other drawing of the page has them.
        kind: The class of the `<svg>`, a key of WIDTHS_PX.
    """
    buffer = io.StringIO()
    no_metadata = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    figure.savefig(buffer, format="svg", transparent=True, metadata=no_metadata)

    # Without comments and styles, and from behind the opening tag, which is written anew below.
    svg = re.sub(r"<!--.*?-->|<style.*?</style>", "", buffer.getvalue(), flags=re.DOTALL)
    _, _, body = svg[svg.index("<svg") :].partition(">")

    # Ids such as "patch_2" are of no use; the others are referred to.
    body = re.sub(r"\s*\n\s*", " ", body)
    body = re.sub(r' id="[a-zA-Z0-9.]+_\d+"', "", body)
    body = body.replace("xlink:href", "href")
    body = re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>{prefix}-", body)

    for color, variable in VARIABLES.items():
        body = body.replace(color, f"var(--{variable})")
    width, height = (round(side * DPI) for side in figure.get_size_inches())
    return f'<svg class="{kind}" viewBox="0 0 {width} {height}" aria-hidden="true">{body}'
