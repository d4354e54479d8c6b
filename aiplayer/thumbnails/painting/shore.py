"""The sea: islands on the horizon, a glittering plain of water, a beach with foam."""

import numpy as np

from aiplayer.thumbnails.painting import land, trees, water
from aiplayer.thumbnails.painting.elements import paint_far_elements
from aiplayer.thumbnails.painting.noise import ridge
from aiplayer.thumbnails.painting.palette import mix
from aiplayer.thumbnails.painting.sky import paint_sky
from aiplayer.thumbnails.painting.stage import Stage


def paint_sea(stage: Stage) -> None:
    """Paint the sea from a beach."""
    random = stage.random("sea")
    stage.set_horizon(random.uniform(385, 440))
    paint_sky(stage)
    side = 1.0 if stage.sun[0] > stage.width / 2 else -1.0
    _paint_islands(stage, random, side)
    stage.spots |= {
        "water": (stage.width * (0.5 + 0.24 * side), stage.horizon + 66, 120.0),
        "rail": (stage.horizon - 6, 0.45),
        "landmark": (stage.width * (0.5 - 0.30 * side), stage.horizon - 14, 190.0),
    }
    paint_far_elements(stage)
    paint_open_water(stage)
    shore = _shore_line(stage, random, side)
    _paint_beach(stage, random, shore)
    _paint_plants(stage, random, shore, side)
    near = stage.width * (0.5 - 0.27 * side)
    second = near + side * 190
    stage.spots["ground"] = [
        (near, land.height_at(shore, near) + 62, 120.0),
        (second, land.height_at(shore, second) + 55, 105.0),
    ]


def _paint_islands(stage: Stage, random: np.random.Generator, side: float) -> None:
    for depth, height, start in ((0.78, random.uniform(34, 74), 0.15), (0.55, random.uniform(50, 96), 0.45)):
        line = land.ridge_line(random, stage.width, stage.horizon + 4, height, 0.5, 3.5)
        across = np.clip((0.5 - side * (line[:, 0] / stage.width - 0.5) - start) / 0.45, 0, 1)
        line[:, 1] = stage.horizon + 6 - (stage.horizon + 6 - line[:, 1]) * across**0.7
        layer = stage.canvas.layer()
        tone = stage.ground("3f6a5c", depth)
        land.fill_below(layer, line, stage.horizon + 8, tone)
        for x, y in line[(line[:, 1] < stage.horizon - 5) & (random.random(len(line)) < 0.55)]:
            layer.circle(x, y + 1, random.uniform(2, 5) * (1.35 - depth), tone * random.uniform(0.86, 1.02))
        stage.canvas.add(layer, fade=(stage.light.haze, stage.horizon - height, 0.0, stage.horizon + 4, 0.5))


def paint_open_water(stage: Stage) -> None:
    """Paint water from the horizon to the bottom edge: mirrored sky far away, its own colour near."""
    random, sky = stage.random("sea color"), stage.light.sky
    own = mix(stage.lit(random.choice(["1681a8", "1a8fa0", "1c6fa4"])), sky[1], 0.25)
    water.paint_reflection(stage, stage.horizon, 720, own, 0.78, ripple=1.7, stretch=1.0)
    glint = water.sun_color(stage)
    water.paint_ripples(stage, stage.horizon, 720, 0.34, dark=own * 0.72)
    if glint is not None:
        water.paint_glitter(stage, stage.sun[0], stage.horizon, 720, glint, 0.95)


def _shore_line(stage: Stage, random: np.random.Generator, side: float) -> np.ndarray:
    """Return the water's edge: high on the beach's side, running out of the picture on the other."""
    share = np.linspace(0, 1, 90)
    reach = random.uniform(545, 625)
    y = reach + 150 * share ** random.uniform(1.1, 1.6) + 9 * ridge(random, 90, 0.4, 4)
    x = stage.width * (share * 1.1 - 0.05)
    line = np.stack([x, y if side > 0 else y[::-1]], axis=1)
    return line


