"""Elements that stand on the ground or a table: cat, campfire, tent, christmas tree, car, record, cup."""

import numpy as np

from aiplayer.thumbnails.painting.canvas import Layer
from aiplayer.thumbnails.painting.palette import SNOW, color, mix
from aiplayer.thumbnails.painting.stage import Stage
from aiplayer.thumbnails.painting.trees import draw_fir


def draw_cat(stage: Stage, layer: Layer, x: float, base: float, size: float, coat) -> list:
    """Draw a cat that sits with its back to us, looking into the picture; size is its height. Returns no halos."""
    coat, dark = np.asarray(coat), np.asarray(coat) * 0.72
    share = np.linspace(0, 1, 14)
    tail = np.stack([x + size * (0.24 + 0.42 * np.sin(share * 2.4)), base - size * 0.06 - size * 0.34 * share**2.2], 1)
    for low, high, part in zip(tail[:-1], tail[1:], share, strict=False):
        layer.limb(low, high, size * 0.10 * (1.05 - 0.4 * part), size * 0.10 * (1.0 - 0.4 * part), dark)
    layer.circle(*tail[-1], size * 0.034, dark)
    body = np.array(
        [
            (-0.13, -0.62),
            (-0.24, -0.42),
            (-0.31, -0.18),
            (-0.30, -0.04),
            (-0.2, 0.0),
            (0.2, 0.0),
            (0.30, -0.04),
            (0.31, -0.18),
            (0.24, -0.42),
            (0.13, -0.62),
        ]
    )
    layer.polygon(body * size + (x, base), coat)
    layer.ellipse(x, base - size * 0.17, size * 0.305, size * 0.175, coat)
    layer.ellipse(x, base - size * 0.70, size * 0.225, size * 0.185, coat)
    for side in (-1, 1):
        layer.polygon(
            [
                (x + side * size * 0.225, base - size * 0.72),
                (x + side * size * 0.20, base - size * 1.0),
                (x + side * size * 0.03, base - size * 0.85),
            ],
            coat,
        )
        layer.polygon(
            [
                (x + side * size * 0.19, base - size * 0.80),
                (x + side * size * 0.18, base - size * 0.94),
                (x + side * size * 0.09, base - size * 0.86),
            ],
            dark,
        )
    for y in (0.46, 0.36, 0.27):
        layer.ellipse(x, base - size * y, size * 0.055, size * 0.014, dark)
    return []


def draw_campfire(stage: Stage, layer: Layer, x: float, base: float, size: float) -> list:
    """Draw a burning campfire; returns its halos."""
    wood = stage.lit("5a3a2c")
    for angle in np.linspace(0, np.pi, 7):
        layer.ellipse(
            x + np.cos(angle) * size * 0.62,
            base + np.sin(angle) * size * 0.12,
            size * 0.13,
            size * 0.09,
            stage.lit("8a8890"),
        )
    random = stage.random("fire")
    for tone, wide, tall in (
        ("ff6a28", 0.44, 1.0),
        ("ffa038", 0.32, 0.76),
        ("ffe07a", 0.18, 0.48),
        ("fff8d8", 0.09, 0.26),
    ):
        share = np.linspace(0, 1, 18)
        edge = wide * size * np.sin(np.pi * np.clip(share * 0.82 + 0.18, 0, 1)) ** 0.9
        wave = 0.10 * size * np.sin(share * 7 + random.uniform(0, 6)) * share
        y = base - tall * size * share
        layer.polygon(
            np.concatenate([np.stack([x - edge + wave, y], 1), np.stack([x + edge + wave, y], 1)[::-1]]), color(tone)
        )
    for side in (-1, 1):
        layer.limb(
            (x - side * size * 0.55, base + 3),
            (x + side * size * 0.3, base - size * 0.24),
            size * 0.15,
            size * 0.13,
            wood,
        )
    for _ in range(16):
        layer.circle(
            x + random.normal(0, size * 0.4),
            base - size * random.uniform(0.8, 2.6),
            random.uniform(0.9, 2.0),
            color("ffb84a"),
        )
    glow = color("ff9a40")
    return [
        (x, base - size * 0.4, size * 4.6, size * 3.6, glow, 0.62),
        (x, base - size * 0.35, size * 1.4, size * 1.5, color("ffd080"), 0.6),
        (x, base + size * 0.1, size * 4.2, size * 0.9, glow, 0.5),
    ]


