"""Which row of the recommender stands for which song, tag, term of a title, or artist."""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import combinations
from pathlib import Path

import numpy as np

from aiplayer.files import reading
from aiplayer.recommender.terms import is_thing
from aiplayer.text import joined_words, words
from aiplayer.titles.reading.artist_names import ArtistNames
from aiplayer.titles.reading.mentions import Reading
from aiplayer.titles.reading.reader import TitleReader

FILE = "vocabulary.json"
MOST_TAG_WORDS = 3
# Some kilobytes each.
MOST_READINGS = 1_000
HANGUL = re.compile("[0-9]*[가-힣]+")


@dataclass(frozen=True)
class Vocabulary:
    """Rows of the recommender's input table: songs, then tags, terms of titles, and artists.

    Songs and tags are also what it can answer with: the columns of its logits, in the same order.

    Attributes:
        song_ids: The songs.
        tags: The tags.
        terms: Terms of titles (`title_terms`), sorted.
        artists: Names of artists.
        song_artists: The numbers of each song's artists; empty lists where they are not known.
    """

    song_ids: Sequence[int]
    tags: Sequence[str]
    terms: Sequence[str] = ()
    artists: Sequence[str] = ()
    song_artists: Sequence[Sequence[int]] = ()

    @property
    def song_count(self) -> int:
        """How many of the columns are songs; the rest are tags."""
        return len(self.song_ids)

    @property
    def columns(self) -> int:
        """Songs and tags."""
        return len(self.song_ids) + len(self.tags)

    def __len__(self) -> int:
        return self.columns + len(self.terms) + len(self.artists)

    @cached_property
    def _song_rows(self) -> dict[int, int]:
        return {song_id: row for row, song_id in enumerate(self.song_ids)}

    @cached_property
    def _tag_rows(self) -> dict[str, int]:
        return {tag: row for row, tag in enumerate(self.tags, start=self.song_count)}

    @cached_property
    def _term_rows(self) -> dict[str, int]:
        return {term: row for row, term in enumerate(self.terms, start=self.columns)}

    def knows_song(self, song_id: int) -> bool:
        """Whether the recommender has ever seen the song."""
        return song_id in self._song_rows

    def song_rows(self, song_ids: Iterable[int]) -> np.ndarray:
        """int64: rows of these songs; songs that the recommender has never seen are left out."""
        return _rows(self._song_rows, song_ids)

    def tag_rows(self, tags: Iterable[str]) -> np.ndarray:
        """int64: rows of these tags; tags that the recommender has never seen are left out."""
        return _rows(self._tag_rows, tags)

    def term_rows(self, terms: Iterable[str]) -> np.ndarray:
        """int64: rows of these terms; unknown ones are left out."""
        return _rows(self._term_rows, terms)

    def names_thing(self) -> np.ndarray:
        """Whether each of the terms is what a title names, and no n-gram, bool [terms]."""
        return np.array([is_thing(term) for term in self.terms], dtype=bool)

    def artist_rows(self, song_rows: Iterable[int]) -> np.ndarray:
        """int64: rows of the artists of these songs, an artist as often as it sings."""
        if not self.artists:
            return np.array([], dtype=np.int64)

        first_artist = self.columns + len(self.terms)
        rows = []
        for song_row in song_rows:
            rows += [first_artist + artist for artist in self.song_artists[song_row]]
        return np.array(rows, dtype=np.int64)

    @cached_property
    def _tags_by_spelling(self) -> dict[str, list[str]]:
        """Tags by their spelling without case, spaces and punctuation: both "hiphop" and "Hip-Hop" under "hiphop"."""
        tags = defaultdict(list)
        for tag in self.tags:
            tags[joined_words(tag)].append(tag)
        return tags

    def tags_spelled(self, spelling: str) -> list[str]:
        """The tags of a spelling without case, spaces and punctuation."""
        return self._tags_by_spelling.get(spelling, [])

    def tags_in(self, title: str) -> list[str]:
        """The tags that a title names in so many words, in the order it names them.

        A tag is named by one to three neighbouring words written together ("hip hop" names #hiphop). A Korean tag of
        two syllables or more is also named inside a word, for Korean words carry particles ("여름밤의" names #여름).
        """
        title_words = words(title)
        tags = []
        for start, word in enumerate(title_words):
            longest_stop = min(start + MOST_TAG_WORDS, len(title_words))
            for stop in range(start + 1, longest_stop + 1):
                run = "".join(title_words[start:stop])
                tags += self._tags_by_spelling.get(run, [])

            for piece in _korean_pieces(word):
                tags += self._tags_by_spelling.get(piece, [])
        return list(dict.fromkeys(tags))

    @cached_property
    def _read(self) -> Callable[[str], Reading]:
        """Reads titles; the last ones are kept, for a creator asks for playlists and for songs by the same title."""
        names = ArtistNames(self.artists)
        reader = TitleReader(names)
        return lru_cache(MOST_READINGS)(reader.read)

    def read(self, title: str) -> Reading:
        """What a title says, artists by their numbers."""
        return self._read(title)

    def save(self, folder: str | Path) -> None:
        """Write `vocabulary.json`."""
        content = {
            "song_ids": self.song_ids,
            "tags": self.tags,
            "terms": self.terms,
            "artists": self.artists,
            "song_artists": self.song_artists,
        }
        file = Path(folder) / FILE
        file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: str | Path) -> "Vocabulary":
        """Read what `save` wrote.

        Raises:
            ModelMissing: the file is not there or is not a vocabulary.
        """
        file = Path(folder) / FILE
        # JSON that is a list, or an object of other names, is a TypeError.
        with reading("The recommender's vocabulary", TypeError):
            content = json.loads(file.read_text(encoding="utf-8"))
            return cls(**content)


def _rows(row_by_name: dict, names: Iterable) -> np.ndarray:
    """int64: the rows of these names; a name without a row is left out."""
    rows = [row_by_name[name] for name in names if name in row_by_name]
    return np.array(rows, dtype=np.int64)


def _korean_pieces(word: str) -> list[str]:
    """The distinct parts of a word that are Korean, of two characters or more, sorted."""
    pieces = set()
    for start, stop in combinations(range(len(word) + 1), 2):
        piece = word[start:stop]
        if len(piece) >= 2 and HANGUL.fullmatch(piece):
            pieces.add(piece)
    return sorted(pieces)
