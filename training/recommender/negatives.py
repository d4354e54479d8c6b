"""Negative candidates of a batch's softmax: which are drawn, and how likely each is to be a candidate."""

import numpy as np

NEGATIVE_SONGS = 8_000
NEGATIVE_TAGS = 3_000


class NegativeSampler:
    """Draws negative candidates by the square root of their use, and knows how likely each is to be a candidate.

    Args:
        counts: How often each item is used, never 0, float64 [items].
        draws: How many are drawn for a batch, with repetition.
    """

    def __init__(self, counts: np.ndarray, draws: int):
        self.draws = draws
        self.share = counts / counts.sum()
        roots = np.sqrt(counts)
        self.chance = roots / roots.sum()
        self.bounds = np.cumsum(self.chance)

    def candidates(self, positives: np.ndarray, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """A batch's own items and drawn ones.

        Args:
            positives: The batch's own items, int64.
            random: Draws the negatives.

        Returns:
            (the distinct items, int64 [c], sorted; the logarithm of each one's chance to be there, float64 [c]).
        """
        if not len(self.share):
            return np.array([], dtype=np.int64), np.array([])

        drawn = np.searchsorted(self.bounds, random.random(self.draws))
        # The bounds may end a little below 1, where a draw would fall beyond the last item.
        drawn = np.minimum(drawn, len(self.bounds) - 1)
        items = np.union1d(positives, drawn)

        # Of draws that happen so often on average, at least one happens with a chance of 1 - exp(-expected).
        expected = self.draws * self.chance[items] + len(positives) * self.share[items]
        return items, np.log(-np.expm1(-expected))
