"""A forest: trunks behind trunks in coloured haze, a canopy, a winding path, shafts of light."""

import cv2
import numpy as np

from aiplayer.thumbnails.painting import land, trees
from aiplayer.thumbnails.painting.elements import paint_far_elements
from aiplayer.thumbnails.painting.foliage import draw_clump
from aiplayer.thumbnails.painting.palette import CONIFER, GRASS, mix
from aiplayer.thumbnails.painting.sky import paint_sky
from aiplayer.thumbnails.painting.stage import Stage


def paint_forest(stage: Stage) -> None:
    """Paint the inside of a forest."""
    random = stage.random("forest")
    stage.set_horizon(random.uniform(430, 480))
    paint_sky(stage)
    firs = random.random() < 0.35
    focus = stage.width * random.uniform(0.38, 0.62)
    _paint_backdrop(stage, random, focus)
    stage.spots |= {
        "ground": [(focus + 190, 640, 115.0), (focus - 210, 655, 115.0)],
        "rail": (stage.horizon + 10, 0.5),
        "landmark": (focus - 20, stage.horizon + 14, 190.0),
    }
    paint_far_elements(stage)
    for depth in (0.74, 0.52, 0.28):
        _paint_floor(stage, random, depth, focus)
        (_paint_firs if firs else _paint_trunks)(stage, random, depth, focus)
        if depth > 0.5:
            stage.canvas.glow([(focus, stage.horizon - 60, 420, 330, stage.light.haze, 0.26)])
    _paint_shafts(stage, random, focus)
    _paint_floor(stage, random, 0.0, focus)
    _paint_path(stage, random, focus)
    _paint_undergrowth(stage, random)
    _paint_frame(stage, random, focus)
    if stage.scene.hour == "night" and stage.scene.season == "summer":
        _paint_fireflies(stage, random)


def _paint_backdrop(stage: Stage, random: np.random.Generator, focus: float) -> None:
    """Close the view with a soft wall of far leaves, bright where the path leads."""
    canvas, layer = stage.canvas, stage.canvas.layer(reduce=4)
    bare = stage.scene.season == "winter" and not stage.has("blossoms")
    for depth in () if bare else (0.88, 0.80):
        for _ in range(15):
            x = random.uniform(0, stage.width)
            gap = abs(x - focus) / stage.width
            y = stage.horizon * random.uniform(0.0, 0.62 + 0.9 * gap)
            if gap > 0.09 or y < 120:
                draw_clump(
                    layer,
                    random,
                    x,
                    y,
                    random.uniform(130, 210),
                    stage.leaf_tones(random, depth),
                    stage.side_of_light(x),
                )
    canvas.add(layer)
    canvas.glow([(focus, stage.horizon - 110, 430, 380, mix(stage.light.haze, stage.light.sun, 0.45), 0.75)])


def _paint_floor(stage: Stage, random: np.random.Generator, depth: float, focus: float) -> None:
    """Paint one fold of the ground with bushes along its edge."""
    base = stage.horizon + 10 + (0.74 - depth) * 110
    line = land.ridge_line(random, stage.width, base, 26, 0.4, 3)
    layer = stage.canvas.layer()
    litter = "a8643a" if stage.scene.season == "autumn" else GRASS[stage.scene.season]
    tone = stage.ground(litter, depth) * (1 - (0.28 - 0.2 * depth) * (1 - 0.8 * stage.snow))
    for x in np.arange(0, stage.width, 90):
        x += random.uniform(-30, 30)
        if abs(x - focus) > 90 + 160 * (1 - depth) and random.random() < 0.7:
            trees.draw_bush(
                stage,
                layer,
                random,
                x,
                float(land.height_at(line, x)) + 8,
                random.uniform(26, 44) * (1.5 - depth),
                depth,
            )
    land.fill_below(layer, line, 760, tone)
    for _ in range(int(150 * (1 - depth))):
        x = random.uniform(0, stage.width)
        y = land.height_at(line, x) + random.uniform(6, 200)
        layer.ellipse(x, y, random.uniform(8, 34), random.uniform(1, 2.6), tone * random.uniform(0.86, 1.16))
    stage.canvas.add(layer, fade=(stage.light.haze, base, 0.25 * depth, 740, 0.0))
    if depth == 0.0:
        stage.canvas.glow([(focus, base + 30, 420, 120, mix(stage.light.sky[3], stage.light.sun, 0.5), 0.38)])


