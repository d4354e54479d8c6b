"""Sharpens the decoder: a second network learns to tell its pictures from painted ones, and it learns to pass.

Sources: Isola et al., "Image-to-Image Translation with Conditional Adversarial Networks" (2017), for a judge of
patches; Ganin and Lempitsky (2015), for the reversed gradient, by which both learn in one step. The reversed gradient
is brought to STRENGTH of the mean size that the plain loss has at a pixel, so neither side can overrun the other.
"""

import keras
from keras import ops
from keras_cv.src.models.stable_diffusion.padded_conv2d import PaddedConv2D

from training.diffusion.restoration import distance, to_shades

STRENGTH, TINY = 0.5, 1e-12


def build_judge(channels: tuple[int, ...] = (64, 128, 256)) -> keras.Model:
    """Pictures, float32 [batch, height px, width px, 3] -> how real each patch is, [batch, height, width, 1]."""
    picture = keras.Input((None, None, 3), name="picture")
    x = picture
    for level, count in enumerate(channels):
        x = PaddedConv2D(count, 3, strides=2, padding=1, name=f"down.{level}")(x)
        if level:
            x = keras.layers.GroupNormalization(32, name=f"norm.{level}")(x)
        x = keras.layers.LeakyReLU(0.2, name=f"act.{level}")(x)
        x = PaddedConv2D(count, 3, padding=1, name=f"same.{level}")(x)
        x = keras.layers.LeakyReLU(0.2, name=f"act_same.{level}")(x)
    return keras.Model(picture, PaddedConv2D(1, 1, name="verdict")(x), name="judge")


class Sharpener(keras.Model):
    """Decoder and judge; its loss is the decoder's distance and the judge's errors.

    Args:
        decoder: Is sharpened.
    """

    def __init__(self, decoder: keras.Model):
        super().__init__(name="sharpener", dtype="float32")
        self.decoder, self.judge = decoder, build_judge()
        self.built = True

    def call(self, inputs):
        """(latents, pictures as uint8) -> (shades, verdicts on painted pictures, verdicts on decoded ones)."""
        latents, pictures = inputs
        shades = ops.cast(self.decoder(latents), "float32")
        return shades, self.judge(to_shades(pictures)), self.judge(_reversed(shades))

    def compute_loss(self, x=None, y=None, y_pred=None, *_, **__):
        """A number; `y` are the pictures."""
        shades, painted, decoded = (ops.cast(part, "float32") for part in y_pred)
        errors = ops.mean(ops.relu(1 - painted)) + ops.mean(ops.relu(1 + decoded))
        return distance(to_shades(y), shades) + errors


@ops.custom_gradient
def _reversed(shades):
    """The same; its gradient turns about and is brought to STRENGTH."""

    def gradient(found):
        return -STRENGTH * found / (ops.mean(ops.abs(found)) + TINY) / ops.cast(ops.size(found), "float32")

    return shades, gradient
