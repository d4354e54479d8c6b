"""Mountains: peaks in the haze, wooded slopes, a meadow with a cabin."""

from collections.abc import Sequence

import numpy as np

from aiplayer.thumbnails.painting import land, trees
from aiplayer.thumbnails.painting.canvas import Fade, Rim
from aiplayer.thumbnails.painting.elements import paint_far_elements
from aiplayer.thumbnails.painting.layer import Layer
from aiplayer.thumbnails.painting.meadow import paint_cabin, paint_meadow
from aiplayer.thumbnails.painting.palette import CONIFER, mix
from aiplayer.thumbnails.painting.sky import paint_sky
from aiplayer.thumbnails.painting.stage import Stage

# Depth, height of a fir in units, and rise of each row of woods.
WOODS = ((0.62, 24, 0.7), (0.42, 40, 1.1))
# How far snow reaches down a peak, as a share of its height.
SNOW_LINE = {"winter": 0.75, "spring": 0.42, "autumn": 0.32, "summer": 0.22}
SNOWFALL_LINE = 0.80
FAR_PEAKS = 4
FAR_PEAK_DEPTH = 0.78
NEAR_FIRS = 6


def paint_mountain(stage: Stage) -> None:
    """Paint high mountains from a meadow."""
    random = stage.random("mountain")
    stage.set_horizon(random.uniform(465, 510))
    paint_sky(stage)
    paint_range(stage, random, stage.horizon, random.uniform(290, 350))
    paint_woods(stage, random, stage.horizon + 6, WOODS)

    # The cabin stands on one side, everything else that the scene asks for on the other.
    side = 1.0 if random.random() < 0.5 else -1.0
    stage.spots |= {
        "landmark": (stage.width * (0.5 - 0.24 * side), stage.horizon + 56, 170.0),
        "rail": (stage.horizon + 14, 0.3),
    }
    paint_far_elements(stage)

    meadow_edge = paint_meadow(stage, random)
    cabin_x = stage.width * (0.5 + 0.22 * side)
    paint_cabin(stage, cabin_x, float(land.height_at(meadow_edge, cabin_x)) + 14, 92)
    _paint_near_firs(stage, random, side)
    stage.spots["ground"] = [
        (stage.width * (0.5 - 0.14 * side), 668, 120.0),
        (stage.width * (0.5 + 0.04 * side), 650, 105.0),
    ]


def paint_range(stage: Stage, random: np.random.Generator, base: float, height: float) -> None:
    """Paint two rows of peaks, the highest off the middle.

    Args:
        stage: The picture.
        random: It draws the peaks.
        base: Their foot, in units.
        height: Height of the highest peak, in units.
    """
    snow_line = SNOWFALL_LINE if stage.snow == 1.0 else SNOW_LINE[stage.scene.season]
    left_focus = random.uniform(0.24, 0.4)
    right_focus = random.uniform(0.6, 0.76)
    focus = random.choice([left_focus, right_focus]) * stage.width

    # x, height and depth of each peak.
    peaks = []
    for _ in range(FAR_PEAKS):
        x = random.uniform(0, 1) * stage.width
        peaks.append((x, height * random.uniform(0.55, 0.75), FAR_PEAK_DEPTH))
    peaks += [
        (focus, height, 0.55),
        (focus - stage.width * 0.6, height * 0.6, 0.52),
        (focus + stage.width * 0.6, height * 0.55, 0.52),
        (focus - stage.width * 0.30, height * 0.66, 0.50),
        (focus + stage.width * 0.29, height * 0.72, 0.50),
    ]
    for x, peak_height, depth in peaks:
        width = peak_height * random.uniform(2.4, 3.1)
        land.paint_peak(stage, random, x, base, width, peak_height, depth, snow_line)


