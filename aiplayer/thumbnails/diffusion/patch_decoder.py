"""The decoder of the small model: each latent and its eight neighbours paint a patch of pixels by one linear map.

Patches that are painted side by side never quite meet, and the eye finds the grid of their seams at once. So small
steps across a seam become slopes; large ones are edges of what is painted, and stay.

Source of the seams: List et al., "Adaptive Deblocking Filter" (2003).
"""

import keras
import numpy as np
import tensorflow as tf

from aiplayer.thumbnails.diffusion.sizes import PatchSizes

COLORS = 3
# Pixels on each side of a seam over which a step becomes a slope.
REACH = 6
# Steps well below this belong to a seam, steps well above to the picture; shades go from -1 to 1.
EDGE = 0.1


def build_patch_decoder(sizes: PatchSizes) -> keras.Model:
    """The network, with random weights.

    It computes in float32 whatever the precision of other networks: bfloat16 has 128 shades from 0.5 to 1, and evening
    skies would show their steps.

    Args:
        sizes: The sizes of the decoder.

    Returns:
        A model of latents, float32 [batch, height, width, channels]. It returns pictures
        [batch, height px, width px, 3] from -1 to 1; values may reach a little beyond.
    """
    latent = keras.Input((None, None, sizes.latent_channels), name="latent")
    patch_values = COLORS * sizes.pixels**2
    patches = keras.layers.Conv2D(patch_values, 3, padding="same", dtype="float32", name="patches")(latent)
    picture = Joining(sizes.pixels, dtype="float32", name="joining")(patches)
    return keras.Model(latent, picture, name="decoder")


class Joining(keras.layers.Layer):
    """Patches take their places in the picture, and their seams are softened.

    Args:
        pixels: Pixels along one side of a patch, at least twice REACH for seams to be softened over their whole reach.
        **kwargs: Arguments of a Keras layer.
    """

    def __init__(self, pixels: int, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self._pixels = pixels
        distances = np.arange(pixels, dtype=np.float32) + 0.5
        # The share of a step that each pixel after the seam gives up; pixels before it take as much on, in reverse.
        self._shares = np.maximum(0, 1 - distances / min(REACH, pixels)) / 2

    def call(self, inputs: tf.Tensor) -> tf.Tensor:
        """[batch, height, width, 3 pixels^2] -> [batch, height px, width px, 3]."""
        picture = tf.nn.depth_to_space(inputs, self._pixels)
        # First the seams between columns, as rows of the picture on its side, then those between rows.
        on_its_side = self._soften(tf.transpose(picture, (0, 2, 1, 3)))
        return self._soften(tf.transpose(on_its_side, (0, 2, 1, 3)))

    def _soften(self, picture: tf.Tensor) -> tf.Tensor:
        """Soften the seams between rows of patches; [batch, rows, columns, 3]."""
        shape = tf.shape(picture)
        # [batch, rows of patches, rows of a patch, columns, 3]
        rows = tf.reshape(picture, (shape[0], -1, self._pixels, shape[2], COLORS))

        # The steps across seams, [batch, seams, columns, 3]: what reaches beyond EDGE fades to nothing.
        steps = rows[:, 1:, 0] - rows[:, :-1, -1]
        heights = tf.reduce_max(tf.abs(steps), axis=-1, keepdims=True)
        steps *= tf.exp(-tf.square(heights / EDGE))

        # Each row of patches has a seam above it and one below it, but for the first and the last.
        above = tf.pad(steps, ((0, 0), (1, 0), (0, 0), (0, 0)))[:, :, None]
        below = tf.pad(steps, ((0, 0), (0, 1), (0, 0), (0, 0)))[:, :, None]
        falling = tf.reshape(tf.constant(self._shares), (-1, 1, 1))
        rising = falling[::-1]
        softened = rows - above * falling + below * rising
        return tf.reshape(softened, shape)
