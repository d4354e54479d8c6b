"""Fields: rolling hills in stripes of crops, a lone tree, a farmhouse, flowers in front."""

import numpy as np

from aiplayer.thumbnails.painting import land, trees
from aiplayer.thumbnails.painting.elements import paint_far_elements
from aiplayer.thumbnails.painting.palette import mix
from aiplayer.thumbnails.painting.sky import paint_sky
from aiplayer.thumbnails.painting.stage import Stage

CROPS = {
    "spring": ("8cc45c", "b5d468", "f0d860", "6fae5a", "9ccc70"),
    "summer": ("58a848", "8cc04c", "3f9048", "a8c850", "d8c858"),
    "autumn": ("d8a848", "c08038", "e8c060", "a86c3c", "b8984c"),
    "winter": ("a09880", "8c8a78", "b4aa90", "948c78", "a8a08c"),
}
FLOWERS = {
    "spring": ("f8a8c8", "fff0f4", "ffd860", "e88ab4"),
    "summer": ("8a70d8", "a890e8", "ffe070", "f06a6a"),
    "autumn": ("e8b040", "d87838", "f0d890", "c85830"),
    "winter": ("c8c0a8", "b0a890", "d8d4c8", "a09a88"),
}


def paint_fields(stage: Stage) -> None:
    """Paint rolling farmland."""
    random = stage.random("fields")
    stage.set_horizon(random.uniform(370, 430))
    paint_sky(stage)
    land.paint_ridges(stage, 2, stage.horizon - 60, stage.horizon + 6, "5c7c8c", nearest=0.62)
    side = 1.0 if stage.sun[0] > stage.width / 2 else -1.0
    stage.spots |= {
        "landmark": (stage.width * (0.5 + 0.38 * side), stage.horizon + 22, 170.0),
        "rail": (stage.horizon + 4, 0.3),
    }
    paint_far_elements(stage)
    lines = [_paint_hill(stage, random, index) for index in range(4)]
    _paint_farm(stage, random, lines[1], stage.width * (0.5 + random.uniform(0.12, 0.3) * side))
    _paint_tree(stage, random, lines[2], stage.width * (0.5 - random.uniform(0.2, 0.32) * side))
    _paint_fence(stage, random, lines[3])
    _paint_flowers(stage, random)
    spot = stage.width * (0.5 + 0.16 * side)
    stage.spots["ground"] = [(spot, 668, 115.0), (stage.width * (0.5 - 0.05 * side), 676, 115.0)]


def _paint_hill(stage: Stage, random: np.random.Generator, index: int) -> np.ndarray:
    """Paint one fold of land with its rows of crops; return its edge."""
    depth = (0.50, 0.32, 0.15, 0.0)[index]
    base = stage.horizon + (24, 62, 120, 200)[index]
    line = land.ridge_line(random, stage.width, base, 30 + 16 * index, 0.25, random.uniform(1.2, 2.2))
    crops = CROPS[stage.scene.season]
    crop = stage.ground(crops[int(random.integers(len(crops)))], depth)
    dark = mix(mix(crop * 0.84, stage.lit("3a5a50", depth), 0.25), crop, 0.55 * stage.snow)
    layer, vanish = stage.canvas.layer(), random.uniform(0.1, 0.9) * stage.width
    land.fill_below(layer, line, 760, crop)
    reach = 40 + 62 * index
    for row, angle in enumerate(np.linspace(-2.6, 2.6, 46)):
        top_x = vanish + angle * 190
        foot_x = vanish + angle * (300 + 330 * (index + 1) / 4)
        width = (2.0 + 3.2 * index) * (1 + abs(angle) * 0.15)
        top_y = float(land.height_at(line, np.clip(top_x, -20, stage.width + 20)))
        layer.polygon(
            [
                (top_x - width * 0.3, top_y + 1),
                (top_x + width * 0.3, top_y + 1),
                (foot_x + width, top_y + reach + 60),
                (foot_x - width, top_y + reach + 60),
            ],
            dark if row % 2 else mix(crop, (1, 1, 0.9), 0.07),
        )
    edge = (line[:, 1].min(), base + reach)
    stage.canvas.add(_clip_above(layer, line), fade=(stage.light.haze, edge[0], 0.42 * (1 - index / 4), edge[1], 0.0))
    for x in np.arange(0, stage.width, 22) if index < 2 else ():
        if random.random() < 0.4:
            hedge = stage.canvas.layer()
            trees.draw_bush(
                stage, hedge, random, x, float(land.height_at(line, x)) + 4, random.uniform(16, 28), depth + 0.12
            )
            stage.canvas.add(hedge)
    return line


