"""A lake: mountains and firs mirrored in still water, seen from a grassy bank with a jetty."""

import numpy as np

from aiplayer.thumbnails.painting import mountain, trees, water
from aiplayer.thumbnails.painting.elements import paint_far_elements
from aiplayer.thumbnails.painting.palette import mix
from aiplayer.thumbnails.painting.sky import paint_sky
from aiplayer.thumbnails.painting.stage import Stage


def paint_lake(stage: Stage) -> None:
    """Paint a lake among mountains."""
    random = stage.random("lake")
    stage.set_horizon(random.uniform(395, 440))
    paint_sky(stage)
    mountain.paint_range(stage, random, stage.horizon, random.uniform(150, 235))
    mountain.paint_woods(stage, random, stage.horizon + 2, ((0.5, 26, 0.55), (0.28, 44, 0.9)))
    side = 1.0 if stage.sun[0] > stage.width / 2 else -1.0
    stage.spots |= {
        "water": (stage.width * (0.5 + 0.04 * side), stage.horizon + 78, 100.0),
        "rail": (stage.horizon - 4, 0.35),
        "landmark": (stage.width * (0.5 + 0.36 * side), stage.horizon + 2, 150.0),
    }
    paint_far_elements(stage)
    deep = mix(stage.lit("1c5c74"), stage.light.sky[1], 0.4)
    water.paint_reflection(stage, stage.horizon, 720, deep, 0.42, ripple=0.42, stretch=1.15)
    _paint_mist(stage)
    glint = water.sun_color(stage)
    if glint is not None:
        water.paint_glitter(stage, stage.sun[0], stage.horizon, 720, mix(glint, stage.light.sky[3], 0.35), 0.5, 0.8)
    water.paint_ripples(stage, stage.horizon, 720, 0.2, dark=deep * 0.8)
    _paint_jetty(stage, side)
    _paint_bank(stage, random, side)
    edge = stage.width * (0.5 - 0.5 * side)
    stage.spots["ground"] = [(edge + side * 300, 672, 120.0), (edge + side * 470, 700, 120.0)]


def _paint_mist(stage: Stage) -> None:
    """Lay a thin veil where the water meets the shore."""
    rows = np.linspace(-1, 1, 40, dtype=np.float32)[:, None]
    veil = np.repeat(np.exp(-((rows / 0.33) ** 2)) * 0.42, 8, axis=1)
    stage.canvas.blend(veil, stage.light.haze, stage.horizon - 36, stage.horizon + 36)


def _paint_jetty(stage: Stage, side: float) -> None:
    """Paint a wooden jetty that runs out over the water."""
    layer = stage.canvas.layer()
    near, far = stage.width * (0.5 + 0.33 * side), stage.width * (0.5 + 0.20 * side)
    wood, gap = stage.ground("8a6448"), stage.lit("3a2a2a")
    for share in (0.0, 0.45):
        for offset in (-1, 1):
            y = 590 + 110 * share
            x = far + (near - far) * share + offset * (34 + 66 * share)
            layer.limb(
                (x, y - 26 - 10 * share), (x, y + 30 + 40 * share), 7 + 5 * share, 7 + 5 * share, stage.lit("4a3630")
            )
    layer.polygon([(far - 36, 588), (far + 36, 588), (near + 130, 730), (near - 130, 730)], wood)
    for share in np.linspace(0, 1, 15) ** 1.4:
        y, half = 588 + 142 * share, 36 + 94 * share
        x = far + (near - far) * share
        layer.limb((x - half, y), (x + half, y), 1.4 + 2.6 * share, 1.4 + 2.6 * share, mix(wood, gap, 0.55))
    layer.polygon([(far - 36, 588), (far + 36, 588), (far + 36, 595), (far - 36, 595)], mix(wood, (1, 1, 1), 0.12))
    stage.canvas.add(layer)


def _paint_bank(stage: Stage, random: np.random.Generator, side: float) -> None:
    """Paint the near bank with reeds, bushes and a tree of the season."""
    layer, edge = stage.canvas.layer(), stage.width * (0.5 - 0.5 * side)
    share = np.linspace(0, 1, 40)
    x = edge + side * (stage.width * 0.62 * share - 30)
    y = 610 + 130 * share**1.5 + 5 * np.sin(share * 19)
    grass = stage.ground(_grass(stage))
    layer.polygon(np.concatenate([np.stack([x, y], 1), [(x[-1], 760), (x[0], 760)]]), grass * 0.86)
    layer.polygon(np.concatenate([np.stack([x, y + 16], 1), [(x[-1], 760), (x[0], 760)]]), grass)
    for point in range(0, 40):
        trees.draw_grass(
            layer,
            random,
            x[point] - 22,
            x[point] + 22,
            y[point] + 10,
            random.uniform(16, 36),
            (grass * 0.72, mix(grass, (1, 1, 0.9), 0.18)),
            8,
        )
    trees.draw_tree(stage, layer, random, edge + side * random.uniform(60, 120), 650, random.uniform(380, 460))
    for _ in range(3):
        trees.draw_bush(
            stage, layer, random, edge + side * random.uniform(0, 170), random.uniform(660, 700), random.uniform(50, 90)
        )
    stage.canvas.add(layer, rim=(5 * side, -4, stage.light.sun * 0.55, 0.28))


def _grass(stage: Stage) -> str:
    return {"spring": "7fb858", "summer": "4a9a42", "autumn": "c08e42", "winter": "9a947c"}[stage.scene.season]
