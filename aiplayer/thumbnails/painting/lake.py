"""A lake: mountains and firs mirrored in still water, seen from a grassy bank with a jetty."""

import numpy as np

from aiplayer.thumbnails.painting import land, mountain, trees, water
from aiplayer.thumbnails.painting.canvas import Rim
from aiplayer.thumbnails.painting.elements import paint_far_elements
from aiplayer.thumbnails.painting.palette import GRASS, mix
from aiplayer.thumbnails.painting.sky import paint_sky
from aiplayer.thumbnails.painting.stage import Stage

# Depth, height of a fir in units, and rise of each row of woods on the far shore.
WOODS = ((0.5, 26, 0.55), (0.28, 44, 0.9))
# The jetty in units: the heights of its far and near end, and half its width there.
JETTY_FAR_Y, JETTY_NEAR_Y = 588, 730
JETTY_FAR_HALF, JETTY_NEAR_HALF = 36, 130
JETTY_BOARDS = 15
BANK_POINTS = 40


def paint_lake(stage: Stage) -> None:
    """Paint a lake among mountains."""
    random = stage.random("lake")
    stage.set_horizon(random.uniform(395, 440))
    paint_sky(stage)
    mountain.paint_range(stage, random, stage.horizon, random.uniform(150, 235))
    mountain.paint_woods(stage, random, stage.horizon + 2, WOODS)

    # The bank fills the corner away from the sun; the jetty and the far elements keep to the sun's side.
    side = 1.0 if stage.sun[0] > stage.width / 2 else -1.0
    stage.spots |= {
        "water": (stage.width * (0.5 + 0.04 * side), stage.horizon + 78, 100.0),
        "rail": (stage.horizon - 4, 0.35),
        "landmark": (stage.width * (0.5 + 0.36 * side), stage.horizon + 2, 150.0),
    }
    paint_far_elements(stage)

    _paint_water(stage)
    _paint_jetty(stage, side)
    _paint_bank(stage, random, side)
    edge = _bank_edge(stage, side)
    stage.spots["ground"] = [(edge + side * 300, 672, 120.0), (edge + side * 470, 700, 120.0)]


def _paint_water(stage: Stage) -> None:
    """Mirror what is painted so far in the lake, and lay mist, glitter and ripples over it."""
    top, bottom = stage.horizon, stage.canvas.height
    deep = mix(stage.lit("1c5c74"), stage.light.sky[1], 0.4)
    water.paint_reflection(stage, top, bottom, deep, 0.42, ripple=0.42, stretch=1.15)
    _paint_mist(stage)

    sun_color = water.sun_color(stage)
    if sun_color is not None:
        glint = mix(sun_color, stage.light.sky[3], 0.35)
        water.paint_glitter(stage, stage.sun[0], top, bottom, glint, 0.5, 0.8)
    water.paint_ripples(stage, top, bottom, 0.2, dark=deep * 0.8)


def _paint_mist(stage: Stage) -> None:
    """Lay a thin veil where the water meets the shore."""
    rows = np.linspace(-1, 1, 40, dtype=np.float32)[:, None]
    veil = np.exp(-((rows / 0.33) ** 2)) * 0.42
    veil = np.repeat(veil, 8, axis=1)
    stage.canvas.blend(veil, stage.light.haze, stage.horizon - 36, stage.horizon + 36)


def _paint_jetty(stage: Stage, side: float) -> None:
    """Paint a wooden jetty that runs out over the water."""
    layer = stage.canvas.layer()
    near = stage.width * (0.5 + 0.33 * side)
    far = stage.width * (0.5 + 0.20 * side)
    wood = stage.ground("8a6448")
    post = stage.lit("4a3630")
    gap = mix(wood, stage.lit("3a2a2a"), 0.55)

    for share in (0.0, 0.45):
        middle = far + (near - far) * share
        y = 590 + 110 * share
        width = 7 + 5 * share
        for offset in (-1, 1):
            x = middle + offset * (34 + 66 * share)
            layer.limb((x, y - 26 - 10 * share), (x, y + 30 + 40 * share), width, width, post)

    far_left, far_right = far - JETTY_FAR_HALF, far + JETTY_FAR_HALF
    near_left, near_right = near - JETTY_NEAR_HALF, near + JETTY_NEAR_HALF
    layer.polygon(
        [(far_left, JETTY_FAR_Y), (far_right, JETTY_FAR_Y), (near_right, JETTY_NEAR_Y), (near_left, JETTY_NEAR_Y)], wood
    )

    # The gaps between the boards grow wider apart toward the viewer.
    for share in np.linspace(0, 1, JETTY_BOARDS) ** 1.4:
        x = far + (near - far) * share
        y = JETTY_FAR_Y + (JETTY_NEAR_Y - JETTY_FAR_Y) * share
        half = JETTY_FAR_HALF + (JETTY_NEAR_HALF - JETTY_FAR_HALF) * share
        width = 1.4 + 2.6 * share
        layer.limb((x - half, y), (x + half, y), width, width, gap)

    end_y = JETTY_FAR_Y + 7
    end = [(far_left, JETTY_FAR_Y), (far_right, JETTY_FAR_Y), (far_right, end_y), (far_left, end_y)]
    layer.polygon(end, mix(wood, (1, 1, 1), 0.12))
    stage.canvas.add(layer)


def _bank_edge(stage: Stage, side: float) -> float:
    """Return the x of the picture's edge at which the near bank begins: the left one for side 1, else the right."""
    return stage.width * (0.5 - 0.5 * side)


def _paint_bank(stage: Stage, random: np.random.Generator, side: float) -> None:
    """Paint the near bank with reeds, bushes and a tree of the season."""
    layer = stage.canvas.layer()
    edge = _bank_edge(stage, side)
    share = np.linspace(0, 1, BANK_POINTS)
    x = edge + side * (stage.width * 0.62 * share - 30)
    y = 610 + 130 * share**1.5 + 5 * np.sin(share * 19)

    grass = stage.ground(GRASS[stage.scene.season])
    land.fill_below(layer, np.stack([x, y], 1), land.BELOW_PICTURE, grass * 0.86)
    land.fill_below(layer, np.stack([x, y + 16], 1), land.BELOW_PICTURE, grass)

    blades = (grass * 0.72, mix(grass, (1, 1, 0.9), 0.18))
    for point in range(BANK_POINTS):
        left = x[point] - 22
        right = x[point] + 22
        trees.draw_grass(layer, random, left, right, y[point] + 10, random.uniform(16, 36), blades, 8)

    tree_x = edge + side * random.uniform(60, 120)
    trees.draw_tree(stage, layer, random, tree_x, 650, random.uniform(380, 460))
    for _ in range(3):
        bush_x = edge + side * random.uniform(0, 170)
        base = random.uniform(660, 700)
        trees.draw_bush(stage, layer, random, bush_x, base, random.uniform(50, 90))
    stage.canvas.add(layer, rim=Rim(5 * side, -4, stage.light.sun * 0.55, 0.28))
