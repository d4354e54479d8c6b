"""Playlists with similar titles: a title embedding, and one matrix product with the catalogue's title index."""

from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from aiplayer.arrays import unit_rows
from aiplayer.errors import ModelMissing
from aiplayer.files import reading

FILE = "title_index.npz"
# Queries are projected so many at a time, whose places are filled with zeros: a product of another height may differ in
# the last bit, and an answer must not depend on who else asks.
QUERIES_AT_ONCE = 4


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
    """

    playlist_ids: np.ndarray
    vectors: np.ndarray
    space: TitleSpace

    def save(self, folder: str | Path) -> None:
        """Write `title_index.npz`."""
        np.savez(Path(folder) / FILE, playlist_ids=self.playlist_ids, vectors=self.vectors, **vars(self.space))

    @classmethod
    def load(cls, folder: str | Path) -> "TitleIndex":
        """Read what `save` wrote.

        Raises:
            ModelMissing: the arrays are not there or do not belong together.
        """
        with reading("The title index"), np.load(Path(folder) / FILE, allow_pickle=False) as arrays:
            space = TitleSpace(*(arrays[field.name] for field in fields(TitleSpace)))
            index = cls(arrays["playlist_ids"], arrays["vectors"], space)
        if len(index.playlist_ids) != len(index.vectors):
            raise ModelMissing("The title index has more ids than vectors. Build it anew with `make setup`.")
        return index


def search(index: TitleIndex, embeddings: np.ndarray, counts: list[int]) -> list[list[tuple[int, float]]]:
    """The most similar titles of each query, best first.

    Args:
        index: The catalogue's title index.
        embeddings: float32 [queries, size], unit length.
        counts: How many playlists each query wants.

    Returns:
        For each query a list of (playlist id, score from -1 to 1).
    """
    answers = []
    for start in range(0, len(embeddings), QUERIES_AT_ONCE):
        rows = embeddings[start : start + QUERIES_AT_ONCE]
        padded = np.zeros((QUERIES_AT_ONCE, embeddings.shape[1]), dtype=np.float32)
        padded[: len(rows)] = rows
        queries = index.space.project(padded)[: len(rows)]

        # One product with a vector a query: all are bound by reading the index, and no sum depends on the batch.
        for query, count in zip(queries, counts[start : start + QUERIES_AT_ONCE], strict=True):
            answers.append(_best(index, index.vectors @ query, count))
    return answers


def _best(index: TitleIndex, cosines: np.ndarray, count: int) -> list[tuple[int, float]]:
    """The playlists of greatest cosine, best first, equal ones by id."""
    count = min(count, len(cosines))
    if not count:
        return []

    candidates = np.argpartition(-cosines, count - 1)[:count]
    order = np.lexsort((index.playlist_ids[candidates], -cosines[candidates]))
    return [(int(index.playlist_ids[row]), float(cosines[row])) for row in candidates[order]]
