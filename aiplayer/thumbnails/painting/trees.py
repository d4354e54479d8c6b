"""Trees and bushes: firs, bare branches, the leafy tree of the season, bushes, grass."""

import numpy as np

from aiplayer.thumbnails.painting.crowns import draw_crown
from aiplayer.thumbnails.painting.fir_tiers import draw_tier, lay_snow, place_tier
from aiplayer.thumbnails.painting.foliage import draw_clump
from aiplayer.thumbnails.painting.layer import Color, Layer
from aiplayer.thumbnails.painting.outlines import place
from aiplayer.thumbnails.painting.palette import SNOW, mix
from aiplayer.thumbnails.painting.stage import Stage

# A fir lower than this is a triangle, in units.
LEAST_WITH_TIERS = 26
FIR_TRIANGLE = ((-0.21, 0), (0, -1), (0.21, 0))
# How often the boughs of a bare tree fork: up to which height in units, and above all of them.
FORKS_BY_HEIGHT, MOST_FORKS = ((110, 4), (240, 5)), 6
UPRIGHT = -np.pi / 2
# Only boughs this wide, in units, and not steeper than this cosine bear snow.
SNOWY_WIDTH, SNOWY_COSINE = 1.6, 0.25
# A tree higher than this stands alone and tells the season by its leaves.
SHOWY_HEIGHT = 240
# A bush smaller than this is one clump, in units; larger ones are three: how far from the middle, and how high.
LEAST_OF_CLUMPS = 30
BUSH_CLUMPS = ((-0.42, 0.34), (0.42, 0.34), (0.0, 0.44))


def draw_fir(
    layer: Layer,
    random: np.random.Generator,
    x: float,
    base: float,
    height: float,
    dark: Color,
    light: Color,
    snow: float = 0.0,
    snow_color: Color = SNOW,
) -> None:
    """Draw a fir of drooping tiers, its left half lighter.

    Args:
        layer: The sheet to draw on.
        random: It shapes the tiers.
        x: The middle of the trunk, in units.
        base: The height of its foot in the picture, in units.
        height: The tree's height, in units.
        dark: The color of its shaded needles.
        light: The color of its lit needles.
        snow: How much snow lies on the tiers, 0 to 1.
        snow_color: The color of that snow.
    """
    if height < LEAST_WITH_TIERS:
        layer.polygon(place(FIR_TRIANGLE, x, base, height), mix(dark, snow_color, snow * 0.35))
        return

    trunk_height = height * 0.14
    layer.box(x - height * 0.018, base - trunk_height, height * 0.036, trunk_height, np.asarray(dark) * 0.6)

    tiers = int(np.clip(height / 20, 5, 11))
    for number in range(tiers, 0, -1):
        # The share grows from nearly 0 at the top to 1 at the lowest tier, which is drawn first.
        share = number / tiers
        tier = place_tier(random, x, base, height, share)
        shaded = mix(dark, light, 0.35 * (1 - share))
        lit = mix(dark, light, 0.55 + 0.3 * (1 - share))
        draw_tier(layer, random, tier, shaded, lit)
        if snow:
            lay_snow(layer, random, tier, dark, snow, snow_color)


def draw_bare(
    layer: Layer,
    random: np.random.Generator,
    x: float,
    base: float,
    height: float,
    bark: Color,
    snow_color: Color | None = None,
) -> None:
    """Draw a leafless tree.

    Args:
        layer: The sheet to draw on.
        random: It bends the boughs.
        x: The middle of the trunk, in units.
        base: The height of its foot in the picture, in units.
        height: The tree's height, in units.
        bark: The color of the boughs.
        snow_color: The color of the snow that lies along them, if any does.
    """
    forks = next((forks for limit, forks in FORKS_BY_HEIGHT if height < limit), MOST_FORKS)
    foot = np.array([x, base])
    angle = UPRIGHT + random.normal(0, 0.05)
    length = height * 0.30
    width = height * 0.055
    draw_bough(layer, random, foot, angle, length, width, forks, bark, snow_color)


