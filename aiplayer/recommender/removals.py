"""What creators took out of playlists that they were given: the songs that playlists of such titles do without.

For a song s of a title t the chance that a creator takes it out is estimated over all that were shown it,

    r(s, t) = Σ w · dropped(s) / (PRIOR + Σ w · (dropped(s) + kept(s)))
    w = max(0, (similarity − FLOOR) / (1 − FLOOR))²

and its score is multiplied by (1 − r)^STRICTNESS. A song that others kept stays; titles that are only a little alike
say nothing of each other.

Source: explicit negatives, which teach a playlist model more than anything that is left unsaid (Mei et al. 2024,
"Negative feedback for music personalization"). Departure: no network has to learn them, for there are few.
"""

from pathlib import Path
from typing import Self

import numpy as np
from scipy.sparse import csr_matrix, load_npz, save_npz

from aiplayer.arrays import csr_from_rows
from aiplayer.files import reading
from aiplayer.recommender.row_sums import SparseRows
from aiplayer.recommender.title_neighbours import SHARPNESSES, Neighbourhood

KEPT_FILE, DROPPED_FILE = "kept_songs.npz", "dropped_songs.npz"
# Of titles of the demo catalogue, those of one kind were alike by 0.35 to 0.7, and others by less than 0.3.
FLOOR = 0.3
# As if so many creators of the very same title had kept the song.
PRIOR = 0.5
STRICTNESS = 2


class Removals:
    """The songs that creators kept and dropped, by the playlists that they were given.

    Args:
        kept: The songs that stayed, 0/1 [playlists, songs]; none of a playlist that nobody was given.
        dropped: The songs that were taken out, 0/1 [playlists, songs].
    """

    def __init__(self, kept: csr_matrix, dropped: csr_matrix):
        self._kept = kept
        self._dropped = dropped
        self._kept_rows = SparseRows.from_pattern(kept)
        self._dropped_rows = SparseRows.from_pattern(dropped)

    @classmethod
    def nothing(cls, playlist_count: int, song_count: int) -> Self:
        """No playlist was given to anybody."""
        empty = csr_from_rows([np.array([], dtype=np.int64)] * playlist_count, song_count)
        return cls(empty, empty)

    def left_of(self, by_title: Neighbourhood, songs: np.ndarray) -> np.ndarray:
        """How much is left of each song's score, float32 [songs], 0 to 1.

        Args:
            by_title: The playlists with near titles, with a weight for each of SHARPNESSES.
            songs: Columns of songs, int64.
        """
        similarities = by_title.weights[:, 0] ** (1 / SHARPNESSES[0])
        nearness = np.maximum(0.0, (similarities - FLOOR) / (1 - FLOOR))
        is_near = nearness > 0
        weights = nearness[is_near, np.newaxis].astype(np.float32) ** 2
        playlists = by_title.playlists[is_near]

        dropped = self._dropped_rows.add_up(playlists, weights).at(songs)[:, 0]
        kept = self._kept_rows.add_up(playlists, weights).at(songs)[:, 0]
        chances = dropped / (np.float32(PRIOR) + dropped + kept)
        left: np.ndarray = (1 - chances) ** STRICTNESS
        return left

    def save(self, folder: str | Path) -> None:
        """Write `kept_songs.npz` and `dropped_songs.npz`."""
        save_npz(Path(folder) / KEPT_FILE, self._kept.astype(bool))
        save_npz(Path(folder) / DROPPED_FILE, self._dropped.astype(bool))

    @classmethod
    def load(cls, folder: str | Path) -> Self:
        """Read what `save` wrote.

        Raises:
            ModelMissing: a file is missing or unreadable.
        """
        with reading("The recommender's removed songs"):
            kept = csr_matrix(load_npz(Path(folder) / KEPT_FILE))
            dropped = csr_matrix(load_npz(Path(folder) / DROPPED_FILE))
        return cls(kept, dropped)
