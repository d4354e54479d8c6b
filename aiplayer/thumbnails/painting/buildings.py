"""Buildings of a skyline: volumes with a shaded side, windows, roofs and what stands on them."""

from dataclasses import dataclass

import numpy as np

from aiplayer.thumbnails.painting.canvas import Layer
from aiplayer.thumbnails.painting.palette import mix
from aiplayer.thumbnails.painting.stage import Stage

WALLS = ("8f8aa6", "a89a9e", "7c8aa8", "b8a294", "6f7894", "9c8f86")


@dataclass
class Row:
    """One row of buildings: its layer, its depth (0 near to 1 at the horizon) and the halos its windows give."""

    stage: Stage
    layer: Layer
    depth: float
    random: np.random.Generator
    halos: list

    @property
    def lit_share(self) -> float:
        """Share of windows with a lamp on."""
        return {"night": 0.42, "sunset": 0.26, "dawn": 0.16}.get(
            self.stage.scene.hour, 0.10 if self.stage.scene.weather in ("rain", "fog", "snow") else 0.03
        )


def draw_tower(row: Row, x: float, base: float, width: float, height: float) -> None:
    """Draw a tower of one to three steps with its left bottom corner at (x, base)."""
    random, stage = row.random, row.stage
    wall = stage.lit(WALLS[random.integers(len(WALLS))], row.depth)
    wall = mix(wall, stage.light.haze, 0.10 * random.random())
    steps = int(random.choice([1, 1, 2, 3])) if height > 130 else 1
    top, bottom = base, base
    for level in range(steps):
        share = 1.0 if steps == 1 else (0.62, 0.24, 0.14)[level] if steps == 3 else (0.72, 0.28)[level]
        inset = width * 0.13 * level
        top = bottom - height * share
        _draw_block(row, x + inset, top, width - 2 * inset, base - top if level == 0 else bottom - top, wall)
        bottom = top
    _draw_roof(row, x + width * 0.13 * (steps - 1), top, width * (1 - 0.26 * (steps - 1)), height, wall)


def _draw_block(row: Row, x: float, top: float, width: float, height: float, wall) -> None:
    stage, layer = row.stage, row.layer
    layer.box(x, top, width, height, wall)
    shaded = x + width / 2 > stage.sun[0]
    side = width * 0.24
    layer.box(x + width - side if shaded else x, top, side, height, np.asarray(wall) * 0.80)
    if stage.snow:
        layer.box(x - 1.5, top - 3, width + 3, 4.5, stage.snow_tone(row.depth))
    _draw_windows(row, x, top, width, height, wall)


def _draw_windows(row: Row, x: float, top: float, width: float, height: float, wall) -> None:
    """Draw a grid of windows, dark ones and lit ones; some floors are lit from end to end."""
    random, stage, layer = row.random, row.stage, row.layer
    pitch_x, pitch_y = 11 - 5 * row.depth, 14 - 6 * row.depth
    columns, rows = int((width - 5) / pitch_x), int((height - 7) / pitch_y)
    if columns < 1 or rows < 1:
        return
    margin = (width - columns * pitch_x) / 2 + pitch_x * 0.22
    style = random.choice(["panes", "panes", "slits", "bands"])
    pane = (pitch_x * 0.56, pitch_y * 0.52)
    if style == "slits":
        pane = (pitch_x * 0.34, pitch_y * 0.72)
    glass = mix(np.asarray(wall) * 0.78, stage.light.sky[1], 0.30)
    lit = random.random((rows, columns)) < row.lit_share * random.uniform(0.4, 1.5)
    lit |= random.random((rows, 1)) < row.lit_share * 0.15
    tone, veil = stage.light.lamp(random), 0.55 * row.depth
    for down, across in np.ndindex(rows, columns):
        left, height_y = x + margin + across * pitch_x, top + 6 + down * pitch_y
        if lit[down, across]:
            shade = tone if random.random() < 0.75 else stage.light.lamp(random)
            layer.box(left, height_y, *pane, mix(shade * random.uniform(0.72, 1.0), stage.light.haze, veil))
        elif style == "bands" and across == 0:
            layer.box(left, height_y, columns * pitch_x - pitch_x * 0.44, pane[1], glass)
        elif style != "bands":
            layer.box(left, height_y, *pane, glass)
    if row.lit_share > 0.2 and lit.any():
        row.halos.append(
            (x + width / 2, top + height * 0.4, width * 1.1, height * 0.8, tone, 0.16 * (1 - row.depth * 0.5))
        )


def _draw_roof(row: Row, x: float, top: float, width: float, height: float, wall) -> None:
    """Put a mast, a tank, a slanted top or machinery on a roof."""
    random, layer, stage = row.random, row.layer, row.stage
    kind, dark = random.choice(["mast", "tank", "slant", "boxes", "plain", "dome"]), np.asarray(wall) * 0.82
    middle = x + width / 2
    if kind == "mast" and height > 110:
        layer.limb((middle, top), (middle, top - height * 0.22), 4, 1.2, dark)
        layer.box(middle - width * 0.14, top - 8, width * 0.28, 8, dark)
        if stage.light.darkness > 0.4:
            layer.circle(middle, top - height * 0.22, 1.6, (1.0, 0.32, 0.3))
            row.halos.append((middle, top - height * 0.22, 14, 14, (1.0, 0.3, 0.3), 0.6))
    elif kind == "tank" and row.depth < 0.6:
        left = x + width * random.uniform(0.15, 0.6)
        for leg in (1, 8, 15):
            layer.box(left + leg, top - 10, 1.6, 10, dark * 0.8)
        layer.box(left, top - 26, 18, 17, dark)
        layer.polygon([(left - 1, top - 26), (left + 9, top - 34), (left + 19, top - 26)], dark * 0.85)
    elif kind == "slant":
        layer.polygon([(x, top + 1), (x + width, top - width * 0.32), (x + width, top + 1)], mix(wall, dark, 0.5))
    elif kind == "boxes":
        for _ in range(3):
            left = x + random.uniform(0.05, 0.75) * width
            layer.box(left, top - random.uniform(4, 11), width * 0.18, 12, dark)
    elif kind == "dome" and width > 30:
        layer.ellipse(middle, top, width * 0.32, width * 0.26, mix(wall, dark, 0.4), 0, 180, 360)
