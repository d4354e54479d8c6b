"""The perspective of a street: a corridor between two walls, seen along its middle."""

import cv2
import numpy as np

from aiplayer.thumbnails.painting.facade import FACADE_HEIGHT
from aiplayer.thumbnails.painting.stage import Stage

# Half the width of the street, the eye's height and the focal length, all in units of the near houses.
HALF_WIDTH, EYE, FOCAL = 330.0, 165.0, 340.0
# How large things look at the near and at the far end of the walls, and of the ground that runs out of the picture.
NEAR, FAR, NEAREST_GROUND = 2.7, 0.20, 4.0


class Corridor:
    """The perspective of the street; a scale says how large things look at a distance, from FAR to NEAR.

    Attributes:
        x: The vanishing point's x, in units.
        y: The vanishing point's y, in units.
        length: The length of a wall, in units of the near houses.
    """

    def __init__(self, stage: Stage, random: np.random.Generator) -> None:
        self.x = stage.width * random.uniform(0.40, 0.60)
        self.y = stage.horizon
        self.length = FOCAL * (1 / FAR - 1 / NEAR)

    def at(self, across: float, height: float, scale: float) -> tuple[float, float]:
        """Return where a point of the street stands in the picture.

        Args:
            across: Its place across the street, from -1 (left wall) to 1 (right wall).
            height: Its height above the ground, in units of the near houses.
            scale: How large things look at its distance.

        Returns:
            x and y in units.
        """
        x = self.x + across * HALF_WIDTH * scale
        y = self.y + (EYE - height) * scale
        return x, y

    def floor(self, left: float, right: float, start: float, stop: float) -> list[tuple[float, float]]:
        """Return the outline of a strip of ground.

        Args:
            left: Its left edge across the street, from -1 (left wall) to 1 (right wall).
            right: Its right edge.
            start: How large things look at one end of it.
            stop: How large things look at its other end.

        Returns:
            Its four corners, x and y in units.
        """
        first_end = [self.at(left, 0, start), self.at(right, 0, start)]
        last_end = [self.at(right, 0, stop), self.at(left, 0, stop)]
        return first_end + last_end

    def wall(self, side: float) -> np.ndarray:
        """Return the matrix, float64 [3, 3], that folds a facade (in its units) onto a wall: -1 left, 1 right."""
        corners = [(0.0, 0.0), (self.length, 0.0), (self.length, FACADE_HEIGHT), (0.0, FACADE_HEIGHT)]
        flat = np.array(corners, dtype=np.float32)
        if side > 0:
            flat[:, 0] = self.length - flat[:, 0]

        folded = [
            self.at(side, FACADE_HEIGHT, NEAR),
            self.at(side, FACADE_HEIGHT, FAR),
            self.at(side, 0, FAR),
            self.at(side, 0, NEAR),
        ]
        return cv2.getPerspectiveTransform(flat, np.array(folded, dtype=np.float32))
