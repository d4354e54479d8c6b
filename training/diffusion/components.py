"""The encoder of the small model: the principal components of patches, no more; and the way back from them.

It is fitted in seconds, and what it drops is small: 32 components of 16x16 pixels leave an error of 29 dB on painted
scenes. Its latents are those that the UNet learns to make. The way back to pictures is solved too: by ridge regression
on each latent and its neighbors, which hold what lies at the edges of a patch.

Source: Jolliffe, "Principal Component Analysis" (2002).
"""

from collections.abc import Iterable
from dataclasses import dataclass

import keras
import numpy as np

COLORS = 3
# A latent's deviation is its component's to this power: with 1 details would be drowned in noise until the last steps,
# with 0 they would count as much as the outlines.
SPREAD = 0.5
# The least variance that a component is scaled by, as a share of the greatest.
LEAST_VARIANCE = 1e-6
# How far the UNet's latents are from exact, as a deviation, over the last two or three of its twenty steps.
LATENT_ERROR = 0.2
# A latent and its neighbors.
NEIGHBORHOOD = 3 * 3


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
        """The pixels along one side of a patch."""
        return round((len(self.mean) / COLORS) ** 0.5)

    def latents(self, pictures: np.ndarray) -> np.ndarray:
        """uint8 [batch, height px, width px, 3] -> float16 [batch, height, width, channels]."""
        centered = patches(pictures, self.pixels) - self.mean
        return (centered @ self.encoding).astype(np.float16)


def fit_components(pictures: Iterable[np.ndarray], pixels: int, channels: int) -> Components:
    """The `channels` components in which the patches differ most; latents have a mean square of 1.

    Args:
        pictures: Arrays of pictures, each uint8 [any number, height px, width px, 3].
        pixels: The pixels along one side of a patch.
        channels: How many components to keep.
    """
    mean, covariance = _moments(pictures, pixels)
    variances, vectors = np.linalg.eigh(covariance)

    # eigh() sorts from the smallest variance to the greatest.
    variances = variances[::-1][:channels]
    vectors = vectors[:, ::-1][:, :channels]

    # A component that hardly differs must not be scaled up: it stays small in the latents too.
    least = LEAST_VARIANCE * variances[0]
    deviations = np.sqrt(np.maximum(variances, least))
    scales = deviations ** (SPREAD - 1)
    scales /= np.sqrt(np.mean((scales * deviations) ** 2))

    encoding = vectors * scales
    return Components(mean.astype(np.float32), encoding.astype(np.float32))


def _moments(pictures: Iterable[np.ndarray], pixels: int) -> tuple[np.ndarray, np.ndarray]:
    """The mean, float64 [values], and the covariance, float64 [values, values], of all patches."""
    values = COLORS * pixels**2
    count = 0
    total = np.zeros(values)
    products = np.zeros((values, values))

    for part in pictures:
        flat = patches(part, pixels).reshape(-1, values)
        count += len(flat)
        total = total + flat.sum(0, np.float64)
        products = products + flat.T @ flat

    mean = total / count
    return mean, products / count - np.outer(mean, mean)


def solve_decoder(decoder: keras.Model, components: Components, pictures: Iterable[np.ndarray]) -> None:
    """Give a patch decoder the weights whose pictures are nearest to those that were encoded.

    Nearest means the least squared error, for latents that are as inexact as the UNet's: this is ridge regression.

    Args:
        decoder: A model of `build_patch_decoder`, whose weights are set.
        components: The encoder that made the latents.
        pictures: Arrays of pictures, each uint8 [any number, height px, width px, 3].
    """
    layer = decoder.get_layer("patches")
    inputs = layer.kernel.shape[-2] * NEIGHBORHOOD
    products = np.zeros((inputs + 1, inputs + 1))
    targets = np.zeros((inputs + 1, len(components.mean)))
    # The last row and column are of the bias, which multiplies an exact 1.
    errors = np.diag([LATENT_ERROR**2] * inputs + [0.0])

    for part in pictures:
        latents = _neighborhoods(components.latents(part)).reshape(-1, inputs)
        ones = np.ones((len(latents), 1), np.float32)
        rows = np.concatenate([latents, ones], axis=1)
        flat = patches(part, components.pixels).reshape(len(rows), -1)
        products += rows.T @ rows + len(rows) * errors
        targets += rows.T @ flat

    solution = np.linalg.solve(products, targets)
    kernel = solution[:-1].reshape(layer.kernel.shape)
    bias = solution[-1]
    layer.kernel.assign(kernel)
    layer.bias.assign(bias)


def _neighborhoods(latents: np.ndarray) -> np.ndarray:
    """[batch, height, width, channels] -> float32 [batch, height, width, 3 3 channels], zeros beyond the borders."""
    height, width = latents.shape[1:3]
    padded = np.pad(latents.astype(np.float32), ((0, 0), (1, 1), (1, 1), (0, 0)))

    shifted = []
    for y in range(3):
        for x in range(3):
            shifted.append(padded[:, y : y + height, x : x + width])
    return np.concatenate(shifted, axis=-1)


def patches(pictures: np.ndarray, pixels: int) -> np.ndarray:
    """Cut pictures into patches: rows of values from -1 to 1, side by side.

    Args:
        pictures: uint8 [batch, height px, width px, 3].
        pixels: The pixels along one side of a patch.

    Returns:
        float32 [batch, height, width, values of a patch].
    """
    batch, height_px, width_px, colors = pictures.shape
    height = height_px // pixels
    width = width_px // pixels

    cut = pictures.reshape(batch, height, pixels, width, pixels * colors)
    cut = cut.transpose(0, 1, 3, 2, 4)
    values = cut.reshape(batch, height, width, -1).astype(np.float32)
    return values / 127.5 - 1
