"""Plants indoors: in a pot, in a basket on the floor, dry in a vase."""

import numpy as np

from aiplayer.thumbnails.painting.canvas import Layer
from aiplayer.thumbnails.painting.indoors import indoor
from aiplayer.thumbnails.painting.outlines import turn
from aiplayer.thumbnails.painting.palette import mix
from aiplayer.thumbnails.painting.sketch import Sketch
from aiplayer.thumbnails.painting.stage import Stage
from aiplayer.thumbnails.painting.trees import draw_grass

POT_LEAVES = 9
TENDRILS, TENDRIL_LEAVES = 4, 9
TALL_LEAVES = 8
LEAF_POINTS = 22


def draw_pot(
    stage: Stage, layer: Layer, random: np.random.Generator, x: float, base: float, size: float, trailing: bool = False
) -> None:
    """Draw a potted plant with broad leaves.

    Args:
        stage: The picture.
        layer: The sheet to draw on.
        random: It draws the leaves.
        x: Where the middle of the pot stands, in units.
        base: What it stands on, in units.
        size: About half the plant's height, in units.
        trailing: Whether tendrils hang over the edge too.
    """
    sketch = Sketch(layer, x, base, size)
    dark = indoor(stage, "2a6a4c")
    pale = indoor(stage, "78b468")
    angles = np.linspace(-2.9, -0.25, POT_LEAVES) + random.normal(0, 0.12, POT_LEAVES)
    for angle in angles:
        reach = size * random.uniform(0.75, 1.2)
        _draw_pot_leaf(sketch, angle, reach, mix(dark, pale, random.random()), dark * 0.85)
    if trailing:
        _draw_tendrils(sketch, random, dark, pale)

    clay = indoor(stage, "c07858")
    sketch.polygon([(-0.34, 0.5), (0.34, 0.5), (0.25, 0), (-0.25, 0)], clay)
    sketch.polygon([(0.10, 0.5), (0.34, 0.5), (0.25, 0), (0.08, 0)], clay * 0.82)
    sketch.box(-0.38, 0.56, 0.76, 0.12, mix(clay, (1, 1, 1), 0.1))


def _draw_pot_leaf(sketch: Sketch, angle: float, reach: float, tone: np.ndarray, rib: np.ndarray) -> None:
    """Draw one pointed leaf of a potted plant, `reach` units long, at an angle in radians (up is negative)."""
    root = np.array(sketch.point(0, 0.45))
    rim_x, rim_y = sketch.point(0, 0.5)
    tip_x = rim_x + np.cos(angle) * reach * 0.8
    tip_y = rim_y + np.sin(angle) * reach
    tip = np.array([tip_x, tip_y])

    # A quarter turn of the rib points across the leaf.
    middle = (root + tip) / 2
    along = tip - root
    along_x, along_y = along
    across = np.array([-along_y, along_x]) * 0.17
    outline = [root, middle + across, tip, middle - across]
    sketch.layer.polygon(outline, tone)
    sketch.layer.line([root, tip], rib, 1)


def _draw_tendrils(sketch: Sketch, random: np.random.Generator, dark: np.ndarray, pale: np.ndarray) -> None:
    """Let tendrils of small leaves hang over the edge of a pot."""
    x, base, size = sketch.x, sketch.base, sketch.size
    for start in np.linspace(-0.3, 0.3, TENDRILS):
        length = size * random.uniform(0.8, 1.9)
        edge_x = size * start
        edge_y = base - size * 0.35
        for share in np.linspace(0, 1, TENDRIL_LEAVES):
            spread = 1 + share * 0.5
            sway = np.sin(share * 7 + start * 9) * 5
            leaf_x = x + edge_x * spread + sway
            leaf_y = edge_y + length * share
            tone = mix(dark, pale, random.random())
            sketch.layer.ellipse(leaf_x, leaf_y, size * 0.085, size * 0.06, tone, 40)


def draw_tall_plant(
    stage: Stage, layer: Layer, random: np.random.Generator, x: float, base: float, size: float
) -> None:
    """Stand a tall plant with broad split leaves in a basket.

    Args:
        stage: The picture.
        layer: The sheet to draw on.
        random: It draws the leaves.
        x: Where the middle of the basket stands, in units.
        base: What it stands on, in units.
        size: About the plant's height, in units.
    """
    sketch = Sketch(layer, x, base, size)
    dark = indoor(stage, "1f5a44")
    pale = indoor(stage, "6cb070")
    angles = np.linspace(-2.75, -0.4, TALL_LEAVES)
    reaches = random.uniform(0.55, 0.95, TALL_LEAVES)
    for angle, reach in zip(angles, reaches, strict=True):
        tip_x = x + np.cos(angle) * size * reach * 0.62
        tip_y = base - size * 0.3 + np.sin(angle) * size * reach * 0.78
        tip = np.array([tip_x, tip_y])
        bend = ((x + tip_x) / 2, (base - size * 0.2 + tip_y) / 2 - size * 0.06)
        layer.line([sketch.point(0, 0.2), bend, tip], dark, 3)
        _draw_split_leaf(layer, tip, angle + np.pi / 2, size, mix(dark, pale, random.uniform(0.1, 0.8)))

    basket = indoor(stage, "c89a64")
    sketch.polygon([(-0.17, 0.25), (0.17, 0.25), (0.13, 0), (-0.13, 0)], basket)
    for share in (0.06, 0.12, 0.18):
        weave_x, weave_y = sketch.point(-0.155, share)
        layer.box(weave_x, weave_y, size * 0.31, 2.4, basket * 0.8)


def _draw_split_leaf(layer: Layer, middle: np.ndarray, angle: float, size: float, tone: np.ndarray) -> None:
    """Draw one heart-shaped leaf around a point [2], turned by an angle in radians, with every third point cut in."""
    around = np.linspace(-np.pi, np.pi, LEAF_POINTS)
    is_cut = np.arange(LEAF_POINTS) % 3 == 0
    cuts = 1 - 0.22 * is_cut
    bulge = np.sin(np.abs(around) ** 0.9)
    half = size * 0.135 * bulge * cuts
    leaf_x = np.sign(around) * np.abs(half)
    leaf_y = -size * 0.17 * np.cos(around)
    outline = np.stack([leaf_x, leaf_y], axis=1)
    layer.polygon(turn(outline, angle) + middle, tone)

    along = np.array([-np.sin(angle), np.cos(angle)])
    rib = along * size * 0.15
    layer.line([middle - rib, middle + rib], tone * 0.8, 1.4)


def draw_vase_grass(
    stage: Stage, layer: Layer, random: np.random.Generator, x: float, base: float, size: float
) -> None:
    """Stand dry grasses, as high above the vase as their size in units, in a small vase at (x, base)."""
    sketch = Sketch(layer, x, base, size)
    straw = (indoor(stage, "a88a58"), indoor(stage, "e8d0a0"))
    draw_grass(layer, random, x - 4, x + 4, base - size * 0.4, size, straw, 10)
    sketch.ellipse(0, 0.22, 0.16, 0.22, indoor(stage, "e0d4c8"))
    sketch.ellipse(0.04, 0.22, 0.10, 0.2, indoor(stage, "c4b4a8"))
