"""The encoder of the small model: the principal components of patches, no more.

It is fitted in seconds, and what it drops is small: 32 components of 16x16 pixels leave an error of 30 dB on painted
scenes. Its latents are those that the UNet learns to make; the decoder learns to add what they lack.

Source: Jolliffe, "Principal Component Analysis" (2002).
"""

from collections.abc import Iterable
from dataclasses import dataclass

import keras
import numpy as np

# Of a component's deviation, what stays in the latents: by 1 details would be drowned in noise until the last steps,
# by 0 they would count as much as the outlines.
SPREAD = 0.5


@dataclass(frozen=True)
class Components:
    """A linear map of patches, side by side, to latents and back.

    Attributes:
        mean: float32 [values of a patch], of shades from -1 to 1.
        encoding: float32 [values, channels]: patches, less their mean, to latents.
        decoding: float32 [channels, values]: back.
    """

    mean: np.ndarray
    encoding: np.ndarray
    decoding: np.ndarray

    def latents(self, pictures: np.ndarray) -> np.ndarray:
        """uint8 [batch, height px, width px, 3] -> float16 [batch, height, width, channels]."""
        pixels = round((len(self.mean) / 3) ** 0.5)
        return ((patches(pictures, pixels) - self.mean) @ self.encoding).astype(np.float16)

    def give(self, decoder: keras.Model) -> None:
        """Let a decoder with a shortcut paint what the components say, and its network nothing yet."""
        shortcut, last = decoder.get_layer("shortcut"), decoder.get_layer("decoder.conv_out").conv2d
        shortcut.kernel.assign(self.decoding[np.newaxis, np.newaxis])
        shortcut.bias.assign(self.mean)
        last.kernel.assign(np.zeros(last.kernel.shape, np.float32))


def fit_components(pictures: Iterable[np.ndarray], pixels: int, channels: int) -> Components:
    """The `channels` components in which the patches differ most; latents have a mean square of 1.

    Args:
        pictures: uint8 [any number, height px, width px, 3] each.
        pixels: Along one side of a patch.
        channels: To keep.
    """
    values = 3 * pixels**2
    count, total, products = 0, np.zeros(values), np.zeros((values, values))
    for several in pictures:
        flat = patches(several, pixels).reshape(-1, values)
        count, total, products = count + len(flat), total + flat.sum(0, np.float64), products + flat.T @ flat
    mean = total / count
    variances, vectors = np.linalg.eigh(products / count - np.outer(mean, mean))
    variances, vectors = variances[::-1][:channels], vectors[:, ::-1][:, :channels]
    # What never differs stays small in the latents too.
    deviations = np.sqrt(np.maximum(variances, 1e-6 * variances[0]))
    scales = deviations ** (SPREAD - 1)
    scales /= np.sqrt(np.mean((scales * deviations) ** 2))
    encoding, decoding = vectors * scales, (vectors / scales).T
    return Components(*(array.astype(np.float32) for array in (mean, encoding, decoding)))


def patches(pictures: np.ndarray, pixels: int) -> np.ndarray:
    """uint8 [batch, height px, width px, 3] -> float32 [batch, height, width, values of a patch], -1 to 1."""
    batch, height, width, colours = pictures.shape
    cut = pictures.reshape(batch, height // pixels, pixels, width // pixels, pixels * colours)
    cut = cut.transpose(0, 1, 3, 2, 4)
    return cut.reshape(*cut.shape[:3], -1).astype(np.float32) / 127.5 - 1
