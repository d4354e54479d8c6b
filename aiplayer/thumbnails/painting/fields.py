"""Fields: rolling hills in stripes of crops, a lone tree, a farmhouse, flowers in front."""

import numpy as np

from aiplayer.thumbnails.painting import land, trees
from aiplayer.thumbnails.painting.canvas import Fade, Halo, Rim
from aiplayer.thumbnails.painting.elements import paint_far_elements
from aiplayer.thumbnails.painting.hills import CROPS, paint_hills
from aiplayer.thumbnails.painting.layer import Color, Layer
from aiplayer.thumbnails.painting.palette import mix
from aiplayer.thumbnails.painting.sky import paint_sky
from aiplayer.thumbnails.painting.stage import Stage

FLOWERS = {
    "spring": ("f8a8c8", "fff0f4", "ffd860", "e88ab4"),
    "summer": ("8a70d8", "a890e8", "ffe070", "f06a6a"),
    "autumn": ("e8b040", "d87838", "f0d890", "c85830"),
    "winter": ("c8c0a8", "b0a890", "d8d4c8", "a09a88"),
}
PETALS = 5
# The turn from one of five petals to the next, in radians.
PETAL_TURN = 1.257
# Left edge from the farm's middle, width and height in units, and the colors of wall and roof.
FARM = (
    (-44, 40, 24, "e8ddcc", "8a4a44"),
    (6, 46, 28, "a8483c", "5a4a52"),
)
FARM_DEPTH = 0.22
POST_DISTANCE = 74


def paint_fields(stage: Stage) -> None:
    """Paint rolling farmland.

    Args:
        stage: The picture being painted; takes the spots for the elements.
    """
    random = stage.random("fields")
    stage.set_horizon(random.uniform(370, 430))
    paint_sky(stage)
    land.paint_ridges(stage, 2, stage.horizon - 60, stage.horizon + 6, "5c7c8c", nearest=0.62)

    side = stage.side_of_light(stage.width / 2)
    stage.spots |= {
        "landmark": (stage.width * (0.5 + 0.38 * side), stage.horizon + 22, 170.0),
        "rail": (stage.horizon + 4, 0.3),
    }
    paint_far_elements(stage)

    _, farm_line, tree_line, fence_line = paint_hills(stage, random)
    _paint_farm(stage, random, farm_line, stage.width * (0.5 + random.uniform(0.12, 0.3) * side))
    _paint_tree(stage, random, tree_line, stage.width * (0.5 - random.uniform(0.2, 0.32) * side))
    _paint_fence(stage, random, fence_line)
    _paint_flowers(stage, random)

    stage.spots["ground"] = [
        (stage.width * (0.5 + 0.16 * side), 668, 115.0),
        (stage.width * (0.5 - 0.05 * side), 676, 115.0),
    ]


def _paint_farm(stage: Stage, random: np.random.Generator, line: np.ndarray, x: float) -> None:
    """Paint a farmhouse and a barn among trees."""
    layer = stage.canvas.layer()
    base = float(land.height_at(line, x)) + 16
    for offset in (-78, -58, 62, 84):
        trees.draw_tree(stage, layer, random, x + offset, base, random.uniform(58, 86), 0.25)

    lamp = stage.light.lamps[0]
    lamps_on = stage.light.darkness > 0.3 or stage.scene.weather in ("rain", "snow", "fog")
    pane = lamp if lamps_on else stage.lit("6a8098", 0.2)
    for left, width, height, wall_code, roof_code in FARM:
        wall = stage.lit(wall_code, FARM_DEPTH)
        roof = stage.ground(roof_code, FARM_DEPTH)
        _draw_farm_building(layer, x + left, base, width, height, wall, roof, pane)

    halos = []
    if lamps_on:
        halos.append(Halo(x - 24, base - 12, 70, 46, lamp, 0.55))
        halos.append(Halo(x + 28, base - 14, 70, 46, lamp, 0.45))
    stage.canvas.add(layer)
    stage.canvas.glow(halos)


def _draw_farm_building(
    layer: Layer, left: float, base: float, width: float, height: float, wall: Color, roof: Color, pane: Color
) -> None:
    """Draw a low building with a hipped roof and two windows."""
    eaves = base - height
    layer.box(left, eaves, width, height, wall)

    ridge = eaves - 17
    slope = [(left - 4, eaves), (left + 6, ridge), (left + width - 6, ridge), (left + width + 4, eaves)]
    layer.polygon(slope, roof)

    for share in (0.18, 0.62):
        layer.box(left + width * share, base - height * 0.66, 7, 8, pane)


def _paint_tree(stage: Stage, random: np.random.Generator, line: np.ndarray, x: float) -> None:
    """Paint a tree that stands alone, with its shadow on the side away from the light."""
    base = float(land.height_at(line, x)) + 14
    toward_light = stage.side_of_light(x)
    shadow = stage.canvas.layer(reduce=4)
    shadow.ellipse(x - toward_light * 26, base, 112, 11, stage.light.sky[0] * 0.35)
    stage.canvas.add(shadow, opacity=0.42 if stage.scene.weather in ("clear", "cloudy") else 0.12)

    layer = stage.canvas.layer()
    trees.draw_tree(stage, layer, random, x, base, random.uniform(260, 320))
    stage.canvas.add(layer, rim=Rim(5 * toward_light, -4, stage.light.sun * 0.6, 0.3))


def _paint_fence(stage: Stage, random: np.random.Generator, line: np.ndarray) -> None:
    """Paint a fence of posts and two rails along a line, with snow on its rails."""
    layer = stage.canvas.layer()
    wood = stage.lit("7a5c48")
    posts_x = np.arange(-20, stage.width + 60, POST_DISTANCE)
    posts = np.stack([posts_x, land.height_at(line, posts_x) + 24], axis=1)

    for x, base in posts:
        layer.limb((x, base), (x + random.normal(0, 1), base - 42), 6, 5, wood * 0.85)
    for rise in (32, 18):
        rail = posts - (0, rise)
        layer.line(rail, wood, 3)
        if stage.snow:
            layer.line(rail - (0, 2.5), stage.snow_tone(), 2)

    stage.canvas.add(layer)


def _paint_flowers(stage: Stage, random: np.random.Generator) -> None:
    """Fill the foreground with grass and, where no snow lies, flowers."""
    layer = stage.canvas.layer()
    flowers = FLOWERS[stage.scene.season]
    dark = stage.ground("3c6a3c") * 0.7
    pale = stage.ground(CROPS[stage.scene.season][0])
    blades = (dark, pale * 0.85)

    for base in (705, 735):
        for x in np.arange(-20, stage.width + 20, 26):
            trees.draw_grass(layer, random, x - 20, x + 20, base + 10, random.uniform(40, 78), blades, 9)
            if not stage.snow and random.random() < 0.75:
                tone = stage.lit(random.choice(flowers))
                y = base - random.uniform(20, 64)
                _draw_flower(stage, layer, x, y, random.uniform(3, 6), tone)

    stage.canvas.add(layer, fade=Fade(stage.light.sky[0] * 0.6, 620, 0.0, 740, 0.5))


def _draw_flower(stage: Stage, layer: Layer, x: float, y: float, size: float, tone: Color) -> None:
    """Draw a flower of five petals around a yellow heart."""
    for petal in range(PETALS):
        turn = petal * PETAL_TURN
        petal_x = x + np.cos(turn) * size * 0.75
        petal_y = y + np.sin(turn) * size * 0.6
        layer.circle(petal_x, petal_y, size * 0.55, tone)
    layer.circle(x, y, size * 0.36, mix(tone, stage.lit("ffe080"), 0.7))
