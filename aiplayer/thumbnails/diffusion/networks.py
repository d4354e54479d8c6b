"""The three networks of one model, built in one precision."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import keras

from aiplayer.errors import InvalidInput
from aiplayer.thumbnails.diffusion.decoder import build_decoder
from aiplayer.thumbnails.diffusion.patch_decoder import build_patch_decoder
from aiplayer.thumbnails.diffusion.phrases import build_phrase_encoder
from aiplayer.thumbnails.diffusion.sizes import STABLE_DIFFUSION_1, PatchSizes, PhraseSizes, Sizes
from aiplayer.thumbnails.diffusion.text_encoder import build_text_encoder
from aiplayer.thumbnails.diffusion.unet import build_unet

PRECISIONS = ("float32", "mixed_float16", "mixed_bfloat16", "bfloat16")


@dataclass(frozen=True)
class Networks:
    """The networks of a model.

    Attributes:
        sizes: The sizes that the networks were built by.
        text_encoder: Tokens or phrases to contexts.
        unet: Latents, timestep and contexts to what the sampler takes away.
        decoder: Latents to pictures.
    """

    sizes: Sizes
    text_encoder: keras.Model
    unet: keras.Model
    decoder: keras.Model


def build_networks(sizes: Sizes = STABLE_DIFFUSION_1, precision: str = "float32") -> Networks:
    """Networks with random weights.

    Args:
        sizes: The sizes of the model.
        precision: One of PRECISIONS; weights are float32 in each but bfloat16, which takes half the memory.

    Raises:
        InvalidInput: an unknown precision.
    """
    text, picture = sizes.text, sizes.decoder
    with global_precision(precision):
        text_encoder = build_phrase_encoder(text) if isinstance(text, PhraseSizes) else build_text_encoder(text)
        unet = build_unet(sizes.unet)
        decoder = build_patch_decoder(picture) if isinstance(picture, PatchSizes) else build_decoder(picture)
    return Networks(sizes, text_encoder, unet, decoder)


@contextmanager
def global_precision(precision: str) -> Iterator[None]:
    """Layers made here compute in `precision`: keras-cv's blocks pass no precision on to the layers inside them.

    Args:
        precision: One of PRECISIONS.

    Raises:
        InvalidInput: an unknown precision.
    """
    if precision not in PRECISIONS:
        allowed = ", ".join(PRECISIONS)
        raise InvalidInput(f"The precision {precision!r} is unknown. Use one of {allowed}.", field="precision")

    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(precision)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)
