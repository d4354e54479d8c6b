"""Seeded noise: ridge lines and soft two-dimensional textures."""

import cv2
import numpy as np

# How many times finer each octave of a ridge is than the one before, and the strength below which none is added.
RIDGE_REFINEMENT = 2.1
FAINTEST_OCTAVE = 0.02
# Octaves that are added up lean toward the middle; these spread the sum over the whole range again.
RIDGE_CONTRAST = 1.6
TEXTURE_CONTRAST = 1.3


def ridge(generator: np.random.Generator, count: int, roughness: float = 0.5, cells: float = 4.0) -> np.ndarray:
    """Draw a fractal line.

    Args:
        generator: It draws the knots of every octave.
        count: How many points the line has.
        roughness: How much of its strength each finer octave keeps, 0 to 1.
        cells: How many broad waves fit in the line.

    Returns:
        float64 [count], from about -1 to 1.
    """
    line = np.zeros(count)
    strength = 1.0
    total_strength = 0.0

    while cells < count / 2 and strength > FAINTEST_OCTAVE:
        knots = generator.uniform(-1, 1, int(np.ceil(cells)) + 4)
        positions = np.linspace(1, 1 + cells, count)
        line += strength * _interpolate(knots, positions)
        total_strength += strength
        strength *= roughness
        cells *= RIDGE_REFINEMENT

    return line / max(total_strength, 1e-6) * RIDGE_CONTRAST


def _interpolate(knots: np.ndarray, positions: np.ndarray) -> np.ndarray:
    """Interpolate between knots with a cosine, so that the line has no corners.

    Args:
        knots: float64 [knots], the heights at the positions 0, 1, 2 and so on.
        positions: float64 [count], from 0 to below the last knot.

    Returns:
        float64 [count].
    """
    left = positions.astype(int)
    share = (1 - np.cos((positions - left) * np.pi)) / 2
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
    """Draw fractal value noise.

    Args:
        generator: It draws the grid of every octave.
        width: Columns of the result.
        height: Rows of the result.
        cells_x: How many broad spots lie side by side.
        cells_y: How many broad spots lie one above the other.
        octaves: How many grids are added up, each twice as fine as the one before.
        roughness: How much of its strength each finer octave keeps, 0 to 1.

    Returns:
        float32 [height, width], from 0 to 1 with a mean of about one half.
    """
    total = np.zeros((height, width), np.float32)
    strength = 1.0
    total_strength = 0.0

    for _ in range(octaves):
        rows = max(3, min(height, round(cells_y) + 2))
        columns = max(3, min(width, round(cells_x) + 2))
        grid = generator.random((rows, columns), dtype=np.float32)
        octave = cv2.resize(grid, (width, height), interpolation=cv2.INTER_CUBIC)
        total += np.float32(strength) * octave
        total_strength += strength
        strength *= roughness
        cells_x *= 2
        cells_y *= 2

    mean = total / np.float32(total_strength)
    return np.clip((mean - 0.5) * TEXTURE_CONTRAST + 0.5, 0.0, 1.0)


def step(values: np.ndarray, low: float, high: float) -> np.ndarray:
    """Return 0 where values are below low, 1 where they are above high, and a smooth curve between."""
    share = np.clip((values - low) / (high - low), 0.0, 1.0)
    return share * share * (3 - 2 * share)
