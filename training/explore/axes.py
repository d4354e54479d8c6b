"""What plots have in common: how axes are named, and where their ticks stand."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from training.explore.canvas import MUTED, TEXT_PX, text_width_px, width_px
from training.explore.section import number

THOUSANDS = FuncFormatter(lambda value, position: number(value))
PLAIN = FuncFormatter(lambda value, position: f"{value:.0f}")
# Ticks are at least so far apart.
TICK_PX = 60
# Between two ticks lies one of these, times a power of ten.
TICK_STEPS = (1, 2, 2.5, 5, 10)
COUNT_TICKS = 5
# The share of a figure's width that words below an axis may take.
LONGEST_LABEL = 0.75


def most_ticks(figure: Figure) -> int:
    """Count the ticks that the width of a figure has room for."""
    return int(width_px(figure) / TICK_PX)


def round_ticks(figure: Figure) -> MaxNLocator:
    """Place ticks at round numbers, as many as there is room for."""
    return MaxNLocator(most_ticks(figure), integer=True, steps=TICK_STEPS)


def caption(figure: Figure, words: str) -> None:
    """Write what the upright axis counts over it, where it need not be turned."""
    figure.suptitle(words, x=0, ha="left", size=TEXT_PX, color=MUTED)


def fit_label(words: str, figure: Figure) -> str:
    """Break the words of an axis before their bracket, where there is no room for one line."""
    if text_width_px(words) < LONGEST_LABEL * width_px(figure):
        return words
    return words.replace(" (", "\n(")


def set_count_axis(axes: Axes, highest: int) -> None:
    """Let the upright axis count from 0 to a little over the highest."""
    axes.set_ylim(0, highest * 1.08)
    axes.yaxis.set_major_locator(MaxNLocator(COUNT_TICKS, integer=True, steps=TICK_STEPS))
    axes.yaxis.set_major_formatter(THOUSANDS)
    axes.grid(axis="y")
