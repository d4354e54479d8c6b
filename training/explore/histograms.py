"""Plots of how numbers are spread: each paints onto an empty figure."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from training.explore.axes import PLAIN, THOUSANDS, caption, fit_label, round_ticks, set_count_axis
from training.explore.canvas import BAR, INK, MARK, MUTED, PAPER, SOFT, text_width_px, width_px
from training.explore.counting import Box
from training.explore.section import number

# The share of its place that a bar fills, and that of a span of years.
BAR_SHARE = 0.88
YEARS_SHARE = 0.84
LABEL_GAP_PX = 6
# The upright axis reaches so far over the highest bar, to leave room for the words on a mark.
ROOM_FOR_MARK = 1.2
# Heights in a boxplot, on its upright axis from -1.7 to 1.5.
BOX_HEIGHT = 0.9
WHISKER_END = 0.25
WORDS_OFF_BOX = 0.6
# Words that begin so near an end of the axis lean away from it.
NEAR_END = 0.12
# Whiskers are close to each other where this share of the axis or less lies between.
CLOSE_WHISKERS = 0.3


def paint_spread(figure: Figure, edges: np.ndarray, heights: np.ndarray, box: Box, words: str) -> None:
    """Paint a histogram over a boxplot, on one axis.

    Args:
        figure: The figure to paint on.
        edges: Bounds of the bars, one more than there are bars.
        heights: Number of values in each bar.
        box: The boxplot below.
        words: What the axis counts.
    """
    figure.set_layout_engine("constrained", w_pad=0, hspace=0.02)
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(4, 1.2))

    _paint_bars(above, edges, heights)
    above.tick_params(bottom=False, labelbottom=False)
    above.spines.bottom.set_visible(False)
    caption(figure, "playlists")

    _paint_box(below, box, edges[0], edges[-1])
    below.set_xlim(edges[0], edges[-1])
    below.set_xlabel(fit_label(words, figure))
    below.xaxis.set_major_locator(round_ticks(figure))
    below.xaxis.set_major_formatter(THOUSANDS)


def paint_likes(figure: Figure, edges: Sequence[int], heights: np.ndarray, median: float) -> None:
    """Paint columns of one width, however many likes each spans, with the median marked.

    Args:
        figure: The figure to paint on.
        edges: Bounds of the columns, one more than there are columns; each holds whole numbers below the next bound.
        heights: Number of playlists in each column.
        median: The number of likes to mark.
    """
    figure.set_layout_engine("constrained", w_pad=0)
    axes = figure.subplots()
    places = np.arange(len(edges))
    _paint_bars(axes, places, heights)
    caption(figure, "playlists")
    axes.set_xlabel("likes: each bar from its number up to the next")

    labels = [number(edge) for edge in edges]
    labelled_places = _places_with_room(edges, labels, width_px(figure))
    axes.set_xticks(labelled_places, [labels[place] for place in labelled_places])

    # A column of 2, 3 and 4 spans from 1.5 to 4.5.
    median_place = np.interp(median, np.asarray(edges) - 0.5, places)
    _mark(axes, median_place, f"median {number(median)}", max(heights))


def paint_years(figure: Figure, years: pl.Series, heights: pl.Series, step: int, words: str) -> None:
    """Paint one column for each span of years.

    Args:
        figure: The figure to paint on.
        years: First year of each span.
        heights: Number of songs in each span.
        step: Number of years in a span.
        words: What the axis shows.
    """
    figure.set_layout_engine("constrained", w_pad=0)
    axes = figure.subplots()
    axes.bar(years, heights, width=step * YEARS_SHARE, color=BAR, align="edge")
    set_count_axis(axes, max(heights))
    axes.set_xlim(min(years) - step * 0.16, max(years) + step)
    axes.xaxis.set_major_locator(round_ticks(figure))
    axes.xaxis.set_major_formatter(PLAIN)
    caption(figure, "songs")
    axes.set_xlabel(fit_label(words, figure))


def _places_with_room(edges: Sequence[int], labels: Sequence[str], figure_width_px: float) -> Sequence[int]:
    """Choose the places that get a label: all, or where labels would be crowded, few."""
    places = range(len(edges))
    widths_px = [text_width_px(label) for label in labels]
    widest_pair_px = max((width + next_width) / 2 for width, next_width in pairwise(widths_px))
    room_px = 0.9 * figure_width_px / len(edges)
    if widest_pair_px + LABEL_GAP_PX <= room_px:
        return places

    are_evenly_apart = np.ptp(np.diff(edges)) == 0
    if are_evenly_apart:
        return places[::5]
    # Of 0, 1, 2, 5, 10, 20, 50 and so on: nothing, and the powers of ten.
    return [place for place in places if labels[place][0] in "01"]


def _paint_bars(axes: Axes, edges: np.ndarray, heights: np.ndarray) -> None:
    """Paint bars between edges, a hair apart where there is room."""
    widths = np.diff(edges)
    axes.bar(edges[:-1], heights, width=widths * BAR_SHARE, color=BAR, align="edge")
    axes.set_xlim(edges[0], edges[-1])
    set_count_axis(axes, max(heights))


def _mark(axes: Axes, position: float, words: str, highest: int) -> None:
    """Paint a vertical line, with words on the side that has more room."""
    first, last = axes.get_xlim()
    top = highest * ROOM_FOR_MARK
    axes.set_ylim(0, top)
    axes.plot([position, position], [0, top], color=MARK, linewidth=1.5)

    is_in_left_half = (position - first) / (last - first) < 0.5
    offset = (6, -2) if is_in_left_half else (-6, -2)
    side = "left" if is_in_left_half else "right"
    label = axes.annotate(words, (position, top), offset, textcoords="offset points", ha=side, va="top", color=MARK)
    label.set_bbox({"facecolor": PAPER, "edgecolor": "none", "pad": 1})


def _paint_box(axes: Axes, box: Box, first: float, last: float) -> None:
    """Paint box, whiskers and median, with their values written on.

    Args:
        axes: The axes to paint on.
        box: The boxplot.
        first: Where the axis begins.
        last: Where the axis ends.
    """
    for end, quartile in ((box.lower_whisker, box.lower_quartile), (box.upper_whisker, box.upper_quartile)):
        axes.plot([end, quartile], [0, 0], color=MUTED, linewidth=1.2)
        axes.plot([end, end], [-WHISKER_END, WHISKER_END], color=MUTED, linewidth=1.2)

    span = box.upper_quartile - box.lower_quartile
    axes.barh(0, span, BOX_HEIGHT, box.lower_quartile, color=SOFT, edgecolor=BAR, linewidth=1.2)
    axes.plot([box.median, box.median], [-BOX_HEIGHT / 2, BOX_HEIGHT / 2], color=MARK, linewidth=2.5)
    axes.set(ylim=(-1.7, 1.5), yticks=[])

    median_side = _side(box.median, first, last)
    median_words = f"median {number(box.median)}"
    axes.text(box.median, WORDS_OFF_BOX, median_words, ha=median_side, va="bottom", color=MARK)
    _name_whiskers(axes, box, first, last)


def _name_whiskers(axes: Axes, box: Box, first: float, last: float) -> None:
    """Write the values of the whiskers below; the words of whiskers that are close to each other lean apart."""
    are_close = box.upper_whisker - box.lower_whisker < CLOSE_WHISKERS * (last - first)
    whiskers = [(box.upper_whisker, "left")]
    if box.lower_whisker != box.upper_whisker:
        whiskers.append((box.lower_whisker, "right"))

    for value, side_if_close in whiskers:
        side = side_if_close if are_close else _side(value, first, last)
        axes.text(value, -WORDS_OFF_BOX, f"whisker {number(value)}", ha=side, va="top", color=INK)


def _side(value: float, first: float, last: float) -> str:
    """Choose on which side of the words the value lies, so that they stay within the axis."""
    place = (value - first) / (last - first)
    if place < NEAR_END:
        return "left"
    return "right" if place > 1 - NEAR_END else "center"
