"""The picture being painted, and the light that is screened over it.

Lengths are in units: the picture is 720 units high whatever its size in pixels. Colors are three floats from 0 to 1.
"""

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np

from aiplayer.thumbnails.painting.layer import WHITE, Color, Layer

HEIGHT = 720.0
# Light is soft, so that a map of a quarter of the picture's size holds it.
LIGHT_STEP_PX = 4

# How strong a halo of radius 1 is, from its center in the middle to nothing at its rim.
_HALO_RADIUS_PX = 64
_AXIS = np.linspace(-1.0, 1.0, 2 * _HALO_RADIUS_PX + 1, dtype=np.float32)
_DISTANCE = np.hypot(_AXIS[None, :], _AXIS[:, None])
_FALLOFF = np.clip(1.0 - _DISTANCE, 0.0, 1.0) ** 2.2


class Halo(NamedTuple):
    """Soft light around a lamp or the sun: its center and radii in units, its color, its strength from 0 to 1."""

    x: float
    y: float
    radius_x: float
    radius_y: float
    color: Color
    strength: float


class Fade(NamedTuple):
    """Haze mixed into a layer by height: its color, and its share (0 to 1) at two heights in units."""

    color: Color
    top: float
    top_share: float
    bottom: float
    bottom_share: float


class Rim(NamedTuple):
    """Light on the edges that face a direction (dx, dy), in units: its color, its strength from 0 to 1."""

    dx: float
    dy: float
    color: Color
    strength: float


def spread(mask: np.ndarray, color: Color = WHITE) -> np.ndarray:
    """Turn a mask into an image of one color, as strong as the mask.

    Args:
        mask: The strength of each pixel, float32 [height, width].
        color: The color of the image.

    Returns:
        The image, float32 [height, width, 3].
    """
    image: np.ndarray = cv2.cvtColor(mask, cv2.COLOR_GRAY2RGB)
    if tuple(color) != WHITE:
        # One long row of repeated color multiplies several times faster than broadcasting three channels.
        row = np.tile(np.asarray(color, dtype=np.float32), mask.shape[1])
        image.reshape(len(image), -1)[:] *= row
    return image


