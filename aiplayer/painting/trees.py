"""Trees and bushes: firs, leafy crowns, bare branches, palms, grass."""

import numpy as np

from aiplayer.painting.canvas import Layer
from aiplayer.painting.palette import SNOW, mix
from aiplayer.painting.stage import Stage


def draw_fir(layer: Layer, random: np.random.Generator, x: float, base: float, height: float, dark, light,
             snow: float = 0.0, snow_color=SNOW) -> None:
    """Draw a fir of drooping tiers, its left half lighter; snow (0 to 1) lies on the tiers."""
    if height < 26:
        half = height * 0.21
        layer.polygon([(x - half, base), (x, base - height), (x + half, base)], mix(dark, snow_color, snow * 0.35))
        return
    layer.box(x - height * 0.018, base - height * 0.14, height * 0.036, height * 0.14, np.asarray(dark) * 0.6)
    tiers = int(np.clip(height / 20, 5, 11))
    for tier in range(tiers):
        share = (tier + 1) / tiers
        bottom = base - height * 0.09 - (1 - share) * height * 0.80
        top = max(base - height, bottom - height * (0.20 + 0.10 * share))
        half = height * (0.045 + 0.185 * share) * random.uniform(0.9, 1.1)
        teeth = max(4, int(half / 3.2))
        across = np.linspace(-1, 1, 2 * teeth + 1)
        droop = (np.arange(2 * teeth + 1) % 2) * -0.16 * half * random.uniform(0.6, 1.2, 2 * teeth + 1)
        hem = np.stack([x + across * half, bottom + 0.20 * half * np.abs(across) + droop], axis=1)
        layer.polygon(np.concatenate([[(x, top)], hem]), mix(dark, light, 0.35 * (1 - share)))
        layer.polygon(np.concatenate([[(x, top)], hem[:teeth], [(x - half * 0.12, bottom - half * 0.2)]]),
                      mix(dark, light, 0.55 + 0.3 * (1 - share)))
        if snow:
            cap = hem[:teeth + 2] + (0, -half * 0.12)
            rise = np.stack([x + across[:teeth + 2] * half * 0.62, bottom - half * (0.50 - 0.35 * np.abs(across[:teeth + 2]))], 1)
            layer.polygon(np.concatenate([cap, rise[::-1]]), mix(dark, snow_color, 0.5 + 0.5 * snow))


def draw_crown(layer: Layer, random: np.random.Generator, x: float, base: float, height: float, tones, bark,
               fullness: float = 1.0) -> None:
    """Draw a leafy tree; tones are the dark, middle and light colour of its leaves."""
    lean = random.normal(0, 0.05) * height
    fork = (x + lean * 0.5, base - height * 0.42)
    layer.limb((x, base), fork, height * 0.075, height * 0.045, bark)
    tips = [(x + lean + height * across, base - height * up)
            for across, up in ((-0.20, 0.62), (0.0, 0.72), (0.22, 0.60), (-0.10, 0.78), (0.13, 0.8))]
    for tip in tips:
        layer.limb(fork, tip, height * 0.035, height * 0.012, bark)
    clumps = [(x + lean + height * random.uniform(-0.30, 0.30), base - height * random.uniform(0.45, 0.88))
              for _ in range(int(5 * fullness))] + tips
    leaf = np.clip(height * 0.022, 1.3, 6.5)
    for level, tone in enumerate(tones):
        for clump_x, clump_y in clumps:
            size = height * random.uniform(0.11, 0.17) * (1.0, 0.84, 0.62)[level]
            center = (clump_x - level * height * 0.022, clump_y - level * height * 0.032)
            if level < 2:
                layer.circle(*center, size * 0.82, tone)
            scatter_leaves(layer, random, center, size, leaf, tone, int(np.clip(height / 9, 6, 22) * fullness))


def scatter_leaves(layer: Layer, random: np.random.Generator, center, size: float, leaf: float, tone, count: int) -> None:
    """Scatter round leaves along the edge of a clump."""
    angles, reach = random.uniform(0, 2 * np.pi, count), size * random.uniform(0.35, 1.12, count)
    tints = random.uniform(0.90, 1.10, count)
    for angle, far, tint in zip(angles, reach, tints, strict=True):
        layer.circle(center[0] + np.cos(angle) * far, center[1] + np.sin(angle) * far * 0.86, leaf * (0.6 + tint * 0.5),
                     tone * tint)


def draw_bare(layer: Layer, random: np.random.Generator, x: float, base: float, height: float, bark, snow_color=None) -> None:
    """Draw a leafless tree; with a snow colour, snow lies along its boughs."""
    depth = 4 if height < 110 else 5 if height < 240 else 6
    _branch(layer, random, np.array([x, base]), -np.pi / 2 + random.normal(0, 0.05), height * 0.30, height * 0.055, depth,
            bark, snow_color)


