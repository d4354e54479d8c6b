"""Trees in leaf: a forked trunk, limbs, and a crown of leafy clumps."""

import numpy as np

from aiplayer.thumbnails.painting.foliage import SPARSE, dab, draw_clump
from aiplayer.thumbnails.painting.layer import Layer
from aiplayer.thumbnails.painting.palette import mix

# A tree lower than this is one clump on a stick, in units.
LEAST_WITH_LIMBS = 60
# Each clump lies at (across, up, size) as shares of the tree's width and height; the back ones come first.
CLUMPS = (
    (-0.26, 0.52, 0.40),
    (0.28, 0.50, 0.38),
    (0.0, 0.78, 0.44),
    (-0.17, 0.70, 0.44),
    (0.19, 0.68, 0.44),
    (0.0, 0.57, 0.46),
)
LOOSE_LEAVES = 5


def draw_crown(
    layer: Layer,
    random: np.random.Generator,
    x: float,
    base: float,
    height: float,
    tones: list[np.ndarray],
    bark: np.ndarray,
    toward_light: float = -1.0,
) -> None:
    """Draw a leafy tree.

    Args:
        layer: The sheet to draw on.
        random: It leans the trunk and scatters the leaves.
        x: The middle of the trunk, in units.
        base: The height of its foot in the picture, in units.
        height: The tree's height, in units.
        tones: The dark, middle and light color of its leaves, each float [3].
        bark: The color of its trunk, float [3].
        toward_light: The side that the light comes from: -1 left, 1 right.
    """
    lean = random.normal(0, 0.04) * height
    width = height * random.uniform(0.86, 1.1)
    if height < LEAST_WITH_LIMBS:
        layer.limb((x, base), (x, base - height * 0.5), height * 0.09, height * 0.05, bark)
        draw_clump(layer, random, x, base - height * 0.62, width * 0.78, tones, toward_light)
        return

    fork = (x + lean * 0.5, base - height * 0.36)
    _draw_trunk(layer, x, base, height, fork, bark)
    _draw_trunk_light(layer, x, base, height, fork, mix(bark, tones[2], 0.22), toward_light)

    middle = x + lean
    for across, up, _ in CLUMPS:
        jitter = random.normal(0, 0.025, 2)
        tip = (middle + width * (across + jitter[0]), base - height * (up + jitter[1]))
        layer.limb(fork, tip, height * 0.032, height * 0.010, bark)
    _draw_leaves(layer, random, middle, base, width, height, tones, toward_light)


def _draw_trunk(
    layer: Layer, x: float, base: float, height: float, fork: tuple[float, float], bark: np.ndarray
) -> None:
    """Draw a trunk that widens at its foot, up to the fork."""
    fork_x, fork_y = fork
    waist_y = base - height * 0.1

    outline = [
        (x - height * 0.062, base + 2),
        (x - height * 0.03, waist_y),
        (fork_x - height * 0.024, fork_y),
        (fork_x + height * 0.024, fork_y),
        (x + height * 0.03, waist_y),
        (x + height * 0.066, base + 2),
    ]
    layer.polygon(outline, bark)


def _draw_trunk_light(
    layer: Layer,
    x: float,
    base: float,
    height: float,
    fork: tuple[float, float],
    tone: np.ndarray,
    toward_light: float,
) -> None:
    """Draw the light that falls on one side of a trunk, as a thin stroke from the foot to the fork."""
    foot = (x + toward_light * height * 0.015, base)
    end = (fork[0] + toward_light * height * 0.012, fork[1])
    layer.limb(foot, end, height * 0.016, height * 0.01, tone)


def _draw_leaves(
    layer: Layer,
    random: np.random.Generator,
    middle: float,
    base: float,
    width: float,
    height: float,
    tones: list[np.ndarray],
    toward_light: float,
) -> None:
    """Draw the clumps of a crown around x `middle`, the low ones darker, and a few loose leaves over them."""
    for across, up, size in CLUMPS:
        jitter = random.normal(0, 0.03, 2)
        clump_size = height * size * random.uniform(0.88, 1.12)
        shade = max(0.30 * (0.8 - up), 0.0)
        shaded_tones = [mix(tone, tones[0], shade) for tone in tones]
        clump_x = middle + width * (across + jitter[0])
        clump_y = base - height * (up + jitter[1])
        draw_clump(layer, random, clump_x, clump_y, clump_size, shaded_tones, toward_light)

    for _ in range(LOOSE_LEAVES):
        leaf_x = middle + width * random.uniform(-0.4, 0.4)
        leaf_y = base - height * random.uniform(0.4, 0.9)
        dab(layer, random, SPARSE, leaf_x, leaf_y, height * 0.2, tones[1])
