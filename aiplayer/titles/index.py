"""The titles of a catalogue: where they lie in a space of wishes, and what they name."""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from aiplayer.arrays import unit_rows
from aiplayer.errors import ModelMissing
from aiplayer.files import reading
from aiplayer.titles.named import NamedThings

FILE = "title_index.npz"


@dataclass(frozen=True)
class TitleSpace:
    """Where titles that wish for the same songs lie close together, whatever language they wish in.

    A title becomes two unit vectors: its embedding, rid of what changes when only the wording changes (`alignment`),
    and the songs that such a title stands for (`to_content`). Their cosines are averaged, the second `content_weight`
    times as heavy as the first. `training.titles.title_index` fits it to a catalogue.

    Attributes:
        alignment: float32 [size, size].
        mean: float32 [size], of the aligned embeddings.
        to_content: float32 [size, content].
        content_weight: 0 for titles alone.
    """

    alignment: np.ndarray
    mean: np.ndarray
    to_content: np.ndarray
    content_weight: np.ndarray

    def align(self, embeddings: np.ndarray) -> np.ndarray:
        """float32 [n, size] -> float32 [n, size], unit length."""
        return unit_rows(embeddings @ self.alignment)

    def project(self, embeddings: np.ndarray) -> np.ndarray:
        """Queries: float32 [n, size] -> float32 [n, size + content], unit length."""
        aligned = self.align(embeddings)
        return self.join(aligned, unit_rows((aligned - self.mean) @ self.to_content))

    def join(self, aligned: np.ndarray, content: np.ndarray) -> np.ndarray:
        """Both parts as one vector, so that one dot product is the weighted mean of both cosines."""
        weight = float(self.content_weight)
        return np.hstack([aligned, np.sqrt(weight) * content]).astype(np.float32) / np.float32(np.sqrt(1 + weight))


@dataclass(frozen=True)
class TitleIndex:
    """The catalogue's titles.

    Attributes:
        playlist_ids: int64 [playlists].
        vectors: float32 [playlists, size + content], unit length.
        space: The space that the vectors lie in.
        named: What the titles name.
    """

    playlist_ids: np.ndarray
    vectors: np.ndarray
    space: TitleSpace
    named: NamedThings

    def similarities(self, embedding: np.ndarray) -> np.ndarray:
        """How similar each title is to a title's embedding, float32 [playlists], -1 to 1.

        Args:
            embedding: float32 [size], unit length.
        """
        # One product with a vector a title: a sum must not depend on who else asks.
        return self.vectors @ self.space.project(embedding[np.newaxis])[0]

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
            raise ModelMissing("The title index holds ids, vectors and readings of other titles. Run `make setup`.")
        return index
