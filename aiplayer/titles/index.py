"""The titles of a catalogue: where they lie in a space of wishes, and what they name."""

from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from aiplayer.arrays import unit_rows
from aiplayer.errors import ModelMissing
from aiplayer.files import MAKE_ANEW, reading
from aiplayer.titles.named import NamedThings

FILE = "title_index.npz"


@dataclass(frozen=True)
class TitleSpace:
    """Where titles that say the same lie close together, whatever language they say it in.

    An embedding is rid of what changes when only the wording changes, and reduced to the directions in which the titles
    of a catalogue differ most. `training.titles.title_index` fits both to a catalogue.

    Attributes:
        alignment: float32 [size, size].
        directions: float32 [size, reduced size], orthonormal.
    """

    alignment: np.ndarray
    directions: np.ndarray

    def project(self, embeddings: np.ndarray) -> np.ndarray:
        """float32 [n, size] -> float32 [n, reduced size], of length 1 or less: what is in no direction is lost."""
        return unit_rows(embeddings @ self.alignment) @ self.directions


@dataclass(frozen=True)
class TitleIndex:
    """The catalogue's titles.

    Attributes:
        playlist_ids: int64 [playlists].
        vectors: float32 [playlists, reduced size].
        space: The space that the vectors lie in.
        named: What the titles name.
    """

    playlist_ids: np.ndarray
    vectors: np.ndarray
    space: TitleSpace
    named: NamedThings

    def similarities(self, embedding: np.ndarray) -> np.ndarray:
        """How similar each title is to a title's embedding, float32 [playlists]: a cosine, of what the space keeps.

        Args:
            embedding: float32 [size], unit length.
        """
        # One product with a vector a title: a sum must not depend on who else asks.
        return self.space.project(embedding[np.newaxis])[0] @ self._by_direction

    @cached_property
    def _by_direction(self) -> np.ndarray:
        """The vectors as columns, by which a vector alone is multiplied twice as fast."""
        return np.ascontiguousarray(self.vectors.T)

    def save(self, folder: str | Path) -> None:
        """Write `title_index.npz`."""
        arrays: dict[str, Any] = {**vars(self.space), **self.named.arrays()}
        np.savez(Path(folder) / FILE, playlist_ids=self.playlist_ids, vectors=self.vectors, **arrays)

    @classmethod
    def load(cls, folder: str | Path) -> "TitleIndex":
        """Read what `save` wrote.

        Raises:
            ModelMissing: the arrays are not there or do not belong together.
        """
        with reading("The title index"), np.load(Path(folder) / FILE, allow_pickle=False) as arrays:
            space = TitleSpace(*(arrays[field.name] for field in fields(TitleSpace)))
            named = NamedThings.from_arrays(*(arrays[name] for name in ("things", "weights", "named", "lengths")))
            index = cls(arrays["playlist_ids"], arrays["vectors"], space, named)
        if not len(index.playlist_ids) == len(index.vectors) == index.named.by_title.shape[0]:
            raise ModelMissing(f"The title index holds ids, vectors and readings of other titles. {MAKE_ANEW}")
        return index
