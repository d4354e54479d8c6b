"""The arena's measures of a ranked list, and how far chance in the choice of questions can move their means.

nDCG is that of the Melon playlist continuation arena: an item at rank r, from 1, gains 1 / ln(r + 1), and the ideal
list holds at most 100 items, for tags too.
"""

from collections.abc import Iterable, Mapping, Sequence, Set

import numpy as np

LONGEST = 100
DISCOUNTS = 1 / np.log(np.arange(LONGEST) + 2)
SONG_SHARE, TAG_SHARE = 0.85, 0.15
RESAMPLES, RESAMPLES_A_STEP = 10_000, 500
LEVEL = 0.95


def ndcg(relevant: Set, ranked: Sequence) -> float:
    """Normalised discounted cumulative gain, 0 to 1.

    Args:
        relevant: What should be found; the result is 0 where that is nothing.
        ranked: At most LONGEST different items, best first.
    """
    if not relevant:
        return 0.0
    ranks = np.flatnonzero([item in relevant for item in ranked])
    return float(DISCOUNTS[ranks].sum() / DISCOUNTS[: len(relevant)].sum())


def recall(relevant: Set, ranked: Iterable) -> float:
    """The share of `relevant` that is in `ranked`, 0 to 1; NaN where `relevant` is empty."""
    return len(relevant.intersection(ranked)) / len(relevant) if relevant else np.nan


def coverage(lists: Iterable[Iterable[int]], learnt: int) -> float:
    """The share of `learnt` songs that stand in any of the lists, 0 to 1; NaN where nothing was learnt."""
    return len(set().union(*lists)) / learnt if learnt else np.nan


def distinct_artists(songs: Iterable[int], artists: Mapping[int, Iterable[str]]) -> float:
    """How many different artists sing these songs, all that are named counted; NaN where no artist is known."""
    return len({artist for song in songs for artist in artists.get(song, ())}) or np.nan


def mean(values: np.ndarray) -> np.ndarray:
    """Means over the first axis, NaN passed over: float64 [questions, ...] -> [...]; NaN where nothing else stands."""
    return _divided(np.nan_to_num(values).sum(axis=0), (~np.isnan(values)).sum(axis=0))


def mix(means: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Several cases in one: song nDCG, tag nDCG, and the arena's total, SONG_SHARE song + TAG_SHARE tag.

    Args:
        means: float64 [..., cases, 2], song and tag nDCG or their differences; NaN in a case that has none.
        weights: float64 [cases]; only their ratios among the cases that are not NaN matter.

    Returns:
        float64 [..., 3]; NaN where no case has any.
    """
    shares = np.where(np.isnan(means), 0.0, weights[:, None])
    mixed = _divided((shares * np.nan_to_num(means)).sum(axis=-2), shares.sum(axis=-2))
    return np.concatenate([mixed, mixed @ [[SONG_SHARE], [TAG_SHARE]]], axis=-1)


def resampled_means(values: np.ndarray, random: np.random.Generator, resamples: int = RESAMPLES) -> np.ndarray:
    """Bootstrap: the means of as many questions, drawn from these with replacement, time and again.

    Args:
        values: float64 [questions, columns]; a resample draws the same questions for all columns; NaN is passed over.
        random: Draws the questions.
        resamples: How many times.

    Returns:
        float64 [resamples, columns]; NaN where a resample holds nothing else.
    """
    count = len(values)
    filled, defined = np.nan_to_num(values), (~np.isnan(values)).astype(float)
    parts = []
    for start in range(0, resamples, RESAMPLES_A_STEP):
        step = min(RESAMPLES_A_STEP, resamples - start)
        drawn = random.integers(count, size=(step, count)) + count * np.arange(step)[:, None]
        times = np.bincount(drawn.ravel(), minlength=step * count).reshape(step, count).astype(float)
        parts.append(_divided(times @ filled, times @ defined))
    return np.concatenate(parts)


def interval(means: np.ndarray, level: float = LEVEL) -> tuple[float, float]:
    """The percentile interval of resampled means, float64 [resamples]; NaN is passed over, and all NaN gives NaN."""
    means = means[~np.isnan(means)]
    if not len(means):
        return np.nan, np.nan
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def _divided(sums: np.ndarray, counts: np.ndarray) -> np.ndarray:
    return np.divide(sums, counts, out=np.full(np.shape(sums), np.nan), where=counts > 0)
