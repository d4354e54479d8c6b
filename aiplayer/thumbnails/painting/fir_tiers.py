"""The drooping tiers that a fir is made of, and the snow on them."""

from typing import NamedTuple

import numpy as np

from aiplayer.thumbnails.painting.layer import Color, Layer
from aiplayer.thumbnails.painting.palette import mix

# Where snow lies on a fir's tier, as shares of half its width, and the share from which on it lies in the shade.
SNOW_REACHES, SHADED_REACH = (-0.72, -0.34, 0.08, 0.46, 0.78), 0.2


class Tier(NamedTuple):
    """Where one tier of a fir lies, in units.

    Attributes:
        x: Its middle.
        top: Its upper end.
        bottom: Its lower end.
        half: Half its width.
    """

    x: float
    top: float
    bottom: float
    half: float


def place_tier(random: np.random.Generator, x: float, base: float, height: float, share: float) -> Tier:
    """Place one tier of a fir.

    Args:
        random: It varies the width.
        x: The middle of the trunk, in units.
        base: The height of the fir's foot in the picture, in units.
        height: The fir's height, in units.
        share: How far down the tier lies, from 0 (top) to 1 (lowest).

    Returns:
        The tier.
    """
    bottom = base - height * 0.09 - (1 - share) * height * 0.80
    top = max(base - height, bottom - height * (0.20 + 0.10 * share))
    half = height * (0.045 + 0.185 * share) * random.uniform(0.9, 1.1)
    return Tier(x, top, bottom, half)


def draw_tier(layer: Layer, random: np.random.Generator, tier: Tier, shaded: np.ndarray, lit: np.ndarray) -> None:
    """Draw one tier of a fir: a jagged hem under a point, the left part lit.

    Args:
        layer: The sheet to draw on.
        random: It varies the teeth of the hem.
        tier: Where to draw it.
        shaded: The color of its right part.
        lit: The color of its left part.
    """
    x, top, bottom, half = tier
    teeth = max(4, int(half / 3.2))
    count = 2 * teeth + 1
    across = np.linspace(-1, 1, count)

    # Every second point of the hem hangs as a tooth.
    tooth = np.arange(count) % 2
    droop = tooth * -0.16 * half * random.uniform(0.6, 1.2, count)
    hem_y = bottom + 0.20 * half * np.abs(across) + droop
    hem = np.stack([x + across * half, hem_y], axis=1)
    layer.polygon(np.concatenate([[(x, top)], hem]), shaded)

    edge_of_light = (x - half * 0.12, bottom - half * 0.2)
    layer.polygon(np.concatenate([[(x, top)], hem[:teeth], [edge_of_light]]), lit)


def lay_snow(
    layer: Layer, random: np.random.Generator, tier: Tier, dark: Color, snow: float, snow_color: Color
) -> None:
    """Lay patches of snow along one tier of a fir.

    Args:
        layer: The sheet to draw on.
        random: It varies the patches.
        tier: Where they lie.
        dark: The color of the needles under the snow.
        snow: How much snow lies there, 0 to 1.
        snow_color: The color of the snow.
    """
    x, _, bottom, half = tier
    for reach in SNOW_REACHES:
        y = bottom - half * (0.30 - 0.24 * abs(reach))
        radius = half * 0.24 * random.uniform(0.7, 1.2)
        lightness = 0.45 if reach > SHADED_REACH else 0.7
        tone = mix(dark, snow_color, lightness + 0.3 * snow)
        layer.ellipse(x + reach * half, y, radius, half * 0.105, tone, 20 * np.sign(reach))
