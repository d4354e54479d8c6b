"""Outlines of shapes: placing, turning, lowering and joining points."""

import numpy as np

from aiplayer.thumbnails.painting.layer import Points


def place(shares: Points, x: float, base: float, size: float) -> np.ndarray:
    """Scale an outline that is drawn in shares of a size, and stand it on its foot.

    Args:
        shares: float [n, 2], x and y as shares of the size, measured from the foot; up is negative.
        x: Where the foot stands, in units.
        base: How low the foot stands, in units.
        size: What the shares are shares of, in units.

    Returns:
        float64 [n, 2], in units.
    """
    return np.array(shares) * size + (x, base)


def turn(points: np.ndarray, angle: float) -> np.ndarray:
    """Turn points, float [n, 2], around the origin by an angle in radians, clockwise on the picture."""
    rotation = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return points @ rotation


def lower(line: np.ndarray, distances: np.ndarray) -> np.ndarray:
    """Move every point of a line, float [n, 2], down by its own distance, float [n]; up where it is negative."""
    return line + np.stack([np.zeros(len(line)), distances], axis=1)


def band(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return the closed outline, float [n + m, 2], of the band between two lines that run in the same direction."""
    return np.concatenate([first, second[::-1]])