def paint_woods(
    stage: Stage, random: np.random.Generator, base: float, rows: Sequence[tuple[float, float, float]]
) -> None:
    """Paint wooded hills, one row before the other.

    Args:
        stage: The picture.
        random: It draws the hills.
        base: The foot of the farthest row, in units.
        rows: Depth, height of a fir in units, and rise of each row, the farthest first; a rise of 1 is 40 units.
    """
    for index, (depth, fir_height, rise) in enumerate(rows):
        layer = stage.canvas.layer()
        line = land.ridge_line(random, stage.width, base + index * 14, 40 * rise, 0.45, 2.5 + index)
        fill_woods(stage, layer, random, line, fir_height, depth)

        code = CONIFER[stage.scene.season]
        tone = mix(stage.ground(code, depth), stage.lit(code, depth), 0.6)
        foot = line + np.array([0, fir_height * 0.2])
        land.fill_below(layer, foot, base + 60, tone)
        stage.canvas.add(layer, fade=Fade(stage.light.haze, base - 70, 0.0, base + 34, 0.5))


def fill_woods(
    stage: Stage, layer: Layer, random: np.random.Generator, line: np.ndarray, height: float, depth: float
) -> None:
    """Stand firs, with some leafy trees of the season among them, along a line.

    Args:
        stage: The picture.
        layer: The sheet to draw on.
        random: It draws the trees.
        line: float [n, 2], the outline of the hill, from left to right.
        height: Of a fir, in units.
        depth: How far into the haze the hill stands, from 0 (near) to 1 (at the horizon).
    """
    dark = stage.lit(CONIFER[stage.scene.season], depth)
    light = mix(dark, stage.light.sky[3], 0.22)
    snow_color = stage.snow_tone(depth)
    has_leafy_trees = stage.scene.season in ("autumn", "spring")

    for column in np.arange(-10, stage.width + 10, height * 0.30):
        x = column + random.uniform(-0.12, 0.12) * height
        base = float(land.height_at(line, x)) + height * 0.3
        tree_height = height * random.uniform(0.7, 1.35)
        if has_leafy_trees and random.random() < 0.4:
            _draw_round_tree(layer, x, base, tree_height, stage.leaf_tones(random, depth))
        else:
            trees.draw_fir(layer, random, x, base, tree_height, dark, light, stage.snow * 0.8, snow_color)


def _draw_round_tree(layer: Layer, x: float, base: float, height: float, tones: list[np.ndarray]) -> None:
    """Draw a far leafy tree as circles of its dark, middle and light tone, ever higher and smaller."""
    for level, tone in enumerate(tones):
        circle_x = x - level * height * 0.05
        circle_y = base - height * (0.45 + 0.1 * level)
        layer.circle(circle_x, circle_y, height * (0.30 - 0.08 * level), tone)


def _paint_near_firs(stage: Stage, random: np.random.Generator, side: float) -> None:
    """Frame the picture with near trees: four on the side away from the cabin, two beyond the cabin."""
    layer = stage.canvas.layer()
    dark = stage.lit(CONIFER[stage.scene.season]) * 0.8
    light = mix(dark, stage.light.sky[2], 0.25)

    for index in range(NEAR_FIRS):
        if index < 4:
            x = stage.width * (0.5 - side * (0.47 - 0.055 * index))
        else:
            x = stage.width * (0.5 + side * (0.52 - 0.06 * (index - 4)))
        inward = index % 4
        base = 735 - inward * 18
        height = random.uniform(250, 420) * (1 - 0.15 * inward)

        if stage.scene.season == "autumn" and index % 2:
            trees.draw_tree(stage, layer, random, x, base, height * 0.8)
        else:
            fir_x = x + random.uniform(-20, 20)
            trees.draw_fir(layer, random, fir_x, base, height, dark, light, stage.snow, stage.snow_tone())

    rim_dx = 4 if stage.sun[0] > stage.width / 2 else -4
    stage.canvas.add(layer, rim=Rim(rim_dx, -4, stage.light.sun * 0.5, 0.25))
