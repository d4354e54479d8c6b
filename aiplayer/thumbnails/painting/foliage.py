"""Brushes of leaves: ragged clumps that a tree, a bush or a canopy is dabbed together from."""

import cv2
import numpy as np

from aiplayer.thumbnails.painting.canvas import Layer
from aiplayer.thumbnails.painting.palette import mix

BRUSH_PX = 112


def _brush(random: np.random.Generator, count: int, length: float, core: float) -> np.ndarray:
    """Draw leaves around a solid core (share of the radius) and return their mask, float32 [BRUSH_PX, BRUSH_PX]."""
    mask, middle = np.zeros((BRUSH_PX, BRUSH_PX), np.uint8), BRUSH_PX / 2
    if core:
        cv2.circle(mask, (round(middle), round(middle)), round(core * middle), 255, -1, cv2.LINE_AA)
    for _ in range(count):
        angle, reach = random.uniform(0, 2 * np.pi), middle * 0.86 * random.random() ** (0.42 if core else 0.62)
        center = (round(16 * (middle + np.cos(angle) * reach)), round(16 * (middle + np.sin(angle) * reach)))
        axes = (round(16 * length * random.uniform(0.7, 1.25)), round(16 * length * random.uniform(0.34, 0.52)))
        cv2.ellipse(mask, center, axes, random.uniform(0, 180), 0, 360, 255, -1, cv2.LINE_AA, 4)
    return mask.astype(np.float32) / 255


_RANDOM = np.random.default_rng(11)
FULL = [_brush(_RANDOM, 110, 6.5, 0.66) for _ in range(5)]
LOOSE = [_brush(_RANDOM, 62, 6.0, 0.0) for _ in range(5)]
SPARSE = [_brush(_RANDOM, 26, 5.6, 0.0) for _ in range(5)]


def dab(layer: Layer, random: np.random.Generator, brushes, x: float, y: float, size: float, color) -> None:
    """Press one clump, `size` wide, mirrored or turned at random."""
    brush = brushes[random.integers(len(brushes))]
    turn = random.integers(4)
    brush = brush[:, ::-1] if turn & 1 else brush
    brush = brush.T if turn & 2 else brush
    layer.stamp(np.ascontiguousarray(brush), x, y, size, size * 0.86, color)


def draw_clump(
    layer: Layer, random: np.random.Generator, x: float, y: float, size: float, tones, toward_light: float = -1.0
) -> None:
    """Dab one leafy mass: dark under it, lit on the side of the light (-1 left, 1 right) and on top."""
    dark, middle, light = tones
    dab(layer, random, FULL, x, y, size, dark)
    dab(layer, random, FULL, x + toward_light * size * 0.07, y - size * 0.09, size * 0.82, mix(dark, middle, 0.7))
    dab(layer, random, LOOSE, x + toward_light * size * 0.11, y - size * 0.14, size * 0.78, middle)
    dab(layer, random, LOOSE, x + toward_light * size * 0.17, y - size * 0.22, size * 0.52, light)
    dab(layer, random, SPARSE, x + toward_light * size * 0.05, y - size * 0.05, size * 0.95, mix(middle, light, 0.5))
