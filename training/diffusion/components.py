"""The encoder of the small model: the principal components of patches, no more; and the way back from them.

It is fitted in seconds, and what it drops is small: 32 components of 16x16 pixels leave an error of 29 dB on painted
scenes. Its latents are those that the UNet learns to make. The way back to pictures is solved too: by ridge regression
on each latent and its neighbours, which know what lies at the edges of a patch.

Source: Jolliffe, "Principal Component Analysis" (2002).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

import keras
import numpy as np

# Of a component's deviation, what stays in the latents: by 1 details would be drowned in noise until the last steps,
# by 0 they would count as much as the outlines.
SPREAD = 0.5
# What the UNet of the small model misses of a latent, as a deviation, over the last two or three of its twenty steps.
LATENT_ERROR = 0.2


@dataclass(frozen=True)
class Components:
    """A linear map of patches, side by side, to latents.

    Attributes:
        mean: float32 [values of a patch], of shades from -1 to 1.
        encoding: float32 [values, channels]: patches, less their mean, to latents.
    """

    mean: np.ndarray
    encoding: np.ndarray

    @property
    def pixels(self) -> int:
        """Along one side of a patch."""
        return round((len(self.mean) / 3) ** 0.5)

    def latents(self, pictures: np.ndarray) -> np.ndarray:
        """uint8 [batch, height px, width px, 3] -> float16 [batch, height, width, channels]."""
        return ((patches(pictures, self.pixels) - self.mean) @ self.encoding).astype(np.float16)


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
    return Components(mean.astype(np.float32), (vectors * scales).astype(np.float32))


def solve_decoder(decoder: keras.Model, components: Components, pictures: Iterable[np.ndarray]) -> None:
    """Give a patch decoder the weights whose pictures are nearest to those that were encoded.

    Nearest in squares, and with latents that are as far from exact as the UNet's: ridge regression.

    Args:
        decoder: What `build_patch_decoder` builds.
        components: They encode.
        pictures: uint8 [any number, height px, width px, 3] each.
    """
    layer = decoder.get_layer("patches")
    known = layer.kernel.shape[-2] * 9 + 1
    products, targets = np.zeros((known, known)), np.zeros((known, len(components.mean)))
    errors = np.diag([LATENT_ERROR**2] * (known - 1) + [0.0])
    for several in pictures:
        around = _neighbourhoods(components.latents(several)).reshape(-1, known - 1)
        around = np.concatenate([around, np.ones((len(around), 1), np.float32)], axis=1)
        products += around.T @ around + len(around) * errors
        targets += around.T @ patches(several, components.pixels).reshape(len(around), -1)
    solved = np.linalg.solve(products, targets)
    layer.kernel.assign(solved[:-1].reshape(layer.kernel.shape))
    layer.bias.assign(solved[-1])


def _neighbourhoods(latents: np.ndarray) -> np.ndarray:
    """[batch, height, width, channels] -> float32 [batch, height, width, 3 3 channels], zeros beyond the borders."""
    height, width = latents.shape[1:3]
    padded = np.pad(latents.astype(np.float32), ((0, 0), (1, 1), (1, 1), (0, 0)))
    shifts = product(range(3), range(3))
    return np.concatenate([padded[:, y : y + height, x : x + width] for y, x in shifts], axis=-1)


def patches(pictures: np.ndarray, pixels: int) -> np.ndarray:
    """uint8 [batch, height px, width px, 3] -> float32 [batch, height, width, values of a patch], -1 to 1."""
    batch, height, width, colours = pictures.shape
    cut = pictures.reshape(batch, height // pixels, pixels, width // pixels, pixels * colours)
    cut = cut.transpose(0, 1, 3, 2, 4)
    return cut.reshape(*cut.shape[:3], -1).astype(np.float32) / 127.5 - 1
