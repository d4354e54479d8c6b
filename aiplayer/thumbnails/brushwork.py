"""A coarse picture painted anew in brush strokes, large ones first: enlarged it would be a blur, so it is a painting.

Sources: Hertzmann, "Painterly Rendering with Curved Brush Strokes of Multiple Sizes" (1998); strokes follow the edges
that the structure tensor finds (Bigün and Granlund, 1987).
"""

from dataclasses import dataclass, fields

import cv2
import numpy as np

from aiplayer.thumbnails.pictures import fill


@dataclass(frozen=True)
class Brush:
    """Lengths are in units: a picture is UNITS high whatever its size in pixels.

    Attributes:
        radius: Half of what a stroke is wide, more or less.
        missed: Shades by which the canvas must miss the picture for a stroke to be set there.
    """

    radius: float
    missed: float


UNITS = 720
BRUSHES = (Brush(24, 0), Brush(12, 10), Brush(6, 12), Brush(3.5, 14))
# Bristles that lie beside the middle of a stroke, in radii, and how much lighter or darker they are, in shades.
BRISTLES, BRISTLE_SHADES, LEAST_WITH_BRISTLES = (-0.45, -0.15, 0.2, 0.5), 7, 4
# A stroke has at most so many joints, so many radii apart; after the least of them it ends where the picture differs
# from it by so many shades.
JOINTS, JOINT_RADII, LEAST_JOINTS, OTHER_SHADES = 8, 0.8, 2, 20
# Of a stroke's direction, what it takes from where it has come to; the rest is where it came from.
BENDING = 0.35
# Where nothing has an edge, strokes lie level, as in skies and on water.
LEVELLING = 24.0
SHADES_OFF, COLOURS_OFF = 6, 3
SUBPIXEL_BITS = 4


def paint_strokes(picture: np.ndarray, width_px: int, height_px: int, seed: int) -> np.ndarray:
    """Paint a picture in strokes, at any size.

    Args:
        picture: uint8 [height, width, 3] RGB; cut where it has another shape than the answer.
        width_px: Of the answer.
        height_px: Of the answer.
        seed: Of where strokes begin and how far each is off in colour.

    Returns:
        uint8 [height_px, width_px, 3] RGB.
    """
    random = np.random.default_rng(seed)
    model = fill(picture, width_px, height_px)
    canvas = model.copy()
    for brush in BRUSHES:
        radius = brush.radius * height_px / UNITS
        seen = cv2.GaussianBlur(model, (0, 0), 0.45 * radius)
        differences = cv2.blur(cv2.absdiff(canvas, seen).mean(axis=2), (_step(radius), _step(radius)))
        strokes = _strokes(seen, radius, random).where(differences, brush.missed)
        directions = _directions(seen, radius)
        curves = _curves(seen, directions, strokes, radius)
        _draw(canvas, curves, strokes, _at(directions, strokes.starts), radius)
    return canvas


@dataclass(frozen=True)
class _Strokes:
    """What is drawn by lot of strokes; all are, also of those that no canvas needs, so that no stroke moves another.

    Attributes:
        starts: [strokes, 2], x and y, in pixels.
        colours: [strokes, 3], 0 to 255 and a little beyond.
        ways: [strokes, 1]: 1 or -1, along which of two directions they set out.
        lighter: [strokes, bristles, 1], in shades.
    """

    starts: np.ndarray
    colours: np.ndarray
    ways: np.ndarray
    lighter: np.ndarray

    def where(self, differences: np.ndarray, least: float) -> "_Strokes":
        """Those that begin where the differences, [height, width], are not less."""
        needed = _at(differences, self.starts) >= least
        return _Strokes(*(getattr(self, field.name)[needed] for field in fields(self)))


