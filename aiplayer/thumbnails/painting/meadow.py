"""A mountain meadow: two folds of grass with flowers, a stream, stones, a cabin."""

import numpy as np

from aiplayer.thumbnails.painting import land, trees
from aiplayer.thumbnails.painting.canvas import Fade, Halo, Layer
from aiplayer.thumbnails.painting.palette import GRASS, mix
from aiplayer.thumbnails.painting.sketch import Sketch
from aiplayer.thumbnails.painting.stage import Stage

FLOWERS = ("fff2f6", "ffd86a", "f49ac0", "b9a0f0")
# Depth of each fold's edge below the horizon in units, brightness of its grass, and its share of haze.
FOLDS = ((62, 0.92, 0.10), (140, 1.0, 0.0))
BLADES_A_FOLD = 260
FLOWERS_A_FOLD = 150
STREAM_POINTS = 60
STREAM_GLINTS = 26
TUFTS = 46
SMOKE_PUFFS = 8


def paint_meadow(stage: Stage, random: np.random.Generator) -> np.ndarray:
    """Paint the near meadow in two folds with a stream; return its far edge, float64 [n, 2]."""
    grass = stage.ground(GRASS[stage.scene.season])
    far_edge, near_edge = (_paint_fold(stage, random, grass, *fold) for fold in FOLDS)
    _paint_stream(stage, random, far_edge)
    _paint_tufts(stage, random, near_edge, grass)
    return far_edge


def _paint_fold(
    stage: Stage, random: np.random.Generator, grass: np.ndarray, drop: float, brightness: float, haze: float
) -> np.ndarray:
    """Paint one fold of the meadow and return its edge, float64 [n, 2]."""
    base = stage.horizon + drop
    line = land.ridge_line(random, stage.width, base, 50, 0.3, 1.6)
    layer = stage.canvas.layer()
    tone = grass * brightness
    land.fill_below(layer, line, land.BELOW_PICTURE, mix(tone, stage.light.haze, haze))

    for _ in range(BLADES_A_FOLD):
        x = random.uniform(0, stage.width)
        y = land.height_at(line, x) + random.uniform(6, 210)
        width = random.uniform(5, 22)
        height = random.uniform(0.8, 2.0)
        layer.ellipse(x, y, width, height, tone * random.uniform(0.9, 1.08))
    if not stage.snow and stage.scene.season in ("spring", "summer"):
        _draw_flowers(stage, layer, random, line)

    shadow = mix(grass * 0.5, stage.light.sky[0], 0.14)
    stage.canvas.add(layer, fade=Fade(shadow, base, 0.0, 740, 0.42 - 0.36 * stage.snow))
    return line


def _draw_flowers(stage: Stage, layer: Layer, random: np.random.Generator, line: np.ndarray) -> None:
    """Scatter flowers below a fold's edge, line [n, 2], larger toward the viewer."""
    for _ in range(FLOWERS_A_FOLD):
        x = random.uniform(0, stage.width)
        y = land.height_at(line, x) + random.uniform(14, 200)
        layer.circle(x, y, 0.7 + y / 420, stage.lit(random.choice(FLOWERS)))


def _paint_stream(stage: Stage, random: np.random.Generator, edge: np.ndarray) -> None:
    """Wind a stream that mirrors the sky from the far edge of the meadow, [n, 2], to the viewer."""
    share = np.linspace(0, 1, STREAM_POINTS)
    start = stage.width * random.uniform(0.36, 0.64)
    stop = stage.width * random.uniform(0.3, 0.7)
    top = float(land.height_at(edge, start)) + 2

    wind = np.sin(share**0.7 * 9 + random.uniform(0, 6)) * (20 + 110 * share) * share**0.4
    middle = start + (stop - start) * share**1.4 + wind
    half = 2 + 66 * share**1.6
    y = top + (735 - top) * share**1.15

    # The bank, the water over it, and a strip that mirrors the lower sky in the middle.
    sky = stage.light.sky
    bank = stage.ground("6a5a48") * 0.75
    water = mix(sky[1], stage.lit("4a90a8"), 0.35)
    for width_share, tone in ((1.14, bank), (1.0, water)):
        layer = stage.canvas.layer()
        layer.polygon(land.strip(middle, half * width_share, y), tone)
        stage.canvas.add(layer)

    layer = stage.canvas.layer()
    layer.polygon(land.strip(middle, half * 0.62, y), mix(sky[2], sky[1], 0.25))
    for point in random.integers(8, STREAM_POINTS, STREAM_GLINTS):
        x = middle[point] + random.uniform(-0.7, 0.7) * half[point]
        width = 3 + half[point] * 0.3
        height = 0.7 + half[point] * 0.018
        layer.ellipse(x, y[point], width, height, (1, 1, 1))
    stage.canvas.add(layer, opacity=0.65)


