"""Plots of what is frequent: each paints onto an empty figure."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullLocator

from training.explore.axes import THOUSANDS, caption, most_ticks
from training.explore.canvas import BAR, LINE, MARK, MUTED, PAPER, SOFT, fit, full_axes, text_width_px, width_px
from training.explore.counting import Cut
from training.explore.section import count, number, percent

# Logarithmic axes begin a little below 1.
LOWEST_COUNT = 0.7
LOWEST_RANK = 0.85
# Axes that end below this have ticks at 2 and 5, too.
SHORT_AXIS = 50

ROW_PX, STACKED_ROW_PX = 24, 42
BAR_PX, STACKED_BAR_PX = 12, 8
GAP_PX = 12
# The distance of names over bars from these.
NAME_PX = 15
# Names beside bars take at most this share of the width.
LONGEST_NAME = 0.45


def paint_ranks(figure: Figure, ranks: np.ndarray, counts: np.ndarray, cut: Cut, noun: str) -> None:
    """Paint frequency by rank on logarithmic axes, the share of the top 20% shaded.

    Args:
        figure: The figure to paint on.
        ranks: Positions from 1, rising; few enough to draw.
        counts: The count at each position.
        cut: Where the top 20% end.
        noun: What is counted, in the singular.
    """
    figure.set_layout_engine("constrained", w_pad=0)
    axes = figure.subplots()
    highest = counts[0]
    # About a quarter of the height is left for the words on the mark.
    top = highest * (highest / LOWEST_COUNT) ** 0.3 * 1.3
    axes.set(xscale="log", yscale="log", xlim=(LOWEST_RANK, ranks[-1] * 1.2), ylim=(LOWEST_COUNT, top))

    _shade_top(axes, ranks, counts, cut)
    axes.plot(ranks, counts, color=BAR, linewidth=2.4, solid_capstyle="round")
    axes.plot([cut.top, cut.top], [LOWEST_COUNT, top], color=MARK, linewidth=1.2)
    axes.plot(cut.top, cut.percentile, "o", color=MARK, markersize=7, markeredgecolor=PAPER, markeredgewidth=1.5)
    _write_cut(axes, cut, top)

    for axis, most in ((axes.xaxis, ranks[-1]), (axes.yaxis, highest)):
        steps = (1, 2, 5) if most < SHORT_AXIS else (1,)
        axis.set_major_locator(LogLocator(subs=steps, numticks=most_ticks(figure)))
        axis.set_minor_locator(NullLocator())
        axis.set_major_formatter(THOUSANDS)
    axes.grid()
    caption(figure, "playlists that have it")
    axes.set_xlabel(f"{noun}s, by rank")


def bars_height_px(rows: int, stacked: bool = False) -> int:
    """Compute the height that horizontal bars take.

    Args:
        rows: Number of bars.
        stacked: Whether names stand above the bars.
    """
    return rows * (STACKED_ROW_PX if stacked else ROW_PX)


def paint_bars(figure: Figure, names: Sequence[str], values: Sequence[int], stacked: bool = False) -> None:
    """Paint horizontal bars, the first on top, each with its value at its end.

    Args:
        figure: The figure to paint on; as high as `bars_height_px`.
        names: A name for each bar; cut where it is too long.
        values: The length of each bar.
        stacked: Whether names stand above the bars, which leaves room for long ones, or beside.
    """
    axes = full_axes(figure)
    width = width_px(figure)
    names_width = width - 2 if stacked else LONGEST_NAME * width
    short_names = [fit(name, names_width) for name in names]
    values_width = max(text_width_px(number(value)) for value in values)
    left = 0 if stacked else max(text_width_px(name) for name in short_names) + GAP_PX
    bars_width = width - left - values_width - GAP_PX
    scale = bars_width / max(values)
    row = STACKED_ROW_PX if stacked else ROW_PX
    thickness = STACKED_BAR_PX if stacked else BAR_PX

    for position, (name, value) in enumerate(zip(short_names, values, strict=True)):
        # Below its name, a bar lies under the middle of its row.
        center = (position + 0.5) * row + (row / 4 if stacked else 0)
        axes.barh(center, bars_width, thickness, left, color=LINE, alpha=0.45)
        axes.barh(center, value * scale, thickness, left, color=BAR)
        axes.text(width - 1, center, number(value), ha="right", va="center_baseline", color=MUTED)
        if stacked:
            axes.text(0, center - NAME_PX, name, va="center_baseline")
        else:
            axes.text(left - GAP_PX, center, name, ha="right", va="center_baseline")


def _shade_top(axes: Axes, ranks: np.ndarray, counts: np.ndarray, cut: Cut) -> None:
    """Shade what lies below the curve, from the first rank to the end of the top 20%."""
    is_top = ranks <= cut.top
    top_counts = counts[is_top]
    # Behind the curve the outline goes down at the cut, and back along the bottom.
    outline_x = [*ranks[is_top], cut.top, cut.top, ranks[0]]
    outline_y = [*top_counts, top_counts[-1], LOWEST_COUNT, LOWEST_COUNT]
    axes.fill(outline_x, outline_y, color=SOFT, linewidth=0)


def _write_cut(axes: Axes, cut: Cut, top: float) -> None:
    """Write what the top 20% are on the side of the mark that has more room."""
    left, right = np.log(axes.get_xlim())
    is_in_right_half = (np.log(cut.top) - left) / (right - left) > 0.5
    offset = (-8, -2) if is_in_right_half else (8, -2)
    side = "right" if is_in_right_half else "left"

    lines = (
        f"top 20%: {percent(cut.share, 1)} of the entries\n"
        f"80th percentile: {count(round(cut.percentile, 1), 'playlist')}"
    )
    axes.annotate(
        lines, (cut.top, top), offset, textcoords="offset points", ha=side, va="top", color=MARK, linespacing=1.5
    )
