"""Trains the decoder: from the latents of pictures to the pictures."""

import keras
from keras import ops

EDGES = 1.0


class Restorer(keras.Model):
    """A decoder; its loss is the distance of its pictures from those that it should paint.

    Args:
        decoder: Learns.
    """

    def __init__(self, decoder: keras.Model):
        super().__init__(name="restorer", dtype="float32")
        self.decoder = decoder
        self.built = True

    def call(self, inputs):
        """(latents, pictures as uint8) -> pictures, float32, -1 to 1."""
        return ops.cast(self.decoder(inputs[0]), "float32")

    def compute_loss(self, x=None, y=None, y_pred=None, *_, **__):
        """A number; `y` are the pictures."""
        return distance(to_shades(y), y_pred)


def to_shades(pictures):
    """0 to 255 -> float32, -1 to 1."""
    return ops.cast(pictures, "float32") / 127.5 - 1


def distance(wanted, found):
    """Mean difference of shades, and EDGES of that of their slopes down and across; float32 [..] of one shape."""
    difference = found - wanted
    down, across = difference[:, 1:] - difference[:, :-1], difference[:, :, 1:] - difference[:, :, :-1]
    return ops.mean(ops.abs(difference)) + EDGES * (ops.mean(ops.abs(down)) + ops.mean(ops.abs(across)))