def _paint_tufts(stage: Stage, random: np.random.Generator, edge: np.ndarray, grass: np.ndarray) -> None:
    """Scatter tufts of grass, bushes and stones over the near meadow, whose edge is [n, 2]."""
    layer = stage.canvas.layer()
    blades = (grass * 0.66, mix(grass, (1, 1, 0.85), 0.2))

    for nearness in np.sort(random.uniform(0, 1, TUFTS)) ** 0.8:
        x = random.uniform(0, stage.width)
        base = float(land.height_at(edge, x)) + 12 + 150 * nearness
        kind = random.random()
        if kind < 0.10:
            trees.draw_bush(stage, layer, random, x, base, 20 + 34 * nearness)
        elif kind < 0.22:
            _draw_stone(stage, layer, x, base, 6 + 16 * nearness)
        else:
            left = x - 16 - 14 * nearness
            right = x + 16 + 14 * nearness
            trees.draw_grass(layer, random, left, right, base, 14 + 26 * nearness, blades, 9)
    stage.canvas.add(layer)


def _draw_stone(stage: Stage, layer: Layer, x: float, base: float, size: float) -> None:
    sketch = Sketch(layer, x, base, size)
    sketch.ellipse(0, 0.3, 1, 0.55, stage.lit("6c6a78"))
    sketch.ellipse(-0.2, 0.5, 0.66, 0.32, stage.ground("a09ca4"))


def paint_cabin(stage: Stage, x: float, base: float, size: float) -> None:
    """Paint a log cabin with lit windows and a smoking chimney, `size` units wide, its door at (x, base)."""
    layer = stage.canvas.layer()
    is_lit = stage.light.darkness > 0.3 or stage.scene.weather != "clear"
    _draw_cabin(stage, Sketch(layer, x, base, size), is_lit)
    stage.canvas.add(layer)

    smoke = mix(stage.light.haze, (1, 1, 1), 0.3)
    halos = []
    for puff in range(SMOKE_PUFFS):
        puff_x = x + size * (0.28 + 0.05 * puff)
        puff_y = base - size * (1.05 + 0.2 * puff)
        halos.append(Halo(puff_x, puff_y, 9 + 5 * puff, 12 + 4 * puff, smoke, 0.22 - 0.025 * puff))
    stage.canvas.glow(halos)
    if is_lit:
        stage.canvas.glow([Halo(x, base - size * 0.2, size * 1.5, size * 0.9, stage.light.lamps[0], 0.5)])


def _draw_cabin(stage: Stage, sketch: Sketch, is_lit: bool) -> None:
    wall = stage.lit("8a5a3c")
    sketch.box(-0.5, 0.42, 1, 0.42, wall)
    for share in np.linspace(0.1, 0.9, 5):
        log_y = sketch.base - sketch.size * 0.42 * share
        sketch.layer.box(sketch.x - sketch.size * 0.5, log_y, sketch.size, 1.3, wall * 0.78)

    chimney = stage.lit("7a6a68")
    sketch.box(0.22, 0.98, 0.13, 0.34, chimney)
    sketch.polygon([(-0.62, 0.38), (-0.34, 0.86), (0.34, 0.86), (0.62, 0.38)], stage.ground("5c4048"))
    eaves = stage.lit("3c2c34")
    sketch.polygon([(-0.62, 0.38), (0.62, 0.38), (0.62, 0.34), (-0.62, 0.34)], eaves)

    pane = stage.light.lamps[0] if is_lit else stage.lit("9cc0d8")
    for left in (-0.36, 0.14):
        sketch.box(left, 0.29, 0.2, 0.16, pane)
        sketch.box(left + 0.09, 0.29, 0.02, 0.16, wall * 0.6)
    door = wall * 0.62
    sketch.box(-0.09, 0.29, 0.16, 0.29, door)