def draw_tent(stage: Stage, layer: Layer, x: float, base: float, size: float) -> list:
    """Draw a ridge tent with a lamp inside after dark; returns its halos."""
    cloth, lit = stage.ground("e8843c"), stage.light.darkness > 0.3
    lamp = mix(stage.light.lamps[0], color("ffb050"), 0.4)
    front = mix(cloth, lamp, 0.6) if lit else cloth
    peak = (x - size * 0.12, base - size * 0.86)
    layer.polygon(
        [peak, (x + size * 0.62, base - size * 0.74), (x + size * 1.06, base - size * 0.06), (x + size * 0.50, base)],
        front * 0.72,
    )
    layer.polygon([peak, (x - size * 0.78, base), (x + size * 0.50, base)], front)
    layer.polygon(
        [peak, (x - size * 0.34, base), (x + size * 0.10, base)],
        mix(lamp, (1, 1, 0.9), 0.4) if lit else stage.lit("5a4038"),
    )
    layer.polygon([peak, (x - size * 0.34, base), (x - size * 0.48, base)], front * 0.86)
    layer.polygon([peak, (x + size * 0.10, base), (x + size * 0.23, base)], front * 0.86)
    rope = stage.lit("e8e0d0")
    layer.line([peak, (x - size * 1.05, base + 4)], rope, 1)
    layer.line([(x + size * 0.62, base - size * 0.74), (x + size * 1.36, base - 2)], rope, 1)
    return [(x, base - size * 0.3, size * 1.9, size * 1.3, lamp, 0.5)] if lit else []


def draw_christmas_tree(stage: Stage, layer: Layer, x: float, base: float, size: float) -> list:
    """Draw a fir with baubles, a garland of lamps and a star; returns the lamps' halos."""
    random, halos = stage.random("christmas tree"), []
    dark = stage.lit("1c5a40")
    draw_fir(
        layer, random, x, base, size, dark, mix(dark, stage.lit("6ab080"), 0.5), 0.5 * stage.snow, stage.light.lit(SNOW)
    )
    for row, share in enumerate(np.linspace(0.14, 0.86, 8)):
        half = size * 0.215 * (1 - share) * 0.9
        for index, across in enumerate(np.linspace(-1, 1, max(2, 8 - row))):
            spot = (x + half * across, base - size * share + size * 0.035 * (1 - across**2))
            tone = (color("ffd86a"), color("ff6a5a"), color("7ac8ff"), color("ffd86a"))[(index + row) % 4]
            layer.circle(*spot, size * 0.014, mix(tone, (1, 1, 1), 0.25))
            halos.append((*spot, size * 0.06, size * 0.06, tone, 0.6))
    top, gold = base - size * 1.01, color("ffe07a")
    turn = np.arange(10) * np.pi / 5 - np.pi / 2
    reach = np.where(np.arange(10) % 2, 0.026, 0.062) * size
    layer.polygon(np.stack([x + np.cos(turn) * reach, top + np.sin(turn) * reach], 1), gold)
    return [
        *halos,
        (x, top, size * 0.22, size * 0.22, gold, 0.7),
        (x, base - size * 0.4, size * 0.6, size * 0.7, color("ffc070"), 0.28),
    ]


def draw_car(stage: Stage, layer: Layer, x: float, base: float, size: float) -> list:
    """Draw a small car from behind, its tail lamps lit after dark; size is its width. Returns its halos."""
    random = stage.random("car")
    paint = stage.lit(random.choice(["d8483c", "3c7ab0", "e8b040", "48a088", "f0e8dc", "b05a9a"]))
    dark, lit = stage.lit("1c1c26"), stage.light.darkness > 0.3 or stage.scene.weather in ("rain", "fog", "snow")

    def place(points):
        return np.array(points) * size + (x, base)

    layer.ellipse(x, base - size * 0.01, size * 0.56, size * 0.055, dark * 0.6)
    for side in (-1, 1):
        layer.polygon(place([(side * 0.44, -0.20), (side * 0.27, -0.20), (side * 0.28, 0.0), (side * 0.43, 0.0)]), dark)
    layer.polygon(
        place(
            [
                (-0.47, -0.12),
                (-0.49, -0.34),
                (-0.44, -0.44),
                (-0.33, -0.73),
                (-0.24, -0.79),
                (0.24, -0.79),
                (0.33, -0.73),
                (0.44, -0.44),
                (0.49, -0.34),
                (0.47, -0.12),
            ]
        ),
        paint,
    )
    layer.polygon(
        place([(-0.35, -0.46), (-0.27, -0.70), (0.27, -0.70), (0.35, -0.46)]),
        mix(stage.lit("3a4a60"), stage.light.sky[2], 0.4),
    )
    layer.polygon(
        place([(-0.20, -0.46), (-0.12, -0.70), (0.02, -0.70), (-0.06, -0.46)]),
        mix(stage.lit("6a7a90"), stage.light.sky[3], 0.5),
    )
    layer.polygon(place([(-0.47, -0.20), (0.47, -0.20), (0.46, -0.11), (-0.46, -0.11)]), mix(paint, dark, 0.55))
    layer.polygon(place([(-0.13, -0.31), (0.13, -0.31), (0.13, -0.22), (-0.13, -0.22)]), stage.lit("e8e4d8"))
    layer.polygon(place([(-0.44, -0.44), (0.44, -0.44), (0.46, -0.41), (-0.46, -0.41)]), mix(paint, (1, 1, 1), 0.25))
    lamp = color("ff4a3a") if lit else stage.lit("a83028")
    for side in (-1, 1):
        layer.polygon(
            place([(side * 0.46, -0.37), (side * 0.27, -0.37), (side * 0.29, -0.26), (side * 0.47, -0.26)]), lamp
        )
    if not lit:
        return []
    return [(x + side * size * 0.37, base - size * 0.31, size * 0.4, size * 0.32, lamp, 0.8) for side in (-1, 1)] + [
        (x + side * size * 0.37, base + size * 0.10, size * 0.26, size * 0.24, lamp, 0.45) for side in (-1, 1)
    ]