class Canvas:
    """The opaque picture.

    Attributes:
        image: The picture so far, float32 [height_px, width_px, 3], RGB, 0 to 1.
        scale: Pixels in one unit.
        width: Width of the picture in units.
        height: Height of the picture in units, always `HEIGHT`.
    """

    def __init__(self, width_px: int, height_px: int) -> None:
        self.image = np.zeros((height_px, width_px, 3), dtype=np.float32)
        self.scale = height_px / HEIGHT
        self.width = width_px / self.scale
        self.height = HEIGHT

    def layer(self, reduce: int = 1) -> Layer:
        """Return an empty sheet to draw on.

        Args:
            reduce: How many times smaller than the picture it is, for what is soft or far away.
        """
        height_px, width_px = self.image.shape[:2]
        return Layer(_divide_up(width_px, reduce), _divide_up(height_px, reduce), self.scale / reduce)

    def row(self, y: float) -> int:
        """Return the pixel row at a height in units; heights outside give the picture's edge."""
        return int(np.clip(round(y * self.scale), 0, self.image.shape[0]))

    def gradient(
        self,
        top: float,
        bottom: float,
        colors: np.ndarray | Sequence[Color],
        stops: Sequence[float] | None = None,
    ) -> None:
        """Fill the band between two heights with a smooth gradient.

        Args:
            top: Upper edge of the band, in units.
            bottom: Lower edge of the band, in units.
            colors: The colors from top to bottom, float [colors, 3].
            stops: Where in the band each color stands, 0 to 1, rising; evenly spaced unless given.
        """
        first = self.row(top)
        last = self.row(bottom)
        if last <= first:
            return

        places = np.linspace(0, 1, len(colors)) if stops is None else stops
        heights = (np.arange(first, last) + 0.5) / self.scale
        share = (heights - top) / (bottom - top)
        channels = [np.interp(share, places, channel) for channel in np.asarray(colors).T]
        column = np.stack(channels, axis=1)[:, None].astype(np.float32)

        # Blurring the stops away keeps a gradient of few colors from showing bands.
        sigma = 1e-3 + 0.04 * (last - first)
        smooth = cv2.GaussianBlur(column, (1, 0), sigma)
        self.image[first:last] = cv2.resize(smooth, (self.image.shape[1], last - first))

    def add(self, layer: Layer, opacity: float = 1.0, fade: Fade | None = None, rim: Rim | None = None) -> None:
        """Lay a sheet over the picture.

        Args:
            layer: The sheet; one that is smaller than the picture is stretched over it.
            opacity: How much of the picture the sheet's shapes hide, 0 to 1.
            fade: Haze to mix into the sheet by height.
            rim: Light to put on the sheet's edges.
        """
        if layer.bottom <= layer.top:
            return

        layer = self._full_size(layer)
        rows = slice(layer.top, layer.bottom)
        share = np.float32(opacity / 255.0)
        alpha = np.multiply(layer.pixels[rows, :, 3], share, dtype=np.float32)
        colors = cv2.cvtColor(layer.pixels[rows], cv2.COLOR_RGBA2RGB)
        paint = np.multiply(colors, share, dtype=np.float32)

        if fade is not None:
            self._fade(paint, alpha, layer.top, fade)
        if rim is not None:
            paint += self._rim(alpha, rim)

        # What the sheet leaves of the picture, and then the sheet, whose colors are already premultiplied.
        target = self.image[rows]
        target *= spread(1.0 - alpha)
        target += paint

    def _full_size(self, layer: Layer) -> Layer:
        """Return the layer at the picture's size, stretched where it is smaller."""
        height_px, width_px = self.image.shape[:2]
        if layer.pixels.shape[:2] == (height_px, width_px):
            return layer

        ratio = self.scale / layer.scale
        full = Layer(1, 1, self.scale)
        full.pixels = cv2.resize(layer.pixels, (width_px, height_px), interpolation=cv2.INTER_LINEAR)
        full.top = max(0, int((layer.top - 1) * ratio))
        full.bottom = min(height_px, int((layer.bottom + 1) * ratio))
        return full

    def _fade(self, paint: np.ndarray, alpha: np.ndarray, top_row: int, fade: Fade) -> None:
        """Mix haze into premultiplied paint [rows, width, 3] in place; alpha [rows, width] is its opacity."""
        last_row = top_row + len(alpha)
        heights = (np.arange(top_row, last_row) + 0.5) / self.scale
        share = np.interp(heights, (fade.top, fade.bottom), (fade.top_share, fade.bottom_share)).astype(np.float32)
        paint *= (1.0 - share)[:, None, None]
        paint += spread(alpha * share[:, None], fade.color)

    def _rim(self, alpha: np.ndarray, rim: Rim) -> np.ndarray:
        """Return the light on the edges of an opacity mask, float32 [rows, width, 3]."""
        shift = np.array([[1, 0, -rim.dx * self.scale], [0, 1, -rim.dy * self.scale]], dtype=np.float32)
        behind = cv2.warpAffine(alpha, shift, alpha.shape[::-1], borderMode=cv2.BORDER_REPLICATE)

        # An edge is lit where the shape is but its copy, moved away from the light, is not.
        softness_px = max(0.8, 0.8 * self.scale)
        edge = np.clip(alpha - cv2.GaussianBlur(behind, (0, 0), softness_px), 0.0, 1.0)
        return spread(edge * np.float32(rim.strength), rim.color)

    def blend(self, mask: np.ndarray, color: Color, top: float = 0.0, bottom: float = HEIGHT) -> None:
        """Mix one color into the band between two heights.

        Args:
            mask: How much of the color to mix in, float [rows, columns] of any size, 0 to 1; it is stretched
                over the band.
            color: The color to mix in.
            top: Upper edge of the band, in units.
            bottom: Lower edge of the band, in units.
        """
        first = self.row(top)
        last = self.row(bottom)
        if last <= first:
            return

        size_px = (self.image.shape[1], last - first)
        mask = cv2.resize(mask.astype(np.float32), size_px, interpolation=cv2.INTER_LINEAR)
        target = self.image[first:last]
        target *= spread(1.0 - mask)
        target += spread(mask, color)

    def glow(self, halos: Sequence[Halo]) -> None:
        """Screen soft light over the picture.

        Args:
            halos: The lights; without any the picture stays as it is.
        """
        if not halos:
            return
        top = self.row(min(halo.y - halo.radius_y for halo in halos))
        bottom = self.row(max(halo.y + halo.radius_y for halo in halos))
        if bottom - top < 2:
            return

        width_px = self.image.shape[1]
        map_size = (_divide_up(bottom - top, LIGHT_STEP_PX), _divide_up(width_px, LIGHT_STEP_PX))
        light_map = np.zeros((*map_size, 3), dtype=np.float32)
        for halo in halos:
            _shine(light_map, halo, self.scale / LIGHT_STEP_PX, top / LIGHT_STEP_PX)

        light = cv2.resize(light_map, (width_px, bottom - top), interpolation=cv2.INTER_LINEAR)
        target = self.image[top:bottom]
        target += light * np.clip(1.0 - target, 0.0, 1.0)


def _divide_up(length_px: int, parts: int) -> int:
    """Divide and round up."""
    return -(-length_px // parts)


def _shine(light_map: np.ndarray, halo: Halo, scale: float, top_row: float) -> None:
    """Add one halo to a light map [rows, columns, 3] of `scale` pixels a unit whose first row stands at `top_row`."""
    x = halo.x * scale
    y = halo.y * scale - top_row
    radius_x = max(halo.radius_x * scale, 0.75)
    radius_y = max(halo.radius_y * scale, 0.75)
    left = max(0, int(x - radius_x))
    right = min(light_map.shape[1], int(x + radius_x) + 2)
    top = max(0, int(y - radius_y))
    bottom = min(light_map.shape[0], int(y + radius_y) + 2)
    if right <= left or bottom <= top:
        return

    # For every pixel of the map, the column and the row of the falloff table that it takes its strength from.
    across = (np.arange(left, right, dtype=np.float32) + 0.5 - x) / radius_x
    down = (np.arange(top, bottom, dtype=np.float32) + 0.5 - y) / radius_y
    columns = across * _HALO_RADIUS_PX + _HALO_RADIUS_PX
    rows = down * _HALO_RADIUS_PX + _HALO_RADIUS_PX
    strength = cv2.remap(
        _FALLOFF,
        np.tile(columns, (len(rows), 1)).astype(np.float32),
        np.repeat(rows[:, None], len(columns), axis=1).astype(np.float32),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
    )
    light_map[top:bottom, left:right] += spread(strength * np.float32(halo.strength), halo.color)
