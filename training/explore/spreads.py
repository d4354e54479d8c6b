"""The sections on how numbers are spread: one pure function each, from a dataset to a section."""

from functools import partial
from itertools import pairwise

import numpy as np
import polars as pl

from training.dataset.aggregates import real, whole
from training.dataset.frames import Dataset
from training.explore import counting
from training.explore.canvas import draw
from training.explore.histograms import paint_likes, paint_spread, paint_years
from training.explore.section import Section, count, number, percent

LENGTHS_PX = 340
PLOT_PX = 300
MOST_BARS = 60
# A histogram of lengths ends at so many whiskers, and not before so many songs.
WHISKERS_SHOWN = 2
FEWEST_SONGS_SHOWN = 10
# Bounds of bars are these, and ten times as much again and again.
STEPS = (1, 2, 5)
MOST_POWERS = 9
# The tail of likes is long where it reaches beyond so many medians.
LONG_TAIL = 10
LIKE_BARS = 20
MOST_YEARS = 100
SPANS_OF_YEARS = (1, 10, 100, 1000)
# Where songs reach far back, this share of them at most is not shown year by year.
EARLY_SHARE = 0.02


def songs_a_playlist(dataset: Dataset) -> Section:
    """Show how many songs playlists have."""
    title = "Songs in a playlist"
    lengths = counting.count_lengths(dataset)
    longest = whole(lengths.max())
    if longest == 0:
        return Section(title, "No playlist has a song.")

    box = counting.measure_box(lengths)
    edges = _length_edges(longest, box.upper_whisker)
    # What is longer counts for the last bar.
    shown_lengths = np.minimum(lengths.to_numpy(), edges[-1] - 0.25)
    heights, _ = np.histogram(shown_lengths, edges)

    words = "songs in a playlist"
    if longest > edges[-1]:
        words += f" (the last bar holds all from {number(edges[-2] + 0.5)} on)"
    paint = partial(paint_spread, edges=edges, heights=heights, box=box, words=words)
    return Section(title, _length_sentence(lengths, box), draw("lengths", LENGTHS_PX, paint))


def likes(dataset: Dataset) -> Section:
    """Show how many likes playlists have."""
    title = "Likes of a playlist"
    all_likes = dataset.playlists["likes"].drop_nulls()
    if all_likes.n_unique() < 2:
        every = count(all_likes[0], "like") if all_likes.len() else "an unknown number of likes"
        return Section(title, f"Every playlist has {every}, so there is nothing to compare.")

    least, most = whole(all_likes.min()), whole(all_likes.max())
    shown_likes = all_likes
    unliked = percent(int((all_likes == 0).sum()), all_likes.len())
    half = f"{unliked} of the playlists have no likes; half of all have"
    if all_likes.median() == 0:
        # So many without likes would press all others to the ground.
        shown_likes = all_likes.filter(all_likes > 0)
        half = f"{unliked} of the playlists have no likes; half of the others have"
    elif least > 0:
        half = "Half of the playlists have"

    median = real(shown_likes.median())
    edges = like_edges(median, whole(shown_likes.min()), most)
    heights, _ = np.histogram(shown_likes.to_numpy(), edges)
    paint = partial(paint_likes, edges=edges, heights=heights, median=median)
    sentence = f"{half} {count(median, 'like')} or fewer, and the most liked has {number(most)}."
    return Section(title, sentence, draw("likes", PLOT_PX, paint))


def like_edges(median: float, least: int, most: int) -> list[int]:
    """Choose bounds of columns: 0, 1, 2, 5, 10, 20, 50 and so on where the tail is long, else evenly apart.

    Args:
        median: Likes of the median playlist.
        least: Likes of the playlist with the fewest.
        most: Likes of the playlist with the most.
    """
    tail_is_long = most > LONG_TAIL * max(1, median)
    if not tail_is_long:
        # Rounded up, so that no more than LIKE_BARS columns hold all.
        width = -(-(most + 1 - least) // LIKE_BARS)
        return list(range(least, most + width + 1, width))

    powers = [10**power for power in range(len(str(most)) + 1)]
    bounds = [0, *(step * power for power in powers for step in STEPS)]
    edges = [low for low, high in pairwise(bounds) if high > least and low <= most]
    first_beyond = next(bound for bound in bounds if bound > most)
    return [*edges, first_beyond]


def release_years(dataset: Dataset) -> Section:
    """Show when the songs came out."""
    title = "Release years"
    counts = counting.count_years(dataset)
    if counts.is_empty():
        return Section(title, "No song has a known release date.")

    years = dataset.songs["issued"].drop_nulls().dt.year()
    step, begin = _span_of_years(years)
    # All that are earlier share one bar before the first.
    span = pl.max_horizontal(pl.col("year") // step * step, pl.lit(begin - step))
    spans = counts.group_by(year=span).agg(pl.col("count").sum()).sort("year")

    words = {1: "year", 10: "decade, by its first year"}.get(step, f"{step} years, by the first")
    earliest, latest = whole(years.min()), whole(years.max())
    if earliest < begin:
        words += f" (the first bar holds all before {begin})"
    median = years.quantile(0.5, "higher")
    sentence = (
        f"Half of the {number(years.len())} songs with a known date came out in {median:.0f} or later; "
        f"the earliest is from {earliest}, the latest from {latest}."
    )
    paint = partial(paint_years, years=spans["year"], heights=spans["count"], step=step, words=words)
    return Section(title, sentence, draw("years", PLOT_PX, paint))


def _length_sentence(lengths: pl.Series, box: counting.Box) -> str:
    parts = []
    if box.median:
        parts.append(f"Half of the playlists have {count(box.median, 'song')} or more")

    if box.above:
        longer = percent(box.above, lengths.len())
        parts.append(
            f"{number(box.upper_whisker)} is the whisker: {longer} are longer, up to {number(whole(lengths.max()))}"
        )
    else:
        parts.append(f"none is longer than the whisker, {number(box.upper_whisker)}")

    if lengths.min() == 0:
        empty = percent(int((lengths == 0).sum()), lengths.len())
        # The sentence begins with the playlists without songs where these are half of all or more.
        place = len(parts) if box.median else 0
        parts.insert(place, f"{empty} of the playlists have no songs")
    return f"{'; '.join(parts)}."


def _length_edges(longest: int, upper_whisker: float) -> np.ndarray:
    """Choose bounds of bars for lengths, halfway between whole numbers.

    A few very long playlists would press all others into one bar: they share the last.
    """
    end = min(longest, max(WHISKERS_SHOWN * upper_whisker, FEWEST_SONGS_SHOWN))
    widths = [step * 10**power for power in range(MOST_POWERS) for step in STEPS]
    width = next(width for width in widths if end / width <= MOST_BARS)
    return np.arange(0, end + 2 * width, width) - 0.5


def _span_of_years(years: pl.Series) -> tuple[int, int]:
    """Choose how many years share a bar, and with which year the first whole bar begins."""
    begin, end = whole(years.min()), whole(years.max())
    if end - begin > MOST_YEARS:
        begin = int(real(years.quantile(EARLY_SHARE, "lower")))
    step = next(step for step in SPANS_OF_YEARS if end - begin <= MOST_YEARS * step)
    return step, begin // step * step