def _paint_trunks(stage: Stage, random: np.random.Generator, depth: float, focus: float) -> None:
    """Paint one rank of trunks with boughs and the leaves that hang into the picture from above."""
    layer, near = stage.canvas.layer(), 1 - depth
    base, count = stage.horizon + 22 + (0.74 - depth) * 110, int(5 + 9 * depth)
    bark, bright = stage.lit("5a4038", depth), mix(stage.lit("8a6a58", depth), stage.light.haze, 0.25)
    for index in range(count):
        x = stage.width * (index + random.uniform(0.1, 0.9)) / count
        if abs(x - focus) < 60 + 90 * near:
            continue
        thick = (14 + 52 * near) * random.uniform(0.6, 1.1)
        lean = random.normal(0, 22)
        layer.limb((x, base + 14), (x + lean, -30), thick, thick * 0.55, bark)
        side = -0.28 if stage.sun[0] < x else 0.28
        layer.limb(
            (x + side * thick, base + 12), (x + lean + side * thick * 0.55, -30), thick * 0.22, thick * 0.12, bright
        )
        layer.polygon(
            [
                (x - thick * 1.1, base + 18),
                (x - thick * 0.42, base - thick * 0.9),
                (x + thick * 0.42, base - thick * 0.9),
                (x + thick * 1.1, base + 18),
            ],
            bark,
        )
        for _ in range(2):
            share, way = random.uniform(0.40, 0.8), random.choice([-1, 1])
            root = np.array([x + lean * share, base * (1 - share)])
            trees.draw_bough(
                layer,
                random,
                root,
                -np.pi / 2 + way * random.uniform(0.6, 1.0),
                (40 + 60 * near),
                thick * 0.24,
                3,
                bark,
                stage.snow_tone(depth) if stage.snow else None,
            )
    _hang_leaves(stage, layer, random, depth, focus)
    stage.canvas.add(layer, fade=(stage.light.haze, 0, 0.0, base, 0.5 * depth))


def _hang_leaves(stage: Stage, layer, random: np.random.Generator, depth: float, focus: float) -> None:
    """Hang a vault of leaves into the picture, high over the path and low at the sides."""
    if stage.scene.season == "winter" and not stage.has("blossoms"):
        return
    count = int(10 + 3 * depth)
    for x in random.permutation(np.linspace(-30, stage.width + 30, count)):
        x += random.uniform(-30, 30)
        away = min(abs(x - focus) / stage.width, 0.6)
        size = (120 + 90 * (1 - depth)) * random.uniform(0.8, 1.2)
        y = -70 + (60 + 120 * depth) + (340 * away**1.3) * random.uniform(0.4, 1.0)
        draw_clump(layer, random, x, y, size, stage.leaf_tones(random, depth), stage.side_of_light(x))


def _paint_firs(stage: Stage, random: np.random.Generator, depth: float, focus: float) -> None:
    layer, near = stage.canvas.layer(), 1 - depth
    dark = stage.lit(CONIFER[stage.scene.season], depth)
    base, count = stage.horizon + 26 + (0.74 - depth) * 110, int(6 + 12 * depth)
    for index in range(count):
        x = stage.width * (index + random.uniform(0.1, 0.9)) / count
        if abs(x - focus) > 70 + 110 * near:
            trees.draw_fir(
                layer,
                random,
                x,
                base + random.uniform(0, 14),
                (250 + 300 * near) * random.uniform(0.7, 1.15),
                dark,
                mix(dark, stage.light.haze, 0.25),
                stage.snow,
                stage.snow_tone(depth),
            )
    stage.canvas.add(layer, fade=(stage.light.haze, 60, 0.0, base, 0.5 * depth))


def _paint_shafts(stage: Stage, random: np.random.Generator, focus: float) -> None:
    """Let light fall in slanting shafts; at night only the moon does that."""
    if stage.scene.weather in ("rain", "snow") or (stage.scene.hour == "night" and not stage.has("moon")):
        return
    layer, lean = stage.canvas.layer(reduce=4), random.uniform(0.35, 0.7) * random.choice([-1, 1])
    for _ in range(7):
        x, width = focus + random.normal(0, 240), random.uniform(16, 60)
        layer.polygon(
            [(x, -20), (x + width, -20), (x + width * 2.2 + lean * 560, 560), (x + lean * 560 - width, 560)], (1, 1, 1)
        )
    mask = cv2.GaussianBlur(layer.pixels[..., 3], (0, 0), 4).astype(np.float32) / 255
    mask *= np.linspace(1.0, 0.0, mask.shape[0], dtype=np.float32)[:, None] ** 0.8
    stage.canvas.blend(
        mask * (0.16 if stage.scene.hour == "night" else 0.36), mix(stage.light.sun, stage.light.sky[3], 0.4)
    )


