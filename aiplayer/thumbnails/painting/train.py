"""A train, on a low viaduct through the land or on a bridge over a street."""

import numpy as np

from aiplayer.thumbnails.painting.canvas import Halo
from aiplayer.thumbnails.painting.layer import Layer
from aiplayer.thumbnails.painting.palette import color, mix
from aiplayer.thumbnails.painting.sketch import Sketch
from aiplayer.thumbnails.painting.stage import Stage

COACH_COLORS = ("c8584a", "4a7aa8", "5a9a7a", "e8c058")
# The train in units, where its size is 1.
COACHES, COACH_SPACING, COACH_WIDTH, COACH_HEIGHT = 4, 108, 104, 26.0
WINDOWS_A_COACH = 6
VIADUCT_SIZE = 1.5
ARCH_SPACING = 58
# How high the coaches stand over the height of the rails, in units.
RAIL_HEIGHT = 6
# How far the first coach on a bridge is from its end, in units.
BEFORE_END = 30


def paint_train(stage: Stage) -> None:
    """Run a train over a low viaduct or a bridge, lit in the dark and in bad weather.

    Args:
        stage: The picture being painted; its spots may hold "rail".
    """
    y, depth, *bridge = stage.spots.get("rail", (stage.horizon + 4, 0.4))
    size, left, right = bridge or (VIADUCT_SIZE, 0.0, stage.width)
    random = stage.random("train")
    layer = stage.canvas.layer()
    stone = stage.ground("9a8c88", depth)
    coach = stage.lit(random.choice(COACH_COLORS), depth * 0.3)
    pane = stage.light.lamps[0] if stage.lamps_burn else stage.lit("dce8f0", depth)

    start = stage.width * random.uniform(0.06, 0.3)
    if bridge:
        start = right - BEFORE_END - COACHES * COACH_SPACING * size
        layer.box(left, y - RAIL_HEIGHT, right - left, 22, stone * 0.8)
    else:
        _draw_viaduct(stage, layer, random, y, stone)
    train = Sketch(layer, start, y - RAIL_HEIGHT, size)
    for index in range(COACHES):
        _draw_coach(stage, train, index * COACH_SPACING, depth, coach, pane)
    _draw_nose(train, COACHES * COACH_SPACING - 4, coach)

    _clear_outside(layer, left, right)
    stage.canvas.add(layer)
    if stage.lamps_burn:
        stage.canvas.glow([halo for halo in _halos(train, pane) if left <= halo.x <= right])


def _halos(train: Sketch, pane: np.ndarray) -> list[Halo]:
    """Return the light of the windows and of the headlamp."""
    halos = []
    for index in range(COACHES):
        x, y = train.point(index * COACH_SPACING + COACH_WIDTH / 2, 12)
        halos.append(Halo(x, y, 80 * train.size, 34 * train.size, pane, 0.4))

    headlamp = train.point(COACHES * COACH_SPACING + 36, 6)
    return [*halos, Halo(*headlamp, 90, 26, color("fff0c0"), 0.6)]


def _clear_outside(layer: Layer, left: float, right: float) -> None:
    """Wipe what reaches over the ends of a bridge off the sheet."""
    layer.pixels[:, : max(0, round(left * layer.scale))] = 0
    layer.pixels[:, max(0, round(right * layer.scale)) :] = 0


def _draw_viaduct(stage: Stage, layer: Layer, random: np.random.Generator, y: float, stone: np.ndarray) -> None:
    """Draw a row of arches, the rails at height y in units."""
    opening = mix(stone * 0.55, stage.light.haze, 0.3)
    layer.box(0, y - 6, stage.width, 9, stone)
    for x in np.arange(random.uniform(-60, 0), stage.width + 60, ARCH_SPACING):
        middle = x + 34.5
        layer.box(x, y, 11, 40, stone * 0.9)
        layer.ellipse(middle, y + 24, 23.5, 22, stone, 0, 180, 360)
        layer.ellipse(middle, y + 26, 20, 19, opening, 0, 180, 360)


def _draw_coach(stage: Stage, train: Sketch, left: float, depth: float, coach: np.ndarray, pane: np.ndarray) -> None:
    """Draw one coach from `left` to the right: its side, its roof, a stripe and its windows."""
    roof = stage.snow_tone(depth) if stage.snow else mix(coach, (1, 1, 1), 0.35)
    train.box(left, COACH_HEIGHT, COACH_WIDTH, COACH_HEIGHT, coach)
    train.box(left, COACH_HEIGHT, COACH_WIDTH, 4, roof)
    train.box(left, 7, COACH_WIDTH, 3, mix(coach, (1, 1, 1), 0.5))
    for window in range(WINDOWS_A_COACH):
        train.box(left + 7 + window * 16, COACH_HEIGHT * 0.76, 11, 9, pane)


def _draw_nose(train: Sketch, left: float, coach: np.ndarray) -> None:
    """Draw the slanting nose of the first coach."""
    outline = [(0, 0), (0, COACH_HEIGHT), (12, COACH_HEIGHT), (26, 8), (28, 0)]
    train.polygon([(left + right, up) for right, up in outline], coach)
