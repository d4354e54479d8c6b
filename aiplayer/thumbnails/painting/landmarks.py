"""Elements that belong to the middle distance: lighthouse, ferris wheel, boat, train."""

import numpy as np

from aiplayer.thumbnails.painting.layer import Layer
from aiplayer.thumbnails.painting.palette import color, mix
from aiplayer.thumbnails.painting.stage import Stage


def draw_lighthouse(stage: Stage, layer: Layer, x: float, base: float, size: float) -> list:
    """Draw a banded lighthouse on a rock, its lamp lit in the dark and in fog; returns the beam's halos."""
    rock, white, red = stage.ground("5a5660", 0.2), stage.lit("f4f0e8", 0.12), stage.lit("c8483c", 0.12)
    layer.polygon(
        [
            (x - size * 0.75, base + size * 0.18),
            (x - size * 0.5, base + 2),
            (x - size * 0.26, base - size * 0.07),
            (x + size * 0.3, base - size * 0.05),
            (x + size * 0.52, base + size * 0.05),
            (x + size * 0.9, base + size * 0.18),
        ],
        rock,
    )
    for band in range(5):
        low, high = band / 5, (band + 1) / 5
        half_low, half_high = size * (0.13 - 0.055 * low), size * (0.13 - 0.055 * high)
        y_low, y_high = base - size * 0.72 * low, base - size * 0.72 * high
        tone = white if band % 2 == 0 else red
        layer.polygon(
            [(x - half_low, y_low), (x + half_low, y_low), (x + half_high, y_high), (x - half_high, y_high)], tone
        )
        layer.polygon(
            [
                (x + half_low * 0.35, y_low),
                (x + half_low, y_low),
                (x + half_high, y_high),
                (x + half_high * 0.35, y_high),
            ],
            tone * 0.82,
        )
    top, dark = base - size * 0.72, stage.lit("3a3440", 0.1)
    layer.box(x - size * 0.11, top - size * 0.02, size * 0.22, size * 0.03, dark)
    lit = stage.light.darkness > 0.3 or stage.scene.weather in ("rain", "fog", "snow")
    lamp = color("fff0b8") if lit else stage.lit("c8dce8")
    layer.box(x - size * 0.055, top - size * 0.13, size * 0.11, size * 0.11, lamp)
    layer.polygon(
        [(x - size * 0.085, top - size * 0.13), (x, top - size * 0.23), (x + size * 0.085, top - size * 0.13)], red
    )
    layer.box(x - size * 0.006, top - size * 0.13, size * 0.012, size * 0.11, dark)
    if not lit:
        return []
    y, side = top - size * 0.075, 1.0 if x < stage.width / 2 else -1.0
    beam = [
        (
            x + side * size * step,
            y - size * 0.10 * step,
            size * (0.5 + 0.2 * step),
            size * (0.10 + 0.10 * step),
            lamp,
            0.40 - 0.09 * step,
        )
        for step in np.arange(0.4, 4.0, 0.4)
    ]
    return [(x, y, size * 0.6, size * 0.6, lamp, 0.85), *beam]


def draw_ferris_wheel(stage: Stage, layer: Layer, x: float, base: float, size: float) -> list:
    """Draw a ferris wheel; size is its height. After dark its rim is a ring of lamps; returns their halos."""
    steel, radius, halos = stage.lit("c8ccd8", 0.3), size * 0.43, []
    y, random = base - size * 0.54, stage.random("ferris wheel")
    for side in (-1, 1):
        layer.limb((x, y), (x + side * size * 0.26, base), 3.4, 5, steel * 0.8)
    turn = np.linspace(0, 2 * np.pi, 61)
    for ring in (1.0, 0.92):
        layer.line(np.stack([x + np.cos(turn) * radius * ring, y + np.sin(turn) * radius * ring], 1), steel, 2)
    lit = stage.light.darkness > 0.3
    for index, angle in enumerate(np.linspace(0, 2 * np.pi, 16, endpoint=False) + random.uniform(0, 0.4)):
        rim = (x + np.cos(angle) * radius, y + np.sin(angle) * radius)
        layer.line([(x, y), rim], mix(steel, stage.light.haze, 0.25), 1)
        cabin = color(("ff6a7a", "ffd060", "6ac8ff", "a888ff")[index % 4])
        tone = mix(cabin, (1, 1, 1), 0.15) if lit else stage.light.lit(cabin, 0.15)
        layer.circle(rim[0], rim[1] + size * 0.022, size * 0.026, tone)
        layer.box(rim[0] - size * 0.026, rim[1] + size * 0.022, size * 0.052, size * 0.02, tone * 0.8)
        if lit:
            halos.append((*rim, size * 0.13, size * 0.13, cabin, 0.55))
    if lit:
        lamp = stage.light.lamps[0]
        for angle in np.linspace(0, 2 * np.pi, 48, endpoint=False):
            layer.circle(
                x + np.cos(angle) * radius * 0.96, y + np.sin(angle) * radius * 0.96, 1.5, mix(lamp, (1, 1, 1), 0.3)
            )
        halos += [(x, y, radius * 1.7, radius * 1.7, lamp, 0.30), (x, y, size * 0.2, size * 0.2, lamp, 0.5)]
    layer.circle(x, y, size * 0.035, steel)
    return halos