def _strokes(seen: np.ndarray, radius: float, random: np.random.Generator) -> _Strokes:
    """One for each cell of a grid, in any order."""
    step = _step(radius)
    height, width = seen.shape[:2]
    grid = np.stack(np.meshgrid(np.arange(step // 2, width, step), np.arange(step // 2, height, step)), axis=-1)
    cells = random.permutation(grid.reshape(-1, 2))
    count = len(cells)
    starts = _inside(cells + random.uniform(-step / 2, step / 2, (count, 2)), seen)
    off = random.normal(0, SHADES_OFF, (count, 1)) + random.normal(0, COLOURS_OFF, (count, 3))
    lighter = random.normal(0, BRISTLE_SHADES, (count, len(BRISTLES), 1))
    drawn = starts, _at(seen, starts) + off, random.choice((-1, 1), (count, 1)), lighter
    return _Strokes(*(lot.astype(np.float32) for lot in drawn))


def _step(radius: float) -> int:
    return max(3, round(0.9 * radius))


def _directions(seen: np.ndarray, radius: float) -> np.ndarray:
    """Along the edges around each pixel: unit vectors, float32 [height, width, 2], x and y, of either sign."""
    height, width = seen.shape[:2]
    # At half the size: they hardly differ from one pixel to the next.
    half = cv2.resize(seen, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
    grey = cv2.GaussianBlur(cv2.cvtColor(half, cv2.COLOR_RGB2GRAY).astype(np.float32), (0, 0), 0.3 * radius)
    across, down = cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    tensor = cv2.GaussianBlur(cv2.merge([across * across, across * down, down * down]), (0, 0), 0.6 * radius)
    xx, xy, yy = cv2.split(tensor)
    angle = (np.arctan2(2 * xy, xx - yy - LEVELLING) + np.pi) / 2
    return cv2.resize(cv2.merge([np.cos(angle), np.sin(angle)]), (width, height), interpolation=cv2.INTER_NEAREST)


def _curves(seen: np.ndarray, directions: np.ndarray, strokes: _Strokes, radius: float) -> np.ndarray:
    """The joints of each stroke, [strokes, JOINTS + 1, 2]; those of a stroke that has ended lie on its end."""
    joints, goes_on = [strokes.starts], True
    heading = _at(directions, strokes.starts) * strokes.ways
    for number in range(JOINTS):
        turn = _at(directions, joints[-1])
        turn *= np.where((turn * heading).sum(axis=1, keepdims=True) < 0, -1, 1)
        heading = BENDING * turn + (1 - BENDING) * heading
        heading /= np.linalg.norm(heading, axis=1, keepdims=True)
        next_joint = _inside(joints[-1] + JOINT_RADII * radius * heading, seen)
        if number >= LEAST_JOINTS:
            other = np.abs(_at(seen, next_joint) - strokes.colours).mean(axis=1, keepdims=True)
            goes_on = goes_on & (other < OTHER_SHADES)
        joints.append(np.where(goes_on, next_joint, joints[-1]))
    return np.stack(joints, axis=1)


def _draw(canvas: np.ndarray, curves: np.ndarray, strokes: _Strokes, directions: np.ndarray, radius: float) -> None:
    """Draw one stroke after the other: its body, and over it its bristles."""
    lines, inks, widths = curves[:, np.newaxis], strokes.colours[:, np.newaxis], [max(2, round(1.5 * radius))]
    if radius >= LEAST_WITH_BRISTLES:
        beside = (directions[:, ::-1] * np.float32((-radius, radius)))[:, np.newaxis, np.newaxis]
        bristles = lines + np.float32(BRISTLES).reshape(-1, 1, 1) * beside
        lines = np.concatenate([lines, bristles], axis=1)
        inks = np.concatenate([inks, inks + strokes.lighter], axis=1)
        widths += [max(1, round(radius / 7))] * len(BRISTLES)
    fixed = (lines * 2**SUBPIXEL_BITS).astype(np.int32)
    for stroke, colour in zip(fixed, inks.clip(0, 255).tolist(), strict=True):
        for line, ink, width_px in zip(stroke, colour, widths, strict=True):
            cv2.polylines(canvas, [line], False, ink, width_px, cv2.LINE_AA, SUBPIXEL_BITS)


def _at(array: np.ndarray, places: np.ndarray) -> np.ndarray:
    """What an array, [height, width, ..], has at [places, 2], x and y; float32."""
    column, row = places.astype(int).T
    return array[row, column].astype(np.float32)


def _inside(places: np.ndarray, picture: np.ndarray) -> np.ndarray:
    height, width = picture.shape[:2]
    return places.clip(0, (width - 1, height - 1))
