"""Weights of a Stable Diffusion 1.x model: a folder in the diffusers layout, or keras-cv's own three files."""

from collections.abc import Container, Iterable, Mapping
from pathlib import Path

import keras
import numpy as np
from safetensors import SafetensorError, safe_open

from aiplayer.errors import ModelMissing
from aiplayer.thumbnails.diffusion.files.folder import KERAS_CV, SAFETENSORS, SUFFIXES, is_keras_cv
from aiplayer.thumbnails.diffusion.files.tensor_names import UNUSED, Tensor, newest_name, tensors_of
from aiplayer.thumbnails.diffusion.networks import Networks

# A message names at most this many problems.
MOST_SHOWN = 3


def load_weights(networks: Networks, folder: str | Path) -> None:
    """Load a folder in either layout; whether its files are the expected ones is for `hashes` to check.

    Args:
        networks: The networks whose weights are set.
        folder: A folder in the diffusers layout, or with keras-cv's own files.

    Raises:
        ModelMissing: a file is missing, cannot be read, or does not hold these networks.
    """
    if is_keras_cv(folder):
        load_keras_cv(networks, folder)
    else:
        load_safetensors(networks, folder)


def load_safetensors(networks: Networks, folder: str | Path) -> None:
    """Load a folder in the diffusers layout, in any float precision.

    Args:
        networks: The networks whose weights are set.
        folder: A folder with `text_encoder/model.safetensors` and so on, or `.fp16.safetensors` where that is all.

    Raises:
        ModelMissing: a file is missing, cannot be read, or does not hold these networks.
    """
    # All files are looked for before the first one is read.
    paths = {network: _first(Path(folder), stem) for network, stem in SAFETENSORS.items()}
    for network, path in paths.items():
        load_network(getattr(networks, network), path)


def load_network(network: keras.Model, path: Path) -> None:
    """Load one file.

    Args:
        network: The network whose weights are set: a text_encoder, unet or decoder.
        path: A safetensors file.

    Raises:
        ModelMissing: the file cannot be read or does not hold this network.
    """
    expected = tensors_of(network)
    try:
        with safe_open(path, framework="numpy") as file:
            names = _names(network.name, file.keys(), expected)
            shapes = {name: tuple(file.get_slice(names[name]).get_shape()) for name in names}
            _check(path, expected, shapes)

            for name, tensor in expected.items():
                stored = file.get_tensor(names[name])
                array = np.asarray(stored, dtype=np.float32)
                tensor.weight.assign(tensor.to_ours(array))
    except (OSError, SafetensorError) as error:
        raise ModelMissing(f"The weights {path} cannot be read: {error}. Fetch the file anew.") from error


def load_keras_cv(networks: Networks, folder: str | Path) -> None:
    """Load keras-cv's own files, by the order of their weights, which is ours too.

    Args:
        networks: The networks whose weights are set.
        folder: A folder with keras-cv's three files.

    Raises:
        ModelMissing: a file is missing, cannot be read, or does not hold these networks.
    """
    for network, name in KERAS_CV.items():
        path = Path(folder) / name
        try:
            getattr(networks, network).load_weights(path)
        except (OSError, ValueError, KeyError) as error:
            raise ModelMissing(f"The weights {path} cannot be loaded: {error}. Fetch the file anew.") from error


def _first(folder: Path, stem: str) -> Path:
    candidates = [folder / f"{stem}{suffix}" for suffix in SUFFIXES]
    for path in candidates:
        if path.is_file():
            return path

    pickled = sorted(path.name for path in candidates[0].parent.glob("*.bin"))
    if pickled:
        raise ModelMissing(
            f"There are no weights {candidates[0]}: safetensors are needed, and this folder has {pickled[0]}, which "
            "can run any code when it is read. Save the model as safetensors with diffusers' save_pretrained."
        )
    raise ModelMissing(f"There are no weights {candidates[0]}. Give a folder in the diffusers layout.")


def _names(network: str, stored: Iterable[str], expected: Container[str]) -> dict[str, str]:
    """The newest names of the tensors in a file, each with its name there; without those that nobody needs."""
    names = {newest_name(network, name): name for name in stored}
    return {newest: name for newest, name in names.items() if newest in expected or not UNUSED[network].fullmatch(name)}


def _check(path: Path, expected: Mapping[str, Tensor], shapes: Mapping[str, tuple[int, ...]]) -> None:
    """Raise ModelMissing where a file holds other tensors than the expected ones, or other shapes."""
    problems = []
    for name in sorted(expected.keys() - shapes.keys()):
        problems.append(f"{name} of shape {_written(expected[name].shape)} is missing")
    for name in sorted(shapes.keys() - expected.keys()):
        problems.append(f"{name} of shape {_written(shapes[name])} is not part of this model")
    for name in sorted(expected.keys() & shapes.keys()):
        shape = expected[name].shape
        if shapes[name] != shape:
            problems.append(f"{name} has shape {_written(shapes[name])} where {_written(shape)} was expected")

    if problems:
        shown = "; ".join(problems[:MOST_SHOWN])
        more = f"; and {len(problems) - MOST_SHOWN} more" if len(problems) > MOST_SHOWN else ""
        raise ModelMissing(
            f"The weights {path} do not fit: {shown}{more}. "
            "Give a Stable Diffusion 1.x model of the size that is configured."
        )


def _written(shape: tuple[int, ...]) -> str:
    """(32, 4, 3, 3) -> "32x4x3x3"."""
    return "x".join(map(str, shape))
