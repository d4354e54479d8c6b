"""Artists and tags that a title names, and how far each name can be believed.

"Falco" in a title is nearly always the singer, "Heat" hardly ever the band. Of the playlists whose titles name an
artist or a tag, some hold it; that share, drawn towards the mean of all names where a name is rare, is its trust.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from aiplayer.files import reading
from aiplayer.text import joined_words
from aiplayer.titles.reading.lexicon import load_lexicon
from aiplayer.titles.reading.mentions import Kind, Reading

if TYPE_CHECKING:
    from aiplayer.recommender.vocabulary import Vocabulary

FILE = "naming.npz"
# What playlists are tagged with.
TAGGED = tuple(kind for kind in Kind if kind is not Kind.ARTIST)


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


def find_mentions(title: str, read: Reading, vocabulary: "Vocabulary") -> Mentions:
    """The tags and artists that a title names: tags in its own words, or in another language or another word for them.

    Args:
        title: The title.
        read: What it says.
        vocabulary: The tags and artists that there are.
    """
    refused: set[str] = set()
    for mention in read.refused(*TAGGED):
        refused.update(_tags_of(mention.kind, mention.value, vocabulary))

    named = vocabulary.tags_in(title)
    for mention in read.wanted(*TAGGED):
        named += _tags_of(mention.kind, mention.value, vocabulary)
    tags = [tag for tag in dict.fromkeys(named) if tag not in refused]

    artists: set[int] = set()
    for mention in read.wanted(Kind.ARTIST):
        artists.update(read.artists[mention.value])
    return Mentions(vocabulary.tag_rows(tags), np.array(sorted(artists), dtype=np.int64))


def _tags_of(kind: Kind, value: str, vocabulary: "Vocabulary") -> list[str]:
    """The tags that stand for something, in any language."""
    tags = list(vocabulary.tags_spelled(joined_words(value)))
    for spelling in load_lexicon().synonyms(kind, value):
        tags += vocabulary.tags_spelled(spelling)
    return tags
