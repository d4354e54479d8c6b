"""Where weights lie: the shipped ones of the small model, and from the Hugging Face hub what `make weights` fetched.

Nothing is fetched here.
"""

import re
from pathlib import Path

from aiplayer.errors import InvalidInput, ModelMissing
from aiplayer.settings import STATE
from aiplayer.thumbnails.diffusion.files.hashes import HASHES_FILE

SMALL = "small"
SHIPPED = Path(__file__).parents[1] / "weights" / "small.safetensors"
FETCHED = STATE / "weights"
NAME = re.compile(r"(?!.*(--|\.\.))\w[\w.-]*/\w[\w.-]*", re.ASCII)


def folder_name(model: str) -> str:
    """ "owner/name" -> "owner--name".

    Raises:
        InvalidInput: no name on the hub.
    """
    if not NAME.fullmatch(model):
        raise InvalidInput(f"{model!r} is no name of a model on the hub. Use owner/name.", field="model")
    return model.replace("/", "--")


def path_of(weights: str) -> Path:
    """The folder or file that the setting `diffusion_weights` means.

    Args:
        weights: SMALL for the model that comes with the project, a path, or a name on the hub; what exists is a path.

    Raises:
        ModelMissing: the weights of this name have not been fetched, or not to the end.
    """
    if weights == SMALL:
        return SHIPPED
    if Path(weights).exists() or not NAME.fullmatch(weights):
        return Path(weights)
    folder = FETCHED / folder_name(weights)
    # It is written when all others are there.
    if not (folder / HASHES_FILE).exists():
        raise ModelMissing(
            f"There is no folder {weights}, and the weights of that name on the hub are not complete in {folder}. "
            f"Run: make weights MODEL={weights}"
        )
    return folder
