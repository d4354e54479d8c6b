"""The kinds of plot: each paints numbers onto an empty figure."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator

from training.explore.canvas import (
    BAR,
    INK,
    LINE,
    MARK,
    MUTED,
    PAPER,
    SOFT,
    TEXT_PX,
    fit,
    full_axes,
    text_width_px,
    width_px,
)
from training.explore.counting import Box, Cut
from training.explore.section import count, number, percent

THOUSANDS = FuncFormatter(lambda value, position: number(value))
PLAIN = FuncFormatter(lambda value, position: f"{value:.0f}")
ROW_PX, STACKED_ROW_PX = 24, 42
BAR_PX, STACKED_BAR_PX = 12, 8
GAP_PX = 12
# Distance of the words over a stacked bar, and how far apart ticks are at least.
NAME_PX = 15
TICK_PX = 60
STEPS = (1, 2, 2.5, 5, 10)


def paint_spread(figure: Figure, edges: Sequence[float], heights: Sequence[int], box: Box, words: str) -> None:
    """A histogram over a boxplot, on one axis.

    Args:
        figure: Where to paint.
        edges: Bounds of the bars, one more than there are bars.
        heights: Values in each bar.
        box: The boxplot below.
        words: What the axis counts.
    """
    figure.set_layout_engine("constrained", w_pad=0, hspace=0.02)
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(4, 1.2))
    _columns(above, edges, heights)
    above.tick_params(bottom=False, labelbottom=False)
    above.spines.bottom.set_visible(False)
    _caption(figure, "playlists")
    _box(below, box, edges[0], edges[-1])
    below.set_xlim(edges[0], edges[-1])
    below.set_xlabel(_break(words, figure))
    below.xaxis.set_major_locator(_ticks(figure))
    below.xaxis.set_major_formatter(THOUSANDS)


def paint_likes(figure: Figure, edges: Sequence[int], heights: Sequence[int], median: float) -> None:
    """Columns of one width, however many likes each spans, with the median marked.

    Args:
        figure: Where to paint.
        edges: Bounds of the columns, one more than there are columns; each holds whole numbers below the next bound.
        heights: Playlists in each column.
        median: The number to mark.
    """
    figure.set_layout_engine("constrained", w_pad=0)
    axes = figure.subplots()
    places = np.arange(len(edges))
    _columns(axes, places, heights)
    _caption(figure, "playlists")
    axes.set_xlabel("likes: each bar from its number up to the next")
    names = [number(edge) for edge in edges]
    widest_pair = max((text_width_px(one) + text_width_px(next_one)) / 2 for one, next_one in pairwise(names))
    crowded = widest_pair + GAP_PX / 2 > 0.9 * width_px(figure) / len(edges)
    few = places[::5] if np.ptp(np.diff(edges)) == 0 else [place for place in places if names[place][0] in "01"]
    shown = few if crowded else places
    axes.set_xticks(shown, [names[place] for place in shown])
    # A column of 2, 3 and 4 spans from 1.5 to 4.5.
    _mark(axes, np.interp(median, np.asarray(edges) - 0.5, places), f"median {number(median)}", max(heights))


def paint_years(figure: Figure, years: Sequence[int], heights: Sequence[int], step: int, words: str) -> None:
    """One column for each span of `step` years, each beginning at `years`; `words` say what the axis shows."""
    figure.set_layout_engine("constrained", w_pad=0)
    axes = figure.subplots()
    axes.bar(years, heights, width=step * 0.84, color=BAR, align="edge")
    _count_axis(axes, max(heights))
    axes.set_xlim(min(years) - step * 0.16, max(years) + step)
    axes.xaxis.set_major_locator(_ticks(figure))
    axes.xaxis.set_major_formatter(PLAIN)
    _caption(figure, "songs")
    axes.set_xlabel(_break(words, figure))


def _caption(figure: Figure, words: str) -> None:
    """What the upright axis counts, over it, where it need not be turned."""
    figure.suptitle(words, x=0, ha="left", size=TEXT_PX, color=MUTED)


def _break(words: str, figure: Figure) -> str:
    """Words of an axis, what is in brackets on a line of its own where there is no room for one."""
    return words if text_width_px(words) < 0.75 * width_px(figure) else words.replace(" (", "\n(")


def _ticks(figure: Figure) -> MaxNLocator:
    """Round numbers, as many as there is room for."""
    return MaxNLocator(int(width_px(figure) / TICK_PX), integer=True, steps=STEPS)


def _columns(axes: Axes, edges: Sequence[float], heights: Sequence[int]) -> None:
    """Bars between edges, a hair apart where there is room."""
    widths = np.diff(edges)
    axes.bar(edges[:-1], heights, width=widths * 0.88, color=BAR, align="edge")
    axes.set_xlim(edges[0], edges[-1])
    _count_axis(axes, max(heights))


def _count_axis(axes: Axes, highest: int) -> None:
    axes.set_ylim(0, highest * 1.08)
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=True, steps=STEPS))
    axes.yaxis.set_major_formatter(THOUSANDS)
    axes.grid(axis="y")


def _mark(axes: Axes, position: float, words: str, highest: int) -> None:
    """A vertical line, with words on the side that has more room."""
    first, last = axes.get_xlim()
    left = (position - first) / (last - first) < 0.5
    axes.set_ylim(0, highest * 1.2)
    axes.plot([position] * 2, [0, highest * 1.2], color=MARK, linewidth=1.5)
    offset, side = ((6, -2), "left") if left else ((-6, -2), "right")
    axes.annotate(
        words, (position, highest * 1.2), offset, textcoords="offset points", ha=side, va="top", color=MARK
    ).set_bbox({"facecolor": PAPER, "edgecolor": "none", "pad": 1})


def _box(axes: Axes, box: Box, first: float, last: float) -> None:
    """Box, whiskers and median, with their values written on."""
    for end, quartile in ((box.lower_whisker, box.lower_quartile), (box.upper_whisker, box.upper_quartile)):
        axes.plot([end, quartile], [0, 0], color=MUTED, linewidth=1.2)
        axes.plot([end] * 2, [-0.25, 0.25], color=MUTED, linewidth=1.2)
    height, span = 0.9, box.upper_quartile - box.lower_quartile
    axes.barh(0, span, height, box.lower_quartile, color=SOFT, edgecolor=BAR, linewidth=1.2)
    axes.plot([box.median] * 2, [-height / 2, height / 2], color=MARK, linewidth=2.5)
    axes.set(ylim=(-1.7, 1.5), yticks=[])

    def write(value: float, words: str, up: bool, color: str, lean: str = "") -> None:
        place = (value - first) / (last - first)
        side = lean or ("left" if place < 0.12 else "right" if place > 0.88 else "center")
        axes.text(value, 0.6 if up else -0.6, words, ha=side, va="bottom" if up else "top", color=color)

    write(box.median, f"median {number(box.median)}", True, MARK)
    # Words of whiskers that are close to each other lean apart.
    close = box.upper_whisker - box.lower_whisker < 0.3 * (last - first)
    write(box.upper_whisker, f"whisker {number(box.upper_whisker)}", False, INK, "left" if close else "")
    if box.lower_whisker != box.upper_whisker:
        write(box.lower_whisker, f"whisker {number(box.lower_whisker)}", False, INK, "right" if close else "")


def paint_ranks(figure: Figure, ranks: Sequence[int], counts: Sequence[int], cut: Cut, noun: str) -> None:
    """Frequency by rank on logarithmic axes, what the top 20% hold shaded.

    Args:
        figure: Where to paint.
        ranks: Positions from 1, rising; few enough to draw.
        counts: The count at each.
        cut: Where the top 20% end.
        noun: What is counted, in the singular.
    """
    figure.set_layout_engine("constrained", w_pad=0)
    axes = figure.subplots()
    ranks, counts = np.asarray(ranks), np.asarray(counts)
    highest, floor = counts[0], 0.7
    # A quarter of the height is left for the words on the mark.
    top = highest * (highest / floor) ** 0.3 * 1.3
    axes.set(xscale="log", yscale="log", xlim=(0.85, ranks[-1] * 1.2), ylim=(floor, top))
    held = ranks <= cut.top
    corner_x, corner_y = [cut.top, cut.top, ranks[0]], [counts[held][-1], floor, floor]
    axes.fill([*ranks[held], *corner_x], [*counts[held], *corner_y], color=SOFT, linewidth=0)
    axes.plot(ranks, counts, color=BAR, linewidth=2.4, solid_capstyle="round")
    axes.plot([cut.top] * 2, [floor, top], color=MARK, linewidth=1.2)
    axes.plot(cut.top, cut.percentile, "o", color=MARK, markersize=7, markeredgecolor=PAPER, markeredgewidth=1.5)
    _write_cut(axes, cut, top)
    for axis, most in ((axes.xaxis, ranks[-1]), (axes.yaxis, highest)):
        steps = (1, 2, 5) if most < 50 else (1,)
        axis.set_major_locator(LogLocator(subs=steps, numticks=int(width_px(figure) / TICK_PX)))
        axis.set_minor_locator(NullLocator())
        axis.set_major_formatter(THOUSANDS)
    axes.grid()
    _caption(figure, "playlists that have it")
    axes.set_xlabel(f"{noun}s, by rank")


def _write_cut(axes: Axes, cut: Cut, top: float) -> None:
    left, right = np.log(axes.get_xlim())
    room_left = (np.log(cut.top) - left) / (right - left) > 0.5
    lines = (
        f"top 20%: {percent(cut.share, 1)} of the entries\n"
        f"80th percentile: {count(round(cut.percentile, 1), 'playlist')}"
    )
    offset, side = ((-8, -2), "right") if room_left else ((8, -2), "left")
    axes.annotate(
        lines, (cut.top, top), offset, textcoords="offset points", ha=side, va="top", color=MARK, linespacing=1.5
    )


def bars_height_px(rows: int, stacked: bool = False) -> int:
    """The height that so many horizontal bars take."""
    return rows * (STACKED_ROW_PX if stacked else ROW_PX)


def paint_bars(figure: Figure, names: Sequence[str], values: Sequence[int], stacked: bool = False) -> None:
    """Horizontal bars, the first on top, each with its value at its end.

    Args:
        figure: Where to paint; as high as `bars_height_px`.
        names: What each is called; cut where too long.
        values: Their lengths.
        stacked: Whether names stand above the bars, which leaves room for long ones, or beside.
    """
    axes, width = full_axes(figure), width_px(figure)
    values_px = max(text_width_px(number(value)) for value in values)
    names = [fit(name, width - 2 if stacked else 0.45 * width) for name in names]
    left = 0 if stacked else max(map(text_width_px, names)) + GAP_PX
    scale = (width - left - values_px - GAP_PX) / max(values)
    row, thick = (STACKED_ROW_PX, STACKED_BAR_PX) if stacked else (ROW_PX, BAR_PX)
    for position, (name, value) in enumerate(zip(names, values, strict=True)):
        centre = (position + 0.5) * row + (row / 4 if stacked else 0)
        axes.barh(centre, width - left - values_px - GAP_PX, thick, left, color=LINE, alpha=0.45)
        axes.barh(centre, value * scale, thick, left, color=BAR)
        axes.text(width - 1, centre, number(value), ha="right", va="center_baseline", color=MUTED)
        if stacked:
            axes.text(0, centre - NAME_PX, name, va="center_baseline")
        else:
            axes.text(left - GAP_PX, centre, name, ha="right", va="center_baseline")