def draw_boat(stage: Stage, layer: Layer, x: float, base: float, size: float) -> list:
    """Draw a sailing boat whose waterline lies at base, with its broken mirror image; returns its lamp's halo."""
    hull, sail = stage.lit("7a4436", 0.1), mix(stage.lit("fff6e8", 0.08), stage.light.sky[3], 0.15)
    layer.polygon(
        [
            (x - size * 0.46, base - size * 0.12),
            (x + size * 0.52, base - size * 0.15),
            (x + size * 0.36, base + 2),
            (x - size * 0.34, base + 2),
        ],
        hull,
    )
    layer.polygon(
        [
            (x - size * 0.46, base - size * 0.12),
            (x + size * 0.52, base - size * 0.15),
            (x + size * 0.50, base - size * 0.115),
            (x - size * 0.44, base - size * 0.085),
        ],
        mix(hull, (1, 1, 1), 0.35),
    )
    layer.limb((x, base - size * 0.12), (x, base - size * 1.16), 3, 1.8, stage.lit("4a3a38", 0.1))
    share = np.linspace(0, 1, 12)
    belly = np.stack(
        [x + size * (0.03 + 0.50 * share - 0.10 * np.sin(np.pi * share) * -1), base - size * (1.12 - 0.90 * share)], 1
    )
    layer.polygon(np.concatenate([belly, [(x + size * 0.03, base - size * 0.22)]]), sail)
    layer.polygon(
        [
            (x - size * 0.03, base - size * 1.05),
            (x - size * 0.03, base - size * 0.22),
            (x - size * 0.40, base - size * 0.22),
        ],
        sail * 0.86,
    )
    for step in range(9):
        y, half = base + 4 + step * size * 0.055, size * (0.40 - 0.035 * step)
        tone = mix(hull if step < 2 else sail, stage.light.sky[1], 0.35 + 0.04 * step)
        layer.ellipse(x + size * 0.05 * np.sin(step * 2.1), y, half * (1 if step % 2 else 0.7), size * 0.012, tone)
    if stage.light.darkness < 0.3:
        return []
    return [
        (x + size * 0.3, base - size * 0.2, size * 0.5, size * 0.4, stage.light.lamps[0], 0.75),
        (x + size * 0.3, base + size * 0.2, size * 0.18, size * 0.5, stage.light.lamps[0], 0.4),
    ]


def paint_train(stage: Stage) -> None:
    """Run a lit train over a low viaduct across the middle distance."""
    y, depth = stage.spots.get("rail", (stage.horizon + 4, 0.4))
    random, layer = stage.random("train"), stage.canvas.layer()
    stone, coach = (
        stage.ground("9a8c88", depth),
        stage.lit(random.choice(["c8584a", "4a7aa8", "5a9a7a", "e8c058"]), depth * 0.5),
    )
    glow = stage.light.darkness > 0.3 or stage.scene.weather in ("rain", "fog", "snow")
    pane, halos, height = stage.light.lamps[0] if glow else stage.lit("dce8f0", depth), [], 26.0
    layer.box(0, y - 6, stage.width, 9, stone)
    for x in np.arange(random.uniform(-60, 0), stage.width + 60, 58):
        layer.box(x, y, 11, 40, stone * 0.9)
        layer.ellipse(x + 34.5, y + 24, 23.5, 22, stone, 0, 180, 360)
        layer.ellipse(x + 34.5, y + 26, 20, 19, mix(stone * 0.55, stage.light.haze, 0.3), 0, 180, 360)
    start, count = stage.width * random.uniform(0.06, 0.3), 5
    for car in range(count):
        x, wide = start + car * 108, 104
        layer.box(x, y - 6 - height, wide, height, coach)
        layer.box(x, y - 6 - height, wide, 4, mix(coach, (1, 1, 1), 0.35) if not stage.snow else stage.snow_tone(depth))
        layer.box(x, y - 13, wide, 3, mix(coach, (1, 1, 1), 0.5))
        for window in range(6):
            layer.box(x + 7 + window * 16, y - 6 - height * 0.76, 11, 9, pane)
        if glow:
            halos.append((x + wide / 2, y - 18, 80, 34, pane, 0.4))
    nose = start + count * 108 - 4
    layer.polygon(
        [(nose, y - 6), (nose, y - 6 - height), (nose + 12, y - 6 - height), (nose + 26, y - 14), (nose + 28, y - 6)],
        coach,
    )
    if glow:
        halos.append((nose + 40, y - 12, 90, 26, color("fff0c0"), 0.6))
    stage.canvas.add(layer)
    stage.canvas.glow(halos)
