"""Repaint a coarse picture in brush strokes, large ones first; enlarged alone it would be a blur.

Sources: Hertzmann, "Painterly Rendering with Curved Brush Strokes of Multiple Sizes" (1998); strokes follow the edges
that the structure tensor finds (Bigün and Granlund, 1987).
"""

from dataclasses import dataclass

import cv2
import numpy as np

from aiplayer.thumbnails.pictures import fill


@dataclass(frozen=True)
class Brush:
    """A size of stroke. Lengths are in units: a picture is UNITS high whatever its size in pixels.

    Attributes:
        radius: About half the width of a stroke.
        least_difference: How many shades (0 to 255) the canvas must differ from the picture before a stroke is set.
    """

    radius: float
    least_difference: float


UNITS = 720
BRUSHES = (Brush(24, 0), Brush(12, 10), Brush(6, 12), Brush(3.5, 14))
# Where bristles run beside the middle of a stroke, in radii; how much lighter or darker they are, in shades; and the
# smallest radius that shows them, in pixels.
BRISTLES, BRISTLE_SHADES, LEAST_WITH_BRISTLES = (-0.45, -0.15, 0.2, 0.5), 7, 4
# The number of joints of a stroke, and the radii from one joint to the next.
JOINTS, JOINT_RADII = 8, 0.8
# From this joint on, a stroke ends where the picture differs from its color by so many shades.
LEAST_JOINTS, ENDING_SHADES = 2, 20
# At each joint a stroke turns this share of the way from its own direction to that of the edges there.
BENDING = 0.35
# How strongly strokes lie level where there is no edge, as in skies and on water; a difference in the structure tensor.
LEVELING = 24.0
# How far a stroke's color is off, in shades: all its channels together, and each on its own.
SHADES_OFF, CHANNEL_SHADES_OFF = 6, 3
# A grid of strokes has cells of this many radii, and of no fewer pixels than the least.
GRID_RADII, LEAST_GRID_PX = 0.9, 3
SUBPIXEL_BITS = 4


def paint_strokes(picture: np.ndarray, width_px: int, height_px: int, seed: int) -> np.ndarray:
    """Paint a picture in strokes, at any size.

    Args:
        picture: uint8 [height, width, 3] RGB; cut where its shape differs from that of the painting.
        width_px: The width of the painting in pixels.
        height_px: The height of the painting in pixels.
        seed: Seeds where strokes begin and how far each is off in color.

    Returns:
        The painting, uint8 [height_px, width_px, 3] RGB.
    """
    random = np.random.default_rng(seed)
    model = fill(picture, width_px, height_px)
    canvas = model.copy()

    for brush in BRUSHES:
        radius = brush.radius * height_px / UNITS
        blurred = cv2.GaussianBlur(model, (0, 0), 0.45 * radius)
        grid_px = _grid_px(radius)
        differences = cv2.blur(cv2.absdiff(canvas, blurred).mean(axis=2), (grid_px, grid_px))

        strokes = _draw_lots(blurred, radius, random)
        strokes = strokes.starting_where(differences, brush.least_difference)
        directions = _edge_directions(blurred, radius)
        curves = _trace_curves(blurred, directions, strokes, radius)
        _draw(canvas, curves, strokes, _sample(directions, strokes.starts), radius)
    return canvas


@dataclass(frozen=True)
class _Strokes:
    """The random properties of the strokes of one brush, all float32.

    They are drawn for every cell of the grid, also where the canvas needs no stroke, so that a small change of the
    picture leaves all other strokes as they are.

    Attributes:
        starts: [strokes, 2], x and y in pixels.
        colors: [strokes, 3] RGB, 0 to 255 and a little beyond.
        orientations: [strokes, 1], 1 or -1: which way along the edge a stroke sets out.
        bristle_shades: [strokes, bristles, 1], how much lighter than the stroke each bristle is.
    """

    starts: np.ndarray
    colors: np.ndarray
    orientations: np.ndarray
    bristle_shades: np.ndarray

    def starting_where(self, differences: np.ndarray, least: float) -> "_Strokes":
        """Keep the strokes that start where the differences, float [height, width], reach the least."""
        kept = _sample(differences, self.starts) >= least
        return _Strokes(
            starts=self.starts[kept],
            colors=self.colors[kept],
            orientations=self.orientations[kept],
            bristle_shades=self.bristle_shades[kept],
        )


