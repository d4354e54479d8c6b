"""A small latent diffusion model in one file, for machines without a GPU: prompts are read by the title encoder."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import keras
import numpy as np
import tensorflow as tf
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from aiplayer.errors import ModelMissing
from aiplayer.thumbnails.diffusion.latent_diffusion import LatentDiffusion
from aiplayer.thumbnails.diffusion.networks import Networks, build_networks
from aiplayer.thumbnails.diffusion.phrases import phrases_of, tokens_of
from aiplayer.thumbnails.diffusion.samplers import Target
from aiplayer.thumbnails.diffusion.sizes import SMALL, PhraseSizes, Sizes

NETWORKS = ("text_encoder", "unet", "decoder")
ENCODER_PREFIX = "encoder."
REMEDY = "Train anew or give another file."


class SmallDiffusion(LatentDiffusion):
    """Reads prompts phrase by phrase.

    Args:
        encode: The title encoder that the model learned with: phrases -> float32 [phrases, size] of unit length.
        networks: The networks of the model, with their weights.
        jit_compile: Whether XLA compiles.
    """

    target = Target.VELOCITY

    def __init__(
        self, encode: Callable[[list[str]], np.ndarray], networks: Networks, jit_compile: bool = False
    ) -> None:
        super().__init__(networks, jit_compile)
        self._embed = encode
        # A small model always has an encoder of phrases.
        self._sizes = cast(PhraseSizes, networks.sizes.text)

    def cut(self, prompt: str) -> str:
        """The phrases after those that the model takes, "" as a rule."""
        phrases = phrases_of(prompt)
        return ", ".join(phrases[self._sizes.tokens :])

    def contexts(self, prompts: Sequence[str], unwanted: Sequence[str] | None = None) -> tf.Tensor:
        """What the UNet looks at; a prompt without a phrase leaves everything open.

        Args:
            prompts: What to paint.
            unwanted: What to leave out of each picture; None leaves out nothing.

        Returns:
            float32 [prompts, tokens, width].
        """
        unwanted = unwanted or [""] * len(prompts)
        tokens = tokens_of(prompts, unwanted, self._embed, self._sizes)
        context = self._encode(tf.constant(tokens))
        return tf.cast(context, tf.float32)


def save_small(networks: Networks, path: Path, encoder: Sequence[np.ndarray] = ()) -> None:
    """Write the weights of all networks, as float16, in the order and shapes of Keras.

    Args:
        networks: The networks of the model.
        path: The file to write.
        encoder: The weights of what makes latents of pictures; training alone needs it.
    """
    tensors = {name: np.asarray(weight, np.float16) for name, weight in _weights(networks).items()}
    for number, weight in enumerate(encoder):
        tensors[f"{ENCODER_PREFIX}{number:03}"] = np.asarray(weight, np.float16)
    save_file(tensors, path)


def load_encoder(path: Path) -> list[np.ndarray]:
    """The encoder's weights that `save_small` wrote, each float32.

    Args:
        path: The file of the model.

    Raises:
        ModelMissing: the file is missing, cannot be read, or holds no encoder.
    """
    with _open(path) as file:
        names = sorted(name for name in file.keys() if name.startswith(ENCODER_PREFIX))  # noqa: SIM118
        if not names:
            raise ModelMissing(f"The weights {path} hold no encoder. {REMEDY}")
        return [file.get_tensor(name).astype(np.float32) for name in names]


def load_small(path: Path, sizes: Sizes = SMALL, precision: str = "float32") -> Networks:
    """Networks with the weights that `save_small` wrote.

    Args:
        path: The file of the model.
        sizes: The sizes of the model.
        precision: The precision to compute in: float32, mixed_float16, mixed_bfloat16 or bfloat16.

    Raises:
        ModelMissing: the file is missing, cannot be read, or holds another model.
    """
    networks = build_networks(sizes, precision)
    weights = _weights(networks)
    expected = {name: tuple(weight.shape) for name, weight in weights.items()}

    with _open(path) as file:
        names = [name for name in file.keys() if not name.startswith(ENCODER_PREFIX)]  # noqa: SIM118
        shapes = {name: tuple(file.get_slice(name).get_shape()) for name in names}
        if shapes != expected:
            raise ModelMissing(f"The weights {path} are of another model. {REMEDY}")

        for name, weight in weights.items():
            tensor = file.get_tensor(name)
            weight.assign(tensor.astype(np.float32))
    return networks


@contextmanager
def _open(path: Path) -> Iterator[safe_open]:
    try:
        with safe_open(path, framework="numpy") as file:
            yield file
    except (OSError, SafetensorError) as error:
        raise ModelMissing(f"The weights {path} cannot be read: {error}. {REMEDY}") from error


def _weights(networks: Networks) -> dict[str, keras.Variable]:
    """Every weight, by the name of its network and its number there."""
    weights = {}
    for name in NETWORKS:
        network = getattr(networks, name)
        for number, weight in enumerate(network.weights):
            weights[f"{name}.{number:03}"] = weight
    return weights
