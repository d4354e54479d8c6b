"""Any SBERT as the title encoder: the multilingual USE by default, else a hub name or a folder."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import torch

from aiplayer.arrays import unit_rows
from aiplayer.errors import InvalidInput
from aiplayer.titles.use_network import USENetwork

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

DEFAULT = "multilingual-use"
# How a folder of sentence-transformers names the module of the multilingual USE.
OURS = "aiplayer.titles.use.MultilingualUSE"
# A matrix product of another height may add the same numbers in another order and differ in the last bit; an embedding
# would then change with the load. Titles are therefore computed in tiles of TILE titles, all padded to one length.
TILE = 4
LENGTH_STEP_TOKENS = 16


class Encoder(Protocol):
    """What `encode_titles` needs: a SentenceTransformer has it, and so has `USENetwork`."""

    @property
    def device(self) -> torch.device:
        """Where it computes."""

    def preprocess(self, inputs: list[str]) -> dict[str, Any]:
        """Titles -> its inputs; int64 [titles, longest] where they are tensors, `input_ids` among them."""

    def __call__(self, features: dict[str, Any]) -> dict[str, torch.Tensor]:
        """Inputs -> `sentence_embedding`, float32 [titles, size], among others."""


def create(source: str = DEFAULT) -> "SentenceTransformer":
    """The encoder to publish.

    Args:
        source: `multilingual-use`, or whatever SentenceTransformer takes: a folder, or a hub name (which downloads).

    Raises:
        InvalidInput: there is no such encoder, or it cannot be downloaded.
    """
    from sentence_transformers import SentenceTransformer

    if source == DEFAULT:
        from aiplayer.titles.use import MultilingualUSE

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


def load(folder: str | Path, device: str = "cpu") -> "SentenceTransformer":
    """Read an encoder back from the folder that `save` wrote; never reaches for a hub.

    `trust_remote_code` is what sentence-transformers asks for before it imports a module class that is not its own;
    the folder comes from our model store and the class is MultilingualUSE.

    Args:
        folder: The folder.
        device: Where torch computes.
    """
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(folder), device=device, local_files_only=True, trust_remote_code=True)


def load_to_serve(folder: str | Path) -> Encoder:
    """Read an encoder that only embeds: of the multilingual USE the network alone, which starts in half the time."""
    if _modules_in(Path(folder)) == [OURS]:
        return USENetwork.from_folder(folder)
    return load(folder)


def _needs_no_foreign_code(folder: Path) -> bool:
    """Whether a folder needs no code but that of sentence-transformers and of this project."""
    modules = _modules_in(folder)
    return bool(modules) and all(kind.startswith("sentence_transformers.") or kind == OURS for kind in modules)


def _modules_in(folder: Path) -> list[str]:
    """The classes of which a folder's SentenceTransformer is made; none where it does not say."""
    try:
        modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
        return [str(module["type"]) for module in modules]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def encode_titles(encoder: Encoder, titles: list[str]) -> np.ndarray:
    """Title embeddings that are the same alone and in any batch.

    Args:
        encoder: Any SentenceTransformer, or the network alone.
        titles: n titles, one or more.

    Returns:
        float32 [n, size], unit length.
    """
    features = [encoder.preprocess([title]) for title in titles]
    lengths = [title_features["input_ids"].shape[1] for title_features in features]
    vectors: dict[int, np.ndarray] = {}

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
            vectors |= zip(positions, output.float().cpu().numpy(), strict=False)
    return unit_rows(np.stack([vectors[position] for position in range(len(titles))]))


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
