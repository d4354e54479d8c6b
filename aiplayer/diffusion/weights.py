"""Weights of a Stable Diffusion 1.x model: a folder in the diffusers layout, or keras-cv's own three files."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

import keras
import numpy as np
from safetensors import SafetensorError, safe_open

from aiplayer.diffusion.networks import Networks
from aiplayer.diffusion.tensor_names import UNUSED, Tensor, newest_name, tensors_of
from aiplayer.errors import ModelMissing

SAFETENSORS = {
    "text_encoder": "text_encoder/model",
    "unet": "unet/diffusion_pytorch_model",
    "decoder": "vae/diffusion_pytorch_model",
}
KERAS_CV = {"text_encoder": "kcv_encoder.h5", "unet": "kcv_diffusion_model.h5", "decoder": "kcv_decoder.h5"}
SHOWN = 3


def load_safetensors(networks: Networks, folder: str | Path, sha256: Mapping[str, str] | None = None) -> None:
    """Load a folder in the diffusers layout, in any float precision.

    Args:
        networks: Their weights are set.
        folder: Holds `text_encoder/model.safetensors` and so on; `.fp16.safetensors` is taken where that is all.
        sha256: Expected hashes by file name inside the folder, checked before anything is read.

    Raises:
        ModelMissing: a file is missing, is not the expected one, cannot be read, or does not hold these networks.
    """
    paths = {network: _first(Path(folder), stem) for network, stem in SAFETENSORS.items()}
    check_hashes(folder, sha256 or {})
    for network, path in paths.items():
        load_network(getattr(networks, network), path)


def load_network(network: keras.Model, path: Path) -> None:
    """Load one file.

    Raises:
        ModelMissing: the file cannot be read or does not hold this network.
    """
    expected = tensors_of(network)
    try:
        with safe_open(path, framework="numpy") as file:
            names = _names(network.name, file.keys())
            shapes = {name: tuple(file.get_slice(names[name]).get_shape()) for name in names}
            _check(path, expected, shapes)
            for name, tensor in expected.items():
                array = np.asarray(file.get_tensor(names[name]), dtype=np.float32)
                tensor.weight.assign(tensor.to_ours(array))
    except (OSError, SafetensorError) as error:
        raise ModelMissing(f"The weights {path} cannot be read: {error}. Fetch the file anew.") from error


def load_keras_cv(networks: Networks, folder: str | Path, sha256: Mapping[str, str] | None = None) -> None:
    """Load keras-cv's own files, as `load_safetensors` does: our layers have their order.

    Raises:
        ModelMissing: a file is missing, is not the expected one, cannot be read, or does not hold these networks.
    """
    check_hashes(folder, sha256 or {})
    for network, name in KERAS_CV.items():
        path = Path(folder) / name
        try:
            getattr(networks, network).load_weights(path)
        except (OSError, ValueError, KeyError) as error:
            raise ModelMissing(f"The weights {path} cannot be loaded: {error}. Fetch the file anew.") from error


def check_hashes(folder: str | Path, sha256: Mapping[str, str]) -> None:
    """Compare files with the hashes that they must have.

    Raises:
        ModelMissing: a file is missing or is another one; the message has both hashes.
    """
    for name, expected in sha256.items():
        path = Path(folder) / name
        try:
            with path.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise ModelMissing(f"The weights {path} cannot be read. Fetch the model anew.") from error
        if found != expected.lower():
            raise ModelMissing(
                f"The weights {path} are not the expected ones: sha256 {expected} was expected, {found} found. "
                "Fetch the file anew, or correct the expected hash."
            )


def _first(folder: Path, stem: str) -> Path:
    candidates = [folder / f"{stem}{suffix}" for suffix in (".safetensors", ".fp16.safetensors")]
    for path in candidates:
        if path.is_file():
            return path
    raise ModelMissing(f"There are no weights {candidates[0]}. Give a folder in the diffusers layout.")


def _names(network: str, stored: Iterable[str]) -> dict[str, str]:
    """The newest names of the tensors that we need, each with its name in the file."""
    return {newest_name(network, name): name for name in stored if not UNUSED[network].fullmatch(name)}


def _check(path: Path, expected: Mapping[str, Tensor], found: Mapping[str, tuple[int, ...]]) -> None:
    problems = [
        f"{name} of shape {_shape(expected[name].shape)} is missing" for name in sorted(expected.keys() - found.keys())
    ]
    problems += [
        f"{name} of shape {_shape(found[name])} is not part of this model"
        for name in sorted(found.keys() - expected.keys())
    ]
    problems += [
        f"{name} has shape {_shape(found[name])} where {_shape(expected[name].shape)} was expected"
        for name in sorted(expected.keys() & found.keys())
        if expected[name].shape != found[name]
    ]
    if problems:
        more = f"; and {len(problems) - SHOWN} more" if len(problems) > SHOWN else ""
        raise ModelMissing(
            f"The weights {path} do not fit: {'; '.join(problems[:SHOWN])}{more}. "
            "Give a Stable Diffusion 1.x model of the size that is configured."
        )


def _shape(shape: tuple[int, ...]) -> str:
    return "x".join(map(str, shape))
