"""What training sees of playlists."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np


@dataclass(frozen=True)
class Playlists:
    """What training sees of each playlist.

    Attributes:
        ids: The playlists' numbers.
        song_ids: The songs of each.
        tags: The tags of each.
        titles: The parts of each title (`training.titles.parts`); none where it has no title.
        embeddings: The embeddings of all parts in order, float32 [parts, size].
        whole: Whether each is known to be all there, bool; empty where nothing is known of that.
        weights: As how many playlists each counts; empty where each counts as one.
        dropped: The songs that a creator took out of each; None for one that nobody was given, and empty where that
            holds for all.
    """

    ids: Sequence[int]
    song_ids: Sequence[Sequence[int]]
    tags: Sequence[Sequence[str]]
    titles: Sequence[Sequence[str]]
    embeddings: np.ndarray
    whole: Sequence[bool] = ()
    weights: Sequence[float] = ()
    dropped: Sequence[Sequence[int] | None] = ()

    @classmethod
    def none(cls) -> Self:
        """No playlist at all."""
        return cls([], [], [], [], np.zeros((0, 0), dtype=np.float32))
