"""Where weights lie: those of the small model, which come with the project, and those that `make weights` fetched.

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
# owner/name, as the Hugging Face hub allows it.
NAME = re.compile(r"(?!.*(--|\.\.))\w[\w.-]*/\w[\w.-]*", re.ASCII)


def folder_name(model: str) -> str:
    """The name of the folder into which a model of the hub is fetched.

    Args:
        model: The model's name on the hub, such as "owner/name", which becomes "owner--name".

    Raises:
        InvalidInput: the hub allows no such name.
    """
    if not NAME.fullmatch(model):
        raise InvalidInput(f"{model!r} is no name of a model on the hub. Use owner/name.", field="model")
    return model.replace("/", "--")


def path_of(weights: str) -> Path:
    """The folder or file that the setting `diffusion_weights` means.

    Args:
        weights: SMALL for the model that comes with the project, a path, or a name on the hub. What exists as a path
            is taken as a path.

    Raises:
        ModelMissing: the weights of this name have not been fetched, or not to the end.
    """
    if weights == SMALL:
        return SHIPPED
    path = Path(weights)
    if path.exists() or not NAME.fullmatch(weights):
        return path

    folder = FETCHED / folder_name(weights)
    # The hashes are written last, when all other files are there.
    if not (folder / HASHES_FILE).exists():
        raise ModelMissing(
            f"There is no folder {weights}, and the weights of that name on the hub are not complete in {folder}. "
            f"Run: make weights MODEL={weights}"
        )
    return folder
