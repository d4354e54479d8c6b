"""The picture being painted and the sheets that are laid over it.

Lengths are in units: the picture is 720 units high whatever its size in pixels. Colours are three floats from 0 to 1.
"""

import cv2
import numpy as np

HEIGHT = 720.0
SUBPIXEL_BITS = 4
SUBPIXELS = 1 << SUBPIXEL_BITS

_AXIS = np.linspace(-1.0, 1.0, 129, dtype=np.float32)
_FALLOFF = np.clip(1.0 - np.hypot(_AXIS[None, :], _AXIS[:, None]), 0.0, 1.0) ** 2.2


def spread(mask: np.ndarray, color=(1.0, 1.0, 1.0)) -> np.ndarray:
    """Turn a float mask [H, W] into an image [H, W, 3] of one colour, as strong as the mask."""
    image = cv2.cvtColor(mask, cv2.COLOR_GRAY2RGB)
    if tuple(color) != (1.0, 1.0, 1.0):
        # One long row of repeated colour multiplies several times faster than broadcasting three channels.
        image.reshape(len(image), -1)[:] *= np.tile(np.asarray(color, dtype=np.float32), mask.shape[1])
    return image


class Layer:
    """A transparent sheet to draw opaque, anti-aliased shapes on: premultiplied RGBA, uint8 [H, W, 4]."""

    def __init__(self, width_px: int, height_px: int, scale: float):
        self.pixels = np.zeros((height_px, width_px, 4), dtype=np.uint8)
        self.scale = scale
        self.top, self.bottom = height_px, 0

    def polygon(self, points, color) -> None:
        """Fill the polygon through points [N, 2]."""
        fixed = self._fixed(points)
        self._touch(fixed[:, 1].min() / SUBPIXELS, fixed[:, 1].max() / SUBPIXELS)
        cv2.fillPoly(self.pixels, [fixed], _ink(color), cv2.LINE_AA, SUBPIXEL_BITS)

    def box(self, x: float, y: float, width: float, height: float, color) -> None:
        """Fill a rectangle whose top left corner is (x, y), on whole pixels so that its edges are crisp."""
        left, top = round(x * self.scale), round(y * self.scale)
        right = max(left + 1, round((x + width) * self.scale))
        bottom = max(top + 1, round((y + height) * self.scale))
        self._touch(top, bottom)
        self.pixels[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)] = _ink(color)

    def ellipse(
        self,
        x: float,
        y: float,
        radius_x: float,
        radius_y: float,
        color,
        angle_deg: float = 0.0,
        start_deg: float = 0.0,
        end_deg: float = 360.0,
    ) -> None:
        """Fill an ellipse, or the part of it between two angles (clockwise from the right)."""
        (center,) = self._fixed([(x, y)])
        axes = (max(1, round(radius_x * self.scale * SUBPIXELS)), max(1, round(radius_y * self.scale * SUBPIXELS)))
        reach = max(axes) / SUBPIXELS
        self._touch(center[1] / SUBPIXELS - reach, center[1] / SUBPIXELS + reach)
        cv2.ellipse(
            self.pixels,
            center.tolist(),
            axes,
            angle_deg,
            start_deg,
            end_deg,
            _ink(color),
            -1,
            cv2.LINE_AA,
            SUBPIXEL_BITS,
        )

    def circle(self, x: float, y: float, radius: float, color) -> None:
        """Fill a circle."""
        (center,) = self._fixed([(x, y)])
        reach = max(1, round(radius * self.scale * SUBPIXELS))
        self._touch((center[1] - reach) / SUBPIXELS, (center[1] + reach) / SUBPIXELS)
        cv2.circle(self.pixels, center.tolist(), reach, _ink(color), -1, cv2.LINE_AA, SUBPIXEL_BITS)

    def line(self, points, color, width: float = 1.0) -> None:
        """Draw an open line through points [N, 2]."""
        fixed = self._fixed(points)
        thickness = max(1, round(width * self.scale))
        self._touch(fixed[:, 1].min() / SUBPIXELS - thickness, fixed[:, 1].max() / SUBPIXELS + thickness)
        cv2.polylines(self.pixels, [fixed], False, _ink(color), thickness, cv2.LINE_AA, SUBPIXEL_BITS)

    def limb(self, start, end, start_width: float, end_width: float, color) -> None:
        """Draw a straight stroke that tapers from one width to another."""
        start, end = np.asarray(start, dtype=float), np.asarray(end, dtype=float)
        along = end - start
        across = np.array([-along[1], along[0]]) / (np.hypot(*along) + 1e-6) / 2
        self.polygon(
            [
                start + across * start_width,
                end + across * end_width,
                end - across * end_width,
                start - across * start_width,
            ],
            color,
        )

    def stamp(self, brush: np.ndarray, x: float, y: float, width: float, height: float, color) -> None:
        """Press a brush, a float mask [h, w] from 0 to 1, onto the sheet in one colour, centred on (x, y)."""
        wide, high = max(2, round(width * self.scale)), max(2, round(height * self.scale))
        left, top = round(x * self.scale - wide / 2), round(y * self.scale - high / 2)
        rows, columns = self.pixels.shape[:2]
        first, last, start, stop = max(top, 0), min(top + high, rows), max(left, 0), min(left + wide, columns)
        if first >= last or start >= stop:
            return
        mask = cv2.resize(brush, (wide, high), interpolation=cv2.INTER_AREA)[
            first - top : last - top, start - left : stop - left
        ]
        target = self.pixels[first:last, start:stop]
        ink = np.empty(target.shape, np.uint8)
        ink[:] = np.round(_ink(color))
        target[:] = cv2.blendLinear(ink, target, np.ascontiguousarray(mask), 1.0 - mask)
        self._touch(first, last)

    def _fixed(self, points) -> np.ndarray:
        return np.round((np.asarray(points, dtype=np.float64) * self.scale - 0.5) * SUBPIXELS).astype(np.int32)

    def _touch(self, top: float, bottom: float) -> None:
        self.top = max(0, min(self.top, int(top) - 2))
        self.bottom = min(self.pixels.shape[0], max(self.bottom, int(bottom) + 3))


