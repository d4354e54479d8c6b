"""Seeded noise: ridge lines and soft two-dimensional textures."""

import cv2
import numpy as np


def ridge(generator: np.random.Generator, count: int, roughness: float = 0.5, cells: float = 4.0) -> np.ndarray:
    """Return a fractal line [count], from about -1 to 1.

    cells: how many broad waves fit in the line; roughness: how much each finer octave keeps of the one before, 0 to 1.
    """
    line, strength, total = np.zeros(count), 1.0, 0.0
    while cells < count / 2 and strength > 0.02:
        knots = generator.uniform(-1, 1, int(np.ceil(cells)) + 4)
        line += strength * _smooth(knots, np.linspace(1, 1 + cells, count))
        total += strength
        strength, cells = strength * roughness, cells * 2.1
    return line / max(total, 1e-6) * 1.6


def _smooth(knots: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Interpolate between knots with a cosine, so that the line has no corners."""
    left = at.astype(int)
    share = (1 - np.cos((at - left) * np.pi)) / 2
    return knots[left] * (1 - share) + knots[left + 1] * share


def texture(
    generator: np.random.Generator,
    width: int,
    height: int,
    cells_x: float,
    cells_y: float,
    octaves: int = 4,
    roughness: float = 0.55,
) -> np.ndarray:
    """Return fractal value noise, float32 [height, width], from 0 to 1 with a mean of about one half."""
    total, strength, weight = np.zeros((height, width), np.float32), 1.0, 0.0
    for _ in range(octaves):
        rows, columns = max(3, min(height, round(cells_y) + 2)), max(3, min(width, round(cells_x) + 2))
        grid = generator.random((rows, columns), dtype=np.float32)
        total += np.float32(strength) * cv2.resize(grid, (width, height), interpolation=cv2.INTER_CUBIC)
        weight += strength
        strength, cells_x, cells_y = strength * roughness, cells_x * 2, cells_y * 2
    return np.clip((total / np.float32(weight) - 0.5) * 1.3 + 0.5, 0.0, 1.0)


def step(values: np.ndarray, low: float, high: float) -> np.ndarray:
    """Return 0 below low, 1 above high, and a smooth curve between."""
    share = np.clip((values - low) / (high - low), 0.0, 1.0)
    return share * share * (3 - 2 * share)
