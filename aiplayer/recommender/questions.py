"""What the recommender's branches are asked, and what they say."""

from dataclasses import dataclass

import numpy as np

from aiplayer.recommender.mentions import NOTHING, Named

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
        """In the order of `training.recommender.network.KINDS`."""
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


def features(songs: int, tags: int, titled: bool, support: float, named: tuple[float, float]) -> np.ndarray:
    """What is known of a question, float32 [FEATURES].

    Args:
        songs: How many known songs it names.
        tags: How many known tags.
        titled: Whether it has a title.
        support: The weight of its nearest neighbour by items, 0 for none.
        named: The trust in the artists that its title names, and in the tags, summed.
    """
    counts = np.log1p([songs, tags, support])
    trust = np.log(LEAST_TRUST + np.array(named)) - np.log(LEAST_TRUST)
    return np.array([counts[0], counts[1], titled, counts[2], *trust], dtype=np.float32)


def softmax(logits: np.ndarray) -> np.ndarray:
    """float32 [n] -> float32 [n]; nothing of nothing."""
    odds = np.exp(logits - logits.max(initial=-np.inf))
    return odds / odds.sum()
