"""One cumulus cloud: domes of puffs, melted into each other above a flat base."""

from typing import NamedTuple

import cv2
import numpy as np

from aiplayer.thumbnails.painting.layer import Color, Layer
from aiplayer.thumbnails.painting.noise import step
from aiplayer.thumbnails.painting.palette import mix

# Size of the sheet that a cloud is drawn on, and where its middle and its base lie, as shares of the cloud's size.
SHEET_WIDTH = 1.7
SHEET_HEIGHT = 1.8
MIDDLE = 0.85
BASE = 1.4


class CloudTones(NamedTuple):
    """The colors of a cloud: in its own shadow, between, and in full light."""

    shadow: Color
    middle: Color
    lit: Color


class Puff(NamedTuple):
    """A ball of cloud: its place across from the cloud's middle, its lift above the base and its radius, in units."""

    across: float
    lift: float
    radius: float


def draw_cumulus(
    layer: Layer,
    random: np.random.Generator,
    x: float,
    y: float,
    width: float,
    height: float,
    tones: CloudTones,
    toward_sun: float,
) -> None:
    """Heap up one cumulus, each of its puffs lit on top and toward the sun.

    Args:
        layer: The sheet to lay the cloud on.
        random: The generator of the cloud's shape.
        x: Middle of the cloud, in units.
        y: Height of its flat base, in units.
        width: About its width, in units.
        height: About its height, in units.
        tones: Its colors.
        toward_sun: The side that the sun stands on: -1 left, 1 right.
    """
    puffs = _heap_puffs(random, width, height)
    width_px = max(2, int(width * SHEET_WIDTH * layer.scale))
    height_px = max(2, int(height * SHEET_HEIGHT * layer.scale))
    sheet = Layer(width_px, height_px, layer.scale)

    # The highest puffs first, so that lower ones stand in front of them.
    middle = width * MIDDLE
    base = height * BASE
    for puff in sorted(puffs, key=lambda puff: -puff.lift):
        level = puff.lift / height
        _draw_puff(sheet, middle + puff.across, base - puff.lift, puff.radius, level, tones, toward_sun)

    left_px = round((x - middle) * layer.scale)
    top_px = round((y - base) * layer.scale)
    _paste(layer, _melt(sheet, base, height), left_px, top_px)


def _heap_puffs(random: np.random.Generator, width: float, height: float) -> list[Puff]:
    """Heap puffs to five domes: one high in the middle, two lower on each side."""
    domes = [(random.uniform(-0.30, 0.30), 1.0)]
    for side in (-1, 1, -1, 1):
        across = side * random.uniform(0.34, 0.62)
        domes.append((across, random.uniform(0.34, 0.66)))

    puffs = []
    for dome_across, share in domes:
        dome_middle = dome_across * width / 2
        for angle in np.linspace(-np.pi, 0, int(9 + 9 * share)):
            ring = random.uniform(0.30, 1.0)
            from_dome = np.cos(angle) * width * 0.27 * share**0.5 * ring
            lift = -np.sin(angle) * height * share * ring * 0.92
            radius = height * random.uniform(0.14, 0.27) * (0.5 + 0.5 * share)
            puffs.append(Puff(dome_middle + from_dome, lift, radius))
    return puffs


def _draw_puff(
    sheet: Layer, x: float, y: float, radius: float, level: float, tones: CloudTones, toward_sun: float
) -> None:
    """Draw a puff that lies that high in its cloud (0 base to 1 top), with two brighter puffs inside."""
    body = mix(tones.shadow, tones.middle, min(1.0, 0.25 + 1.1 * level))
    sheet.circle(x, y, radius, body)

    bright = mix(body, tones.lit, 0.22 + 0.45 * level)
    bright_x = x + toward_sun * radius * 0.16
    sheet.circle(bright_x, y - radius * 0.18, radius * 0.80, bright)

    brightest = mix(body, tones.lit, 0.40 + 0.60 * level)
    brightest_x = x + toward_sun * radius * 0.26
    sheet.circle(brightest_x, y - radius * 0.30, radius * 0.56, brightest)


def _melt(sheet: Layer, base: float, height: float) -> np.ndarray:
    """Melt the puffs of a sheet into one cloud that ends at its base; return its pixels, float [rows, columns, 4]."""
    heights = (np.arange(sheet.pixels.shape[0]) + 0.5) / sheet.scale
    fade_start = base - height * 0.30
    fade_end = base + height * 0.10
    above_base = 1 - step(heights, fade_start, fade_end)

    # The shading is blurred far more than the outline, so that puffs melt into each other inside a crisp cloud.
    shading_blur = max(0.5, 0.035 * height * sheet.scale + 2.4 * sheet.scale)
    outline_blur = max(0.5, 1.3 * sheet.scale)
    melted = cv2.GaussianBlur(sheet.pixels.astype(np.float32), (0, 0), shading_blur)
    outline = cv2.GaussianBlur(sheet.pixels[..., 3], (0, 0), outline_blur) / np.float32(255.0)

    # Dividing by the blurred opacity gives the color itself, which the crisp opacity then premultiplies.
    alpha = outline * above_base[:, None].astype(np.float32)
    colors = melted / np.maximum(melted[..., 3:], 1.0)
    return colors * (255 * alpha)[..., None]


def _paste(layer: Layer, sheet: np.ndarray, left: int, top: int) -> None:
    """Lay a small premultiplied sheet (0 to 255) over a layer, cut off at the layer's edges."""
    layer_height, layer_width = layer.pixels.shape[:2]
    first_row = max(top, 0)
    last_row = min(top + sheet.shape[0], layer_height)
    first_column = max(left, 0)
    last_column = min(left + sheet.shape[1], layer_width)
    if first_row >= last_row or first_column >= last_column:
        return

    piece = sheet[first_row - top : last_row - top, first_column - left : last_column - left]
    opacity = piece[..., 3:] / 255
    target = layer.pixels[first_row:last_row, first_column:last_column]
    target[:] = piece + target * (1 - opacity)

    layer.top = min(layer.top, first_row)
    layer.bottom = max(layer.bottom, last_row)
