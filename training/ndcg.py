"""nDCG, the measure of a ranked list (Järvelin and Kekäläinen 2002): 1 is best and 0 is worst.

An item at rank r, from 1, gains its relevance divided by log2(r + 1). What a list gains in all is divided by what the
ideal list gains, so the base of the logarithm does not matter.
"""

from collections.abc import Collection, Hashable, Sequence

import numpy as np


def ndcg(relevant: Collection[Hashable], ranked: Sequence[Hashable], cutoff: int) -> float:
    """Normalised discounted cumulative gain of a list of items that are relevant or not.

    Args:
        relevant: The items that should be found.
        ranked: Different items, the best first; those after the first `cutoff` do not count.
        cutoff: The greatest length of the ranked list and of the ideal list.

    Returns:
        0 to 1; NaN where nothing is relevant, because then no list is better than another.
    """
    relevant_items = frozenset(relevant)
    if not relevant_items:
        return float("nan")

    hits = np.array([item in relevant_items for item in ranked[:cutoff]], dtype=float)
    ideal_hits = np.ones(min(len(relevant_items), cutoff))
    return dcg(hits) / dcg(ideal_hits)


def dcg(gains: np.ndarray) -> float:
    """Discounted cumulative gain.

    Args:
        gains: float [items], the gain of each item of the list, the first rank first.
    """
    ranks = np.arange(len(gains)) + 1
    discounts = 1 / np.log2(ranks + 1)
    return float(gains @ discounts)
