"""A forest: trunks behind trunks in colored haze, a canopy, a winding path, shafts of light."""

import cv2
import numpy as np

from aiplayer.thumbnails.painting import forest_trees, land, trees
from aiplayer.thumbnails.painting.canvas import Fade, Halo, Layer
from aiplayer.thumbnails.painting.elements import paint_far_elements
from aiplayer.thumbnails.painting.palette import GRASS, mix
from aiplayer.thumbnails.painting.sky import paint_sky
from aiplayer.thumbnails.painting.stage import Stage

# How far into the haze each rank of trees stands, the farthest first.
RANKS = (0.74, 0.52, 0.28)
FIR_FOREST_PROBABILITY = 0.35
LITTER = {**GRASS, "autumn": "a8643a"}
# How high over the horizon the moon stands in the gap over the path, in units.
MOON_RISE = 190
# How far to both sides of the path the sky shows, in units.
GAP_HALF_WIDTH = 170
SHAFTS = 7
SHAFT_DEPTH = 560
PATH_POINTS = 40
PATH_STONES = 70
TUFTS_A_SIDE = 16
FIREFLIES = 46
FIREFLY_COLOR = np.array([0.85, 1.0, 0.45])


def paint_forest(stage: Stage) -> None:
    """Paint the inside of a forest."""
    random = stage.random("forest")
    stage.set_horizon(random.uniform(430, 480))
    has_firs = random.random() < FIR_FOREST_PROBABILITY
    # Where the path leads and the forest is brightest.
    focus = stage.width * random.uniform(0.38, 0.62)
    stage.spots["sky"] = (focus - GAP_HALF_WIDTH, focus + GAP_HALF_WIDTH)
    if stage.has("moon"):
        stage.sun = (focus, stage.horizon - MOON_RISE)
    paint_sky(stage)

    forest_trees.paint_backdrop(stage, random, focus)
    stage.spots |= {
        "ground": [(focus + 190, 640, 115.0), (focus - 210, 655, 115.0)],
        "rail": (stage.horizon - 14, 0.4),
        "landmark": (focus - 20, stage.horizon + 14, 190.0),
    }
    paint_rank = forest_trees.paint_firs if has_firs else forest_trees.paint_trunks
    for depth in RANKS:
        # What stands far off is seen between the nearest trees.
        if depth == RANKS[-1]:
            paint_far_elements(stage)
        _paint_floor(stage, random, depth, focus)
        paint_rank(stage, random, depth, focus)
        if depth > 0.5:
            stage.canvas.glow([Halo(focus, stage.horizon - 60, 420, 330, stage.light.haze, 0.26)])

    _paint_shafts(stage, random, focus)
    _paint_floor(stage, random, 0.0, focus)
    _paint_path(stage, random, focus)
    _paint_undergrowth(stage, random)
    forest_trees.paint_frame(stage, random, focus)
    if stage.scene.hour == "night" and stage.scene.season == "summer":
        _paint_fireflies(stage, random)


def _paint_floor(stage: Stage, random: np.random.Generator, depth: float, focus: float) -> None:
    """Paint one fold of the ground with bushes along its edge."""
    base = stage.horizon + 10 + (0.74 - depth) * 110
    line = land.ridge_line(random, stage.width, base, 26, 0.4, 3)
    layer = stage.canvas.layer()
    snow_free = 1 - 0.8 * stage.snow
    shade = 1 - (0.28 - 0.2 * depth) * snow_free
    tone = stage.ground(LITTER[stage.scene.season], depth) * shade

    _draw_edge_bushes(stage, layer, random, line, depth, focus)
    land.fill_below(layer, line, land.BELOW_PICTURE, tone)
    for _ in range(int(150 * (1 - depth))):
        x = random.uniform(0, stage.width)
        y = land.height_at(line, x) + random.uniform(6, 200)
        width = random.uniform(8, 34)
        height = random.uniform(1, 2.6)
        layer.ellipse(x, y, width, height, tone * random.uniform(0.86, 1.16))

    stage.canvas.add(layer, fade=Fade(stage.light.haze, base, 0.25 * depth, 740, 0.0))
    if depth == 0.0:
        glow = mix(stage.light.sky[3], stage.light.sun, 0.5)
        stage.canvas.glow([Halo(focus, base + 30, 420, 120, glow, 0.38)])


