"""Elements in the air: fireworks, birds, balloons, strings of lanterns."""

import numpy as np

from aiplayer.thumbnails.painting.palette import color, mix
from aiplayer.thumbnails.painting.stage import Stage

SPARKS = ("ff6a8a", "ffd060", "6ad8ff", "b98aff", "8affb0", "ff9a4a")
ENVELOPES = (
    ("e85a4c", "f8d878"),
    ("4a90c8", "f4f0e0"),
    ("8a5ab0", "f8a0b8"),
    ("3fa890", "fce08a"),
    ("f08a3c", "fff0d0"),
)


def paint_fireworks(stage: Stage) -> None:
    """Burst three or four shells of fireworks over the horizon."""
    random, canvas = stage.random("fireworks"), stage.canvas
    layer, halos = canvas.layer(), []
    for index in range(4):
        x = stage.width * ((0.14 + 0.25 * index + random.uniform(-0.06, 0.06)) % 1)
        y, radius = stage.horizon * random.uniform(0.20, 0.50), random.uniform(70, 135)
        tone = color(SPARKS[random.integers(len(SPARKS))])
        _burst(layer, random, x, y, radius, tone)
        halos += [(x, y, radius * 1.9, radius * 1.9, tone, 0.55), (x, y, 46, 46, (1, 0.97, 0.9), 0.8)]
        layer.limb(
            (x, y + radius * 0.4),
            (x + random.uniform(-8, 8), stage.horizon),
            1.6,
            0.4,
            mix(tone, stage.light.sky[2], 0.6),
        )
    canvas.add(layer, opacity=0.92)
    canvas.glow(halos)


def _burst(layer, random: np.random.Generator, x: float, y: float, radius: float, tone) -> None:
    for ring, count in ((1.0, 34), (0.68, 24), (0.38, 14)):
        for angle in np.linspace(0, 2 * np.pi, count, endpoint=False) + random.uniform(0, 1):
            reach, way = radius * ring * random.uniform(0.9, 1.06), np.array([np.cos(angle), np.sin(angle)])
            start, stop = (x, y) + way * reach * 0.62, (x, y) + way * reach + (0, reach * 0.12)
            layer.limb(start, stop, 0.6, 2.4, mix(tone, (1, 1, 1), 0.25 if ring == 1.0 else 0.5))
            layer.circle(*stop, 1.9, mix(tone, (1, 1, 1), 0.6))


def paint_birds(stage: Stage) -> None:
    """Draw a loose flock."""
    random, layer = stage.random("birds"), stage.canvas.layer()
    x, y = stage.width * random.uniform(0.3, 0.7), stage.horizon * random.uniform(0.3, 0.52)
    tone = mix(stage.light.sky[0] * 0.45, stage.lit("40455c"), 0.4)
    if stage.light.darkness > 0.9:
        tone = mix(stage.light.sky[3], (1, 1, 1), 0.35)
    for index in range(11):
        left, top = x + random.normal(0, 120), y + random.normal(0, 42)
        size, lift = random.uniform(9, 19) * (1.1 - index * 0.04), random.uniform(0.25, 0.7)
        share = np.linspace(0, 1, 7)
        for side in (-1, 1):
            wing = np.stack(
                [left + side * size * share, top - size * lift * np.sin(share * 2.2) * (1 - 0.35 * share)], 1
            )
            layer.polygon(
                np.concatenate([wing, (wing + np.stack([0 * share, size * 0.16 * (1 - share)], 1))[::-1]]), tone
            )
        layer.ellipse(left, top + size * 0.03, size * 0.2, size * 0.10, tone)
    stage.canvas.add(layer)


def paint_balloons(stage: Stage) -> None:
    """Float hot-air balloons, the farther ones paler."""
    random = stage.random("balloons")
    for index, (depth, size) in enumerate(((0.55, 34), (0.4, 46), (0.0, 82))):
        layer = stage.canvas.layer()
        x = stage.width * ((0.22 + 0.31 * index + random.uniform(-0.07, 0.07)) % 1)
        _draw_balloon(stage, layer, random, x, stage.horizon * random.uniform(0.28, 0.55), size, depth)
        stage.canvas.add(layer)
        if stage.light.darkness > 0.3:
            stage.canvas.glow([(x, stage.horizon * 0.4, size, size, stage.light.lamps[0], 0.15)])


def _draw_balloon(
    stage: Stage, layer, random: np.random.Generator, x: float, y: float, size: float, depth: float
) -> None:
    first, second = (stage.lit(code, depth) for code in ENVELOPES[random.integers(len(ENVELOPES))])
    inner = 0.35 * stage.light.darkness
    first, second = mix(first, stage.light.lamps[0], inner), mix(second, stage.light.lamps[0], inner)
    share = np.linspace(0, 1, 24)
    outline = np.sin(np.pi * (0.06 + 0.86 * share) ** 0.82) * (1 - 0.12 * share**6)
    height = y - size * 1.1 + 2.25 * size * share
    gores = np.sin(np.linspace(-np.pi / 2, np.pi / 2, 10))
    for index in range(9):
        left, right = x + gores[index] * outline * size, x + gores[index + 1] * outline * size
        tone = (first if index % 2 else second) * (
            0.76 + 0.3 * np.exp(-(((index - (2.5 if stage.sun[0] < x else 5.5)) / 2.6) ** 2))
        )
        layer.polygon(np.concatenate([np.stack([left, height], 1), np.stack([right, height], 1)[::-1]]), tone)
    foot = height[-1]
    for side in (-1, 1):
        layer.line(
            [(x + side * size * 0.2, foot), (x + side * size * 0.13, foot + size * 0.34)], stage.lit("4a3c3c", depth), 1
        )
    layer.polygon(
        [
            (x - size * 0.15, foot + size * 0.33),
            (x + size * 0.15, foot + size * 0.33),
            (x + size * 0.12, foot + size * 0.56),
            (x - size * 0.12, foot + size * 0.56),
        ],
        stage.lit("8a5a3c", depth),
    )


def paint_lanterns(stage: Stage) -> None:
    """Hang strings of small lamps: across the street, the window, or the top of the picture."""
    random, layer, halos = stage.random("lanterns"), stage.canvas.layer(), []
    default = [((-20, 46), (stage.width * 0.52, 22), 1.0), ((stage.width * 0.48, 26), (stage.width + 20, 66), 1.0)]
    for start, stop, scale in stage.spots.get("strings", default):
        start, stop = np.array(start), np.array(stop)
        length = np.hypot(*(stop - start))
        share = np.linspace(0, 1, 30)
        sag = 0.36 * share * (1 - share) * min(length, 760)
        points = start + (stop - start) * share[:, None] + np.stack([0 * share, sag], 1)
        layer.line(points, stage.light.sky[0] * 0.5, 1.5)
        for bulb in np.linspace(0.03, 0.97, max(5, int(length / (44 * max(scale, 0.55))))):
            x, y = start + (stop - start) * bulb + (0, 0.36 * bulb * (1 - bulb) * min(length, 760))
            tone, size = stage.light.lamp(random), 6.5 * max(scale, 0.5)
            layer.ellipse(x, y + size * 1.2, size * 0.85, size * 1.1, mix(tone, (1, 1, 1), 0.42))
            layer.box(x - size * 0.4, y - size * 0.2, size * 0.8, size * 0.5, stage.light.sky[0] * 0.5)
            halos.append((x, y + size, size * 6.5, size * 6.5, tone, 0.62 if stage.light.darkness > 0.3 else 0.4))
    stage.canvas.add(layer)
    stage.canvas.glow(halos)
