"""The trees of a forest: a wall of far leaves, ranks of trunks or firs, near trunks that frame the picture."""

import numpy as np

from aiplayer.thumbnails.painting import trees
from aiplayer.thumbnails.painting.canvas import Fade, Halo, Layer, Rim
from aiplayer.thumbnails.painting.foliage import draw_clump
from aiplayer.thumbnails.painting.palette import CONIFER, mix
from aiplayer.thumbnails.painting.stage import Stage

BACKDROP_DEPTHS = (0.88, 0.80)
BACKDROP_CLUMPS = 15
# Half the width of the gap over the path, as a share of the picture's width.
GAP, WIDE_GAP = 0.09, 0.2
SKY_ELEMENTS = frozenset({"moon", "stars", "fireworks", "balloons", "birds"})
UPWARD = -np.pi / 2


def _is_leafless(stage: Stage) -> bool:
    return stage.scene.season == "winter" and not stage.has("blossoms")


def paint_backdrop(stage: Stage, random: np.random.Generator, focus: float) -> None:
    """Close the view with a soft wall of far leaves, bright at x = focus, where the path leads."""
    canvas = stage.canvas
    layer = canvas.layer(reduce=4)
    if not _is_leafless(stage):
        for depth in BACKDROP_DEPTHS:
            _draw_far_leaves(stage, layer, random, depth, focus)
    canvas.add(layer)

    brightness = mix(stage.light.haze, stage.light.sun, 0.45)
    canvas.glow([Halo(focus, stage.horizon - 110, 430, 380, brightness, 0.75)])


def _draw_far_leaves(stage: Stage, layer: Layer, random: np.random.Generator, depth: float, focus: float) -> None:
    shows_sky = bool(stage.scene.elements & SKY_ELEMENTS)
    for _ in range(BACKDROP_CLUMPS):
        x = random.uniform(0, stage.width)
        distance = abs(x - focus) / stage.width
        y = stage.horizon * random.uniform(0.0, 0.62 + 0.9 * distance)
        # Leaves leave a gap over the path; high above it they close again, unless the sky has something to show.
        if distance > (WIDE_GAP if shows_sky else GAP) or (y < 120 and not shows_sky):
            size = random.uniform(130, 210)
            tones = stage.leaf_tones(random, depth)
            draw_clump(layer, random, x, y, size, tones, stage.side_of_light(x))


def paint_trunks(stage: Stage, random: np.random.Generator, depth: float, focus: float) -> None:
    """Paint one rank of trunks with boughs and the leaves that hang into the picture from above.

    Args:
        stage: The picture.
        random: It draws the trees.
        depth: How far into the haze the rank stands, from 0 (near) to 1 (at the horizon).
        focus: x of the gap where the path leads, in units.
    """
    layer = stage.canvas.layer()
    nearness = 1 - depth
    base = stage.horizon + 22 + (0.74 - depth) * 110
    count = int(5 + 9 * depth)
    bark = stage.lit("5a4038", depth)
    lit_bark = mix(stage.lit("8a6a58", depth), stage.light.haze, 0.25)

    for index in range(count):
        x = stage.width * (index + random.uniform(0.1, 0.9)) / count
        if abs(x - focus) < 60 + 90 * nearness:
            continue
        width = (14 + 52 * nearness) * random.uniform(0.6, 1.1)
        lean = random.normal(0, 22)
        _draw_trunk(stage, layer, x, base, width, lean, bark, lit_bark)
        _draw_boughs(stage, layer, random, x, base, width, lean, depth, bark)

    _hang_leaves(stage, layer, random, depth, focus)
    stage.canvas.add(layer, fade=Fade(stage.light.haze, 0, 0.0, base, 0.5 * depth))


