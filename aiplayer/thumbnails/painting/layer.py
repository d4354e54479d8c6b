"""The transparent sheet that shapes are drawn on before it is laid over the picture.

Lengths are in units: the picture is 720 units high whatever its size in pixels. Colors are three floats from 0 to 1.
"""

from collections.abc import Sequence

import cv2
import numpy as np

Color = np.ndarray | tuple[float, float, float]
Point = np.ndarray | tuple[float, float]
Points = np.ndarray | Sequence[Point]

# OpenCV takes coordinates as whole numbers of sixteenths of a pixel.
SUBPIXEL_BITS = 4
SUBPIXELS = 1 << SUBPIXEL_BITS
FILLED = -1
WHITE: Color = (1.0, 1.0, 1.0)


class Layer:
    """A transparent sheet to draw opaque, anti-aliased shapes on.

    Attributes:
        pixels: Premultiplied RGBA, uint8 [height, width, 4].
        scale: Pixels in one unit.
        top: First pixel row that a shape has touched.
        bottom: Pixel row below the last one that a shape has touched.
    """

    def __init__(self, width_px: int, height_px: int, scale: float) -> None:
        self.pixels: np.ndarray = np.zeros((height_px, width_px, 4), dtype=np.uint8)
        self.scale = scale
        self.top = height_px
        self.bottom = 0

    def polygon(self, points: Points, color: Color) -> None:
        """Fill a polygon.

        Args:
            points: Its corners, float [corners, 2], in units.
            color: The color to fill it with.
        """
        corners = self._subpixels(points)
        heights = corners[:, 1]
        self._touch(heights.min() / SUBPIXELS, heights.max() / SUBPIXELS)
        cv2.fillPoly(self.pixels, [corners], _ink(color), cv2.LINE_AA, SUBPIXEL_BITS)

    def box(self, x: float, y: float, width: float, height: float, color: Color) -> None:
        """Fill a rectangle, on whole pixels so that its edges are crisp.

        Args:
            x: Left edge, in units.
            y: Top edge, in units.
            width: Width in units; at least one pixel is filled.
            height: Height in units; at least one pixel is filled.
            color: The color to fill it with.
        """
        left = round(x * self.scale)
        top = round(y * self.scale)
        right = max(left + 1, round((x + width) * self.scale))
        bottom = max(top + 1, round((y + height) * self.scale))

        self._touch(top, bottom)
        rows = slice(max(top, 0), max(bottom, 0))
        columns = slice(max(left, 0), max(right, 0))
        self.pixels[rows, columns] = _ink(color)

    def ellipse(
        self,
        x: float,
        y: float,
        radius_x: float,
        radius_y: float,
        color: Color,
        angle_deg: float = 0.0,
        start_deg: float = 0.0,
        end_deg: float = 360.0,
    ) -> None:
        """Fill an ellipse, or the part of it between two angles.

        Args:
            x: Center from the left edge, in units.
            y: Center from the top edge, in units.
            radius_x: Half the width before the ellipse is turned, in units.
            radius_y: Half the height before the ellipse is turned, in units.
            color: The color to fill it with.
            angle_deg: Clockwise turn of the whole ellipse, in degrees.
            start_deg: Where the filled part starts, in degrees clockwise from the right.
            end_deg: Where the filled part ends, in degrees clockwise from the right.
        """
        center = self._subpixels([(x, y)])[0]
        half_width = max(1, round(radius_x * self.scale * SUBPIXELS))
        half_height = max(1, round(radius_y * self.scale * SUBPIXELS))

        # However the ellipse is turned, it stays inside a circle of its longer radius.
        middle_px = center[1] / SUBPIXELS
        reach_px = max(half_width, half_height) / SUBPIXELS
        self._touch(middle_px - reach_px, middle_px + reach_px)

        cv2.ellipse(
            self.pixels,
            center.tolist(),
            (half_width, half_height),
            angle_deg,
            start_deg,
            end_deg,
            _ink(color),
            FILLED,
            cv2.LINE_AA,
            SUBPIXEL_BITS,
        )

    def circle(self, x: float, y: float, radius: float, color: Color) -> None:
        """Fill a circle.

        Args:
            x: Center from the left edge, in units.
            y: Center from the top edge, in units.
            radius: Radius in units.
            color: The color to fill it with.
        """
        center = self._subpixels([(x, y)])[0]
        reach = max(1, round(radius * self.scale * SUBPIXELS))
        self._touch((center[1] - reach) / SUBPIXELS, (center[1] + reach) / SUBPIXELS)
        cv2.circle(self.pixels, center.tolist(), reach, _ink(color), FILLED, cv2.LINE_AA, SUBPIXEL_BITS)

    def line(self, points: Points, color: Color, width: float = 1.0) -> None:
        """Draw an open line.

        Args:
            points: The points that it runs through, float [points, 2], in units.
            color: The color to draw it in.
            width: Width of the stroke in units; it is drawn at least one pixel wide.
        """
        knots = self._subpixels(points)
        heights = knots[:, 1]
        thickness_px = max(1, round(width * self.scale))
        self._touch(heights.min() / SUBPIXELS - thickness_px, heights.max() / SUBPIXELS + thickness_px)
        cv2.polylines(self.pixels, [knots], False, _ink(color), thickness_px, cv2.LINE_AA, SUBPIXEL_BITS)

    def limb(self, start: Point, end: Point, start_width: float, end_width: float, color: Color) -> None:
        """Draw a straight stroke that tapers from one width to another.

        Args:
            start: One end, (x, y), in units.
            end: The other end, (x, y), in units.
            start_width: Width at the start, in units.
            end_width: Width at the end, in units.
            color: The color to draw it in.
        """
        start = np.asarray(start, dtype=float)
        end = np.asarray(end, dtype=float)
        along = end - start

        # Half a unit to the side; the small number keeps a stroke of no length from dividing by zero.
        length = np.hypot(*along) + 1e-6
        across = np.array([-along[1], along[0]]) / length / 2

        corners = [
            start + across * start_width,
            end + across * end_width,
            end - across * end_width,
            start - across * start_width,
        ]
        self.polygon(corners, color)

    def stamp(self, brush: np.ndarray, x: float, y: float, width: float, height: float, color: Color) -> None:
        """Press a brush onto the sheet in one color.

        Args:
            brush: How strongly each spot of the brush colors, float32 [rows, columns], 0 to 1.
            x: Center from the left edge, in units.
            y: Center from the top edge, in units.
            width: Width of the print in units.
            height: Height of the print in units.
            color: The color of the print.
        """
        width_px = max(2, round(width * self.scale))
        height_px = max(2, round(height * self.scale))
        left = round(x * self.scale - width_px / 2)
        top = round(y * self.scale - height_px / 2)

        sheet_height, sheet_width = self.pixels.shape[:2]
        first_row = max(top, 0)
        last_row = min(top + height_px, sheet_height)
        first_column = max(left, 0)
        last_column = min(left + width_px, sheet_width)
        if first_row >= last_row or first_column >= last_column:
            return

        resized = cv2.resize(brush, (width_px, height_px), interpolation=cv2.INTER_AREA)
        mask = resized[first_row - top : last_row - top, first_column - left : last_column - left]
        target = self.pixels[first_row:last_row, first_column:last_column]
        ink = np.empty(target.shape, np.uint8)
        ink[:] = np.round(_ink(color))
        target[:] = cv2.blendLinear(ink, target, np.ascontiguousarray(mask), 1.0 - mask)

        self._touch(first_row, last_row)

    def _subpixels(self, points: Points) -> np.ndarray:
        """Turn points in units into OpenCV's fixed-point coordinates, int32 of the same shape."""
        # OpenCV's pixel 0 has its center at 0, ours at one half.
        pixels = np.asarray(points, dtype=np.float64) * self.scale - 0.5
        return np.round(pixels * SUBPIXELS).astype(np.int32)

    def _touch(self, top: float, bottom: float) -> None:
        """Extend the band of touched rows, with a margin for anti-aliased edges."""
        self.top = max(0, min(self.top, int(top) - 2))
        self.bottom = min(self.pixels.shape[0], max(self.bottom, int(bottom) + 3))


def _ink(color: Color) -> tuple[float, float, float, float]:
    """Turn a color into opaque RGBA from 0 to 255; what is out of range is cut off."""
    red, green, blue = color
    return (
        min(max(red * 255.0, 0.0), 255.0),
        min(max(green * 255.0, 0.0), 255.0),
        min(max(blue * 255.0, 0.0), 255.0),
        255.0,
    )
