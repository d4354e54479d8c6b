"""Mountains: peaks in the haze, wooded slopes, a meadow with a cabin."""

import numpy as np

from aiplayer.thumbnails.painting import land, trees
from aiplayer.thumbnails.painting.elements import paint_far_elements
from aiplayer.thumbnails.painting.layer import Layer
from aiplayer.thumbnails.painting.palette import CONIFER, GRASS, color, mix
from aiplayer.thumbnails.painting.sky import paint_sky
from aiplayer.thumbnails.painting.stage import Stage


def paint_mountain(stage: Stage) -> None:
    """Paint high mountains from a meadow."""
    random = stage.random("mountain")
    stage.set_horizon(random.uniform(465, 510))
    paint_sky(stage)
    paint_range(stage, random, stage.horizon, random.uniform(290, 350))
    paint_woods(stage, random, stage.horizon + 6, ((0.62, 24, 0.7), (0.42, 40, 1.1)))
    side = 1.0 if random.random() < 0.5 else -1.0
    stage.spots |= {
        "landmark": (stage.width * (0.5 - 0.24 * side), stage.horizon + 56, 170.0),
        "rail": (stage.horizon + 30, 0.3),
    }
    paint_far_elements(stage)
    meadow = _paint_meadow(stage, random)
    cabin = stage.width * (0.5 + 0.22 * side)
    _paint_cabin(stage, cabin, float(land.height_at(meadow, cabin)) + 14, 92)
    _paint_near_firs(stage, random, side)
    stage.spots["ground"] = [
        (stage.width * (0.5 - 0.14 * side), 668, 120.0),
        (stage.width * (0.5 + 0.04 * side), 650, 105.0),
    ]


def paint_range(stage: Stage, random: np.random.Generator, base: float, height: float) -> None:
    """Paint two rows of peaks, the highest off the middle."""
    snow_line = {"winter": 0.75, "spring": 0.42, "autumn": 0.32, "summer": 0.22}[stage.scene.season]
    snow_line = 0.80 if stage.snow == 1.0 else snow_line
    focus = random.choice([random.uniform(0.24, 0.4), random.uniform(0.6, 0.76)]) * stage.width
    far = [(random.uniform(0, 1) * stage.width, height * random.uniform(0.55, 0.75), 0.78) for _ in range(4)]
    near = [
        (focus, height, 0.55),
        (focus - stage.width * 0.30, height * 0.66, 0.50),
        (focus + stage.width * 0.29, height * 0.72, 0.50),
    ]
    near += [(focus - stage.width * 0.6, height * 0.6, 0.52), (focus + stage.width * 0.6, height * 0.55, 0.52)]
    for x, tall, depth in far + sorted(near, key=lambda peak: -peak[2]):
        land.paint_peak(stage, random, x, base, tall * random.uniform(2.4, 3.1), tall, depth, snow_line)


def paint_woods(stage: Stage, random: np.random.Generator, base: float, rows) -> None:
    """Paint wooded hills; rows are (depth, height of a fir in units, how many hill heights up), far first."""
    for index, (depth, fir_height, rise) in enumerate(rows):
        layer = stage.canvas.layer()
        line = land.ridge_line(random, stage.width, base + index * 14, 40 * rise, 0.45, 2.5 + index)
        tint = stage.ground(CONIFER[stage.scene.season], depth)
        fill_woods(stage, layer, random, line, fir_height, depth)
        land.fill_below(
            layer,
            line + np.array([0, fir_height * 0.2]),
            base + 60,
            mix(tint, stage.light.lit(color(CONIFER[stage.scene.season]), depth), 0.6),
        )
        stage.canvas.add(layer, fade=(stage.light.haze, base - 70, 0.0, base + 34, 0.5))