def _clip_above(layer, line: np.ndarray):
    """Erase what strays above the edge of a hill."""
    sky = np.concatenate([line - (0, 0.5), [(line[-1, 0], -60), (line[0, 0], -60)]])
    top = layer.top
    mask = type(layer)(layer.pixels.shape[1], layer.pixels.shape[0], layer.scale)
    mask.polygon(sky, (1, 1, 1))
    layer.pixels[mask.pixels[..., 3] > 127] = 0
    layer.top = top
    return layer


def _paint_farm(stage: Stage, random: np.random.Generator, line: np.ndarray, x: float) -> None:
    """Paint a farmhouse and a barn among trees."""
    layer, base, lights = stage.canvas.layer(), float(land.height_at(line, x)) + 16, []
    for offset in (-78, -58, 62, 84):
        trees.draw_tree(stage, layer, random, x + offset, base, random.uniform(58, 86), 0.25)
    warm = stage.light.darkness > 0.3 or stage.scene.weather in ("rain", "snow", "fog")
    for left, width, height, wall, roof in ((-44, 40, 24, "e8ddcc", "8a4a44"), (6, 46, 28, "a8483c", "5a4a52")):
        layer.box(x + left, base - height, width, height, stage.lit(wall, 0.22))
        layer.polygon(
            [
                (x + left - 4, base - height),
                (x + left + 6, base - height - 17),
                (x + left + width - 6, base - height - 17),
                (x + left + width + 4, base - height),
            ],
            stage.ground(roof, 0.22),
        )
        for pane in (0.18, 0.62):
            layer.box(
                x + left + width * pane,
                base - height * 0.66,
                7,
                8,
                stage.light.lamps[0] if warm else stage.lit("6a8098", 0.2),
            )
    if warm:
        lights = [
            (x - 24, base - 12, 70, 46, stage.light.lamps[0], 0.55),
            (x + 28, base - 14, 70, 46, stage.light.lamps[0], 0.45),
        ]
    stage.canvas.add(layer)
    stage.canvas.glow(lights)


def _paint_tree(stage: Stage, random: np.random.Generator, line: np.ndarray, x: float) -> None:
    layer, base = stage.canvas.layer(), float(land.height_at(line, x)) + 14
    shade = stage.canvas.layer(reduce=4)
    shade.ellipse(x - stage.side_of_light(x) * 26, base, 112, 11, stage.light.sky[0] * 0.35)
    stage.canvas.add(shade, opacity=0.42 if stage.scene.weather in ("clear", "cloudy") else 0.12)
    trees.draw_tree(stage, layer, random, x, base, random.uniform(260, 320))
    stage.canvas.add(layer, rim=(5 if stage.sun[0] > x else -5, -4, stage.light.sun * 0.6, 0.3))


def _paint_fence(stage: Stage, random: np.random.Generator, line: np.ndarray) -> None:
    layer, wood = stage.canvas.layer(), stage.lit("7a5c48")
    posts = [(x, float(land.height_at(line, x)) + 24) for x in np.arange(-20, stage.width + 60, 74)]
    for x, y in posts:
        layer.limb((x, y), (x + random.normal(0, 1), y - 42), 6, 5, wood * 0.85)
    for rise in (32, 18):
        layer.line([(x, y - rise) for x, y in posts], wood, 3)
        if stage.snow:
            layer.line([(x, y - rise - 2.5) for x, y in posts], stage.snow_tone(), 2)
    stage.canvas.add(layer)


def _paint_flowers(stage: Stage, random: np.random.Generator) -> None:
    """Fill the foreground with grass and, where no snow lies, flowers."""
    layer, flowers = stage.canvas.layer(), FLOWERS[stage.scene.season]
    dark, pale = stage.ground("3c6a3c") * 0.7, stage.ground(CROPS[stage.scene.season][0])
    for base in (705, 735):
        for x in np.arange(-20, stage.width + 20, 26):
            trees.draw_grass(layer, random, x - 20, x + 20, base + 10, random.uniform(40, 78), (dark, pale * 0.85), 9)
            if not stage.snow and random.random() < 0.75:
                tone, y, size = (
                    stage.lit(flowers[random.integers(len(flowers))]),
                    base - random.uniform(20, 64),
                    random.uniform(3, 6),
                )
                for turn in range(5):
                    layer.circle(
                        x + np.cos(turn * 1.257) * size * 0.75, y + np.sin(turn * 1.257) * size * 0.6, size * 0.55, tone
                    )
                layer.circle(x, y, size * 0.36, mix(tone, stage.lit("ffe080"), 0.7))
    stage.canvas.add(layer, fade=(stage.light.sky[0] * 0.6, 620, 0.0, 740, 0.5))
