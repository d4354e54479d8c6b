"""The folds of farmland: hills in stripes of crops, hedges on the far ones."""

import numpy as np

from aiplayer.thumbnails.painting import land, trees
from aiplayer.thumbnails.painting.canvas import Fade
from aiplayer.thumbnails.painting.layer import WHITE, Layer
from aiplayer.thumbnails.painting.palette import mix
from aiplayer.thumbnails.painting.stage import Stage

CROPS = {
    "spring": ("8cc45c", "b5d468", "f0d860", "6fae5a", "9ccc70"),
    "summer": ("58a848", "8cc04c", "3f9048", "a8c850", "d8c858"),
    "autumn": ("d8a848", "c08038", "e8c060", "a86c3c", "b8984c"),
    "winter": ("a09880", "8c8a78", "b4aa90", "948c78", "a8a08c"),
}
# Depth into the haze and height below the horizon in units, from the farthest hill to the nearest.
HILLS = ((0.50, 24), (0.32, 62), (0.15, 120), (0.0, 200))
# Only the two farthest hills have hedges.
HEDGED_HILLS = 2
HEDGE_DISTANCE = 22
CROP_ROWS = 46
# How far the rows of crops fan out to each side of the point they come from.
FAN = 2.6


def paint_hills(stage: Stage, random: np.random.Generator) -> list[np.ndarray]:
    """Paint four hills in front of each other.

    Args:
        stage: The picture being painted, down to what lies behind the hills.
        random: The generator of the hills' shapes and crops.

    Returns:
        The edge of each hill from the farthest to the nearest, each float [points, 2] in units.
    """
    lines = []
    for index in range(len(HILLS)):
        line = _paint_hill(stage, random, index)
        if index < HEDGED_HILLS:
            _paint_hedges(stage, random, line, HILLS[index][0] + 0.12)
        lines.append(line)
    return lines


def _paint_hill(stage: Stage, random: np.random.Generator, index: int) -> np.ndarray:
    """Paint one hill with its rows of crops; return its edge."""
    depth, below_horizon = HILLS[index]
    base = stage.horizon + below_horizon
    line = land.ridge_line(random, stage.width, base, 30 + 16 * index, 0.25, random.uniform(1.2, 2.2))

    crop = stage.ground(random.choice(CROPS[stage.scene.season]), depth)
    layer = stage.canvas.layer()
    vanish_x = random.uniform(0.1, 0.9) * stage.width
    land.fill_below(layer, line, 760, crop)
    _draw_crop_rows(stage, layer, line, index, crop, vanish_x)
    _erase_above(layer, line)

    haze_at_top = 0.42 * (1 - index / len(HILLS))
    fade = Fade(stage.light.haze, line[:, 1].min(), haze_at_top, base + _row_length(index), 0.0)
    stage.canvas.add(layer, fade=fade)
    return line


def _row_length(index: int) -> float:
    """Return how far down a hill its rows of crops reach, in units."""
    return 40 + 62 * index


def _draw_crop_rows(
    stage: Stage, layer: Layer, line: np.ndarray, index: int, crop: np.ndarray, vanish_x: float
) -> None:
    """Draw rows of crops, dark and pale in turn, that fan out from a point behind the hill."""
    shade = mix(crop * 0.84, stage.lit("3a5a50", HILLS[index][0]), 0.25)
    dark = mix(shade, crop, 0.55 * stage.snow)
    pale = mix(crop, (1, 1, 0.9), 0.07)
    row_width = 2.0 + 3.2 * index
    foot_spread = 300 + 330 * (index + 1) / len(HILLS)

    for row, angle in enumerate(np.linspace(-FAN, FAN, CROP_ROWS)):
        top_x = vanish_x + angle * 190
        foot_x = vanish_x + angle * foot_spread
        width = row_width * (1 + abs(angle) * 0.15)
        inside_x = np.clip(top_x, -20, stage.width + 20)
        top_y = float(land.height_at(line, inside_x))
        foot_y = top_y + _row_length(index) + 60
        corners = [
            (top_x - width * 0.3, top_y + 1),
            (top_x + width * 0.3, top_y + 1),
            (foot_x + width, foot_y),
            (foot_x - width, foot_y),
        ]
        layer.polygon(corners, dark if row % 2 else pale)


def _erase_above(layer: Layer, line: np.ndarray) -> None:
    """Erase what strays above the edge of a hill."""
    corners = [(line[-1, 0], -60), (line[0, 0], -60)]
    above = np.concatenate([line - (0, 0.5), corners])
    height_px, width_px = layer.pixels.shape[:2]
    mask = Layer(width_px, height_px, layer.scale)
    mask.polygon(above, WHITE)
    layer.pixels[mask.pixels[..., 3] > 127] = 0


def _paint_hedges(stage: Stage, random: np.random.Generator, line: np.ndarray, depth: float) -> None:
    """Paint bushes along the edge of a hill, with gaps."""
    for x in np.arange(0, stage.width, HEDGE_DISTANCE):
        if random.random() < 0.4:
            layer = stage.canvas.layer()
            base = float(land.height_at(line, x)) + 4
            trees.draw_bush(stage, layer, random, x, base, random.uniform(16, 28), depth)
            stage.canvas.add(layer)
