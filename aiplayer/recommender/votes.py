"""What the branches say to one query: the branches in their order, their votes, and the query's features."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np


class Branch(IntEnum):
    """The branches; each one's number is its column wherever the branches stand side by side.

    The autoencoder; six views of neighbouring playlists (`playlist_neighbours`): as they are, the closest, each alike,
    by single items, by titles, by almost the same titles; songs by the same artists; what the title names.
    """

    AUTOENCODER = 0
    NEIGHBOURS = 1
    CLOSEST = 2
    SUPPORT = 3
    ITEMS = 4
    TITLES = 5
    SAME_TITLES = 6
    ARTISTS = 7
    NAMED = 8

    @property
    def label(self) -> str:
        """The branch's name on a command line and in a table."""
        return self.name.lower().replace("_", "-")


FEATURE_COUNT = 6
# A trust of less than this in what a title names is none.
LEAST_TRUST = 1e-3


@dataclass(frozen=True)
class Votes:
    """What the branches say to one query about songs, or about tags.

    Attributes:
        columns: The candidates, and what the query names itself, int64, sorted.
        in_query: Whether the query names them, bool [columns].
        probabilities: How likely each branch holds each, float32 [columns, branches], in the order of `Branch`.
    """

    columns: np.ndarray
    in_query: np.ndarray
    probabilities: np.ndarray


def query_features(
    song_count: int, tag_count: int, has_title: bool, support: float, artist_trust: float, tag_trust: float
) -> np.ndarray:
    """What is known of a query, float32 [FEATURE_COUNT]: the logarithms of the arguments, and whether it has a title.

    Args:
        song_count: How many songs of the vocabulary it names.
        tag_count: How many tags of the vocabulary it names.
        has_title: Whether it has a title.
        support: The weight of its nearest neighbour by items, 0 for none.
        artist_trust: The trust in the artists that its title names, summed.
        tag_trust: The trust in the tags that its title names, summed.
    """
    songs, tags, neighbour = np.log1p([song_count, tag_count, support])
    least = np.log(LEAST_TRUST)
    trust = np.array([artist_trust, tag_trust])
    artists_named, tags_named = np.log(LEAST_TRUST + trust) - least
    features = [songs, tags, has_title, neighbour, artists_named, tags_named]
    return np.array(features, dtype=np.float32)


def softmax(logits: np.ndarray) -> np.ndarray:
    """float32 [n] -> float32 [n] that sum to 1; an empty array stays empty."""
    greatest = logits.max(initial=-np.inf)
    odds = np.exp(logits - greatest)
    return odds / odds.sum()