def _paint_path(stage: Stage, random: np.random.Generator, focus: float) -> None:
    """Wind a path from the viewer to the bright gap."""
    share = np.linspace(0, 1, 40)
    sway = np.sin(share * 4.2 + random.uniform(0, 6)) * 62 * share * (1.1 - share * 0.5)
    middle = focus + sway + (stage.width / 2 - focus) * share**2
    half, y = 14 + 190 * share**1.7, stage.horizon + 14 + (730 - stage.horizon - 14) * share
    layer = stage.canvas.layer()
    path = mix(stage.ground("c8a878"), stage.light.haze, 0.25)
    layer.polygon(
        np.concatenate([np.stack([middle - half * 1.12, y], 1), np.stack([middle + half * 1.12, y], 1)[::-1]]),
        path * 0.8,
    )
    layer.polygon(np.concatenate([np.stack([middle - half, y], 1), np.stack([middle + half, y], 1)[::-1]]), path)
    for _ in range(70):
        at = int(40 * random.random() ** 0.6)
        at = min(at, 39)
        layer.ellipse(
            middle[at] + random.uniform(-0.9, 0.9) * half[at],
            y[at],
            3 + 14 * share[at],
            0.8 + 2 * share[at],
            path * random.uniform(0.86, 1.08),
        )
    stage.canvas.add(layer, fade=(stage.light.haze, stage.horizon, 0.5, 640, 0.0))


def _paint_undergrowth(stage: Stage, random: np.random.Generator) -> None:
    layer, grass = stage.canvas.layer(), stage.ground(GRASS[stage.scene.season]) * 0.72
    for edge, side in ((0, 1), (stage.width, -1)):
        for index in range(16):
            x = edge + side * random.uniform(0, 0.36) * stage.width * (1 - index / 40)
            base = 590 + index * 9
            trees.draw_grass(
                layer,
                random,
                x - 34,
                x + 34,
                base,
                random.uniform(26, 54),
                (grass * 0.7, mix(grass, (1, 1, 0.85), 0.2)),
                12,
            )
            if index % 3 == 0:
                trees.draw_bush(stage, layer, random, x - side * 30, base + 6, random.uniform(46, 84))
    stage.canvas.add(layer)


def _paint_frame(stage: Stage, random: np.random.Generator, focus: float) -> None:
    """Frame the picture with near, dark trunks on both sides."""
    layer, bark = stage.canvas.layer(), stage.lit("3a2a2c") * 0.75
    for edge, side in ((0, 1), (stage.width, -1)):
        x, thick = edge + side * random.uniform(0, 60), random.uniform(62, 96)
        layer.limb((x, 740), (x + side * random.uniform(-30, 40), -40), thick, thick * 0.6, bark)
        layer.polygon([(x - thick, 745), (x - thick * 0.45, 600), (x + thick * 0.45, 600), (x + thick, 745)], bark)
        trees.draw_bough(
            layer,
            random,
            np.array([x + side * thick * 0.22, 330.0]),
            -np.pi / 2 + side * 0.95,
            120,
            thick * 0.26,
            5,
            bark,
            stage.snow_tone() if stage.snow else None,
        )
    _hang_leaves(stage, layer, random, 0.0, focus)
    stage.canvas.add(layer, rim=(5, -2, stage.light.haze, 0.28))


def _paint_fireflies(stage: Stage, random: np.random.Generator) -> None:
    glow = np.array([0.85, 1.0, 0.45])
    spots = [(random.uniform(0, stage.width), random.uniform(330, 690), random.uniform(1.2, 2.6)) for _ in range(46)]
    layer = stage.canvas.layer()
    for x, y, size in spots:
        layer.circle(x, y, size, glow)
    stage.canvas.add(layer, opacity=0.9)
    stage.canvas.glow([(x, y, size * 10, size * 10, glow, 0.6) for x, y, size in spots])
