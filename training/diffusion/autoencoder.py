"""Trains the autoencoder: pictures to latents and back.

Source: the autoencoder of Rombach et al., "High-Resolution Image Synthesis with Latent Diffusion Models" (2022).
Departures: the loss looks at edges in place of a pretrained network's features, and `sharpening` is a stage of its
own, which leaves the latents as they are.
"""

from collections.abc import Callable

import keras
import numpy as np
from keras import ops
from keras_cv.src.models.stable_diffusion.padded_conv2d import PaddedConv2D

from aiplayer.diffusion.blocks import EPSILON, DecoderBlock
from aiplayer.diffusion.decoder import build_decoder
from aiplayer.diffusion.sizes import DecoderSizes

EDGES, DIVERGENCE = 1.0, 3e-4
# Log of the variance of a latent, which must not run away.
LOG_VARIANCE = (-20.0, 4.0)


def build_encoder(sizes: DecoderSizes) -> keras.Model:
    """Pictures, float32 [batch, height px, width px, 3], -1 to 1 -> mean and log variance, [.., 2 * channels]."""
    picture = keras.Input((None, None, 3), name="picture")
    x = PaddedConv2D(sizes.channels[0], 3, padding=1, name="conv_in")(picture)
    for level, channels in enumerate(sizes.channels):
        x = DecoderBlock(channels, name=f"down.{level}")(x)
        if level < len(sizes.channels) - 1:
            x = PaddedConv2D(channels, 3, strides=2, padding=1, name=f"downsampler.{level}")(x)
    x = DecoderBlock(sizes.channels[-1], name="middle")(x)
    x = keras.layers.GroupNormalization(epsilon=EPSILON, name="norm_out")(x)
    x = keras.layers.Activation("silu", name="act_out")(x)
    x = PaddedConv2D(2 * sizes.latent_channels, 3, padding=1, name="conv_out")(x)
    return keras.Model(picture, x, name="encoder")


class Autoencoder(keras.Model):
    """Encoder and decoder; its loss is the distance of shades and of edges, and how far latents stray from noise.

    Args:
        sizes: Of the decoder; the encoder mirrors it.
        seed: Of the noise in the latents.
    """

    def __init__(self, sizes: DecoderSizes, seed: int):
        super().__init__(name="autoencoder", dtype="float32")
        self.encoder, self.decoder = build_encoder(sizes), build_decoder(sizes)
        self._seeds = keras.random.SeedGenerator(seed)
        self.built = True

    def call(self, pictures):
        """uint8 [batch, height, width, 3] -> (pictures again, -1 to 1, float32; mean divergence from noise)."""
        mean, log_variance = self._encoded(pictures)
        noise = keras.random.normal(ops.shape(mean), seed=self._seeds)
        shades = ops.cast(self.decoder(mean + ops.exp(log_variance / 2) * noise), "float32")
        divergence = ops.mean(ops.square(mean) + ops.exp(log_variance) - 1 - log_variance, axis=(1, 2, 3)) / 2
        return shades, divergence

    def latents(self, pictures):
        """uint8 [batch, height, width, 3] -> float32 [batch, height, width, channels], without noise."""
        return self._encoded(pictures)[0]

    def compute_loss(self, x=None, y=None, y_pred=None, *_, **__):
        """A number; `y` is what went in."""
        shades, divergence = y_pred
        return distance(to_shades(y), shades) + DIVERGENCE * ops.mean(divergence)

    def _encoded(self, pictures):
        mean, log_variance = ops.split(ops.cast(self.encoder(to_shades(pictures)), "float32"), 2, axis=-1)
        return mean, ops.clip(log_variance, *LOG_VARIANCE)


def to_shades(pictures):
    """0 to 255 -> float32, -1 to 1."""
    return ops.cast(pictures, "float32") / 127.5 - 1


def distance(wanted, found):
    """Mean difference of shades, and EDGES of that of their slopes down and across; float32 [..] of one shape."""
    difference = found - wanted
    down, across = difference[:, 1:] - difference[:, :-1], difference[:, :, 1:] - difference[:, :, :-1]
    return ops.mean(ops.abs(difference)) + EDGES * (ops.mean(ops.abs(down)) + ops.mean(ops.abs(across)))


def encode_all(encoder: Callable, pictures: Callable[[int], np.ndarray], count: int, batch: int = 50) -> np.ndarray:
    """float16 [2, count, height, width, channels]: latents of pictures, and of mirrored ones.

    Args:
        encoder: uint8 [batch, height, width, 3] -> latents.
        pictures: Number -> uint8 [height, width, 3].
        count: Of pictures, a multiple of `batch`.
        batch: At once.
    """
    found = []
    for start in range(0, count, batch):
        several = np.stack([pictures(number) for number in range(start, start + batch)])
        both = [several, several[:, :, ::-1]]
        found.append([ops.convert_to_numpy(encoder(side)).astype(np.float16) for side in both])
    return np.concatenate(found, axis=1)


def standardise(decoder: keras.Model, latents: np.ndarray) -> np.ndarray:
    """Latents of mean 0 and deviation 1 in every channel, which the decoder takes from now on.

    Args:
        decoder: Its first layer is changed.
        latents: float16 [.., channels], as it takes them so far.
    """
    flat = latents.reshape(-1, latents.shape[-1]).astype(np.float32)
    mean, deviation = flat.mean(axis=0), flat.std(axis=0)
    layer = decoder.get_layer("post_quant_conv").conv2d
    kernel, bias = (ops.convert_to_numpy(weight) for weight in (layer.kernel, layer.bias))
    layer.kernel.assign(kernel * deviation[:, np.newaxis])
    layer.bias.assign(bias + mean @ kernel[0, 0])
    return ((latents - mean) / deviation).astype(np.float16)
