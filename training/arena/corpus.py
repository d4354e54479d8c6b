"""Playlists as sparse matrices: what every method of the arena looks at."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from scipy.sparse import csr_matrix

from aiplayer.arrays import csr_from_lengths


@dataclass(frozen=True)
class Question:
    """What a model is told of a held-out playlist; any part may be empty.

    Attributes:
        playlist_id: The playlist.
        title: Its title, "" where the question gives none.
        songs: The ids of some of its songs.
        tags: Some of its tags.
    """

    playlist_id: int
    title: str
    songs: list[int]
    tags: list[str]


class Corpus:
    """The playlists to learn from.

    Args:
        playlists: A frame with the columns of `training.dataset.frames.PLAYLIST_COLUMNS`.
    """

    def __init__(self, playlists: pl.DataFrame):
        self.playlists = playlists
        self.song_ids, self.songs = _matrix(playlists["songs"])
        self.tags, self.tag_uses = _matrix(playlists["tags"])

    @property
    def titles(self) -> list[str]:
        """The title of each playlist, "" where it has none."""
        return self.playlists["title"].to_list()

    @cached_property
    def song_counts(self) -> np.ndarray:
        """float64 [songs]: in how many playlists each song stands."""
        return np.asarray(self.songs.sum(axis=0)).ravel()

    @cached_property
    def tag_counts(self) -> np.ndarray:
        """float64 [tags]: in how many playlists each tag stands."""
        return np.asarray(self.tag_uses.sum(axis=0)).ravel()

    @cached_property
    def _song_columns(self) -> dict[int, int]:
        return {song_id: column for column, song_id in enumerate(self.song_ids)}

    @cached_property
    def _tag_columns(self) -> dict[str, int]:
        return {tag: column for column, tag in enumerate(self.tags)}

    def song_columns(self, song_ids: Iterable[int]) -> np.ndarray:
        """int64: columns of these songs; unknown ones are passed over."""
        columns = self._song_columns
        return np.array([columns[song_id] for song_id in song_ids if song_id in columns], dtype=np.int64)

    def tag_columns(self, tags: Iterable[str]) -> np.ndarray:
        """int64: columns of these tags; unknown ones are passed over."""
        columns = self._tag_columns
        return np.array([columns[tag] for tag in tags if tag in columns], dtype=np.int64)


def questions(playlists: pl.DataFrame) -> list[Question]:
    """The rows of a frame of playlists as questions."""
    return [Question(*row) for row in playlists.select("playlist_id", "title", "songs", "tags").iter_rows()]


def _matrix(lists: pl.Series) -> tuple[list, csr_matrix]:
    """A column of lists -> its distinct elements, sorted, and the 0/1 matrix [rows, elements]."""
    lengths = lists.list.len().to_numpy()
    elements = lists.explode().drop_nulls()
    names = elements.unique().sort()
    columns = names.search_sorted(elements).to_numpy()

    matrix = csr_from_lengths(columns, lengths, len(names), np.float64)
    # An element that stands twice in a list counts once.
    matrix.sum_duplicates()
    matrix.data[:] = 1
    return names.to_list(), matrix
