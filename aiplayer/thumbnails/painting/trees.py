"""Trees and bushes: firs, leafy crowns, bare branches, palms, grass."""

import numpy as np

from aiplayer.thumbnails.painting.canvas import Layer
from aiplayer.thumbnails.painting.foliage import SPARSE, dab, draw_clump
from aiplayer.thumbnails.painting.palette import SNOW, mix
from aiplayer.thumbnails.painting.stage import Stage


def draw_fir(
    layer: Layer,
    random: np.random.Generator,
    x: float,
    base: float,
    height: float,
    dark,
    light,
    snow: float = 0.0,
    snow_color=SNOW,
) -> None:
    """Draw a fir of drooping tiers, its left half lighter; snow (0 to 1) lies on the tiers."""
    if height < 26:
        half = height * 0.21
        layer.polygon([(x - half, base), (x, base - height), (x + half, base)], mix(dark, snow_color, snow * 0.35))
        return
    layer.box(x - height * 0.018, base - height * 0.14, height * 0.036, height * 0.14, np.asarray(dark) * 0.6)
    tiers = int(np.clip(height / 20, 5, 11))
    for tier in reversed(range(tiers)):
        share = (tier + 1) / tiers
        bottom = base - height * 0.09 - (1 - share) * height * 0.80
        top = max(base - height, bottom - height * (0.20 + 0.10 * share))
        half = height * (0.045 + 0.185 * share) * random.uniform(0.9, 1.1)
        teeth = max(4, int(half / 3.2))
        across = np.linspace(-1, 1, 2 * teeth + 1)
        droop = (np.arange(2 * teeth + 1) % 2) * -0.16 * half * random.uniform(0.6, 1.2, 2 * teeth + 1)
        hem = np.stack([x + across * half, bottom + 0.20 * half * np.abs(across) + droop], axis=1)
        layer.polygon(np.concatenate([[(x, top)], hem]), mix(dark, light, 0.35 * (1 - share)))
        layer.polygon(
            np.concatenate([[(x, top)], hem[:teeth], [(x - half * 0.12, bottom - half * 0.2)]]),
            mix(dark, light, 0.55 + 0.3 * (1 - share)),
        )
        if snow:
            for reach in (-0.72, -0.34, 0.08, 0.46, 0.78):
                layer.ellipse(
                    x + reach * half,
                    bottom - half * (0.30 - 0.24 * abs(reach)),
                    half * 0.24 * random.uniform(0.7, 1.2),
                    half * 0.105,
                    mix(dark, snow_color, (0.45 if reach > 0.2 else 0.7) + 0.3 * snow),
                    20 * np.sign(reach),
                )


def draw_crown(
    layer: Layer,
    random: np.random.Generator,
    x: float,
    base: float,
    height: float,
    tones,
    bark,
    toward_light: float = -1.0,
) -> None:
    """Draw a leafy tree; tones are the dark, middle and light colour of its leaves."""
    lean, wide = random.normal(0, 0.04) * height, height * random.uniform(0.86, 1.1)
    if height < 60:
        layer.limb((x, base), (x, base - height * 0.5), height * 0.09, height * 0.05, bark)
        draw_clump(layer, random, x, base - height * 0.62, wide * 0.78, tones, toward_light)
        return
    fork = (x + lean * 0.5, base - height * 0.36)
    layer.polygon(
        [
            (x - height * 0.062, base + 2),
            (x - height * 0.03, base - height * 0.1),
            (fork[0] - height * 0.024, fork[1]),
            (fork[0] + height * 0.024, fork[1]),
            (x + height * 0.03, base - height * 0.1),
            (x + height * 0.066, base + 2),
        ],
        bark,
    )
    layer.limb(
        (x + toward_light * height * 0.015, base),
        (fork[0] + toward_light * height * 0.012, fork[1]),
        height * 0.016,
        height * 0.01,
        mix(bark, tones[2], 0.22),
    )
    # Each clump lies at (across, up, size) as shares of the height; the back ones come first.
    clumps = [
        (-0.26, 0.52, 0.40),
        (0.28, 0.50, 0.38),
        (0.0, 0.78, 0.44),
        (-0.17, 0.70, 0.44),
        (0.19, 0.68, 0.44),
        (0.0, 0.57, 0.46),
    ]
    for across, up, _ in clumps:
        jitter = random.normal(0, 0.025, 2)
        spot = (x + lean + wide * (across + jitter[0]), base - height * (up + jitter[1]))
        layer.limb(fork, spot, height * 0.032, height * 0.010, bark)
    for across, up, size in clumps:
        jitter = random.normal(0, 0.03, 2)
        own = height * size * random.uniform(0.88, 1.12)
        shade = 0.30 * (0.8 - up)
        draw_clump(
            layer,
            random,
            x + lean + wide * (across + jitter[0]),
            base - height * (up + jitter[1]),
            own,
            [mix(tone, tones[0], max(shade, 0.0)) for tone in tones],
            toward_light,
        )
    for _ in range(5):
        dab(
            layer,
            random,
            SPARSE,
            x + lean + wide * random.uniform(-0.4, 0.4),
            base - height * random.uniform(0.4, 0.9),
            height * 0.2,
            tones[1],
        )


def draw_bare(
    layer: Layer, random: np.random.Generator, x: float, base: float, height: float, bark, snow_color=None
) -> None:
    """Draw a leafless tree; with a snow colour, snow lies along its boughs."""
    depth = 4 if height < 110 else 5 if height < 240 else 6
    draw_bough(
        layer,
        random,
        np.array([x, base]),
        -np.pi / 2 + random.normal(0, 0.05),
        height * 0.30,
        height * 0.055,
        depth,
        bark,
        snow_color,
    )


