"""What the recommender's branches are asked, and what they say."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from aiplayer.naming import NOTHING, Named

BRANCHES = ("autoencoder", "neighbours", "closest", "support", "items", "titles", "artists", "named")
FEATURES = ("songs", "tags", "title", "support", "named artists", "named tags")
# A trust of less than this in what a title names is none.
LEAST_TRUST = 1e-3


@dataclass(frozen=True)
class Known:
    """A wish as rows of the vocabulary, and what its title names."""

    songs: np.ndarray
    tags: np.ndarray
    ngrams: np.ndarray
    artists: np.ndarray
    title_embedding: np.ndarray
    named: Named = NOTHING

    @property
    def kinds(self) -> list[np.ndarray]:
        """In the order of `aiplayer.models.autoencoder.KINDS`."""
        return [self.songs, self.tags, self.ngrams, self.artists]


@dataclass(frozen=True)
class Said:
    """What the branches say to one question about songs, or about tags.

    Attributes:
        columns: The candidates, and what the question names itself, int64, sorted.
        named: Whether the question names them, bool [columns].
        probabilities: float32 [columns, branches], in the order of BRANCHES.
    """

    columns: np.ndarray
    named: np.ndarray
    probabilities: np.ndarray


def features(
    songs: Sequence[int],
    tags: Sequence[int],
    titled: Sequence[bool],
    support: np.ndarray,
    named: Sequence[np.ndarray],
) -> np.ndarray:
    """What is known of each question, float32 [questions, FEATURES].

    Args:
        songs: How many known songs each question names.
        tags: How many known tags.
        titled: Whether it has a title.
        support: The weight of its nearest neighbour by items, 0 for none, float32 [questions].
        named: The trust in the artists that its title names, and in the tags, summed, float32 [questions] each.
    """
    counts = [np.log1p(np.asarray(numbers, dtype=np.float32)) for numbers in (songs, tags)]
    trust = [np.log(LEAST_TRUST + values) - np.log(LEAST_TRUST) for values in named]
    titled = np.asarray(titled, dtype=np.float32)
    return np.stack([*counts, titled, np.log1p(support), *trust], axis=1).astype(np.float32)


def softmax(logits: np.ndarray) -> np.ndarray:
    """float32 [n] -> float32 [n]; nothing of nothing."""
    odds = np.exp(logits - logits.max(initial=-np.inf))
    return odds / odds.sum()