def _draw_trunk(
    stage: Stage,
    layer: Layer,
    x: float,
    base: float,
    width: float,
    lean: float,
    bark: np.ndarray,
    lit_bark: np.ndarray,
) -> None:
    """Draw one trunk from its roots to above the picture, with a lit edge on the side of the light."""
    top_width = width * 0.55
    layer.limb((x, base + 14), (x + lean, -30), width, top_width, bark)

    side = -0.28 if stage.sun[0] < x else 0.28
    lit_foot = (x + side * width, base + 12)
    lit_top = (x + lean + side * width * 0.55, -30)
    layer.limb(lit_foot, lit_top, width * 0.22, width * 0.12, lit_bark)

    flare_half = width * 1.1
    flare_top_half = width * 0.42
    flare_top = base - width * 0.9
    roots = [
        (x - flare_half, base + 18),
        (x - flare_top_half, flare_top),
        (x + flare_top_half, flare_top),
        (x + flare_half, base + 18),
    ]
    layer.polygon(roots, bark)


def _draw_boughs(
    stage: Stage,
    layer: Layer,
    random: np.random.Generator,
    x: float,
    base: float,
    width: float,
    lean: float,
    depth: float,
    bark: np.ndarray,
) -> None:
    """Let two boughs grow out of a trunk."""
    snow = stage.snow_tone(depth) if stage.snow else None
    length = 40 + 60 * (1 - depth)
    for _ in range(2):
        height_share = random.uniform(0.40, 0.8)
        side = random.choice([-1, 1])
        root = np.array([x + lean * height_share, base * (1 - height_share)])
        angle = UPWARD + side * random.uniform(0.6, 1.0)
        trees.draw_bough(layer, random, root, angle, length, width * 0.24, 3, bark, snow)


def _hang_leaves(stage: Stage, layer: Layer, random: np.random.Generator, depth: float, focus: float) -> None:
    """Hang a vault of leaves into the picture, high over the path and low at the sides."""
    if _is_leafless(stage):
        return

    count = int(10 + 3 * depth)
    for column in random.permutation(np.linspace(-30, stage.width + 30, count)):
        x = column + random.uniform(-30, 30)
        distance = min(abs(x - focus) / stage.width, 0.6)
        size = (120 + 90 * (1 - depth)) * random.uniform(0.8, 1.2)
        sag = (340 * distance**1.3) * random.uniform(0.4, 1.0)
        y = -70 + (60 + 120 * depth) + sag
        draw_clump(layer, random, x, y, size, stage.leaf_tones(random, depth), stage.side_of_light(x))


def paint_firs(stage: Stage, random: np.random.Generator, depth: float, focus: float) -> None:
    """Paint one rank of firs; arguments as for `paint_trunks`."""
    layer = stage.canvas.layer()
    nearness = 1 - depth
    dark = stage.lit(CONIFER[stage.scene.season], depth)
    light = mix(dark, stage.light.haze, 0.25)
    snow_color = stage.snow_tone(depth)
    base = stage.horizon + 26 + (0.74 - depth) * 110
    count = int(6 + 12 * depth)

    for index in range(count):
        x = stage.width * (index + random.uniform(0.1, 0.9)) / count
        if abs(x - focus) > 70 + 110 * nearness:
            foot = base + random.uniform(0, 14)
            height = (250 + 300 * nearness) * random.uniform(0.7, 1.15)
            trees.draw_fir(layer, random, x, foot, height, dark, light, stage.snow, snow_color)
    stage.canvas.add(layer, fade=Fade(stage.light.haze, 60, 0.0, base, 0.5 * depth))


def paint_frame(stage: Stage, random: np.random.Generator, focus: float) -> None:
    """Frame the picture with near, dark trunks on both sides."""
    layer = stage.canvas.layer()
    bark = stage.lit("3a2a2c") * 0.75
    snow = stage.snow_tone() if stage.snow else None

    for edge, side in ((0, 1), (stage.width, -1)):
        x = edge + side * random.uniform(0, 60)
        width = random.uniform(62, 96)
        top = (x + side * random.uniform(-30, 40), -40)
        layer.limb((x, 740), top, width, width * 0.6, bark)
        roots = [(x - width, 745), (x - width * 0.45, 600), (x + width * 0.45, 600), (x + width, 745)]
        layer.polygon(roots, bark)

        bough_root = np.array([x + side * width * 0.22, 330.0])
        bough_angle = UPWARD + side * 0.95
        trees.draw_bough(layer, random, bough_root, bough_angle, 120, width * 0.26, 5, bark, snow)

    _hang_leaves(stage, layer, random, 0.0, focus)
    stage.canvas.add(layer, rim=Rim(5, -2, stage.light.haze, 0.28))
