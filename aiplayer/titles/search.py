"""Playlists with similar titles: a title embedding, and one matrix product with the catalogue's title index."""

from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import torch
from sentence_transformers import SentenceTransformer

from aiplayer.arrays import unit
from aiplayer.errors import ModelMissing
from aiplayer.titles.tiles import TILE, same_length_tiles

TOKENS_STEP = 16
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
        return unit(embeddings @ self.alignment)

    def project(self, embeddings: np.ndarray) -> np.ndarray:
        """Queries: float32 [n, size] -> float32 [n, size + content], unit length."""
        aligned = self.align(embeddings)
        return self.join(aligned, unit((aligned - self.mean) @ self.to_content))

    def join(self, aligned: np.ndarray, content: np.ndarray) -> np.ndarray:
        """Both parts as one vector, so that one dot product is the weighted mean of both cosines."""
        weight = float(self.content_weight)
        return np.hstack([aligned, np.sqrt(weight) * content]).astype(np.float32) / np.float32(np.sqrt(1 + weight))


@dataclass(frozen=True)
class TitleIndex:
    """The catalogue's titles: int64 [playlists] ids, float32 [playlists, size + content] unit vectors, their space."""

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
        try:
            with np.load(Path(folder) / FILE, allow_pickle=False) as arrays:
                space = TitleSpace(*(arrays[field.name] for field in fields(TitleSpace)))
                index = cls(arrays["playlist_ids"], arrays["vectors"], space)
        except (OSError, ValueError, KeyError) as error:
            raise ModelMissing("The title index cannot be read. Build it anew with `make setup`.") from error
        if len(index.playlist_ids) != len(index.vectors):
            raise ModelMissing("The title index has more ids than vectors. Build it anew with `make setup`.")
        return index


def encode_titles(encoder: SentenceTransformer, titles: list[str]) -> np.ndarray:
    """Title embeddings that are the same alone and in any batch.

    Args:
        encoder: Any SentenceTransformer.
        titles: n titles.

    Returns:
        float32 [n, size], unit length.
    """
    features = [encoder.preprocess([title]) for title in titles]
    vectors = np.empty((len(titles), encoder.get_embedding_dimension()), dtype=np.float32)
    lengths = [row["input_ids"].shape[1] for row in features]
    with torch.inference_mode():
        for positions, padded in same_length_tiles(lengths, TOKENS_STEP):
            batch = {
                name: _stack([features[row][name] for row in positions], padded).to(encoder.device)
                if isinstance(value, torch.Tensor)
                else value
                for name, value in features[0].items()
            }
            output = encoder(batch)
            vectors[positions] = output["sentence_embedding"][: len(positions)].float().cpu().numpy()
    return unit(vectors)


def _stack(rows: list[torch.Tensor], padded: int) -> torch.Tensor:
    """[1, length] rows -> [TILE, padded]; a row of padding alone repeats the first, for its mask must not be empty."""
    rows = rows + [rows[0]] * (TILE - len(rows))
    return torch.cat([torch.nn.functional.pad(row, (0, padded - row.shape[1])) for row in rows])


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
    for start in range(0, len(embeddings), TILE):
        tile = np.zeros((TILE, embeddings.shape[1]), dtype=np.float32)
        rows = embeddings[start : start + TILE]
        tile[: len(rows)] = rows
        queries = index.space.project(tile)[: len(rows)]
        # One product with a vector a query: all are bound by reading the index, and no sum depends on the batch.
        answers += [
            _best(index, index.vectors @ query, count)
            for query, count in zip(queries, counts[start : start + TILE], strict=True)
        ]
    return answers


def _best(index: TitleIndex, cosines: np.ndarray, count: int) -> list[tuple[int, float]]:
    """Equal scores are ordered by id."""
    count = min(count, len(cosines))
    candidates = np.argpartition(-cosines, count - 1)[:count] if count else np.array([], dtype=int)
    order = candidates[np.lexsort((index.playlist_ids[candidates], -cosines[candidates]))]
    return [(int(index.playlist_ids[row]), float(cosines[row])) for row in order]
