"""Buildings of a skyline: volumes with a shaded side, windows, roofs and what stands on them."""

from dataclasses import dataclass

import numpy as np

from aiplayer.thumbnails.painting.canvas import Halo
from aiplayer.thumbnails.painting.layer import Color, Layer
from aiplayer.thumbnails.painting.palette import mix
from aiplayer.thumbnails.painting.stage import Stage

WALLS = ("8f8aa6", "a89a9e", "7c8aa8", "b8a294", "6f7894", "9c8f86")
ROOFS = ("mast", "tank", "slant", "boxes", "plain", "dome")
WINDOWS = ("panes", "panes", "slits", "bands")
# Height of each step of a tower, from the ground up, as shares of the whole height, by the number of steps.
STEPS = {1: (1.0,), 2: (0.72, 0.28), 3: (0.62, 0.24, 0.14)}
# How much narrower each step is than the one below, on each side, as a share of the tower's width.
INSET = 0.13
LOWEST_STEPPED_TOWER = 130
WARNING_LIGHT: Color = (1.0, 0.32, 0.3)


@dataclass
class Row:
    """One row of buildings.

    Attributes:
        stage: The picture being painted.
        layer: The sheet that the row is drawn on.
        depth: How far away it stands, 0 near to 1 at the horizon.
        random: The generator of the buildings' shapes.
        halos: The light that its windows have given so far.
    """

    stage: Stage
    layer: Layer
    depth: float
    random: np.random.Generator
    halos: list[Halo]

    @property
    def lit_share(self) -> float:
        """Share of windows with a lamp on, 0 to 1."""
        scene = self.stage.scene
        by_day = 0.10 if scene.weather in ("rain", "fog", "snow") else 0.03
        return {"night": 0.42, "sunset": 0.26, "dawn": 0.16}.get(scene.hour, by_day)


@dataclass
class Block:
    """A box of a building: its left edge, top, width and height in units, and the color of its wall."""

    x: float
    top: float
    width: float
    height: float
    wall: np.ndarray


def draw_tower(row: Row, x: float, base: float, width: float, height: float) -> None:
    """Draw a tower of one to three steps.

    Args:
        row: The row that it stands in; takes the halos of its windows.
        x: Its left edge, in units.
        base: Height of the ground, in units.
        width: Its width in units.
        height: Its height in units.
    """
    random = row.random
    clear_wall = row.stage.lit(random.choice(WALLS), row.depth)
    wall = mix(clear_wall, row.stage.light.haze, 0.10 * random.random())
    steps = int(random.choice([1, 1, 2, 3])) if height > LOWEST_STEPPED_TOWER else 1

    top = base
    for level, share in enumerate(STEPS[steps]):
        bottom = top
        inset = width * INSET * level
        top = bottom - height * share
        block = Block(x + inset, top, width - 2 * inset, bottom - top, wall)
        _draw_block(row, block)

    last_inset = width * INSET * (steps - 1)
    roof_width = width * (1 - 2 * INSET * (steps - 1))
    _draw_roof(row, Block(x + last_inset, top, roof_width, height, wall))


def _draw_block(row: Row, block: Block) -> None:
    """Draw one step of a tower: its wall, the side that the sun leaves in shade, snow and windows."""
    stage = row.stage
    layer = row.layer
    layer.box(block.x, block.top, block.width, block.height, block.wall)

    side = block.width * 0.24
    shaded_on_the_right = block.x + block.width / 2 > stage.sun[0]
    side_x = block.x + block.width - side if shaded_on_the_right else block.x
    layer.box(side_x, block.top, side, block.height, block.wall * 0.80)

    if stage.snow:
        layer.box(block.x - 1.5, block.top - 3, block.width + 3, 4.5, stage.snow_tone(row.depth))
    _draw_windows(row, block)


