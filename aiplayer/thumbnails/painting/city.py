"""A city skyline: rows of towers in the haze, mirrored in a river or rising behind a park."""

import numpy as np

from aiplayer.thumbnails.painting import trees, water
from aiplayer.thumbnails.painting.buildings import Row, draw_tower
from aiplayer.thumbnails.painting.canvas import Fade, Halo
from aiplayer.thumbnails.painting.elements import GROUND_ELEMENTS, paint_far_elements
from aiplayer.thumbnails.painting.overlook import paint_overlook
from aiplayer.thumbnails.painting.palette import mix
from aiplayer.thumbnails.painting.sky import paint_sky
from aiplayer.thumbnails.painting.stage import Stage

# Depth into the haze, height and width of a tower in units, from the farthest row to the nearest.
ROWS = ((0.80, 215, 50), (0.54, 290, 66), (0.16, 200, 84))
BOTTOM = 720


def paint_city(stage: Stage) -> None:
    """Paint a skyline behind water, or from a hill above it.

    Args:
        stage: The picture being painted; takes the spots for the elements.
    """
    random = stage.random("city")
    stage.set_horizon(random.uniform(475, 535))
    paint_sky(stage)

    focus = random.uniform(0.25, 0.75) * stage.width
    stage.canvas.glow([Halo(focus, stage.horizon, 700, 260, stage.light.haze, 0.35)])
    for depth, height, width in ROWS:
        paint_row(stage, random, depth, stage.horizon, height, width, focus)

    # Elements stand on the side that the highest towers leave free.
    aside = 0.36 if focus < stage.width / 2 else -0.36
    away = focus + aside * stage.width
    stage.spots |= {
        "landmark": (away, stage.horizon + 2, 210.0),
        "rail": (stage.horizon - 12, 0.3),
        "water": (away, stage.horizon + 80, 100.0),
        "ground": [(away, 706.0, 120.0), (away * 0.8 + 40, 706.0, 120.0)],
    }
    paint_far_elements(stage)

    # Whatever stands on the ground needs a hill to stand on, and a boat needs the river.
    has_ground_things = bool(stage.scene.elements & GROUND_ELEMENTS)
    prefers_hill = random.random() < 0.4 and stage.scene.weather != "rain"
    if not stage.has("boat") and (has_ground_things or prefers_hill):
        paint_overlook(stage, random)
        return
    _paint_bank(stage, random)
    paint_river(stage)


def paint_row(
    stage: Stage, random: np.random.Generator, depth: float, base: float, height: float, width: float, focus: float
) -> None:
    """Paint one row of towers, highest around the focus.

    Args:
        stage: The picture being painted.
        random: The generator of the towers' shapes.
        depth: How far away the row stands, 0 near to 1 at the horizon.
        base: Height of the ground, in units.
        height: About how high the highest tower is, in units.
        width: About how wide a tower is, in units.
        focus: Where along the row the highest towers stand, in units.
    """
    row = Row(stage, stage.canvas.layer(), depth, random, [])
    reach = 0.33 * stage.width

    x = -random.uniform(0, width)
    while x < stage.width:
        tower_width = width * random.uniform(0.55, 1.35)
        middle = x + tower_width / 2
        hump = np.exp(-(((middle - focus) / reach) ** 2))
        surplus = 0.42 * random.random() ** 2 * (0.4 + 0.6 * hump)
        tower_height = height * (0.22 + 0.5 * hump + surplus)
        draw_tower(row, x, base + 4, tower_width, tower_height)
        x += tower_width * random.uniform(0.92, 1.25)

    haze_at_foot = 0.55 * depth + 0.05 + 0.2 * stage.light.fog
    stage.canvas.add(row.layer, fade=Fade(stage.light.haze, base - height, 0.0, base, haze_at_foot))
    stage.canvas.glow(row.halos)


def _paint_bank(stage: Stage, random: np.random.Generator) -> None:
    """Paint the quay: a dark line of trees with lamps."""
    layer = stage.canvas.layer()
    halos = []
    base = stage.horizon + 4
    for x in np.arange(-20, stage.width + 20, 26):
        trees.draw_bush(stage, layer, random, x + random.uniform(-8, 8), base, random.uniform(22, 40), 0.18)
    layer.box(0, base - 4, stage.width, 8, stage.ground("4c4a58", 0.15))

    lamps_on = stage.light.darkness > 0.3
    lamp = stage.light.lamps[0]
    post = stage.lit("2c2c3a", 0.1)
    bulb = lamp if lamps_on else stage.lit("e8e4da")
    first = random.uniform(10, 60)
    for x in np.arange(first, stage.width, random.uniform(70, 100)):
        layer.limb((x, base), (x, base - 30), 2.2, 1.6, post)
        layer.circle(x, base - 31, 2.6, bulb)
        if lamps_on:
            halos.append(Halo(x, base - 31, 30, 30, lamp, 0.75))

    stage.canvas.add(layer)
    stage.canvas.glow(halos)


def paint_river(stage: Stage) -> None:
    """Mirror the skyline in the river.

    Args:
        stage: The picture being painted, down to the river's far bank.
    """
    top = stage.horizon + 6
    deep = mix(stage.light.sky[0], stage.light.sky[2], 0.35)
    water.paint_reflection(stage, top, BOTTOM, deep, 0.45, ripple=0.8, stretch=1.5)

    glint = water.sun_color(stage)
    if glint is not None:
        water.paint_glitter(stage, stage.sun[0], top, BOTTOM, mix(glint, stage.light.sky[3], 0.3), 0.55)
    water.paint_ripples(stage, top, BOTTOM, 0.28)
