"""Playlists with similar titles: a title embedding, and one matrix product with the catalogue's title index."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from sentence_transformers import SentenceTransformer

from aiplayer.errors import ModelMissing
from aiplayer.tiles import TILE, same_length_tiles

TOKENS_STEP = 16
IDS_FILE, MATRIX_FILE = "playlist_ids.npy", "embeddings.npy"


@dataclass(frozen=True)
class TitleIndex:
    """The catalogue's titles: int64 [playlists] ids, float32 [playlists, size] unit vectors."""

    playlist_ids: np.ndarray
    embeddings: np.ndarray

    def save(self, folder: str | Path) -> None:
        """Write both arrays as .npy files."""
        np.save(Path(folder) / IDS_FILE, self.playlist_ids)
        np.save(Path(folder) / MATRIX_FILE, self.embeddings)

    @classmethod
    def load(cls, folder: str | Path) -> "TitleIndex":
        """Read what `save` wrote.

        Raises:
            ModelMissing: the arrays are not there or do not belong together.
        """
        try:
            index = cls(np.load(Path(folder) / IDS_FILE), np.load(Path(folder) / MATRIX_FILE))
        except (OSError, ValueError) as error:
            raise ModelMissing("The title index cannot be read. Build it anew with `make setup`.") from error
        if len(index.playlist_ids) != len(index.embeddings):
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
            batch = {name: _stack([features[row][name] for row in positions], padded) for name in features[0]}
            output = encoder({name: tensor.to(encoder.device) for name, tensor in batch.items()})
            vectors[positions] = output["sentence_embedding"][: len(positions)].float().cpu().numpy()
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


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
        For each query a list of (playlist id, cosine).
    """
    answers = []
    for start in range(0, len(embeddings), TILE):
        tile = np.zeros((TILE, embeddings.shape[1]), dtype=np.float32)
        rows = embeddings[start : start + TILE]
        tile[: len(rows)] = rows
        cosines = tile @ index.embeddings.T
        answers += [_best(index, row, count) for row, count in zip(cosines, counts[start : start + TILE], strict=False)]
    return answers


def _best(index: TitleIndex, cosines: np.ndarray, count: int) -> list[tuple[int, float]]:
    """Equal cosines (equal titles) are ordered by id."""
    count = min(count, len(cosines))
    candidates = np.argpartition(-cosines, count - 1)[:count] if count else np.array([], dtype=int)
    order = candidates[np.lexsort((index.playlist_ids[candidates], -cosines[candidates]))]
    return [(int(index.playlist_ids[row]), float(cosines[row])) for row in order]