def _draw_windows(row: Row, block: Block) -> None:
    """Draw a grid of windows, dark ones and lit ones; some floors are lit from end to end."""
    random = row.random
    light = row.stage.light
    pitch_x = 11 - 5 * row.depth
    pitch_y = 14 - 6 * row.depth
    columns = int((block.width - 5) / pitch_x)
    floors = int((block.height - 7) / pitch_y)
    if columns < 1 or floors < 1:
        return

    margin = (block.width - columns * pitch_x) / 2 + pitch_x * 0.22
    style = random.choice(WINDOWS)
    pane = (pitch_x * 0.34, pitch_y * 0.72) if style == "slits" else (pitch_x * 0.56, pitch_y * 0.52)
    glass = mix(block.wall * 0.78, light.sky[1], 0.30)

    lit = random.random((floors, columns)) < row.lit_share * random.uniform(0.4, 1.5)
    lit |= random.random((floors, 1)) < row.lit_share * 0.15
    tone = light.lamp(random)
    veil = 0.55 * row.depth

    for floor, column in np.ndindex(floors, columns):
        x = block.x + margin + column * pitch_x
        y = block.top + 6 + floor * pitch_y
        if lit[floor, column]:
            lamp = tone if random.random() < 0.75 else light.lamp(random)
            shine = mix(lamp * random.uniform(0.72, 1.0), light.haze, veil)
            row.layer.box(x, y, *pane, shine)
        elif style == "bands" and column == 0:
            band = columns * pitch_x - pitch_x * 0.44
            row.layer.box(x, y, band, pane[1], glass)
        elif style != "bands":
            row.layer.box(x, y, *pane, glass)

    if row.lit_share > 0.2 and lit.any():
        row.halos.append(_shine_around(block, tone, row.depth))


def _shine_around(block: Block, tone: Color, depth: float) -> Halo:
    """Return the light that the windows of a block shed around it, weaker in the distance."""
    return Halo(
        x=block.x + block.width / 2,
        y=block.top + block.height * 0.4,
        radius_x=block.width * 1.1,
        radius_y=block.height * 0.8,
        color=tone,
        strength=0.16 * (1 - depth * 0.5),
    )


def _draw_roof(row: Row, roof: Block) -> None:
    """Put a mast, a tank, a slanted top, machinery or a dome on a roof; the block's height is the whole tower's."""
    random = row.random
    layer = row.layer
    x = roof.x
    top = roof.top
    width = roof.width
    kind = random.choice(ROOFS)
    dark = roof.wall * 0.82

    if kind == "mast" and roof.height > 110:
        _draw_mast(row, roof, dark)
    elif kind == "tank" and row.depth < 0.6:
        _draw_tank(layer, x + width * random.uniform(0.15, 0.6), top, dark)
    elif kind == "slant":
        corners = [(x, top + 1), (x + width, top - width * 0.32), (x + width, top + 1)]
        layer.polygon(corners, mix(roof.wall, dark, 0.5))
    elif kind == "boxes":
        for _ in range(3):
            left = x + random.uniform(0.05, 0.75) * width
            layer.box(left, top - random.uniform(4, 11), width * 0.18, 12, dark)
    elif kind == "dome" and width > 30:
        dome = mix(roof.wall, dark, 0.4)
        layer.ellipse(x + width / 2, top, width * 0.32, width * 0.26, dome, start_deg=180, end_deg=360)


def _draw_mast(row: Row, roof: Block, dark: np.ndarray) -> None:
    """Draw a mast, with a red warning light in the dark."""
    middle = roof.x + roof.width / 2
    tip = roof.top - roof.height * 0.22
    row.layer.limb((middle, roof.top), (middle, tip), 4, 1.2, dark)
    row.layer.box(middle - roof.width * 0.14, roof.top - 8, roof.width * 0.28, 8, dark)

    if row.stage.light.darkness > 0.4:
        row.layer.circle(middle, tip, 1.6, WARNING_LIGHT)
        row.halos.append(Halo(middle, tip, 14, 14, (1.0, 0.3, 0.3), 0.6))


def _draw_tank(layer: Layer, left: float, top: float, dark: np.ndarray) -> None:
    """Draw a water tank on three legs with a pointed lid."""
    for leg in (1, 8, 15):
        layer.box(left + leg, top - 10, 1.6, 10, dark * 0.8)
    layer.box(left, top - 26, 18, 17, dark)
    lid = [(left - 1, top - 26), (left + 9, top - 34), (left + 19, top - 26)]
    layer.polygon(lid, dark * 0.85)
