"""The arena's measures of a ranked list, and how far chance in the choice of questions can move their means."""

from collections.abc import Iterable, Mapping

import numpy as np

SONG_SHARE = 0.85
TAG_SHARE = 0.15
RESAMPLES = 10_000
RESAMPLES_A_STEP = 500
LEVEL = 0.95


def recall(relevant: set[int] | frozenset[int], ranked: Iterable[int]) -> float:
    """The share of `relevant` that is in `ranked`, 0 to 1; NaN where `relevant` is empty."""
    if not relevant:
        return np.nan
    return len(relevant.intersection(ranked)) / len(relevant)


def coverage(lists: Iterable[Iterable[int]], song_count: int) -> float:
    """The share of a model's songs that stand in any of its answers.

    Args:
        lists: The songs of each answer.
        song_count: How many songs the model has learned.

    Returns:
        0 to 1; NaN where the model has learned no song.
    """
    if not song_count:
        return np.nan
    songs = set().union(*lists)
    return len(songs) / song_count


def distinct_artists(songs: Iterable[int], artists: Mapping[int, Iterable[str]]) -> float:
    """How many different artists sing these songs, all artists of a song counted; NaN where no artist is known."""
    singers: set[str] = set()
    for song in songs:
        singers.update(artists.get(song, ()))
    return len(singers) or np.nan


def mean(values: np.ndarray) -> np.ndarray:
    """Means over the first axis, float64 [questions, ...] -> [...]; NaN is passed over, and all NaN gives NaN."""
    sums = np.nan_to_num(values).sum(axis=0)
    counts = (~np.isnan(values)).sum(axis=0)
    return _divide(sums, counts)


def mix(means: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Several cases in one: song nDCG, tag nDCG, and the arena's total, SONG_SHARE song + TAG_SHARE tag.

    Args:
        means: float64 [..., cases, 2], song and tag nDCG or their differences; NaN in a case that has none.
        weights: float64 [cases]; only their ratios among the cases that are not NaN matter.

    Returns:
        float64 [..., 3]; NaN where no case has any.
    """
    shares = np.where(np.isnan(means), 0.0, weights[:, None])
    weighted = shares * np.nan_to_num(means)
    mixed = _divide(weighted.sum(axis=-2), shares.sum(axis=-2))

    total = mixed @ [[SONG_SHARE], [TAG_SHARE]]
    return np.concatenate([mixed, total], axis=-1)


def resampled_means(values: np.ndarray, random: np.random.Generator, resamples: int = RESAMPLES) -> np.ndarray:
    """Bootstrap: means of as many questions as there are, drawn with replacement, time and again.

    Args:
        values: float64 [questions, columns]; a resample draws the same questions for all columns; NaN is passed over.
        random: Draws the questions.
        resamples: How many times to draw.

    Returns:
        float64 [resamples, columns]; NaN where a resample holds nothing else.
    """
    count = len(values)
    filled = np.nan_to_num(values)
    defined = (~np.isnan(values)).astype(float)

    parts = []
    for start in range(0, resamples, RESAMPLES_A_STEP):
        step = min(RESAMPLES_A_STEP, resamples - start)
        drawn = random.integers(count, size=(step, count))
        # Each resample has `count` bins of its own, so one bincount tells how often it holds each question.
        bins = drawn + count * np.arange(step)[:, None]
        times = np.bincount(bins.ravel(), minlength=step * count)
        times = times.reshape(step, count).astype(float)
        parts.append(_divide(times @ filled, times @ defined))

    return np.concatenate(parts)


def interval(means: np.ndarray, level: float = LEVEL) -> tuple[float, float]:
    """The percentile interval of resampled means.

    Args:
        means: float64 [resamples]; NaN is passed over.
        level: The share of the means that the interval holds, 0 to 1.

    Returns:
        (the low end, the high end); both NaN where all means are.
    """
    defined = means[~np.isnan(means)]
    if not len(defined):
        return np.nan, np.nan

    ends = [(1 - level) / 2, (1 + level) / 2]
    low, high = np.quantile(defined, ends)
    return float(low), float(high)


def _divide(sums: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """sums / counts; NaN where a count is 0."""
    quotients = np.full(np.shape(sums), np.nan)
    return np.divide(sums, counts, out=quotients, where=counts > 0)