def draw_bough(
    layer: Layer,
    random: np.random.Generator,
    start: np.ndarray,
    angle: float,
    length: float,
    width: float,
    depth: int,
    bark: Color,
    snow_color: Color | None = None,
) -> None:
    """Draw a bough that forks again and again.

    Args:
        layer: The sheet to draw on.
        random: It turns and shortens the forks.
        start: Where the bough grows from, float [2], in units.
        angle: Its direction in radians, clockwise from the right.
        length: Its length up to the first fork, in units.
        width: Its width at the start, in units.
        depth: How many times it forks.
        bark: Its color.
        snow_color: The color of the snow that lies along it, if any does.
    """
    end = start + np.array([np.cos(angle), np.sin(angle)]) * length
    layer.limb(start, end, width, width * 0.68, bark)
    if snow_color is not None and width > SNOWY_WIDTH and abs(np.cos(angle)) > SNOWY_COSINE:
        layer.limb(start - (0, width * 0.42), end - (0, width * 0.30), width * 0.45, width * 0.3, snow_color)
    if depth == 0:
        return

    left = -random.uniform(0.28, 0.62)
    right = random.uniform(0.28, 0.62)
    for turn in (left, right):
        bend = angle + turn
        # Every fork grows a little toward the light.
        bend += 0.10 * (UPRIGHT - bend)
        next_length = length * random.uniform(0.66, 0.84)
        draw_bough(layer, random, end, bend, next_length, width * 0.66, depth - 1, bark, snow_color)


def draw_tree(
    stage: Stage, layer: Layer, random: np.random.Generator, x: float, base: float, height: float, depth: float = 0.0
) -> None:
    """Draw the tree of the season: in blossom, green, colored, or bare and perhaps white.

    Args:
        stage: The picture.
        layer: The sheet to draw on.
        random: It shapes the tree.
        x: The middle of the trunk, in units.
        base: The height of its foot in the picture, in units.
        height: The tree's height, in units.
        depth: How far into the haze it stands, from 0 (near) to 1 (at the horizon).
    """
    bark = stage.lit("4a3530", depth)
    if stage.scene.season == "winter" and not stage.has("blossoms"):
        snow_color = stage.snow_tone(depth) if stage.snow else None
        draw_bare(layer, random, x, base, height, bark, snow_color)
        return

    tones = stage.leaf_tones(random, depth, showy=height > SHOWY_HEIGHT)
    if stage.snow:
        tones = _snowy(stage, tones, depth, 0.35)
    draw_crown(layer, random, x, base, height, tones, bark, stage.side_of_light(x))


def draw_bush(
    stage: Stage, layer: Layer, random: np.random.Generator, x: float, base: float, size: float, depth: float = 0.0
) -> None:
    """Draw a low bush that is about twice as wide as it is high.

    Args:
        stage: The picture.
        layer: The sheet to draw on.
        random: It scatters the leaves.
        x: The middle of the bush, in units.
        base: The height of its foot in the picture, in units.
        size: About its width, in units.
        depth: How far into the haze it stands, from 0 (near) to 1 (at the horizon).
    """
    tones = stage.leaf_tones(random, depth)
    if stage.snow:
        tones = _snowy(stage, tones, depth, 0.6 * stage.snow)

    side = stage.side_of_light(x)
    if size < LEAST_OF_CLUMPS:
        draw_clump(layer, random, x, base - size * 0.3, size * 1.3, tones, side)
        return
    for across, up in BUSH_CLUMPS:
        clump_x = x + size * across * random.uniform(0.8, 1.2)
        draw_clump(layer, random, clump_x, base - size * up, size * 0.95, tones, side)


def _snowy(stage: Stage, tones: list[np.ndarray], depth: float, share: float) -> list[np.ndarray]:
    """Return leaf tones under snow: the light one is snow, the middle one takes a share of it, the dark one stays."""
    snow_tone = stage.snow_tone(depth)
    return [tones[0], mix(tones[1], snow_tone, share), snow_tone]


def draw_grass(
    layer: Layer,
    random: np.random.Generator,
    left: float,
    right: float,
    base: float,
    height: float,
    colors: tuple[Color, Color],
    count: int,
) -> None:
    """Draw a tuft of bent blades along a line.

    Args:
        layer: The sheet to draw on.
        random: It places, bends and colors the blades.
        left: Where the tuft begins, in units.
        right: Where it ends, in units.
        base: The height of its foot in the picture, in units.
        height: The height of the longest blade, in units.
        colors: Two colors; each blade takes one between them.
        count: The number of blades.
    """
    for _ in range(count):
        x = random.uniform(left, right)
        tall = height * random.uniform(0.4, 1.0)
        bend = random.normal(0, 0.3)
        color = mix(colors[0], colors[1], random.random())

        # Up the left edge to the tip, and down the right one.
        outline = [
            (x - height * 0.035, base),
            (x + bend * tall * 0.4, base - tall * 0.6),
            (x + bend * tall, base - tall),
            (x + bend * tall * 0.45 + height * 0.04, base - tall * 0.55),
            (x + height * 0.045, base),
        ]
        layer.polygon(outline, color)
