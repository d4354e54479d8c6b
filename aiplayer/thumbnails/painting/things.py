"""Elements that stand on the ground: cat, campfire, tent, christmas tree."""

import numpy as np

from aiplayer.thumbnails.painting.canvas import Halo
from aiplayer.thumbnails.painting.layer import Color, Layer
from aiplayer.thumbnails.painting.outlines import band, place
from aiplayer.thumbnails.painting.palette import SNOW, color, colors, mix
from aiplayer.thumbnails.painting.stage import Stage
from aiplayer.thumbnails.painting.trees import draw_fir

# Outlines are shares of the size, measured from the middle of the foot; up is negative. Those of one side are for the
# right and are mirrored for the left.
CAT_BODY = (
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
)
CAT_EAR = np.array([(0.225, -0.72), (0.20, -1.0), (0.03, -0.85)])
CAT_INNER_EAR = np.array([(0.19, -0.80), (0.18, -0.94), (0.09, -0.86)])
CAT_STRIPES = (0.46, 0.36, 0.27)

STONES, SPARKS = 7, 16
# Flames from the outermost to the innermost: color, width and height as shares of the size.
FLAMES = (("ff6a28", 0.44, 1.0), ("ffa038", 0.32, 0.76), ("ffe07a", 0.18, 0.48), ("fff8d8", 0.09, 0.26))

TENT_PEAK, TENT_BACK = (-0.12, -0.86), (0.62, -0.74)
TENT_SIDE = (TENT_PEAK, TENT_BACK, (1.06, -0.06), (0.50, 0))
TENT_FRONT = (TENT_PEAK, (-0.78, 0), (0.50, 0))
TENT_DOOR = (TENT_PEAK, (-0.34, 0), (0.10, 0))
TENT_FLAPS = ((TENT_PEAK, (-0.34, 0), (-0.48, 0)), (TENT_PEAK, (0.10, 0), (0.23, 0)))

BAUBLES = colors("ffd86a ff6a5a 7ac8ff ffd86a")
BAUBLE_ROWS = 8
STAR_POINTS = 5


def draw_cat(stage: Stage, layer: Layer, x: float, base: float, size: float, coat: Color) -> None:
    """Draw a cat that sits with its back to us, looking into the picture.

    Args:
        stage: The picture.
        layer: The sheet to draw on.
        x: The middle of the cat, in units.
        base: The height of its foot in the picture, in units.
        size: Its height, in units.
        coat: The color of its fur.
    """
    coat = np.asarray(coat)
    dark = coat * 0.72
    _draw_tail(layer, x, base, size, dark)
    layer.polygon(place(CAT_BODY, x, base, size), coat)
    layer.ellipse(x, base - size * 0.17, size * 0.305, size * 0.175, coat)
    layer.ellipse(x, base - size * 0.70, size * 0.225, size * 0.185, coat)

    for side in (-1, 1):
        layer.polygon(place(CAT_EAR * (side, 1), x, base, size), coat)
        layer.polygon(place(CAT_INNER_EAR * (side, 1), x, base, size), dark)
    for height in CAT_STRIPES:
        layer.ellipse(x, base - size * height, size * 0.055, size * 0.014, dark)


def _draw_tail(layer: Layer, x: float, base: float, size: float, tone: np.ndarray) -> None:
    """Draw a cat's tail, curled up on its right."""
    share = np.linspace(0, 1, 14)
    swing = np.sin(share * 2.4)
    rise = share**2.2
    tail_x = x + size * (0.24 + 0.42 * swing)
    tail_y = base - size * 0.06 - size * 0.34 * rise
    tail = np.stack([tail_x, tail_y], axis=1)

    thickness = size * 0.10
    for start, end, part in zip(tail[:-1], tail[1:], share, strict=False):
        thinner = 0.4 * part
        start_width = thickness * (1.05 - thinner)
        end_width = thickness * (1.0 - thinner)
        layer.limb(start, end, start_width, end_width, tone)
    tip_x, tip_y = tail[-1]
    layer.circle(tip_x, tip_y, size * 0.034, tone)


def draw_campfire(stage: Stage, layer: Layer, x: float, base: float, size: float) -> list[Halo]:
    """Draw a burning campfire.

    Args:
        stage: The picture.
        layer: The sheet to draw on.
        x: The middle of the fire, in units.
        base: The height of its foot in the picture, in units.
        size: The height of its flames, in units.

    Returns:
        The light that it throws.
    """
    random = stage.random("fire")
    for angle in np.linspace(0, np.pi, STONES):
        stone_x = x + np.cos(angle) * size * 0.62
        stone_y = base + np.sin(angle) * size * 0.12
        layer.ellipse(stone_x, stone_y, size * 0.13, size * 0.09, stage.lit("8a8890"))

    _draw_flames(layer, random, x, base, size)
    wood = stage.lit("5a3a2c")
    for side in (-1, 1):
        foot = (x - side * size * 0.55, base + 3)
        head = (x + side * size * 0.3, base - size * 0.24)
        layer.limb(foot, head, size * 0.15, size * 0.13, wood)

    spark = color("ffb84a")
    for _ in range(SPARKS):
        spark_x = x + random.normal(0, size * 0.4)
        spark_y = base - size * random.uniform(0.8, 2.6)
        layer.circle(spark_x, spark_y, random.uniform(0.9, 2.0), spark)

    glow = color("ff9a40")
    return [
        Halo(x, base - size * 0.4, size * 4.6, size * 3.6, glow, 0.62),
        Halo(x, base - size * 0.35, size * 1.4, size * 1.5, color("ffd080"), 0.6),
        Halo(x, base + size * 0.1, size * 4.2, size * 0.9, glow, 0.5),
    ]