def _draw_lots(picture: np.ndarray, radius: float, random: np.random.Generator) -> _Strokes:
    """Draw the properties of one stroke for each cell of a grid, the cells in any order."""
    grid_px = _grid_px(radius)
    height, width = picture.shape[:2]
    centers_x = np.arange(grid_px // 2, width, grid_px)
    centers_y = np.arange(grid_px // 2, height, grid_px)
    centers = np.stack(np.meshgrid(centers_x, centers_y), axis=-1).reshape(-1, 2)
    centers = random.permutation(centers)

    count = len(centers)
    jitter = random.uniform(-grid_px / 2, grid_px / 2, (count, 2))
    starts = _clip_inside(centers + jitter, picture)
    shades_off = random.normal(0, SHADES_OFF, (count, 1))
    channels_off = random.normal(0, CHANNEL_SHADES_OFF, (count, 3))
    bristle_shades = random.normal(0, BRISTLE_SHADES, (count, len(BRISTLES), 1))
    orientations = random.choice((-1, 1), (count, 1))

    colors = _sample(picture, starts) + (shades_off + channels_off)
    return _Strokes(
        starts=starts.astype(np.float32),
        colors=colors.astype(np.float32),
        orientations=orientations.astype(np.float32),
        bristle_shades=bristle_shades.astype(np.float32),
    )


def _grid_px(radius: float) -> int:
    """Return the distance between the strokes of a brush, in pixels."""
    return max(LEAST_GRID_PX, round(GRID_RADII * radius))


def _edge_directions(picture: np.ndarray, radius: float) -> np.ndarray:
    """Find the direction of the edges around each pixel.

    Args:
        picture: uint8 [height, width, 3] RGB.
        radius: The radius of the brush in pixels; edges are looked for at that scale.

    Returns:
        Unit vectors along the edges, float32 [height, width, 2], x and y; their sign means nothing.
    """
    height, width = picture.shape[:2]
    # Directions hardly differ from one pixel to the next, so half the size is enough.
    half = cv2.resize(picture, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
    gray = cv2.cvtColor(half, cv2.COLOR_RGB2GRAY).astype(np.float32)
    smooth = cv2.GaussianBlur(gray, (0, 0), 0.3 * radius)

    # The structure tensor: products of the gradient with itself, averaged over a neighborhood.
    gradient_x = cv2.Sobel(smooth, cv2.CV_32F, 1, 0)
    gradient_y = cv2.Sobel(smooth, cv2.CV_32F, 0, 1)
    products = cv2.merge([gradient_x * gradient_x, gradient_x * gradient_y, gradient_y * gradient_y])
    tensor = cv2.GaussianBlur(products, (0, 0), 0.6 * radius)
    xx, xy, yy = cv2.split(tensor)

    # Half the angle of its main axis points across the edge; a quarter turn more points along it.
    angle = (np.arctan2(2 * xy, xx - yy - LEVELING) + np.pi) / 2
    directions = cv2.merge([np.cos(angle), np.sin(angle)])
    return cv2.resize(directions, (width, height), interpolation=cv2.INTER_NEAREST)


def _trace_curves(picture: np.ndarray, directions: np.ndarray, strokes: _Strokes, radius: float) -> np.ndarray:
    """Let every stroke follow the edges, joint by joint, until it leaves its color.

    Args:
        picture: uint8 [height, width, 3] RGB.
        directions: Unit vectors along the edges, float32 [height, width, 2].
        strokes: Where strokes start, and which way.
        radius: The radius of the brush in pixels.

    Returns:
        The joints of each stroke, float [strokes, JOINTS + 1, 2]; after its end a stroke repeats its last joint.
    """
    joint = strokes.starts
    joints = [joint]
    heading = _sample(directions, joint) * strokes.orientations
    goes_on = np.ones((len(joint), 1), bool)

    for number in range(JOINTS):
        edge = _sample(directions, joint)
        # Of the two directions along an edge, take the one that turns the stroke less.
        opposite = (edge * heading).sum(axis=1, keepdims=True) < 0
        edge *= np.where(opposite, -1, 1)
        heading = BENDING * edge + (1 - BENDING) * heading
        heading /= np.linalg.norm(heading, axis=1, keepdims=True)

        next_joint = _clip_inside(joint + JOINT_RADII * radius * heading, picture)
        if number >= LEAST_JOINTS:
            difference = np.abs(_sample(picture, next_joint) - strokes.colors).mean(axis=1, keepdims=True)
            goes_on = goes_on & (difference < ENDING_SHADES)
        joint = np.where(goes_on, next_joint, joint)
        joints.append(joint)
    return np.stack(joints, axis=1)


def _draw(canvas: np.ndarray, curves: np.ndarray, strokes: _Strokes, directions: np.ndarray, radius: float) -> None:
    """Draw one stroke after the other on the canvas: its body, and over it its bristles.

    Args:
        canvas: uint8 [height, width, 3] RGB; it is drawn on.
        curves: The joints of each stroke, float [strokes, joints, 2].
        strokes: Their colors and the shades of their bristles.
        directions: Along the edge where each stroke starts, float32 [strokes, 2].
        radius: The radius of the brush in pixels.
    """
    # From here on a stroke is several lines of one shape: its body first, then its bristles.
    lines = curves[:, np.newaxis]
    colors = strokes.colors[:, np.newaxis]
    widths_px = [max(2, round(1.5 * radius))]
    if radius >= LEAST_WITH_BRISTLES:
        across = directions[:, ::-1] * np.array((-radius, radius), dtype=np.float32)
        offsets = np.array(BRISTLES, dtype=np.float32).reshape(-1, 1, 1) * across[:, np.newaxis, np.newaxis]
        lines = np.concatenate([lines, lines + offsets], axis=1)
        colors = np.concatenate([colors, colors + strokes.bristle_shades], axis=1)
        widths_px += [max(1, round(radius / 7))] * len(BRISTLES)

    fixed_point = (lines * 2**SUBPIXEL_BITS).astype(np.int32)
    inks = colors.clip(0, 255).tolist()
    for stroke_lines, stroke_inks in zip(fixed_point, inks, strict=True):
        for line, ink, width_px in zip(stroke_lines, stroke_inks, widths_px, strict=True):
            cv2.polylines(canvas, [line], False, ink, width_px, cv2.LINE_AA, SUBPIXEL_BITS)


def _sample(array: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Return the values of an array, [height, width, ...], at points, [n, 2] x and y; float32 [n, ...]."""
    columns, rows = points.astype(int).T
    return array[rows, columns].astype(np.float32)


def _clip_inside(points: np.ndarray, picture: np.ndarray) -> np.ndarray:
    """Return points, [n, 2] x and y, moved to the edge of the picture where they lie outside."""
    height, width = picture.shape[:2]
    return points.clip(0, (width - 1, height - 1))
