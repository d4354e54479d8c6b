"""The playlists that the recommender knows, by their numbers: those that it has learned from, and those kept from it.

Some are kept from every model, so that a new one and the one in use can be asked about playlists that neither has seen
(`training.held_back`). Whoever searches finds them as any other.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from scipy.sparse import csr_matrix, load_npz, save_npz, vstack

from aiplayer.files import reading

FILE, UNLEARNED_FILE = "playlist_ids.npy", "unlearned_playlists.npz"


@dataclass(frozen=True)
class KnownPlaylists:
    """Numbers, and what the playlists hold that no branch has learned.

    Attributes:
        ids: The playlists of the branches, then those of `unlearned`, int64.
        unlearned: Songs and tags, 0/1 [playlists, columns of the vocabulary that are songs or tags].
    """

    ids: np.ndarray
    unlearned: csr_matrix

    def items_of(self, playlist_ids: np.ndarray, learned: csr_matrix) -> csr_matrix:
        """The songs and tags of playlists, 0/1, float32 [playlists, columns]; an unknown playlist has none.

        Args:
            playlist_ids: int64 [playlists].
            learned: Those of the branches, 0/1 [playlists of the branches, columns].
        """
        # One row more, without items.
        no_items = csr_matrix((1, learned.shape[1]), dtype=learned.dtype)
        padded = vstack([learned, self.unlearned, no_items]).tocsr()

        known_rows = {playlist_id: row for row, playlist_id in enumerate(self.ids.tolist())}
        last_row = len(known_rows)
        rows = [known_rows.get(playlist_id, last_row) for playlist_id in playlist_ids.tolist()]
        return padded[rows].astype(np.float32)

    def save(self, folder: str | Path) -> None:
        """Write `playlist_ids.npy` and `unlearned_playlists.npz`."""
        np.save(Path(folder) / FILE, self.ids)
        save_npz(Path(folder) / UNLEARNED_FILE, self.unlearned.astype(bool))

    @classmethod
    def load(cls, folder: str | Path) -> Self:
        """Read what `save` wrote.

        Raises:
            ModelMissing: a file is missing or unreadable.
        """
        with reading("The recommender's playlists"):
            ids = np.load(Path(folder) / FILE, allow_pickle=False)
            unlearned = csr_matrix(load_npz(Path(folder) / UNLEARNED_FILE))
        return cls(ids, unlearned)