def _draw_edge_bushes(
    stage: Stage, layer: Layer, random: np.random.Generator, line: np.ndarray, depth: float, focus: float
) -> None:
    """Stand bushes along the edge of a fold of the ground, line [n, 2], but for a gap where the path leads."""
    half_gap = 90 + 160 * (1 - depth)
    for column in np.arange(0, stage.width, 90):
        x = column + random.uniform(-30, 30)
        if abs(x - focus) > half_gap and random.random() < 0.7:
            base = float(land.height_at(line, x)) + 8
            size = random.uniform(26, 44) * (1.5 - depth)
            trees.draw_bush(stage, layer, random, x, base, size, depth)


def _paint_shafts(stage: Stage, random: np.random.Generator, focus: float) -> None:
    """Let light fall in slanting shafts; at night only the moon does that."""
    is_night = stage.scene.hour == "night"
    if stage.scene.weather in ("rain", "snow") or (is_night and not stage.has("moon")):
        return

    layer = stage.canvas.layer(reduce=4)
    lean = random.uniform(0.35, 0.7) * random.choice([-1, 1])
    for _ in range(SHAFTS):
        x = focus + random.normal(0, 240)
        width = random.uniform(16, 60)
        # A shaft widens on both sides on its way down.
        foot_right = x + width * 2.2 + lean * SHAFT_DEPTH
        foot_left = x + lean * SHAFT_DEPTH - width
        shaft = [(x, -20), (x + width, -20), (foot_right, SHAFT_DEPTH), (foot_left, SHAFT_DEPTH)]
        layer.polygon(shaft, (1, 1, 1))

    mask = cv2.GaussianBlur(layer.pixels[..., 3], (0, 0), 4).astype(np.float32) / 255
    mask *= np.linspace(1.0, 0.0, mask.shape[0], dtype=np.float32)[:, None] ** 0.8
    strength = 0.16 if is_night else 0.36
    stage.canvas.blend(mask * strength, mix(stage.light.sun, stage.light.sky[3], 0.4))


def _paint_path(stage: Stage, random: np.random.Generator, focus: float) -> None:
    """Wind a path from the viewer to the bright gap."""
    share = np.linspace(0, 1, PATH_POINTS)
    sway = np.sin(share * 4.2 + random.uniform(0, 6)) * 62 * share * (1.1 - share * 0.5)
    middle = focus + sway + (stage.width / 2 - focus) * share**2
    half = 14 + 190 * share**1.7
    y = stage.horizon + 14 + (730 - stage.horizon - 14) * share

    layer = stage.canvas.layer()
    tone = mix(stage.ground("c8a878"), stage.light.haze, 0.25)
    layer.polygon(land.strip(middle, half * 1.12, y), tone * 0.8)
    layer.polygon(land.strip(middle, half, y), tone)

    for _ in range(PATH_STONES):
        # The exponent crowds the stones toward the viewer.
        point = min(int(PATH_POINTS * random.random() ** 0.6), PATH_POINTS - 1)
        x = middle[point] + random.uniform(-0.9, 0.9) * half[point]
        width = 3 + 14 * share[point]
        height = 0.8 + 2 * share[point]
        layer.ellipse(x, y[point], width, height, tone * random.uniform(0.86, 1.08))
    stage.canvas.add(layer, fade=Fade(stage.light.haze, stage.horizon, 0.5, 640, 0.0))


def _paint_undergrowth(stage: Stage, random: np.random.Generator) -> None:
    """Let grass and bushes grow in from both sides, lower and farther in toward the viewer."""
    layer = stage.canvas.layer()
    grass = stage.ground(GRASS[stage.scene.season]) * 0.72
    blades = (grass * 0.7, mix(grass, (1, 1, 0.85), 0.2))

    for edge, side in ((0, 1), (stage.width, -1)):
        for index in range(TUFTS_A_SIDE):
            x = edge + side * random.uniform(0, 0.36) * stage.width * (1 - index / 40)
            base = 590 + index * 9
            trees.draw_grass(layer, random, x - 34, x + 34, base, random.uniform(26, 54), blades, 12)
            if index % 3 == 0:
                trees.draw_bush(stage, layer, random, x - side * 30, base + 6, random.uniform(46, 84))
    stage.canvas.add(layer)


def _paint_fireflies(stage: Stage, random: np.random.Generator) -> None:
    """Scatter fireflies over the lower half of the picture, each with a halo."""
    layer = stage.canvas.layer()
    halos = []
    for _ in range(FIREFLIES):
        x = random.uniform(0, stage.width)
        y = random.uniform(330, 690)
        size = random.uniform(1.2, 2.6)
        layer.circle(x, y, size, FIREFLY_COLOR)
        halos.append(Halo(x, y, size * 10, size * 10, FIREFLY_COLOR, 0.6))

    stage.canvas.add(layer, opacity=0.9)
    stage.canvas.glow(halos)
