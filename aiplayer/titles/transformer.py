"""Any SentenceTransformer as a title encoder that is served."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from aiplayer.arrays import unit_rows

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

# A matrix product of another height may add the same numbers in another order and differ in the last bit; an embedding
# would then change with the load. Titles are therefore computed in tiles of TILE titles, all padded to one length.
TILE = 4
LENGTH_STEP_TOKENS = 16


class TiledTransformer:
    """Title embeddings that are the same alone and in any batch.

    Args:
        model: The encoder.
        threads: Threads of torch in this process.
    """

    def __init__(self, model: "SentenceTransformer", threads: int = 1) -> None:
        torch.set_num_threads(threads)
        self._model = model

    @property
    def device(self) -> str:
        """Where the encoder lies, as torch calls it."""
        return str(self._model.device)

    def embed(self, titles: list[str]) -> np.ndarray:
        """n titles, one or more -> float32 [n, size], unit length."""
        features = [self._model.preprocess([title]) for title in titles]
        with torch.inference_mode():
            # A StaticEmbedding has one long row of tokens for all titles of a batch, which cannot be padded.
            if features[0]["input_ids"].ndim == 1:
                return unit_rows(np.concatenate([self._forward(title_features) for title_features in features]))
            return unit_rows(self._embed_tiles(features))

    def _embed_tiles(self, features: list[dict[str, Any]]) -> np.ndarray:
        """Inputs of one title each, `input_ids` [1, length] -> float32 [titles, size]."""
        lengths = [title_features["input_ids"].shape[1] for title_features in features]
        vectors: dict[int, np.ndarray] = {}
        for positions, padded_length in same_length_tiles(lengths, LENGTH_STEP_TOKENS):
            tile = {}
            for name, value in features[0].items():
                if isinstance(value, torch.Tensor):
                    rows = [features[position][name] for position in positions]
                    tile[name] = _stack(rows, padded_length)
                else:
                    tile[name] = value

            vectors |= zip(positions, self._forward(tile), strict=False)
        return np.stack([vectors[position] for position in range(len(features))])

    def _forward(self, features: dict[str, Any]) -> np.ndarray:
        """The inputs of some titles -> float32 [titles, size]."""
        on_device = {}
        for name, value in features.items():
            on_device[name] = value.to(self._model.device) if isinstance(value, torch.Tensor) else value
        return self._model(on_device)["sentence_embedding"].float().cpu().numpy()


def same_length_tiles(lengths: Sequence[int], step: int) -> Iterator[tuple[list[int], int]]:
    """Group rows of nearly equal length into tiles.

    Args:
        lengths: The length of each row.
        step: Rows are padded to the next multiple of this.

    Yields:
        (positions of at most TILE rows, the length that all of them are padded to).
    """
    groups = defaultdict(list)
    for position, length in enumerate(lengths):
        padded_length = max(1, -(-length // step)) * step
        groups[padded_length].append(position)

    for padded_length, positions in groups.items():
        for start in range(0, len(positions), TILE):
            yield positions[start : start + TILE], padded_length


def _stack(rows: list[torch.Tensor], padded_length: int) -> torch.Tensor:
    """[1, length] rows -> [TILE, padded_length]; missing rows repeat the first, for a mask must not be empty."""
    rows = rows + [rows[0]] * (TILE - len(rows))
    padded = [torch.nn.functional.pad(row, (0, padded_length - row.shape[1])) for row in rows]
    return torch.cat(padded)
