"""What stands and hangs in a street: lamps, trees, upright signs, wires."""

import numpy as np

from aiplayer.thumbnails.painting import trees
from aiplayer.thumbnails.painting.canvas import Halo
from aiplayer.thumbnails.painting.corridor import Corridor
from aiplayer.thumbnails.painting.layer import Layer
from aiplayer.thumbnails.painting.outlines import lower
from aiplayer.thumbnails.painting.palette import mix
from aiplayer.thumbnails.painting.stage import Stage

# How large things look where a lamp and a tree stand, the farthest first.
LAMP_SCALES = (0.26, 0.34, 0.46, 0.66, 1.0)
# Across the street, from the middle to a wall.
KERB, TREE_LINE, SIGN_POOL = 0.68, 0.80, 0.8
# Outlines of a lamp's glass and roof, in units of the near houses from the top of its post; up is negative.
LAMP_GLASS = np.array([(-9, 0), (9, 0), (14, -34), (-14, -34)])
LAMP_ROOF = np.array([(-17, -33), (0, -50), (17, -33)])
WIRES = 4
SIGN_CODES = ["c8584a", "e0b060", "4a7a9a", "5a8a6a"]
NO_SIGN_CHANCE = 0.3
SIGN_WIDTH = 52
# The strokes of a sign's letters: half the width of a letter and the height of a line, in units of the near houses.
LETTER_HALF_WIDTH, LETTER_STEP = 13, 27


def paint_furniture(stage: Stage, random: np.random.Generator, corridor: Corridor) -> list[Halo]:
    """Stand lamps and trees along the kerbs and stretch wires between the houses.

    Args:
        stage: The picture.
        random: The generator of the street.
        corridor: The perspective of the street.

    Returns:
        The light of lamps and signs.
    """
    halos = []
    for index, scale in enumerate(LAMP_SCALES):
        layer = stage.canvas.layer()
        halos += _draw_signs(stage, layer, random, corridor, scale * 1.12)
        side = 1.0 if index % 2 else -1.0
        halos += _draw_lamp(stage, layer, corridor, side, scale)

        x, base = corridor.at(-side * TREE_LINE, 0, scale)
        height = 330 * scale * random.uniform(0.85, 1.15)
        trees.draw_tree(stage, layer, random, x, base, height, 0.45 * (1 - scale))
        stage.canvas.add(layer)

    _paint_wires(stage, random, corridor)
    return halos


def _draw_lamp(stage: Stage, layer: Layer, corridor: Corridor, side: float, scale: float) -> list[Halo]:
    """Draw a street lamp on one kerb, and return its light where it burns."""
    dark = stage.lit("2a2834")
    across = side * KERB
    foot = corridor.at(across, 0, scale)
    head = corridor.at(across, 270, scale)
    layer.limb(foot, head, 9 * scale, 6 * scale, dark)
    layer.limb(foot, corridor.at(across, 26, scale), 18 * scale, 12 * scale, dark)

    tone = stage.light.lamps[0]
    layer.polygon(LAMP_GLASS * scale + head, tone if stage.lamps_burn else stage.lit("e0e0d8"))
    layer.polygon(LAMP_ROOF * scale + head, dark)
    if not stage.lamps_burn:
        return []
    x, y = corridor.at(across, 284, scale)
    return [Halo(x, y, 150 * scale, 150 * scale, tone, 0.75)]


def _paint_wires(stage: Stage, random: np.random.Generator, corridor: Corridor) -> None:
    """Stretch sagging wires from wall to wall."""
    layer = stage.canvas.layer()
    dark = stage.lit("2a2834")
    share = np.linspace(0, 1, 24)

    for _ in range(WIRES):
        scale = random.uniform(0.4, 1.6)
        height = random.uniform(430, 560)
        start = np.array(corridor.at(-1, height, scale))
        stop = np.array(corridor.at(1, height - random.uniform(-40, 40), scale))
        straight = start + (stop - start) * share[:, None]
        sag = 4 * share * (1 - share) * 46 * scale
        layer.line(lower(straight, sag), dark, 1.3)
    stage.canvas.add(layer, opacity=0.7)


def _draw_signs(
    stage: Stage, layer: Layer, random: np.random.Generator, corridor: Corridor, scale: float
) -> list[Halo]:
    """Hang upright signs from both walls that face down the street, and return their light where they shine."""
    halos = []
    dark = stage.lit("24222e", 0.3 * (1 - min(scale, 1.0)))
    for side in (-1.0, 1.0):
        if random.random() < NO_SIGN_CHANCE:
            continue
        low = random.uniform(225, 300)
        high = low + random.uniform(90, 170)
        wall_x = corridor.at(side, 0, scale)[0]
        left, right = sorted((wall_x, wall_x - side * SIGN_WIDTH * scale))
        top = corridor.at(0, high, scale)[1]
        bottom = corridor.at(0, low, scale)[1]
        tone = _sign_tone(stage, random)
        _draw_sign(stage, layer, random, (left, top, right, bottom), scale, tone, dark)

        if stage.lamps_burn:
            middle = (left + right) / 2
            pool_x = corridor.at(side * SIGN_POOL, 0, scale)[0]
            pool_y = corridor.at(0, 0, scale)[1]
            halos.append(Halo(middle, (top + bottom) / 2, 120 * scale, (bottom - top) * 0.95, tone, 0.5))
            halos.append(Halo(pool_x, pool_y, 120 * scale, 40 * scale, tone, 0.22))
    return halos


def _sign_tone(stage: Stage, random: np.random.Generator) -> np.ndarray:
    """Draw the color of a sign: a lamp's where the lamps burn, else that of its paint."""
    lamps = stage.light.lamps
    if stage.lamps_burn:
        return lamps[random.integers(len(lamps))]
    return stage.lit(random.choice(SIGN_CODES), 0.2)


def _draw_sign(
    stage: Stage,
    layer: Layer,
    random: np.random.Generator,
    edges: tuple[float, float, float, float],
    scale: float,
    tone: np.ndarray,
    dark: np.ndarray,
) -> None:
    """Draw one sign with a column of letters on it.

    Args:
        stage: The picture.
        layer: The sheet to draw on.
        random: It varies the strokes of the letters.
        edges: Left, top, right and bottom of the sign, in units.
        scale: How large things look at its distance.
        tone: Its color.
        dark: The color of its frame.
    """
    left, top, right, bottom = edges
    width = right - left
    height = bottom - top
    layer.box(left - 2 * scale, top - 3 * scale, width + 4 * scale, height + 6 * scale, dark)
    face = mix(tone, dark, 0.12)
    layer.box(left + 4 * scale, top + 4 * scale, width - 8 * scale, height - 8 * scale, face)

    ink = mix(tone, (1, 1, 1), 0.75) if stage.lamps_burn else stage.lit("fff0dc")
    middle = (left + right) / 2
    half = LETTER_HALF_WIDTH * scale
    for y in np.arange(top + 14 * scale, bottom - 20 * scale, LETTER_STEP * scale):
        layer.box(middle - half, y, half * 2, 3.4 * scale, ink)
        layer.box(middle - half * random.uniform(-0.6, 0.8), y, 3.4 * scale, 17 * scale, ink)
        layer.box(middle - half * 0.8, y + 9 * scale, half * random.uniform(0.8, 1.7), 3.2 * scale, ink)