def _paint_beach(stage: Stage, random: np.random.Generator, shore: np.ndarray) -> None:
    _paint_shallows(stage, shore)
    if random.random() < 0.6:
        _paint_rocks(stage, random, shore)
    sand = stage.ground("ecd2a0")
    wet = mix(stage.ground("b89468"), stage.light.sky[2], 0.35)
    foam = mix(stage.lit("ffffff"), stage.light.sky[3], 0.25)
    for back, strength in ((58, 0.30), (30, 0.55), (11, 0.9)):
        layer, wave = stage.canvas.layer(), 5 * ridge(random, len(shore), 0.55, 9)
        crest = shore - (0, back) + np.stack([np.zeros(len(shore)), wave], axis=1)
        thick = (2.2 + 3.2 * np.abs(ridge(random, len(shore), 0.6, 14))) * (1.5 if back == 11 else 1.0)
        layer.polygon(np.concatenate([crest, (crest + np.stack([0 * thick, thick], 1))[::-1]]), foam)
        stage.canvas.add(layer, opacity=strength)
    layer = stage.canvas.layer()
    land.fill_below(layer, shore - (0, 7), 760, foam)
    land.fill_below(layer, shore, 760, wet)
    land.fill_below(
        layer, shore + np.stack([0 * shore[:, 0], 20 + 6 * ridge(random, len(shore), 0.5, 7)], 1), 760, sand
    )
    for _ in range(130):
        x = random.uniform(0, stage.width)
        y = land.height_at(shore, x) + random.uniform(34, 170)
        layer.ellipse(x, y, random.uniform(3, 12), 1.2, sand * random.uniform(0.93, 1.05))
    stage.canvas.add(layer)


def _paint_shallows(stage: Stage, shore: np.ndarray) -> None:
    """Let the water grow lighter toward the beach."""
    canvas = stage.canvas
    columns, rows = np.meshgrid(np.linspace(0, canvas.width, 160), np.linspace(stage.horizon, 720, 60))
    away = land.height_at(shore, columns.ravel()).reshape(columns.shape) - rows
    tone = mix(stage.lit("58d8cc"), stage.light.sky[2], 0.20)
    canvas.blend(0.62 * np.exp(-np.maximum(away, 0) / 62).astype(np.float32), tone, stage.horizon, 720)


def _paint_rocks(stage: Stage, random: np.random.Generator, shore: np.ndarray) -> None:
    """Let a few rocks break the water off the beach, each with a rim of foam."""
    layer, heart = stage.canvas.layer(), random.uniform(0.25, 0.75) * stage.width
    foam = mix(stage.lit("ffffff"), stage.light.sky[3], 0.2)
    for _ in range(int(random.integers(3, 7))):
        x, size = heart + random.normal(0, 90), random.uniform(16, 46)
        y, across = float(land.height_at(shore, x)) - random.uniform(16, 74), np.linspace(-1, 1, 9)
        crown = np.stack([x + across * size, y - size * 0.72 * (1 - across**2) * random.uniform(0.6, 1.15, 9)], 1)
        layer.ellipse(x, y + 2, size * 1.24, size * 0.16, foam)
        layer.polygon(crown, stage.lit("5a5664"))
        lit = crown[:6] if stage.side_of_light(x) < 0 else crown[4:]
        layer.polygon(np.concatenate([lit, [(x, y - size * 0.2)]]), stage.ground("918b94"))
    stage.canvas.add(layer)


def _paint_plants(stage: Stage, random: np.random.Generator, shore: np.ndarray, side: float) -> None:
    """Frame the beach with what grows there: palms in summer, else grass and a tree of the season."""
    layer = stage.canvas.layer()
    edge = stage.width * (0.5 - 0.5 * side)
    for index in range(7):
        x = edge + side * random.uniform(-10, 200) * (1 - index / 12)
        base = max(land.height_at(shore, x) + 45, 640) + index * 9
        colors = (stage.ground("5f7a3a"), stage.ground("b7a85a" if stage.scene.season != "summer" else "8cb04a"))
        trees.draw_grass(layer, random, x - 40, x + 40, base, random.uniform(36, 70), colors, 26)
    if stage.scene.season == "summer":
        for x, height in ((edge + side * 70, 430), (edge + side * 160, 300)):
            trees.draw_palm(
                layer, random, x, 690, height, stage.lit("0f4a38"), stage.lit("3f9a50"), stage.lit("7a5a40")
            )
    else:
        trees.draw_tree(stage, layer, random, edge + side * 84, 700, 380)
    stage.canvas.add(layer, rim=(6 if stage.sun[0] > edge else -6, -4, stage.light.sun * 0.55, 0.28))
