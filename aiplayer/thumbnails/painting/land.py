"""Land: ridges one behind the other, mountains with lit flanks and snow, rolling ground."""

from typing import NamedTuple, overload

import numpy as np

from aiplayer.thumbnails.painting.canvas import Fade
from aiplayer.thumbnails.painting.layer import Layer
from aiplayer.thumbnails.painting.noise import ridge
from aiplayer.thumbnails.painting.palette import mix
from aiplayer.thumbnails.painting.stage import Stage

# Below the lower edge of the picture, so that ground filled down to here leaves no gap.
BELOW_PICTURE = 760
FARTHEST_RIDGE_DEPTH = 0.88
PEAK_POINTS = 56
SPINE_POINTS = 16


def ridge_line(
    random: np.random.Generator,
    width: float,
    base: float,
    height: float,
    roughness: float = 0.45,
    cells: float = 3.0,
    step: float = 6.0,
) -> np.ndarray:
    """Draw the outline of a ridge from beyond the left edge of the picture to beyond the right.

    Args:
        random: It draws the ridge.
        width: Width of the picture, in units.
        base: The foot of the ridge, in units from the top of the picture.
        height: How far the ridge rises above its foot, in units.
        roughness: As for `noise.ridge`.
        cells: As for `noise.ridge`.
        step: Distance between two points, in units.

    Returns:
        float64 [n, 2], x and y in units.
    """
    count = max(8, int((width + 40) / step))
    heights = ridge(random, count, roughness, cells)
    x = np.linspace(-20, width + 20, count)
    y = base - height * (0.5 + 0.5 * heights)
    return np.stack([x, y], axis=1)


def fill_below(layer: Layer, line: np.ndarray, bottom: float, color: np.ndarray) -> None:
    """Fill everything between a line, float [n, 2] from left to right, and a height below it."""
    bottom_right = (line[-1, 0], bottom)
    bottom_left = (line[0, 0], bottom)
    layer.polygon(np.concatenate([line, [bottom_right, bottom_left]]), color)


@overload
def height_at(line: np.ndarray, x: float) -> np.float64: ...


@overload
def height_at(line: np.ndarray, x: np.ndarray) -> np.ndarray: ...


def height_at(line: np.ndarray, x: float | np.ndarray) -> np.float64 | np.ndarray:
    """Return the height of a line, float [n, 2] from left to right, at x (a number or an array)."""
    return np.interp(x, line[:, 0], line[:, 1])


