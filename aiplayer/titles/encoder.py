"""Any SBERT as the title encoder: the multilingual USE by default, else a hub name or a folder."""

import json
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from aiplayer.errors import InvalidInput, ModelMissing
from aiplayer.titles.use_network import USENetwork

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

DEFAULT = "multilingual-use"
# How a folder of sentence-transformers names the module of the multilingual USE.
OURS = "aiplayer.titles.use.MultilingualUSE"
# The packages, as they are imported, that serve any other encoder.
NEEDED_BY_OTHERS = ("torch", "sentence_transformers")


class Encoder(Protocol):
    """A title encoder that is served."""

    def embed(self, titles: list[str]) -> np.ndarray:
        """n titles, one or more -> float32 [n, size], unit length; the same alone and in any batch."""


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


def load_to_serve(folder: str | Path, threads: int = 1, device: str = "cpu") -> Encoder:
    """Read an encoder that only embeds: on a CPU the multilingual USE without torch, else by sentence-transformers.

    Args:
        folder: The folder that `save` wrote.
        threads: Threads of torch, where it is needed.
        device: Where torch computes.

    Raises:
        ModelMissing: the packages that serve such an encoder are not installed.
    """
    if device == "cpu" and _is_ours(folder):
        return USENetwork(folder)
    if not all(map(find_spec, NEEDED_BY_OTHERS)):
        raise ModelMissing(
            "This title encoder needs PyTorch, as every one does but the multilingual USE on a CPU, and that is not "
            f"installed. Install the packages of the group sbert in pyproject.toml ({' and '.join(NEEDED_BY_OTHERS)}) "
            f"into {sys.prefix}."
        )

    from aiplayer.titles.transformer import TiledTransformer

    return TiledTransformer(load(folder, device), threads)


def why_on_the_processor(folder: str | Path, device: str) -> str:
    """Why an encoder is better off without a card; "" where it is not.

    Args:
        folder: The folder that `save` wrote.
        device: The setting of that name.
    """
    if device == "auto" and _is_ours(folder):
        return "NumPy embeds a title in a millisecond or two"
    return ""


def _is_ours(folder: str | Path) -> bool:
    """Whether a folder holds the multilingual USE, tuned or not."""
    return _modules_in(Path(folder)) == [OURS]


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
