"""A city skyline: rows of towers in the haze, mirrored in a river or rising behind a park."""

import numpy as np

from aiplayer.painting import trees, water
from aiplayer.painting.buildings import Row, draw_tower
from aiplayer.painting.elements import paint_far_elements
from aiplayer.painting.palette import mix
from aiplayer.painting.sky import paint_sky
from aiplayer.painting.stage import Stage


def paint_city(stage: Stage) -> None:
    """Paint a skyline behind water."""
    random = stage.random("city")
    stage.set_horizon(random.uniform(475, 535))
    paint_sky(stage)
    focus = random.uniform(0.25, 0.75) * stage.width
    stage.canvas.glow([(focus, stage.horizon, 700, 260, stage.light.haze, 0.35)])
    for depth, height, width in ((0.80, 210, 50), (0.56, 285, 66), (0.26, 200, 84)):
        paint_row(stage, random, depth, stage.horizon, height, width, focus)
    away = focus + (0.36 if focus < stage.width / 2 else -0.36) * stage.width
    stage.spots |= {"landmark": (away, stage.horizon + 2, 210.0), "rail": (stage.horizon - 12, 0.3),
                    "water": (away, stage.horizon + 80, 100.0), "ground": [(away, 706.0, 120.0), (away * 0.8 + 40, 706.0, 120.0)]}
    paint_far_elements(stage)
    _paint_bank(stage, random)
    paint_river(stage)


def paint_row(stage: Stage, random: np.random.Generator, depth: float, base: float, height: float, width: float,
              focus: float) -> None:
    """Paint one row of towers, highest around the focus."""
    row = Row(stage, stage.canvas.layer(), depth, random, [])
    x = -random.uniform(0, width)
    while x < stage.width:
        own = width * random.uniform(0.55, 1.35)
        hump = np.exp(-(((x + own / 2 - focus) / (0.33 * stage.width)) ** 2))
        tall = height * (0.22 + 0.5 * hump + 0.42 * random.random() ** 2 * (0.4 + 0.6 * hump))
        draw_tower(row, x, base + 4, own, tall)
        x += own * random.uniform(0.92, 1.25)
    stage.canvas.add(row.layer, fade=(stage.light.haze, base - height, 0.0, base, 0.5 * depth + 0.12 + 0.2 * stage.light.fog))
    stage.canvas.glow(row.halos)


def _paint_bank(stage: Stage, random: np.random.Generator) -> None:
    """Paint the quay: a dark line of trees with lamps."""
    layer, halos, base = stage.canvas.layer(), [], stage.horizon + 4
    for x in np.arange(-20, stage.width + 20, 26):
        trees.draw_bush(stage, layer, random, x + random.uniform(-8, 8), base, random.uniform(22, 40), 0.18)
    layer.box(0, base - 4, stage.width, 8, stage.ground("4c4a58", 0.15))
    for x in np.arange(random.uniform(10, 60), stage.width, random.uniform(70, 100)):
        layer.limb((x, base), (x, base - 30), 2.2, 1.6, stage.lit("2c2c3a", 0.1))
        lamp = stage.light.lamps[0]
        layer.circle(x, base - 31, 2.6, lamp if stage.light.darkness > 0.3 else stage.lit("e8e4da"))
        if stage.light.darkness > 0.3:
            halos.append((x, base - 31, 30, 30, lamp, 0.75))
    stage.canvas.add(layer)
    stage.canvas.glow(halos)


def paint_river(stage: Stage) -> None:
    """Mirror the skyline in the river."""
    top = stage.horizon + 6
    deep = mix(stage.light.sky[0], stage.light.sky[2], 0.35)
    water.paint_reflection(stage, top, 720, deep, 0.45, ripple=0.8, stretch=1.5)
    glint = water.sun_color(stage)
    if glint is not None:
        water.paint_glitter(stage, stage.sun[0], top, 720, mix(glint, stage.light.sky[3], 0.3), 0.55)
    water.paint_ripples(stage, top, 720, 0.28)
