"""Any SBERT as the title encoder: the multilingual USE by default, else a hub name or a folder."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from sentence_transformers import SentenceTransformer

from aiplayer.arrays import unit_rows
from aiplayer.errors import InvalidInput
from aiplayer.titles.use import MultilingualUSE

DEFAULT = "multilingual-use"
OURS = f"{MultilingualUSE.__module__}.{MultilingualUSE.__name__}"
# A matrix product of another height may add the same numbers in another order and differ in the last bit; an embedding
# would then change with the load. Titles are therefore computed in tiles of TILE titles, all padded to one length.
TILE = 4
LENGTH_STEP_TOKENS = 16


def create(source: str = DEFAULT) -> SentenceTransformer:
    """The encoder to publish.

    Args:
        source: `multilingual-use`, or whatever SentenceTransformer takes: a folder, or a hub name (which downloads).

    Raises:
        InvalidInput: there is no such encoder, or it cannot be downloaded.
    """
    if source == DEFAULT:
        return SentenceTransformer(modules=[MultilingualUSE.from_package()], device="cpu")

    try:
        return SentenceTransformer(source, trust_remote_code=_needs_no_foreign_code(Path(source)))
    except (OSError, ValueError) as error:
        raise InvalidInput(
            f"The title encoder {source} cannot be loaded. Set title_encoder_source to a folder that holds a "
            f"SentenceTransformer, to a name on the hub (with HF_HUB_OFFLINE=0), or to {DEFAULT}.",
            code="unknown_encoder",
            field="AIPLAYER_TITLE_ENCODER_SOURCE",
        ) from error


def _needs_no_foreign_code(folder: Path) -> bool:
    """Whether a folder needs no code but that of sentence-transformers and of this project."""
    try:
        modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
        kinds = [module["type"] for module in modules]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return all(kind.startswith("sentence_transformers.") or kind == OURS for kind in kinds)


def load(folder: str | Path, device: str = "cpu") -> SentenceTransformer:
    """Read an encoder back from the folder that `save` wrote; never reaches for a hub.

    `trust_remote_code` is what sentence-transformers asks for before it imports a module class that is not its own;
    the folder comes from our model store and the class is MultilingualUSE.

    Args:
        folder: The folder.
        device: Where torch computes.
    """
    return SentenceTransformer(str(folder), device=device, local_files_only=True, trust_remote_code=True)


def encode_titles(encoder: SentenceTransformer, titles: list[str]) -> np.ndarray:
    """Title embeddings that are the same alone and in any batch.

    Args:
        encoder: Any SentenceTransformer.
        titles: n titles.

    Returns:
        float32 [n, size], unit length.
    """
    features = [encoder.preprocess([title]) for title in titles]
    lengths = [title_features["input_ids"].shape[1] for title_features in features]
    vectors = np.empty((len(titles), encoder.get_embedding_dimension()), dtype=np.float32)

    with torch.inference_mode():
        for positions, padded_length in same_length_tiles(lengths, LENGTH_STEP_TOKENS):
            tile = {}
            for name, value in features[0].items():
                if isinstance(value, torch.Tensor):
                    rows = [features[position][name] for position in positions]
                    tile[name] = _stack(rows, padded_length).to(encoder.device)
                else:
                    tile[name] = value

            output = encoder(tile)["sentence_embedding"]
            vectors[positions] = output[: len(positions)].float().cpu().numpy()
    return unit_rows(vectors)


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
