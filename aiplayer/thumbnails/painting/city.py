"""A city skyline: rows of towers in the haze, mirrored in a river or rising behind a park."""

import numpy as np

from aiplayer.thumbnails.painting import land, trees, water
from aiplayer.thumbnails.painting.buildings import Row, draw_tower
from aiplayer.thumbnails.painting.elements import paint_far_elements
from aiplayer.thumbnails.painting.palette import GRASS, mix
from aiplayer.thumbnails.painting.sky import paint_sky
from aiplayer.thumbnails.painting.stage import Stage


def paint_city(stage: Stage) -> None:
    """Paint a skyline behind water."""
    random = stage.random("city")
    stage.set_horizon(random.uniform(475, 535))
    paint_sky(stage)
    focus = random.uniform(0.25, 0.75) * stage.width
    stage.canvas.glow([(focus, stage.horizon, 700, 260, stage.light.haze, 0.35)])
    for depth, height, width in ((0.80, 215, 50), (0.54, 290, 66), (0.16, 200, 84)):
        paint_row(stage, random, depth, stage.horizon, height, width, focus)
    away = focus + (0.36 if focus < stage.width / 2 else -0.36) * stage.width
    stage.spots |= {
        "landmark": (away, stage.horizon + 2, 210.0),
        "rail": (stage.horizon - 12, 0.3),
        "water": (away, stage.horizon + 80, 100.0),
        "ground": [(away, 706.0, 120.0), (away * 0.8 + 40, 706.0, 120.0)],
    }
    paint_far_elements(stage)
    if stage.scene.weather != "rain" and "boat" not in stage.scene.elements and random.random() < 0.4:
        paint_overlook(stage, random)
        return
    _paint_bank(stage, random)
    paint_river(stage)


def paint_row(
    stage: Stage, random: np.random.Generator, depth: float, base: float, height: float, width: float, focus: float
) -> None:
    """Paint one row of towers, highest around the focus."""
    row = Row(stage, stage.canvas.layer(), depth, random, [])
    x = -random.uniform(0, width)
    while x < stage.width:
        own = width * random.uniform(0.55, 1.35)
        hump = np.exp(-(((x + own / 2 - focus) / (0.33 * stage.width)) ** 2))
        tall = height * (0.22 + 0.5 * hump + 0.42 * random.random() ** 2 * (0.4 + 0.6 * hump))
        draw_tower(row, x, base + 4, own, tall)
        x += own * random.uniform(0.92, 1.25)
    stage.canvas.add(
        row.layer, fade=(stage.light.haze, base - height, 0.0, base, 0.55 * depth + 0.05 + 0.2 * stage.light.fog)
    )
    stage.canvas.glow(row.halos)


def paint_overlook(stage: Stage, random: np.random.Generator) -> None:
    """Look down on the city from a wooded hill: roofs below, bushes and a tree in front."""
    canvas = stage.canvas
    for base, size, depth in ((stage.horizon + 44, 62, 0.30), (stage.horizon + 92, 84, 0.12)):
        layer, halos, x = canvas.layer(), [], -random.uniform(0, 60)
        while x < stage.width:
            wide = size * random.uniform(0.9, 1.7)
            halos += draw_house(
                stage, layer, random, x, base + random.uniform(-12, 12), wide, size * random.uniform(0.7, 1.1), depth
            )
            if random.random() < 0.55:
                trees.draw_tree(stage, layer, random, x + wide, base + 14, size * random.uniform(0.9, 1.3), depth)
            x += wide * random.uniform(0.95, 1.3)
        layer.box(0, base + 12, stage.width, 120, stage.ground("46505a", depth))
        canvas.add(layer, fade=(stage.light.haze, base - size, 0.0, base + 30, 0.30 + 0.4 * depth))
        canvas.glow(halos)
    side = stage.side_of_light(stage.width / 2)
    line = land.ridge_line(random, stage.width, 655, 60, 0.3, 1.4)
    layer, grass = canvas.layer(), stage.ground(GRASS[stage.scene.season]) * 0.72
    for x in np.arange(-20, stage.width + 40, 58):
        trees.draw_bush(stage, layer, random, x, float(land.height_at(line, x)) + 16, random.uniform(46, 78))
    land.fill_below(layer, line + np.array([0, 8]), 760, grass)
    for x in np.arange(0, stage.width, 24):
        trees.draw_grass(
            layer,
            random,
            x - 16,
            x + 16,
            float(land.height_at(line, x)) + random.uniform(20, 60),
            30,
            (grass * 0.7, grass * 1.2),
            6,
        )
    trees.draw_tree(stage, layer, random, stage.width * (0.5 - 0.40 * side), 690, random.uniform(400, 470))
    canvas.add(
        layer, fade=(stage.light.sky[0] * 0.5, 560, 0.0, 740, 0.45), rim=(5 * side, -4, stage.light.sun * 0.5, 0.22)
    )
    stage.spots["ground"] = [(stage.width * 0.5, 690.0, 120.0), (stage.width * (0.5 + 0.2 * side), 690.0, 120.0)]


def draw_house(
    stage: Stage, layer, random: np.random.Generator, x: float, base: float, wide: float, tall: float, depth: float
) -> list:
    """Draw a small house with a pitched roof; returns the halos of its windows."""
    wall = stage.lit(random.choice(["d8c0a8", "b8a8b8", "c8a490", "a8b0b8", "e0d0b8"]), depth)
    roof = stage.ground(random.choice(["8a4a44", "5c5468", "6a4a50", "4a5a6c"]), depth)
    layer.box(x, base - tall * 0.6, wide, tall * 0.6 + 40, wall)
    layer.box(x + wide * 0.8, base - tall * 0.6, wide * 0.2, tall * 0.6 + 40, wall * 0.82)
    layer.polygon(
        [
            (x - 6, base - tall * 0.58),
            (x + wide * 0.16, base - tall),
            (x + wide * 0.84, base - tall),
            (x + wide + 6, base - tall * 0.58),
        ],
        roof,
    )
    layer.polygon(
        [
            (x - 6, base - tall * 0.58),
            (x + wide + 6, base - tall * 0.58),
            (x + wide + 6, base - tall * 0.53),
            (x - 6, base - tall * 0.53),
        ],
        roof * 0.7,
    )
    chance = {"night": 0.7, "sunset": 0.55, "dawn": 0.3}.get(stage.scene.hour, 0.15)
    halos = []
    for share in (0.14, 0.42, 0.66):
        lamp, lit = stage.light.lamp(random), random.random() < chance
        layer.box(
            x + wide * share,
            base - tall * 0.42,
            wide * 0.15,
            tall * 0.24,
            lamp if lit else mix(wall * 0.6, stage.light.sky[1], 0.3),
        )
        if lit and stage.light.darkness > 0.3:
            halos.append((x + wide * (share + 0.07), base - tall * 0.3, wide * 0.5, wide * 0.4, lamp, 0.3))
    return halos


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
