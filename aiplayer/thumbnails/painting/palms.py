"""Palms: leaning stems with arched, feathered fronds."""

import numpy as np

from aiplayer.thumbnails.painting.layer import Layer
from aiplayer.thumbnails.painting.palette import mix

STEM_POINTS = 16
FRONDS = 13
RIB_POINTS = 17
# Where the nuts hang, as shares of the palm's height left or right of the top of the stem.
NUTS = (-0.02, 0.02, 0.0)


def draw_palm(
    layer: Layer,
    random: np.random.Generator,
    x: float,
    base: float,
    height: float,
    dark: np.ndarray,
    light: np.ndarray,
    bark: np.ndarray,
) -> None:
    """Draw a leaning palm.

    Args:
        layer: The sheet to draw on.
        random: It leans the stem and spreads the fronds.
        x: Where the palm stands, in units.
        base: The height of its foot in the picture, in units.
        height: From the foot to the top of the stem, in units.
        dark: The darkest color of a frond.
        light: The lightest color of a frond.
        bark: The color of the stem.
    """
    lean = random.choice([-1, 1]) * random.uniform(0.12, 0.28) * height
    share = np.linspace(0, 1, STEM_POINTS)
    stem = np.stack([x + lean * share**1.8, base - height * share], axis=1)
    for start, end, part in zip(stem[:-1], stem[1:], share, strict=False):
        taper = 1 - 0.5 * part
        layer.limb(start, end, height * 0.040 * taper, height * 0.032 * taper, bark)

    # The fronds that stand upright are drawn last, over those that hang.
    angles = np.linspace(-3.75, 0.6, FRONDS) + random.normal(0, 0.10, FRONDS)
    from_upright = np.abs(angles + np.pi / 2)
    top = stem[-1]
    for index in np.argsort(-from_upright):
        tone = mix(dark, light, 0.75 * random.random())
        length = height * random.uniform(0.36, 0.50)
        _draw_frond(layer, top, angles[index], length, tone)

    for across in NUTS:
        layer.circle(top[0] + across * height, top[1] + height * 0.018, height * 0.018, bark * 0.8)


def _draw_frond(layer: Layer, start: np.ndarray, angle: float, length: float, tone: np.ndarray) -> None:
    """Draw one frond: a drooping rib with leaflets on both sides.

    Args:
        layer: The sheet to draw on.
        start: Where the frond grows from, float [2].
        angle: Its direction in radians, clockwise from the right.
        length: Its length in units.
        tone: Its color, float [3].
    """
    rib = _rib(start, angle, length)
    along = np.gradient(rib, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True) + 1e-6
    across = along[:, ::-1] * (-1, 1)
    share = np.linspace(0, 1, RIB_POINTS)

    for point in range(1, RIB_POINTS):
        leaflet = length * 0.24 * np.sin(np.pi * (0.12 + 0.82 * share[point])) + 1.5
        half_foot = along[point] * length * 0.030
        for side in (-1, 1):
            direction = across[point] * side * 0.72 + along[point] * 0.75 + (0, 0.24)
            tip = rib[point] + direction * leaflet
            faces_up = side * across[point, 1] < 0
            outline = [rib[point] - half_foot, rib[point] + half_foot, tip]
            layer.polygon(outline, tone * (1.10 if faces_up else 0.86))
    layer.line(rib, tone * 0.8, 1.4)


def _rib(start: np.ndarray, angle: float, length: float) -> np.ndarray:
    """Return the rib of a frond, float64 [RIB_POINTS, 2]: straight at first, and drooping more and more."""
    share = np.linspace(0, 1, RIB_POINTS)
    x = start[0] + np.cos(angle) * length * share
    y = start[1] + np.sin(angle) * length * share
    droop = length * 0.66 * share**2.1
    return np.stack([x, y + droop], axis=1)
