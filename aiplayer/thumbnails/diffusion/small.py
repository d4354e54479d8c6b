"""A small latent diffusion model in one file, for machines without a GPU: prompts are read by the title encoder."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import tensorflow as tf
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from aiplayer.errors import ModelMissing
from aiplayer.thumbnails.diffusion.latent_diffusion import LatentDiffusion
from aiplayer.thumbnails.diffusion.networks import Networks, build_networks
from aiplayer.thumbnails.diffusion.phrases import phrases_of, tokens_of
from aiplayer.thumbnails.diffusion.samplers import Target
from aiplayer.thumbnails.diffusion.sizes import SMALL, Sizes

NETWORKS = ("text_encoder", "unet", "decoder")
ENCODER = "encoder."
REMEDY = "Train anew or give another file."


class SmallDiffusion(LatentDiffusion):
    """Reads prompts phrase by phrase.

    Args:
        encode: Phrases -> float32 [phrases, size], unit length; the title encoder that the model learned with.
        networks: With their weights.
        jit_compile: Compile by XLA.
    """

    target = Target.VELOCITY

    def __init__(self, encode: Callable[[list[str]], np.ndarray], networks: Networks, jit_compile: bool = False):
        super().__init__(networks, jit_compile)
        self._embed, self._sizes = encode, networks.sizes.text

    def cut(self, prompt: str) -> str:
        """The phrases after those that the model takes."""
        return ", ".join(phrases_of(prompt)[self._sizes.tokens :])

    def contexts(self, prompts: Sequence[str], unwanted: Sequence[str] | None = None) -> tf.Tensor:
        """What the UNet looks at, float32 [prompts, tokens, width]; a prompt of no phrase leaves everything open."""
        tokens = tokens_of(prompts, unwanted or [""] * len(prompts), self._embed, self._sizes)
        return tf.cast(self._encode(tf.constant(tokens)), tf.float32)


def save_small(networks: Networks, path: Path, encoder: Sequence[np.ndarray] = ()) -> None:
    """Write the weights of all networks, as float16, in the order and shapes of Keras.

    Args:
        networks: Of the model.
        path: Where.
        encoder: What makes latents of pictures; training alone needs it.
    """
    weights = _weights(networks) | {f"{ENCODER}{number:03}": weight for number, weight in enumerate(encoder)}
    save_file({name: np.asarray(weight, np.float16) for name, weight in weights.items()}, path)


def load_encoder(path: Path) -> list[np.ndarray]:
    """What `save_small` wrote of the encoder, float32.

    Raises:
        ModelMissing: the file is missing, cannot be read, or holds no encoder.
    """
    with _opened(path) as file:
        names = sorted(name for name in file.keys() if name.startswith(ENCODER))  # noqa: SIM118
        if not names:
            raise ModelMissing(f"The weights {path} hold no encoder. {REMEDY}")
        return [file.get_tensor(name).astype(np.float32) for name in names]


def load_small(path: Path, sizes: Sizes = SMALL, precision: str = "float32") -> Networks:
    """Networks with the weights that `save_small` wrote.

    Raises:
        ModelMissing: the file is missing, cannot be read, or holds another model.
    """
    networks = build_networks(sizes, precision)
    expected = _weights(networks)
    with _opened(path) as file:
        names = [name for name in file.keys() if not name.startswith(ENCODER)]  # noqa: SIM118
        found = {name: tuple(file.get_slice(name).get_shape()) for name in names}
        if found != {name: tuple(weight.shape) for name, weight in expected.items()}:
            raise ModelMissing(f"The weights {path} are of another model. {REMEDY}")
        for name, weight in expected.items():
            weight.assign(file.get_tensor(name).astype(np.float32))
    return networks


@contextmanager
def _opened(path: Path) -> Iterator[safe_open]:
    try:
        with safe_open(path, framework="numpy") as file:
            yield file
    except (OSError, SafetensorError) as error:
        raise ModelMissing(f"The weights {path} cannot be read: {error}. {REMEDY}") from error


def _weights(networks: Networks) -> dict:
    """Every weight by its network and its number there."""
    return {
        f"{network}.{number:03}": weight
        for network in NETWORKS
        for number, weight in enumerate(getattr(networks, network).weights)
    }
