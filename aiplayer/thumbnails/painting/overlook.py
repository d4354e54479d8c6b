"""A city from above: the roofs of its suburbs, seen from a wooded hill."""

import numpy as np

from aiplayer.thumbnails.painting import land, trees
from aiplayer.thumbnails.painting.canvas import Fade, Halo, Rim
from aiplayer.thumbnails.painting.layer import Layer
from aiplayer.thumbnails.painting.palette import GRASS, mix
from aiplayer.thumbnails.painting.stage import Stage

HOUSE_WALLS = ("d8c0a8", "b8a8b8", "c8a490", "a8b0b8", "e0d0b8")
HOUSE_ROOFS = ("8a4a44", "5c5468", "6a4a50", "4a5a6c")
# Share of a house's windows with a lamp on.
LIT_SHARE = {"night": 0.7, "sunset": 0.55, "dawn": 0.3}
LIT_SHARE_BY_DAY = 0.15
# Height below the horizon and size of a house in units, and its depth, from the farther row to the nearer.
HOUSE_ROWS = ((44, 62, 0.30), (92, 84, 0.12))


def paint_overlook(stage: Stage, random: np.random.Generator) -> None:
    """Look down on the city from a wooded hill: roofs below, bushes and a tree in front.

    Args:
        stage: The picture being painted, down to the city's foot; takes the spots for elements on the hill.
        random: The generator of the houses and plants.
    """
    for below, size, depth in HOUSE_ROWS:
        _paint_houses(stage, random, stage.horizon + below, size, depth)

    side = stage.side_of_light(stage.width / 2)
    _paint_hill(stage, random, side)
    stage.spots["ground"] = [
        (stage.width * 0.5, 690.0, 120.0),
        (stage.width * (0.5 + 0.2 * side), 690.0, 120.0),
    ]


def _paint_houses(stage: Stage, random: np.random.Generator, base: float, size: float, depth: float) -> None:
    """Paint one row of houses with trees between them."""
    layer = stage.canvas.layer()
    halos = []
    x = -random.uniform(0, 60)
    while x < stage.width:
        width = size * random.uniform(0.9, 1.7)
        house_base = base + random.uniform(-12, 12)
        height = size * random.uniform(0.7, 1.1)
        halos += _draw_house(stage, layer, random, x, house_base, width, height, depth)
        if random.random() < 0.55:
            trees.draw_tree(stage, layer, random, x + width, base + 14, size * random.uniform(0.9, 1.3), depth)
        x += width * random.uniform(0.95, 1.3)

    layer.box(0, base + 12, stage.width, 120, stage.ground("46505a", depth))
    haze_at_foot = 0.30 + 0.4 * depth
    stage.canvas.add(layer, fade=Fade(stage.light.haze, base - size, 0.0, base + 30, haze_at_foot))
    stage.canvas.glow(halos)


def _paint_hill(stage: Stage, random: np.random.Generator, side: float) -> None:
    """Paint the hill in front: bushes, grass, and a tree on the side away from the light (-1 left, 1 right)."""
    line = land.ridge_line(random, stage.width, 655, 60, 0.3, 1.4)
    layer = stage.canvas.layer()
    grass = stage.ground(GRASS[stage.scene.season]) * 0.72

    for x in np.arange(-20, stage.width + 40, 58):
        bush_base = float(land.height_at(line, x)) + 16
        trees.draw_bush(stage, layer, random, x, bush_base, random.uniform(46, 78))

    land.fill_below(layer, line + np.array([0, 8]), 760, grass)
    blades = (grass * 0.7, grass * 1.2)
    for x in np.arange(0, stage.width, 24):
        grass_base = float(land.height_at(line, x)) + random.uniform(20, 60)
        trees.draw_grass(layer, random, x - 16, x + 16, grass_base, 30, blades, 6)

    tree_x = stage.width * (0.5 - 0.40 * side)
    trees.draw_tree(stage, layer, random, tree_x, 690, random.uniform(400, 470))
    fade = Fade(stage.light.sky[0] * 0.5, 560, 0.0, 740, 0.45)
    stage.canvas.add(layer, fade=fade, rim=Rim(5 * side, -4, stage.light.sun * 0.5, 0.22))


def _draw_house(
    stage: Stage,
    layer: Layer,
    random: np.random.Generator,
    x: float,
    base: float,
    width: float,
    height: float,
    depth: float,
) -> list[Halo]:
    """Draw a small house with a pitched roof and return the halos of its windows."""
    wall = stage.lit(random.choice(HOUSE_WALLS), depth)
    roof = stage.ground(random.choice(HOUSE_ROOFS), depth)
    wall_top = base - height * 0.6
    wall_height = height * 0.6 + 40
    layer.box(x, wall_top, width, wall_height, wall)
    layer.box(x + width * 0.8, wall_top, width * 0.2, wall_height, wall * 0.82)
    _draw_pitched_roof(layer, x, base, width, height, roof)
    return _draw_house_windows(stage, layer, random, x, base, width, height, wall)


def _draw_pitched_roof(layer: Layer, x: float, base: float, width: float, height: float, tone: np.ndarray) -> None:
    """Draw the slope of a roof that overhangs the walls, and its dark edge."""
    left = x - 6
    right = x + width + 6
    eaves = base - height * 0.58
    soffit = base - height * 0.53
    ridge = base - height
    layer.polygon([(left, eaves), (x + width * 0.16, ridge), (x + width * 0.84, ridge), (right, eaves)], tone)
    layer.polygon([(left, eaves), (right, eaves), (right, soffit), (left, soffit)], tone * 0.7)


def _draw_house_windows(
    stage: Stage,
    layer: Layer,
    random: np.random.Generator,
    x: float,
    base: float,
    width: float,
    height: float,
    wall: np.ndarray,
) -> list[Halo]:
    """Draw three windows, some with a lamp on, and return the halos of the lamps."""
    lit_share = LIT_SHARE.get(stage.scene.hour, LIT_SHARE_BY_DAY)
    glass = mix(wall * 0.6, stage.light.sky[1], 0.3)
    top = base - height * 0.42
    middle = base - height * 0.3
    halos = []
    for share in (0.14, 0.42, 0.66):
        lamp = stage.light.lamp(random)
        lit = random.random() < lit_share
        pane = lamp if lit else glass
        layer.box(x + width * share, top, width * 0.15, height * 0.24, pane)
        if lit and stage.light.darkness > 0.3:
            window_middle = x + width * (share + 0.07)
            halos.append(Halo(window_middle, middle, width * 0.5, width * 0.4, lamp, 0.3))

    return halos