def fill_woods(
    stage: Stage, layer: Layer, random: np.random.Generator, line: np.ndarray, height: float, depth: float
) -> None:
    """Stand firs, with some leafy trees of the season among them, along a line."""
    dark = stage.lit(CONIFER[stage.scene.season], depth)
    light = mix(dark, stage.light.sky[3], 0.22)
    snow_color = stage.snow_tone(depth)
    for x in np.arange(-10, stage.width + 10, height * 0.30):
        x += random.uniform(-0.12, 0.12) * height
        base = float(land.height_at(line, x)) + height * 0.3
        tall = height * random.uniform(0.7, 1.35)
        if stage.scene.season in ("autumn", "spring") and random.random() < 0.4:
            tones = stage.leaf_tones(random, depth)
            for level, tone in enumerate(tones):
                layer.circle(
                    x - level * tall * 0.05, base - tall * (0.45 + 0.1 * level), tall * (0.30 - 0.08 * level), tone
                )
        else:
            trees.draw_fir(layer, random, x, base, tall, dark, light, stage.snow * 0.8, snow_color)


def _paint_meadow(stage: Stage, random: np.random.Generator) -> np.ndarray:
    """Paint the near meadow in two folds with flowers; return its edge."""
    lines, grass = [], stage.ground(GRASS[stage.scene.season])
    for base, tone in ((stage.horizon + 62, 0.92), (stage.horizon + 140, 1.0)):
        line = land.ridge_line(random, stage.width, base, 50, 0.3, 1.6)
        layer = stage.canvas.layer()
        land.fill_below(layer, line, 760, mix(grass * tone, stage.light.haze, 0.10 if tone < 1 else 0.0))
        for _ in range(260):
            x = random.uniform(0, stage.width)
            y = land.height_at(line, x) + random.uniform(6, 210)
            layer.ellipse(
                x, y, random.uniform(5, 22), random.uniform(0.8, 2.0), grass * tone * random.uniform(0.9, 1.08)
            )
        if not stage.snow and stage.scene.season in ("spring", "summer"):
            for _ in range(150):
                x = random.uniform(0, stage.width)
                y = land.height_at(line, x) + random.uniform(14, 200)
                layer.circle(x, y, 0.7 + y / 420, stage.lit(random.choice(["fff2f6", "ffd86a", "f49ac0", "b9a0f0"])))
        stage.canvas.add(
            layer, fade=(mix(grass * 0.5, stage.light.sky[0], 0.14), base, 0.0, 740, 0.42 - 0.36 * stage.snow)
        )
        lines.append(line)
    _paint_stream(stage, random, lines[0])
    _paint_tufts(stage, random, lines[1], grass)
    return lines[0]


def _paint_stream(stage: Stage, random: np.random.Generator, edge: np.ndarray) -> None:
    """Wind a stream that mirrors the sky from the far edge of the meadow to the viewer."""
    share = np.linspace(0, 1, 60)
    start, stop = stage.width * random.uniform(0.36, 0.64), stage.width * random.uniform(0.3, 0.7)
    top = float(land.height_at(edge, start)) + 2
    middle = (
        start
        + (stop - start) * share**1.4
        + np.sin(share**0.7 * 9 + random.uniform(0, 6)) * (20 + 110 * share) * share**0.4
    )
    half, y = 2 + 66 * share**1.6, top + (735 - top) * share**1.15
    bank, deep = stage.ground("6a5a48"), stage.light.sky
    for grow, tone in (
        (1.14, bank * 0.75),
        (1.0, mix(deep[1], stage.lit("4a90a8"), 0.35)),
        (0.62, mix(deep[2], deep[1], 0.25)),
    ):
        layer = stage.canvas.layer()
        layer.polygon(
            np.concatenate([np.stack([middle - half * grow, y], 1), np.stack([middle + half * grow, y], 1)[::-1]]), tone
        )
        for point in random.integers(8, 60, 26 if grow == 0.62 else 0):
            layer.ellipse(
                middle[point] + random.uniform(-0.7, 0.7) * half[point],
                y[point],
                3 + half[point] * 0.3,
                0.7 + half[point] * 0.018,
                (1, 1, 1),
            )
        stage.canvas.add(layer, opacity=1.0 if grow > 0.7 else 0.65)


