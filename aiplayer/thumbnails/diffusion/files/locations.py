"""Where weights lie: those of the small model, which come with the project, and those that `make weights` fetched.

Nothing is fetched here.
"""

import hashlib
import re
from pathlib import Path, PurePath

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


def pulled_place(weights: str) -> Path:
    """Where the weights of a set lie that came from another machine, which had them under this setting.

    Args:
        weights: The setting `diffusion_weights` of that machine.
    """
    digest = hashlib.sha256(weights.encode()).hexdigest()[:12]
    return FETCHED / "pulled" / digest / PurePath(weights).name


def path_of(weights: str) -> Path:
    """The folder or file that the setting `diffusion_weights` means.

    Args:
        weights: SMALL for the model that comes with the project, a path, or a name on the hub. What exists as a path
            is taken as a path; what came with a set from another machine is found by the path that it had there.

    Raises:
        ModelMissing: the weights of this name have not been fetched, or not to the end.
    """
    if weights == SMALL:
        return SHIPPED
    path = Path(weights)
    pulled = pulled_place(weights)
    if path.exists():
        return path
    if not NAME.fullmatch(weights):
        return pulled if pulled.exists() else path

    folder = FETCHED / folder_name(weights)
    # The hashes are written last, when all other files are there.
    if not (folder / HASHES_FILE).exists():
        if pulled.exists():
            return pulled
        raise ModelMissing(
            f"There is no folder {weights}, and the weights of that name on the hub are not complete in {folder}. "
            f"Run: make weights MODEL={weights}"
        )
    return folder
