"""The sha256 that the files of a model must have, by `sha256.json` beside them, or by keras-cv for its own files."""

from collections.abc import Mapping
from pathlib import Path

from aiplayer.errors import ModelMissing
from aiplayer.file_records import sha256_of
from aiplayer.thumbnails.diffusion.files.folder import is_keras_cv, read_object

HASHES_FILE = "sha256.json"
# From `stable_diffusion/{text_encoder,diffusion_model,decoder}.py` of keras-cv 0.9.0.
KERAS_CV_HASHES = {
    "kcv_encoder.h5": "4789e63e07c0e54d6a34a29b45ce81ece27060c499a709d556c7755b42bb0dc4",
    "kcv_diffusion_model.h5": "8799ff9763de13d7f30a683d653018e114ed24a6a819667da4f5ee10f9e805fe",
    "kcv_decoder.h5": "ad350a65cc8bc4a80c8103367e039a3329b4231c2469a1093869a345f55b1962",
}


def hashes_of(folder: str | Path) -> dict[str, str]:
    """The sha256 that each file of a model must have.

    Args:
        folder: The folder of the model; its `sha256.json` wins over keras-cv's hashes.

    Raises:
        ModelMissing: `sha256.json` cannot be read.
    """
    hashes = dict(KERAS_CV_HASHES) if is_keras_cv(folder) else {}
    file = Path(folder) / HASHES_FILE
    if file.exists():
        hashes |= read_object(file)
    return hashes


def check_hashes(folder: str | Path, sha256: Mapping[str, str]) -> None:
    """Compare files with the hashes that they must have.

    Args:
        folder: The folder of the model.
        sha256: The hash of each file, in hexadecimal, by its path in the folder.

    Raises:
        ModelMissing: a file is missing or is another one; the message has both hashes.
    """
    for name, expected in sha256.items():
        path = Path(folder) / name
        try:
            actual = sha256_of(path)
        except OSError as error:
            raise ModelMissing(f"The weights {path} cannot be read. Fetch the model anew.") from error

        if actual != str(expected).lower():
            raise ModelMissing(
                f"The weights {path} are not the expected ones: sha256 {expected} was expected, {actual} found. "
                f"Fetch the file anew, or correct the expected hash in {Path(folder) / HASHES_FILE}."
            )