def _paint_tufts(stage: Stage, random: np.random.Generator, edge: np.ndarray, grass) -> None:
    """Scatter tufts of grass, bushes and stones over the near meadow."""
    layer = stage.canvas.layer()
    for y in np.sort(random.uniform(0, 1, 46)) ** 0.8:
        x, near = random.uniform(0, stage.width), y
        base = float(land.height_at(edge, x)) + 12 + 150 * near
        kind = random.random()
        if kind < 0.10:
            trees.draw_bush(stage, layer, random, x, base, 20 + 34 * near)
        elif kind < 0.22:
            size = 6 + 16 * near
            layer.ellipse(x, base - size * 0.3, size, size * 0.55, stage.lit("6c6a78"))
            layer.ellipse(x - size * 0.2, base - size * 0.5, size * 0.66, size * 0.32, stage.ground("a09ca4"))
        else:
            trees.draw_grass(
                layer,
                random,
                x - 16 - 14 * near,
                x + 16 + 14 * near,
                base,
                14 + 26 * near,
                (grass * 0.66, mix(grass, (1, 1, 0.85), 0.2)),
                9,
            )
    stage.canvas.add(layer)


def _paint_cabin(stage: Stage, x: float, base: float, size: float) -> None:
    """Paint a log cabin with lit windows and a smoking chimney."""
    layer, glowing = stage.canvas.layer(), stage.light.darkness > 0.3 or stage.scene.weather != "clear"
    wall, roof = stage.lit("8a5a3c"), stage.ground("5c4048")
    layer.box(x - size * 0.5, base - size * 0.42, size, size * 0.42, wall)
    for share in np.linspace(0.1, 0.9, 5):
        layer.box(x - size * 0.5, base - size * 0.42 * share, size, 1.3, wall * 0.78)
    layer.box(x + size * 0.22, base - size * 0.98, size * 0.13, size * 0.34, stage.lit("7a6a68"))
    layer.polygon(
        [
            (x - size * 0.62, base - size * 0.38),
            (x - size * 0.34, base - size * 0.86),
            (x + size * 0.34, base - size * 0.86),
            (x + size * 0.62, base - size * 0.38),
        ],
        roof,
    )
    layer.polygon(
        [
            (x - size * 0.62, base - size * 0.38),
            (x + size * 0.62, base - size * 0.38),
            (x + size * 0.62, base - size * 0.34),
            (x - size * 0.62, base - size * 0.34),
        ],
        stage.lit("3c2c34"),
    )
    pane = stage.light.lamps[0] if glowing else stage.lit("9cc0d8")
    for left in (-0.36, 0.14):
        layer.box(x + size * left, base - size * 0.29, size * 0.2, size * 0.16, pane)
        layer.box(x + size * (left + 0.09), base - size * 0.29, size * 0.02, size * 0.16, wall * 0.6)
    layer.box(x - size * 0.09, base - size * 0.29, size * 0.16, size * 0.29, wall * 0.62)
    stage.canvas.add(layer)
    smoke = mix(stage.light.haze, (1, 1, 1), 0.3)
    stage.canvas.glow(
        [
            (
                x + size * (0.28 + 0.05 * step),
                base - size * (1.05 + 0.2 * step),
                9 + 5 * step,
                12 + 4 * step,
                smoke,
                0.22 - 0.025 * step,
            )
            for step in range(8)
        ]
    )
    if glowing:
        stage.canvas.glow([(x, base - size * 0.2, size * 1.5, size * 0.9, stage.light.lamps[0], 0.5)])


def _paint_near_firs(stage: Stage, random: np.random.Generator, side: float) -> None:
    layer = stage.canvas.layer()
    dark = stage.lit(CONIFER[stage.scene.season]) * 0.8
    light = mix(dark, stage.light.sky[2], 0.25)
    for index in range(6):
        edge = (
            stage.width * (0.5 - side * (0.47 - 0.055 * index))
            if index < 4
            else stage.width * (0.5 + side * (0.52 - 0.06 * (index - 4)))
        )
        base = 735 - index % 4 * 18
        tall = random.uniform(250, 420) * (1 - 0.15 * (index % 4))
        if stage.scene.season == "autumn" and index % 2:
            trees.draw_tree(stage, layer, random, edge, base, tall * 0.8)
        else:
            trees.draw_fir(
                layer, random, edge + random.uniform(-20, 20), base, tall, dark, light, stage.snow, stage.snow_tone()
            )
    stage.canvas.add(layer, rim=(4 if stage.sun[0] > stage.width / 2 else -4, -4, stage.light.sun * 0.5, 0.25))
