"""Any SBERT as the title encoder: the multilingual USE by default, else a hub name or a folder."""

import json
from pathlib import Path

from sentence_transformers import SentenceTransformer

from aiplayer.errors import InvalidInput
from aiplayer.titles.use import MultilingualUSE

DEFAULT = "multilingual-use"
OURS = f"{MultilingualUSE.__module__}.{MultilingualUSE.__name__}"


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
        return SentenceTransformer(source, trust_remote_code=_is_ours(Path(source)))
    except (OSError, ValueError) as error:
        raise InvalidInput(
            f"The title encoder {source} cannot be loaded. Set title_encoder_source to a folder that holds a "
            f"SentenceTransformer, to a name on the hub (with HF_HUB_OFFLINE=0), or to {DEFAULT}.",
            code="unknown_encoder",
            field="AIPLAYER_TITLE_ENCODER_SOURCE",
        ) from error


def _is_ours(folder: Path) -> bool:
    """Whether a folder needs no code but that of sentence-transformers and of this project."""
    try:
        kinds = [module["type"] for module in json.loads((folder / "modules.json").read_text(encoding="utf-8"))]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return all(kind.startswith("sentence_transformers.") or kind == OURS for kind in kinds)


def load(folder: str | Path, device: str = "cpu") -> SentenceTransformer:
    """Read an encoder back from the folder that `save` wrote; never reaches for a hub.

    `trust_remote_code` is what sentence-transformers asks for before it imports a module class that is not its own;
    the folder comes from our model store and the class is MultilingualUSE.
    """
    return SentenceTransformer(str(folder), device=device, local_files_only=True, trust_remote_code=True)