def draw_record(stage: Stage, layer: Layer, x: float, base: float, size: float) -> list:
    """Draw a record half out of its sleeve, leaning in the foreground; returns no halos."""
    random = stage.random("record")
    label, black = color(random.choice(["e8604c", "f0b048", "4aa8a0", "c878b0"])), np.array([0.09, 0.085, 0.11])
    shade = mix(np.ones(3), stage.light.ambient, 0.5)
    center = (x + size * 0.42, base - size * 0.56)
    layer.circle(*center, size * 0.5, black)
    for ring in np.arange(0.46, 0.20, -0.035):
        layer.circle(*center, size * ring, mix(black, (1, 1, 1), 0.10))
        layer.circle(*center, size * (ring - 0.011), black)
    for start in (-70, 110):
        layer.ellipse(*center, size * 0.47, size * 0.47, mix(black, stage.light.sky[3], 0.22), 0, start, start + 24)
    layer.circle(*center, size * 0.18, label * shade)
    layer.circle(*center, size * 0.025, (0.95, 0.93, 0.88))
    sleeve = [
        (x - size * 0.66, base - size * 1.06),
        (x + size * 0.36, base - size * 1.10),
        (x + size * 0.40, base - size * 0.06),
        (x - size * 0.62, base - size * 0.02),
    ]
    layer.polygon(sleeve, label * shade * 0.92)
    layer.circle(x - size * 0.13, base - size * 0.62, size * 0.25, color("ffe8c0") * shade)
    layer.polygon(
        [
            (x - size * 0.63, base - size * 0.36),
            (x - size * 0.3, base - size * 0.60),
            (x - size * 0.05, base - size * 0.38),
            (x + size * 0.16, base - size * 0.55),
            (x + size * 0.385, base - size * 0.34),
            (x + size * 0.40, base - size * 0.06),
            (x - size * 0.62, base - size * 0.02),
        ],
        label * shade * 0.55,
    )
    return []


def draw_cup(stage: Stage, layer: Layer, x: float, base: float, size: float, tint=None) -> list:
    """Draw a steaming cup on a saucer; size is its width. Returns the halos that make the steam."""
    china = np.array([0.97, 0.94, 0.90]) * (
        mix(np.ones(3), stage.light.ambient, 0.45) if tint is None else np.asarray(tint)
    )
    layer.ellipse(x, base, size * 0.78, size * 0.17, china * 0.72)
    layer.ellipse(x, base - size * 0.02, size * 0.74, size * 0.15, china * 0.92)
    layer.ellipse(x + size * 0.5, base - size * 0.40, size * 0.22, size * 0.20, china * 0.88)
    layer.ellipse(x + size * 0.5, base - size * 0.40, size * 0.13, size * 0.12, china * 0.5)
    share = np.linspace(0, 1, 12)
    half = size * (0.5 - 0.24 * share**2.4)
    y = base - size * 0.66 + size * 0.64 * share
    layer.polygon(np.concatenate([np.stack([x - half, y], 1), np.stack([x + half, y], 1)[::-1]]), china)
    layer.polygon(np.concatenate([np.stack([x + half * 0.45, y], 1), np.stack([x + half, y], 1)[::-1]]), china * 0.86)
    layer.ellipse(x, base - size * 0.66, size * 0.5, size * 0.125, mix(china, (1, 1, 1), 0.3))
    layer.ellipse(x, base - size * 0.65, size * 0.44, size * 0.10, color("6a4028") * china)
    layer.ellipse(x - size * 0.05, base - size * 0.65, size * 0.2, size * 0.045, color("c89a6c") * china)
    steam = np.array([1.0, 0.98, 0.95])
    return [
        (
            x + size * (0.16 * np.sin(rise * 4.2 + lane * 2) + 0.16 * (lane - 0.5)),
            base - size * (0.8 + 1.5 * rise),
            size * (0.11 + 0.10 * rise),
            size * 0.2,
            steam,
            0.34 * (1 - rise),
        )
        for lane in range(2)
        for rise in np.linspace(0, 0.95, 14)
    ]