def strip(middle: np.ndarray, half_width: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the outline of a path or a stream that winds toward the viewer.

    Args:
        middle: float [n], the x of its middle line.
        half_width: float [n], how far its edges lie from there.
        y: float [n], the heights of these points.

    Returns:
        float64 [2 n, 2]: down the left edge and up the right one.
    """
    left = np.stack([middle - half_width, y], 1)
    right = np.stack([middle + half_width, y], 1)
    return np.concatenate([left, right[::-1]])


def paint_ridges(
    stage: Stage, count: int, top: float, bottom: float, code: str, nearest: float = 0.35, roughness: float = 0.42
) -> list[np.ndarray]:
    """Paint ridges one before the other, each fading into haze at its foot.

    Args:
        stage: The picture.
        count: How many ridges.
        top: Where the farthest one may rise to, in units.
        bottom: The foot of the nearest one, in units.
        code: Their color by daylight, "rrggbb".
        nearest: How far into the haze the nearest one stands, from 0 (near) to 1 (at the horizon).
        roughness: As for `noise.ridge`.

    Returns:
        Their outlines, each float64 [n, 2], the farthest first.
    """
    random = stage.random("ridges")
    spacing = (bottom - top) / count
    lines = []

    for index in range(count):
        share = index / max(count - 1, 1)
        depth = FARTHEST_RIDGE_DEPTH + (nearest - FARTHEST_RIDGE_DEPTH) * share
        base = top + (bottom - top) * (index + 1) / count
        height = spacing * random.uniform(1.0, 1.7)
        cells = random.uniform(1.6, 3.5) + share
        line = ridge_line(random, stage.width, base, height, roughness, cells)

        layer = stage.canvas.layer()
        fill_below(layer, line, min(base + 120, 720), stage.ground(code, depth))
        stage.canvas.add(layer, fade=Fade(stage.light.haze, line[:, 1].min(), 0.0, base + 60, 0.55))
        lines.append(line)
    return lines


class _Peak(NamedTuple):
    """The shape of one mountain.

    Attributes:
        outline: float64 [n, 2], from the left foot over the top to the right foot.
        top: Index of the highest point of the outline.
        spine: float64 [m, 2], the edge between the two flanks from the top down.
        left_is_lit: Whether the light falls on the left flank.
        depth: How far into the haze it stands, from 0 (near) to 1 (at the horizon).
    """

    outline: np.ndarray
    top: int
    spine: np.ndarray
    left_is_lit: bool
    depth: float


def paint_peak(
    stage: Stage,
    random: np.random.Generator,
    x: float,
    base: float,
    width: float,
    height: float,
    depth: float,
    snow_line: float,
) -> None:
    """Paint one mountain: a lit and a shaded flank, spurs between them, snow at the top.

    Args:
        stage: The picture.
        random: It draws the shape.
        x: Where its middle stands, in units.
        base: Its foot, in units.
        width: In units.
        height: In units.
        depth: How far into the haze it stands, from 0 (near) to 1 (at the horizon).
        snow_line: How far snow reaches down, as a share of the height.
    """
    peak = _shape_peak(random, x, base, width, height, depth, left_is_lit=stage.sun[0] < x)
    rock = stage.lit("7d86a0", depth)
    shade = stage.lit("414a70", depth * 0.9)

    # The whole mountain in the left flank's color, then the right flank over it.
    layer = stage.canvas.layer()
    foot = (x, base + 30)
    layer.polygon(np.concatenate([peak.outline, [foot]]), rock if peak.left_is_lit else shade)
    right_foot = (x + width / 2, base + 30)
    right_flank = np.concatenate([peak.outline[peak.top :], [right_foot], peak.spine[::-1]])
    layer.polygon(right_flank, shade if peak.left_is_lit else rock)

    snow_reach = height * snow_line
    if snow_reach > 0:
        _paint_snow(stage, layer, random, peak, snow_reach)
    stage.canvas.add(layer, fade=Fade(stage.light.haze, base - height, 0.0, base + 10, 0.72))


def _shape_peak(
    random: np.random.Generator, x: float, base: float, width: float, height: float, depth: float, left_is_lit: bool
) -> _Peak:
    across = np.linspace(-1, 1, PEAK_POINTS)
    rise = 1 - np.abs(across)
    crags = 0.075 * ridge(random, PEAK_POINTS, 0.62, 7) * rise**0.35
    profile = np.clip(rise**1.12 + crags, 0, 1.04)
    outline = np.stack([x + across * width / 2, base - height * profile], axis=1)

    top = int(outline[:, 1].argmin())
    spine = _shape_spine(random, outline[top], base + 30, width)
    return _Peak(outline, top, spine, left_is_lit, depth)


def _shape_spine(random: np.random.Generator, top: np.ndarray, base: float, width: float) -> np.ndarray:
    """Draw the crooked edge, float64 [n, 2], that runs down from the top between the two flanks."""
    down = np.linspace(0, 1, SPINE_POINTS)
    wander = np.cumsum(random.normal(0, 1, SPINE_POINTS)) * width * 0.010
    slant = down * width * random.uniform(-0.08, 0.08)
    sway = wander + slant + _zigzag(SPINE_POINTS) * width * 0.008
    sway[0] = 0

    x = top[0] + sway
    y = top[1] + down * (base - top[1])
    return np.stack([x, y], axis=1)


def _zigzag(count: int) -> np.ndarray:
    """Return -1, 1, -1, 1 and so on, int64 [count]."""
    return np.where(np.arange(count) % 2, 1, -1)


def _paint_snow(stage: Stage, layer: Layer, random: np.random.Generator, peak: _Peak, reach: float) -> None:
    """Paint the snow of one mountain, `reach` units down from its top, in two fields beside the spine."""
    # Against a pale sky snow has to be a shade darker than the sky, or the peak is lost.
    sky = stage.light.sky[0 if stage.light.darkness == 0 else 1]
    bright = mix(stage.lit("f4f8ff", peak.depth * 0.7), sky, 0.16 + 0.10 * stage.snow)
    dim = mix(stage.lit("93a4d4", peak.depth * 0.7), stage.light.sky[0], 0.22)

    top = peak.outline[peak.top]
    left_slope = peak.outline[: peak.top + 1][::-1]
    right_slope = peak.outline[peak.top :]
    for slope, is_lit in ((left_slope, peak.left_is_lit), (right_slope, not peak.left_is_lit)):
        field = _shape_snow_field(random, slope, peak.spine, top[1] + reach, reach)
        if field is not None:
            layer.polygon(field, bright if is_lit else dim)

    # A small cap hides the seam where the two fields meet.
    x, y = top
    layer.polygon([(x - 1, y + 2), top, (x + 1, y + 2), (x, y + 3)], bright)


def _shape_snow_field(
    random: np.random.Generator, slope: np.ndarray, spine: np.ndarray, limit: float, reach: float
) -> np.ndarray | None:
    """Draw the outline of the snow between a slope and the spine, with a ragged hem.

    Args:
        random: It draws the hem.
        slope: float64 [n, 2], one side of the mountain's outline from the top down.
        spine: float64 [m, 2], the edge between the flanks from the top down.
        limit: Height in units down to which snow lies on the slope.
        reach: How far below the top that is.

    Returns:
        float64 [k, 2], or None where the snow is too small to draw.
    """
    edge = slope[slope[:, 1] < limit]
    inner_edge = spine[spine[:, 1] < limit + reach * 0.25]
    if len(edge) < 2 or len(inner_edge) < 1:
        return None

    start = edge[-1]
    stop = inner_edge[-1]
    share = np.linspace(0, 1, 12)[1:-1]
    hem = start + (stop - start) * share[:, None]
    hem[:, 1] += _zigzag(len(hem)) * reach * random.uniform(0.08, 0.26, len(hem))
    return np.concatenate([edge, hem, inner_edge[::-1]])