def _draw_flames(layer: Layer, random: np.random.Generator, x: float, base: float, size: float) -> None:
    """Draw flames one inside the other, each with its own sway."""
    share = np.linspace(0, 1, 18)
    # A flame is widest in its lower half and runs out in a point.
    turn_share = np.clip(share * 0.82 + 0.18, 0, 1)
    bulge = np.sin(np.pi * turn_share) ** 0.9

    for tone, width, height in FLAMES:
        half = width * size * bulge
        phase = random.uniform(0, 6)
        sway = 0.10 * size * np.sin(share * 7 + phase) * share

        left_x = x - half + sway
        right_x = x + half + sway
        y = base - height * size * share
        left = np.stack([left_x, y], axis=1)
        right = np.stack([right_x, y], axis=1)
        layer.polygon(band(left, right), color(tone))


def draw_tent(stage: Stage, layer: Layer, x: float, base: float, size: float) -> list[Halo]:
    """Draw a ridge tent with a lamp inside after dark.

    Args:
        stage: The picture.
        layer: The sheet to draw on.
        x: The middle of its front, in units.
        base: The height of its foot in the picture, in units.
        size: A little more than its height, in units.

    Returns:
        The light of its lamp; none by day.
    """
    cloth = stage.ground("e8843c")
    lit = stage.light.darkness > 0.3
    lamp = mix(stage.light.lamps[0], color("ffb050"), 0.4)
    front = mix(cloth, lamp, 0.6) if lit else cloth
    inside = mix(lamp, (1, 1, 0.9), 0.4) if lit else stage.lit("5a4038")

    layer.polygon(place(TENT_SIDE, x, base, size), front * 0.72)
    layer.polygon(place(TENT_FRONT, x, base, size), front)
    layer.polygon(place(TENT_DOOR, x, base, size), inside)
    for flap in TENT_FLAPS:
        layer.polygon(place(flap, x, base, size), front * 0.86)

    rope = stage.lit("e8e0d0")
    peak, back = place((TENT_PEAK, TENT_BACK), x, base, size)
    layer.line([peak, (x - size * 1.05, base + 4)], rope, 1)
    layer.line([back, (x + size * 1.36, base - 2)], rope, 1)
    if not lit:
        return []
    return [Halo(x, base - size * 0.3, size * 1.9, size * 1.3, lamp, 0.5)]


def draw_christmas_tree(stage: Stage, layer: Layer, x: float, base: float, size: float) -> list[Halo]:
    """Draw a fir with baubles, a garland of lamps and a star.

    Args:
        stage: The picture.
        layer: The sheet to draw on.
        x: The middle of its trunk, in units.
        base: The height of its foot in the picture, in units.
        size: Its height, in units.

    Returns:
        The light of its lamps and its star.
    """
    random = stage.random("christmas tree")
    dark = stage.lit("1c5a40")
    light = mix(dark, stage.lit("6ab080"), 0.5)
    draw_fir(layer, random, x, base, size, dark, light, 0.5 * stage.snow, stage.light.lit(SNOW))

    halos = _draw_baubles(layer, x, base, size)
    top = base - size * 1.01
    gold = color("ffe07a")
    _draw_star(layer, x, top, size, gold)
    return [
        *halos,
        Halo(x, top, size * 0.22, size * 0.22, gold, 0.7),
        Halo(x, base - size * 0.4, size * 0.6, size * 0.7, color("ffc070"), 0.28),
    ]


def _draw_baubles(layer: Layer, x: float, base: float, size: float) -> list[Halo]:
    """Hang rows of baubles on a christmas tree, fewer toward its top, and return their light."""
    radius = size * 0.014
    glow = size * 0.06
    halos = []

    for row, share in enumerate(np.linspace(0.14, 0.86, BAUBLE_ROWS)):
        row_y = base - size * share
        half = size * 0.215 * (1 - share) * 0.9
        count = max(2, BAUBLE_ROWS - row)
        for index, across in enumerate(np.linspace(-1, 1, count)):
            sag = size * 0.035 * (1 - across**2)
            bauble_x = x + half * across
            bauble_y = row_y + sag

            tone = BAUBLES[(index + row) % len(BAUBLES)]
            shining = mix(tone, (1, 1, 1), 0.25)
            layer.circle(bauble_x, bauble_y, radius, shining)
            halos.append(Halo(bauble_x, bauble_y, glow, glow, tone, 0.6))

    return halos


def _draw_star(layer: Layer, x: float, y: float, size: float, tone: np.ndarray) -> None:
    """Draw the star of a christmas tree that is `size` high."""
    corners = np.arange(2 * STAR_POINTS)
    angles = corners * np.pi / STAR_POINTS - np.pi / 2
    # Every second corner lies between two points of the star.
    reach = np.where(corners % 2, 0.026, 0.062) * size
    corner_x = x + np.cos(angles) * reach
    corner_y = y + np.sin(angles) * reach
    outline = np.stack([corner_x, corner_y], axis=1)
    layer.polygon(outline, tone)
