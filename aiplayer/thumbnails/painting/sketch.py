"""One thing on a sheet, drawn in shares of its size."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from aiplayer.thumbnails.painting.canvas import Layer


@dataclass(frozen=True)
class Sketch:
    """A thing that stands somewhere on a sheet.

    Every method takes places as (right, up): how far right of and above the foot of the thing, in shares of its size;
    negative for left and below. Lengths are shares of its size too.

    Attributes:
        layer: The sheet.
        x: Where the foot stands, in units.
        base: How low the foot stands, in units from the top of the picture.
        size: What the shares are shares of, in units.
    """

    layer: Layer
    x: float
    base: float
    size: float

    def point(self, right: float, up: float) -> tuple[float, float]:
        """Return a place in units, (x, y)."""
        return self.x + self.size * right, self.base - self.size * up

    def polygon(self, outline: Sequence[tuple[float, float]], color: np.ndarray) -> None:
        """Fill the polygon through the places of an outline."""
        points = [self.point(right, up) for right, up in outline]
        self.layer.polygon(points, color)

    def box(self, left: float, top: float, width: float, height: float, color: np.ndarray) -> None:
        """Fill a rectangle whose top left corner is (left, top)."""
        x, y = self.point(left, top)
        self.layer.box(x, y, self.size * width, self.size * height, color)

    def ellipse(
        self, right: float, up: float, radius_x: float, radius_y: float, color: np.ndarray, angle_deg: float = 0.0
    ) -> None:
        """Fill an ellipse around (right, up), turned clockwise by an angle."""
        x, y = self.point(right, up)
        self.layer.ellipse(x, y, self.size * radius_x, self.size * radius_y, color, angle_deg)

    def circle(self, right: float, up: float, radius: float, color: np.ndarray) -> None:
        """Fill a circle around (right, up)."""
        x, y = self.point(right, up)
        self.layer.circle(x, y, self.size * radius, color)

    def line(self, places: Sequence[tuple[float, float]], color: np.ndarray, width_units: float) -> None:
        """Draw an open line through places; its width alone is in units."""
        points = [self.point(right, up) for right, up in places]
        self.layer.line(points, color, width_units)
