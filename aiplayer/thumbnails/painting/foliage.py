"""Brushes of leaves: ragged clumps that a tree, a bush or a canopy is dabbed together from."""

from collections.abc import Sequence

import cv2
import numpy as np

from aiplayer.thumbnails.painting.layer import FILLED, SUBPIXEL_BITS, SUBPIXELS, Color, Layer
from aiplayer.thumbnails.painting.palette import mix

BRUSH_PX = 112
BRUSHES_OF_A_KIND = 5
BRUSH_SEED = 11


def _make_brush(random: np.random.Generator, count: int, length: float, core: float) -> np.ndarray:
    """Make a brush of leaves.

    Args:
        random: The generator of the leaves' places and shapes.
        count: How many leaves to draw.
        length: Half the length of a leaf in pixels, about.
        core: Radius of the solid core, as a share of the brush's.

    Returns:
        The mask of the brush, float32 [BRUSH_PX, BRUSH_PX], 0 to 1.
    """
    mask = np.zeros((BRUSH_PX, BRUSH_PX), np.uint8)
    middle = BRUSH_PX / 2
    if core:
        center = (round(middle), round(middle))
        cv2.circle(mask, center, round(core * middle), 255, FILLED, cv2.LINE_AA)

    # The smaller the exponent, the more leaves lie at the brush's edge.
    crowding = 0.42 if core else 0.62
    for _ in range(count):
        angle = random.uniform(0, 2 * np.pi)
        reach = middle * 0.86 * random.random() ** crowding
        center_x = round(SUBPIXELS * (middle + np.cos(angle) * reach))
        center_y = round(SUBPIXELS * (middle + np.sin(angle) * reach))
        half_length = round(SUBPIXELS * length * random.uniform(0.7, 1.25))
        half_width = round(SUBPIXELS * length * random.uniform(0.34, 0.52))
        turn_deg = random.uniform(0, 180)
        cv2.ellipse(
            mask,
            (center_x, center_y),
            (half_length, half_width),
            turn_deg,
            0,
            360,
            255,
            FILLED,
            cv2.LINE_AA,
            SUBPIXEL_BITS,
        )

    return mask.astype(np.float32) / 255


_RANDOM = np.random.default_rng(BRUSH_SEED)
FULL = [_make_brush(_RANDOM, count=110, length=6.5, core=0.66) for _ in range(BRUSHES_OF_A_KIND)]
LOOSE = [_make_brush(_RANDOM, count=62, length=6.0, core=0.0) for _ in range(BRUSHES_OF_A_KIND)]
SPARSE = [_make_brush(_RANDOM, count=26, length=5.6, core=0.0) for _ in range(BRUSHES_OF_A_KIND)]


def dab(
    layer: Layer,
    random: np.random.Generator,
    brushes: list[np.ndarray],
    x: float,
    y: float,
    size: float,
    color: Color,
) -> None:
    """Press one brush, mirrored or turned at random.

    Args:
        layer: The sheet to press it on.
        random: The generator that chooses the brush and its turn.
        brushes: The brushes to choose from, each float32 [BRUSH_PX, BRUSH_PX].
        x: Center from the left edge, in units.
        y: Center from the top edge, in units.
        size: Width of the print in units.
        color: The color of the leaves.
    """
    brush = brushes[random.integers(len(brushes))]
    turn = random.integers(4)
    mirrored = turn & 1
    transposed = turn & 2
    if mirrored:
        brush = brush[:, ::-1]
    if transposed:
        brush = brush.T

    layer.stamp(np.ascontiguousarray(brush), x, y, size, size * 0.86, color)


def draw_clump(
    layer: Layer,
    random: np.random.Generator,
    x: float,
    y: float,
    size: float,
    tones: Sequence[Color],
    toward_light: float = -1.0,
) -> None:
    """Dab one leafy mass: dark under it, lit on the side of the light and on top.

    Args:
        layer: The sheet to draw on.
        random: The generator that chooses brushes.
        x: Center from the left edge, in units.
        y: Center from the top edge, in units.
        size: Width in units.
        tones: The dark, middle and light color of the leaves.
        toward_light: The side that the light comes from: -1 left, 1 right.
    """
    dark, middle, light = tones
    # Brushes, shift toward the light, rise, width (shares of the size) and color, from the shadow up.
    dabs = (
        (FULL, 0.0, 0.0, 1.0, dark),
        (FULL, 0.07, 0.09, 0.82, mix(dark, middle, 0.7)),
        (LOOSE, 0.11, 0.14, 0.78, middle),
        (LOOSE, 0.17, 0.22, 0.52, light),
        (SPARSE, 0.05, 0.05, 0.95, mix(middle, light, 0.5)),
    )
    for brushes, shift, rise, share, tone in dabs:
        dab_x = x + toward_light * size * shift
        dab(layer, random, brushes, dab_x, y - size * rise, size * share, tone)
