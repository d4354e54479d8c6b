"""Land: ridges one behind the other, mountains with lit flanks and snow, rolling ground."""

import numpy as np

from aiplayer.thumbnails.painting.layer import Layer
from aiplayer.thumbnails.painting.noise import ridge
from aiplayer.thumbnails.painting.palette import mix
from aiplayer.thumbnails.painting.stage import Stage


def ridge_line(
    random: np.random.Generator,
    width: float,
    base: float,
    height: float,
    roughness: float = 0.45,
    cells: float = 3.0,
    step: float = 6.0,
) -> np.ndarray:
    """Return a ridge as points [N, 2] from beyond the left edge to beyond the right, about `base - height` high."""
    count = max(8, int((width + 40) / step))
    heights = ridge(random, count, roughness, cells)
    return np.stack([np.linspace(-20, width + 20, count), base - height * (0.5 + 0.5 * heights)], axis=1)


def fill_below(layer: Layer, line: np.ndarray, bottom: float, color) -> None:
    """Fill everything between a line [N, 2] and a height."""
    layer.polygon(np.concatenate([line, [(line[-1, 0], bottom), (line[0, 0], bottom)]]), color)


def height_at(line: np.ndarray, x) -> np.ndarray:
    """Return the height of a line at x."""
    return np.interp(x, line[:, 0], line[:, 1])


def paint_ridges(
    stage: Stage, count: int, top: float, bottom: float, code: str, nearest: float = 0.35, roughness: float = 0.42
) -> list[np.ndarray]:
    """Paint ridges from far to near between two heights, each fading into haze at its foot; return their lines."""
    random, lines = stage.random("ridges"), []
    for index in range(count):
        share = index / max(count - 1, 1)
        depth = 0.88 + (nearest - 0.88) * share
        base = top + (bottom - top) * (index + 1) / count
        line = ridge_line(
            random,
            stage.width,
            base,
            (bottom - top) / count * random.uniform(1.0, 1.7),
            roughness,
            random.uniform(1.6, 3.5) + share,
        )
        layer = stage.canvas.layer()
        fill_below(layer, line, min(base + 120, 720), stage.ground(code, depth))
        stage.canvas.add(layer, fade=(stage.light.haze, line[:, 1].min(), 0.0, base + 60, 0.55))
        lines.append(line)
    return lines


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
    """Paint one mountain: a lit and a shaded flank, spurs between them, snow above snow_line (a share of height)."""
    layer, count = stage.canvas.layer(), 56
    across = np.linspace(-1, 1, count)
    profile = (1 - np.abs(across)) ** 1.12 + 0.075 * ridge(random, count, 0.62, 7) * (1 - np.abs(across)) ** 0.35
    line = np.stack([x + across * width / 2, base - height * np.clip(profile, 0, 1.04)], axis=1)
    peak = int(line[:, 1].argmin())
    left_lit = stage.sun[0] < x
    rock, shade = stage.lit("7d86a0", depth), stage.lit("414a70", depth * 0.9)
    layer.polygon(np.concatenate([line, [(x, base + 30)]]), rock if left_lit else shade)
    spine = _spine(random, line[peak], base + 30, width)
    flank = np.concatenate([line[peak:], [(x + width / 2, base + 30)], spine[::-1]])
    layer.polygon(flank, shade if left_lit else rock)
    _paint_snow(stage, layer, random, line, peak, spine, height * snow_line, depth, left_lit)
    stage.canvas.add(layer, fade=(stage.light.haze, base - height, 0.0, base + 10, 0.72))


def _spine(random: np.random.Generator, peak: np.ndarray, base: float, width: float) -> np.ndarray:
    """Return the crooked edge that runs down from the peak between the two flanks."""
    down = np.linspace(0, 1, 16)
    sway = np.cumsum(random.normal(0, 1, 16)) * width * 0.010 + down * width * random.uniform(-0.08, 0.08)
    sway += np.where(np.arange(16) % 2, 1, -1) * width * 0.008
    sway[0] = 0
    return np.stack([peak[0] + sway, peak[1] + down * (base - peak[1])], axis=1)


def _paint_snow(
    stage: Stage,
    layer: Layer,
    random: np.random.Generator,
    line: np.ndarray,
    peak: int,
    spine: np.ndarray,
    reach: float,
    depth: float,
    left_lit: bool,
) -> None:
    if reach <= 0:
        return
    top, limit = line[peak, 1], line[peak, 1] + reach
    # Against a pale sky snow has to be a shade darker than the sky, or the peak is lost.
    shade = stage.light.sky[0 if stage.light.darkness == 0 else 1]
    bright = mix(stage.lit("f4f8ff", depth * 0.7), shade, 0.16 + 0.10 * stage.snow)
    dim = mix(stage.lit("93a4d4", depth * 0.7), stage.light.sky[0], 0.22)
    for side, points in (("left", line[: peak + 1][::-1]), ("right", line[peak:])):
        edge = points[points[:, 1] < limit]
        inner = spine[spine[:, 1] < limit + reach * 0.25]
        if len(edge) < 2 or len(inner) < 1:
            continue
        start, stop = edge[-1], inner[-1]
        share = np.linspace(0, 1, 12)[1:-1]
        hem = start + (stop - start) * share[:, None]
        hem[:, 1] += np.where(np.arange(len(hem)) % 2, 1, -1) * reach * random.uniform(0.08, 0.26, len(hem))
        lit = (side == "left") == left_lit
        layer.polygon(np.concatenate([edge, hem, inner[::-1]]), bright if lit else dim)
    layer.polygon([line[peak] + (-1, 2), line[peak], line[peak] + (1, 2), (line[peak, 0], top + 3)], bright)
