"""The decoder of the small model: each latent and its eight neighbours paint a patch of pixels by one linear map.

Patches that are painted side by side never quite meet, and the eye finds the grid of their seams at once. So small
steps across a seam become slopes; large ones are edges of what is painted, and stay.

Source of the seams: List et al., "Adaptive Deblocking Filter" (2003).
"""

import keras
import numpy as np
import tensorflow as tf

from aiplayer.thumbnails.diffusion.sizes import PatchSizes

# Pixels on each side of a seam over which a step becomes a slope.
REACH = 6
# Steps well below this are of a seam, steps well above are of the picture; shades go from -1 to 1.
EDGE = 0.1


def build_patch_decoder(sizes: PatchSizes) -> keras.Model:
    """Latents, float32 [batch, height, width, channels], -> pictures [batch, height px, width px, 3], -1 to 1.

    It computes in float32 whatever the precision of other networks: bfloat16 has 128 shades from 0.5 to 1, and evening
    skies would show their steps. Values may reach a little beyond -1 and 1.
    """
    latent = keras.Input((None, None, sizes.latent_channels), name="latent")
    x = keras.layers.Conv2D(3 * sizes.pixels**2, 3, padding="same", dtype="float32", name="patches")(latent)
    return keras.Model(latent, Joining(sizes.pixels, dtype="float32", name="joining")(x), name="decoder")


class Joining(keras.layers.Layer):
    """Patches take their places in the picture, and their seams are softened.

    Args:
        pixels: Along one side of a patch, at least twice REACH for seams to be softened over their whole reach.
    """

    def __init__(self, pixels: int, **kwargs):
        super().__init__(**kwargs)
        self._pixels = pixels
        distances = np.arange(pixels, dtype=np.float32) + 0.5
        # Of a step, what each pixel after the seam gives up; those before it, in reverse, take as much on.
        self._shares = np.maximum(0, 1 - distances / min(REACH, pixels)) / 2

    def call(self, inputs):
        """[batch, height, width, 3 pixels^2] -> [batch, height pixels, width pixels, 3]."""
        picture = tf.nn.depth_to_space(inputs, self._pixels)
        beside = self._soften(tf.transpose(picture, (0, 2, 1, 3)))
        return self._soften(tf.transpose(beside, (0, 2, 1, 3)))

    def _soften(self, picture):
        """Soften the seams between rows of patches; [batch, rows, columns, 3]."""
        shape = tf.shape(picture)
        rows = tf.reshape(picture, (shape[0], -1, self._pixels, shape[2], 3))
        steps = rows[:, 1:, 0] - rows[:, :-1, -1]
        steps *= tf.exp(-tf.square(tf.reduce_max(tf.abs(steps), axis=-1, keepdims=True) / EDGE))
        above, below = (tf.pad(steps, ((0, 0), side, (0, 0), (0, 0)))[:, :, None] for side in ((1, 0), (0, 1)))
        falling = tf.reshape(tf.constant(self._shares), (-1, 1, 1))
        return tf.reshape(rows - above * falling + below * falling[::-1], shape)