def draw_bough(
    layer: Layer,
    random: np.random.Generator,
    start,
    angle: float,
    length: float,
    width: float,
    depth: int,
    bark,
    snow_color=None,
) -> None:
    """Draw a bough that forks `depth` times; start is a point [2], angle in radians (up is negative)."""
    end = start + np.array([np.cos(angle), np.sin(angle)]) * length
    layer.limb(start, end, width, width * 0.68, bark)
    if snow_color is not None and width > 1.6 and abs(np.cos(angle)) > 0.25:
        layer.limb(start - (0, width * 0.42), end - (0, width * 0.30), width * 0.45, width * 0.3, snow_color)
    if depth == 0:
        return
    for turn in (-random.uniform(0.28, 0.62), random.uniform(0.28, 0.62)):
        bend = angle + turn
        bend += 0.10 * (-np.pi / 2 - bend)
        draw_bough(
            layer, random, end, bend, length * random.uniform(0.66, 0.84), width * 0.66, depth - 1, bark, snow_color
        )


def draw_palm(
    layer: Layer, random: np.random.Generator, x: float, base: float, height: float, dark, light, bark
) -> None:
    """Draw a leaning palm with arched, feathered fronds."""
    lean = random.choice([-1, 1]) * random.uniform(0.12, 0.28) * height
    share = np.linspace(0, 1, 16)
    spine = np.stack([x + lean * share**1.8, base - height * share], axis=1)
    for low, high, part in zip(spine[:-1], spine[1:], share, strict=False):
        layer.limb(low, high, height * 0.040 * (1 - 0.5 * part), height * 0.032 * (1 - 0.5 * part), bark)
    angles = np.linspace(-3.75, 0.6, 13) + random.normal(0, 0.10, 13)
    for order in np.argsort(-np.abs(angles + np.pi / 2)):
        tone = mix(dark, light, 0.75 * random.random())
        _draw_frond(layer, spine[-1], angles[order], height * random.uniform(0.36, 0.50), tone)
    for across in (-0.02, 0.02, 0.0):
        layer.circle(spine[-1, 0] + across * height, spine[-1, 1] + height * 0.018, height * 0.018, bark * 0.8)


def _draw_frond(layer: Layer, start, angle: float, length: float, tone) -> None:
    """Draw one frond: a drooping rib with leaflets on both sides."""
    share = np.linspace(0, 1, 17)
    rib = np.stack(
        [
            start[0] + np.cos(angle) * length * share,
            start[1] + np.sin(angle) * length * share + length * 0.66 * share**2.1,
        ],
        axis=1,
    )
    along = np.gradient(rib, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True) + 1e-6
    across = along[:, ::-1] * (-1, 1)
    for point in range(1, 17):
        blade = length * 0.24 * np.sin(np.pi * (0.12 + 0.82 * share[point])) + 1.5
        for side in (-1, 1):
            tip = rib[point] + (across[point] * side * 0.72 + along[point] * 0.75 + (0, 0.24)) * blade
            layer.polygon(
                [rib[point] - along[point] * length * 0.030, rib[point] + along[point] * length * 0.030, tip],
                tone * (1.10 if side * across[point, 1] < 0 else 0.86),
            )
    layer.line(rib, tone * 0.8, 1.4)


def draw_tree(
    stage: Stage, layer: Layer, random: np.random.Generator, x: float, base: float, height: float, depth: float = 0.0
) -> None:
    """Draw the leafy tree of the season: in blossom, green, coloured, or bare and perhaps white."""
    bark = stage.lit("4a3530", depth)
    if stage.scene.season == "winter" and not stage.has("blossoms"):
        snow = stage.snow_tone(depth) if stage.snow else None
        draw_bare(layer, random, x, base, height, bark, snow)
        return
    tones = stage.leaf_tones(random, depth, showy=height > 240)
    if stage.snow:
        tones = [tones[0], mix(tones[1], stage.snow_tone(depth), 0.35), stage.snow_tone(depth)]
    draw_crown(layer, random, x, base, height, tones, bark, stage.side_of_light(x))


def draw_bush(
    stage: Stage, layer: Layer, random: np.random.Generator, x: float, base: float, size: float, depth: float = 0.0
) -> None:
    """Draw a low bush that is about twice as wide as it is high."""
    tones = stage.leaf_tones(random, depth)
    if stage.snow:
        tones = [tones[0], mix(tones[1], stage.snow_tone(depth), 0.6 * stage.snow), stage.snow_tone(depth)]
    side = stage.side_of_light(x)
    if size < 30:
        draw_clump(layer, random, x, base - size * 0.3, size * 1.3, tones, side)
        return
    for across in (-0.42, 0.42, 0.0):
        draw_clump(
            layer,
            random,
            x + size * across * random.uniform(0.8, 1.2),
            base - size * (0.34 if across else 0.44),
            size * 0.95,
            tones,
            side,
        )


def draw_grass(
    layer: Layer, random: np.random.Generator, left: float, right: float, base: float, height: float, colors, count: int
) -> None:
    """Draw a tuft of bent blades along a line."""
    for _ in range(count):
        x, tall, bend = random.uniform(left, right), height * random.uniform(0.4, 1.0), random.normal(0, 0.3)
        color = mix(colors[0], colors[1], random.random())
        layer.polygon(
            [
                (x - height * 0.035, base),
                (x + bend * tall * 0.4, base - tall * 0.6),
                (x + bend * tall, base - tall),
                (x + bend * tall * 0.45 + height * 0.04, base - tall * 0.55),
                (x + height * 0.045, base),
            ],
            color,
        )