def _branch(layer: Layer, random: np.random.Generator, start, angle: float, length: float, width: float, depth: int,
            bark, snow_color) -> None:
    end = start + np.array([np.cos(angle), np.sin(angle)]) * length
    layer.limb(start, end, width, width * 0.68, bark)
    if snow_color is not None and width > 1.6 and abs(np.cos(angle)) > 0.25:
        layer.limb(start - (0, width * 0.42), end - (0, width * 0.30), width * 0.45, width * 0.3, snow_color)
    if depth == 0:
        return
    for turn in (-random.uniform(0.28, 0.62), random.uniform(0.28, 0.62)):
        bend = angle + turn
        bend += 0.10 * (-np.pi / 2 - bend)
        _branch(layer, random, end, bend, length * random.uniform(0.66, 0.84), width * 0.66, depth - 1, bark, snow_color)


def draw_palm(layer: Layer, random: np.random.Generator, x: float, base: float, height: float, dark, light, bark) -> None:
    """Draw a leaning palm with arched fronds."""
    lean = random.choice([-1, 1]) * random.uniform(0.15, 0.32) * height
    share = np.linspace(0, 1, 12)
    spine = np.stack([x + lean * share**1.8, base - height * share], axis=1)
    for low, high, part in zip(spine[:-1], spine[1:], share, strict=False):
        layer.limb(low, high, height * 0.042 * (1 - 0.5 * part), height * 0.040 * (1 - 0.5 * part), bark)
    for angle in np.linspace(-3.5, 0.36, 11) + random.normal(0, 0.12, 11):
        _frond(layer, spine[-1], angle, height * random.uniform(0.38, 0.5), mix(dark, light, random.random()))


def _frond(layer: Layer, start, angle: float, length: float, color) -> None:
    share = np.linspace(0, 1, 13)
    rib = np.stack([start[0] + np.cos(angle) * length * share,
                    start[1] + np.sin(angle) * length * share + length * 0.62 * share**2], axis=1)
    width = length * 0.15 * np.sin(np.pi * share**0.7) + 0.4
    notch = np.where(np.arange(13) % 2, 1.0, 0.42)
    across = np.gradient(rib, axis=0)[:, ::-1] * (-1, 1)
    across /= np.linalg.norm(across, axis=1, keepdims=True) + 1e-6
    layer.polygon(np.concatenate([rib + across * (width * 0.45)[:, None], (rib - across * (width * notch)[:, None])[::-1]]), color)


def draw_tree(stage: Stage, layer: Layer, random: np.random.Generator, x: float, base: float, height: float,
              depth: float = 0.0) -> None:
    """Draw the leafy tree of the season: in blossom, green, coloured, or bare and perhaps white."""
    bark = stage.lit("4a3530", depth)
    if stage.scene.season == "winter" and not stage.has("blossoms"):
        snow = stage.lit("f2f6ff", depth) if stage.snow else None
        draw_bare(layer, random, x, base, height, bark, snow)
        return
    tones = stage.leaf_tones(random, depth)
    if stage.snow:
        tones = [tones[0], mix(tones[1], stage.lit("f2f6ff", depth), 0.35), stage.lit("f2f6ff", depth)]
    draw_crown(layer, random, x, base, height, tones, bark)


def draw_bush(stage: Stage, layer: Layer, random: np.random.Generator, x: float, base: float, size: float, depth: float = 0.0) -> None:
    """Draw a low bush that is twice as wide as it is high."""
    tones = stage.leaf_tones(random, depth)
    if stage.snow:
        tones = [tones[0], mix(tones[1], stage.lit("f2f6ff", depth), 0.6 * stage.snow), stage.lit("f2f6ff", depth)]
    for level, tone in enumerate(tones):
        for _ in range(7 - 2 * level):
            center = (x + random.normal(0, size * 0.35), base - size * (0.22 + 0.16 * level) * random.uniform(0.6, 1.2))
            layer.circle(*center, size * (0.26, 0.2, 0.11)[level], tone)
            scatter_leaves(layer, random, center, size * 0.28, np.clip(size * 0.05, 1.2, 5), tone, 7)


def draw_grass(layer: Layer, random: np.random.Generator, left: float, right: float, base: float, height: float, colors,
               count: int) -> None:
    """Draw a tuft of bent blades along a line."""
    for _ in range(count):
        x, tall, bend = random.uniform(left, right), height * random.uniform(0.4, 1.0), random.normal(0, 0.3)
        color = mix(colors[0], colors[1], random.random())
        layer.polygon([(x - height * 0.035, base), (x + bend * tall * 0.4, base - tall * 0.6), (x + bend * tall, base - tall),
                       (x + bend * tall * 0.45 + height * 0.04, base - tall * 0.55), (x + height * 0.045, base)], color)
