"""Which row of the recommender stands for which song or tag."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from pathlib import Path

import numpy as np

from aiplayer.errors import ModelMissing

FILE = "vocabulary.json"
PADDING = 0


MOST_WORDS = 3
WORD = re.compile(r"[^\W_]+")
HANGUL = re.compile("[0-9]*[가-힣]+")


@dataclass(frozen=True)
class Vocabulary:
    """Items are songs, then tags, counted from 1; item 0 is padding.

    The recommender's logits have one column an item, so column c belongs to item c + 1.
    """

    song_ids: Sequence[int]
    tags: Sequence[str]

    @property
    def song_count(self) -> int:
        """How many of the columns are songs; the rest are tags."""
        return len(self.song_ids)

    def __len__(self) -> int:
        return len(self.song_ids) + len(self.tags)

    @cached_property
    def song_id_array(self) -> np.ndarray:
        """int64 [songs]: the song id of each song column."""
        return np.asarray(self.song_ids, dtype=np.int64)

    @cached_property
    def _song_items(self) -> dict[int, int]:
        return {song_id: item for item, song_id in enumerate(self.song_ids, start=1)}

    @cached_property
    def _tag_items(self) -> dict[str, int]:
        return {tag: item for item, tag in enumerate(self.tags, start=1 + self.song_count)}

    def song_items(self, song_ids: Iterable[int]) -> list[int]:
        """Items of these songs; songs that the recommender has never seen are left out."""
        return [self._song_items[song_id] for song_id in song_ids if song_id in self._song_items]

    def tag_items(self, tags: Iterable[str]) -> list[int]:
        """Items of these tags; tags that the recommender has never seen are left out."""
        return [self._tag_items[tag] for tag in tags if tag in self._tag_items]

    @cached_property
    def _spelled_tags(self) -> dict[str, list[str]]:
        """Tags by their spelling without case, spaces and punctuation: both "hiphop" and "Hip-Hop" under "hiphop"."""
        spelled = defaultdict(list)
        for tag in self.tags:
            spelled["".join(_words(tag))].append(tag)
        return spelled

    def tags_in(self, title: str) -> list[str]:
        """The tags that a title names in so many words, in the order it names them.

        A tag is named by one to three neighbouring words written together ("hip hop" names #hiphop). A Korean tag of
        two syllables or more is also named inside a word, for Korean words carry particles ("여름밤의" names #여름).
        """
        words = _words(title)
        named = []
        for start in range(len(words)):
            for stop in range(start + 1, min(start + MOST_WORDS, len(words)) + 1):
                named += self._spelled_tags.get("".join(words[start:stop]), [])
            inside = {words[start][i:j] for i, j in combinations(range(len(words[start]) + 1), 2) if j - i >= 2}
            for piece in sorted(filter(HANGUL.fullmatch, inside)):
                named += self._spelled_tags.get(piece, [])
        return list(dict.fromkeys(named))

    def save(self, folder: str | Path) -> None:
        """Write `vocabulary.json`."""
        content = {"song_ids": list(self.song_ids), "tags": list(self.tags)}
        (Path(folder) / FILE).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: str | Path) -> "Vocabulary":
        """Read what `save` wrote.

        Raises:
            ModelMissing: the file is not there or is not a vocabulary.
        """
        try:
            return cls(**json.loads((Path(folder) / FILE).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise ModelMissing(
                "The recommender's vocabulary cannot be read. Train it anew with `make setup`."
            ) from error


def _words(text: str) -> list[str]:
    return WORD.findall(text.casefold())
