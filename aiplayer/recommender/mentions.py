"""Artists and tags that a title names, and how far each name can be believed.

"Falco" in a title is nearly always the singer, "Heat" hardly ever the band. Of the playlists whose titles name an
artist or a tag, some hold it; that share, drawn towards the mean of all names where a name is rare, is its trust.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from aiplayer.files import reading
from aiplayer.recommender.vocabulary import Vocabulary

FILE = "naming.npz"


@dataclass(frozen=True)
class Mentions:
    """What a title names.

    Attributes:
        tags: Rows of the vocabulary, int64, in the order of the title.
        artists: Numbers of artists, int64, sorted.
    """

    tags: np.ndarray
    artists: np.ndarray


NO_MENTIONS = Mentions(np.array([], dtype=np.int64), np.array([], dtype=np.int64))


@dataclass(frozen=True)
class MentionTrust:
    """How far each name in a title can be believed, 0 to 1.

    Attributes:
        tags: float32 [tags]: the share of playlists that hold the tag among those whose title names it.
        artists: float32 [artists]: the share of the artist's songs in playlists whose title names the artist.
    """

    tags: np.ndarray
    artists: np.ndarray

    def save(self, folder: str | Path) -> None:
        """Write `naming.npz`."""
        np.savez(Path(folder) / FILE, tags=self.tags, artists=self.artists)

    @classmethod
    def load(cls, folder: str | Path) -> "MentionTrust":
        """Read what `save` wrote.

        Raises:
            ModelMissing: the file is missing or unreadable.
        """
        file = Path(folder) / FILE
        with reading("The recommender's names"), np.load(file, allow_pickle=False) as arrays:
            tags = arrays["tags"]
            artists = arrays["artists"]
        return cls(tags, artists)


def find_mentions(title: str, vocabulary: Vocabulary) -> Mentions:
    """The tags and artists that a title names (`Vocabulary.tags_in`, `Vocabulary.artists_in`)."""
    tags = vocabulary.tags_in(title)
    artists = vocabulary.artists_in(title)
    return Mentions(vocabulary.tag_rows(tags), artists)