def _ink(color) -> tuple[float, float, float, float]:
    red, green, blue = color
    return (
        min(max(red * 255.0, 0.0), 255.0),
        min(max(green * 255.0, 0.0), 255.0),
        min(max(blue * 255.0, 0.0), 255.0),
        255.0,
    )


class Canvas:
    """The opaque picture: float32 [height_px, width_px, 3], 0 to 1."""

    def __init__(self, width_px: int, height_px: int):
        self.image = np.zeros((height_px, width_px, 3), dtype=np.float32)
        self.scale = height_px / HEIGHT
        self.width = width_px / self.scale
        self.height = HEIGHT

    def layer(self, reduce: int = 1) -> Layer:
        """Return an empty sheet; reduce=2 makes it half as large, for what is soft or far away."""
        height_px, width_px = self.image.shape[:2]
        return Layer(-(-width_px // reduce), -(-height_px // reduce), self.scale / reduce)

    def row(self, y: float) -> int:
        """Return the pixel row at a height in units, inside the picture."""
        return int(np.clip(round(y * self.scale), 0, self.image.shape[0]))

    def gradient(self, top: float, bottom: float, colors, stops=None) -> None:
        """Fill the band between two heights with a smooth gradient through colours [N, 3] at stops from 0 to 1."""
        first, last = self.row(top), self.row(bottom)
        if last <= first:
            return
        stops = np.linspace(0, 1, len(colors)) if stops is None else stops
        share = ((np.arange(first, last) + 0.5) / self.scale - top) / (bottom - top)
        column = np.stack([np.interp(share, stops, channel) for channel in np.asarray(colors).T], axis=1)
        # Blurring the stops away keeps a gradient of few colours from showing bands.
        column = cv2.GaussianBlur(column[:, None].astype(np.float32), (1, 0), 1e-3 + 0.04 * (last - first))
        self.image[first:last] = cv2.resize(column, (self.image.shape[1], last - first))

    def add(self, layer: Layer, opacity: float = 1.0, fade=None, rim=None) -> None:
        """Lay a sheet over the picture.

        fade: (color, top_y, top_share, bottom_y, bottom_share) mixes a haze colour into the sheet by height.
        rim: (dx, dy, color, strength) lights the edges that face the direction (dx, dy), in units.
        """
        if layer.bottom <= layer.top:
            return
        layer = self._full_size(layer)
        rows = slice(layer.top, layer.bottom)
        share = np.float32(opacity / 255.0)
        alpha = np.multiply(layer.pixels[rows, :, 3], share, dtype=np.float32)
        paint = np.multiply(cv2.cvtColor(layer.pixels[rows], cv2.COLOR_RGBA2RGB), share, dtype=np.float32)
        if fade is not None:
            color, top, top_share, bottom, bottom_share = fade
            heights = (np.arange(layer.top, layer.bottom) + 0.5) / self.scale
            share = np.interp(heights, (top, bottom), (top_share, bottom_share)).astype(np.float32)
            paint *= (1.0 - share)[:, None, None]
            paint += spread(alpha * share[:, None], color)
        if rim is not None:
            paint += self._rim(alpha, *rim)
        target = self.image[rows]
        target *= spread(1.0 - alpha)
        target += paint

    def _full_size(self, layer: Layer) -> Layer:
        height_px, width_px = self.image.shape[:2]
        if layer.pixels.shape[:2] == (height_px, width_px):
            return layer
        full, ratio = Layer(1, 1, self.scale), self.scale / layer.scale
        full.pixels = cv2.resize(layer.pixels, (width_px, height_px), interpolation=cv2.INTER_LINEAR)
        full.top, full.bottom = max(0, int((layer.top - 1) * ratio)), min(height_px, int((layer.bottom + 1) * ratio))
        return full

    def _rim(self, alpha: np.ndarray, dx: float, dy: float, color, strength: float) -> np.ndarray:
        shift = np.float32([[1, 0, -dx * self.scale], [0, 1, -dy * self.scale]])
        behind = cv2.warpAffine(alpha, shift, alpha.shape[::-1], borderMode=cv2.BORDER_REPLICATE)
        edge = np.clip(alpha - cv2.GaussianBlur(behind, (0, 0), max(0.8, 0.8 * self.scale)), 0.0, 1.0)
        return spread(edge * np.float32(strength), color)

    def blend(self, mask: np.ndarray, color, top: float = 0.0, bottom: float = HEIGHT) -> None:
        """Mix one colour into the band between two heights; the mask (any size, 0 to 1) is stretched over the band."""
        first, last = self.row(top), self.row(bottom)
        if last <= first:
            return
        mask = cv2.resize(mask.astype(np.float32), (self.image.shape[1], last - first), interpolation=cv2.INTER_LINEAR)
        target = self.image[first:last]
        target *= spread(1.0 - mask)
        target += spread(mask, color)

    def glow(self, lights) -> None:
        """Screen soft light over the picture; each light is (x, y, radius_x, radius_y, color, strength)."""
        lights = list(lights)
        if not lights:
            return
        top = self.row(min(y - radius for _, y, _, radius, _, _ in lights))
        bottom = self.row(max(y + radius for _, y, _, radius, _, _ in lights))
        if bottom - top < 2:
            return
        width_px, step = self.image.shape[1], 4
        small = np.zeros((-(-(bottom - top) // step), -(-width_px // step), 3), dtype=np.float32)
        for x, y, radius_x, radius_y, color, strength in lights:
            scale = self.scale / step
            _stamp(small, x * scale, y * scale - top / step, radius_x * scale, radius_y * scale, color, strength)
        light = cv2.resize(small, (width_px, bottom - top), interpolation=cv2.INTER_LINEAR)
        target = self.image[top:bottom]
        target += light * np.clip(1.0 - target, 0.0, 1.0)


def _stamp(small: np.ndarray, x: float, y: float, radius_x: float, radius_y: float, color, strength: float) -> None:
    """Add one halo to a small light map [h, w, 3]."""
    radius_x, radius_y = max(radius_x, 0.75), max(radius_y, 0.75)
    left, right = max(0, int(x - radius_x)), min(small.shape[1], int(x + radius_x) + 2)
    top, bottom = max(0, int(y - radius_y)), min(small.shape[0], int(y + radius_y) + 2)
    if right <= left or bottom <= top:
        return
    columns = (np.arange(left, right, dtype=np.float32) + 0.5 - x) / radius_x * 64 + 64
    rows = (np.arange(top, bottom, dtype=np.float32) + 0.5 - y) / radius_y * 64 + 64
    halo = cv2.remap(
        _FALLOFF,
        np.tile(columns, (len(rows), 1)).astype(np.float32),
        np.repeat(rows[:, None], len(columns), axis=1).astype(np.float32),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
    )
    small[top:bottom, left:right] += spread(halo * np.float32(strength), color)
