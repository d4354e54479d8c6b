"""Water and wet ground: mirrored light, ripples, glitter."""

import cv2
import numpy as np

from aiplayer.thumbnails.painting.canvas import Canvas, Halo, spread
from aiplayer.thumbnails.painting.layer import Color
from aiplayer.thumbnails.painting.noise import texture
from aiplayer.thumbnails.painting.palette import mix
from aiplayer.thumbnails.painting.stage import MOONLIGHT, Stage

# The field of waves before it is stretched over the water, and the number of rows it is stretched to.
WAVES_WIDTH, WAVES_HEIGHT, WAVE_ROWS = 96, 64, 256
# How far waves pull the mirror image aside and up or down, in units.
PULL_ACROSS, PULL_DOWN = 34, 46
BRIGHT_RIPPLES, DARK_RIPPLES = 150, 110
GLINTS = 190


def paint_reflection(
    stage: Stage,
    top: float,
    bottom: float,
    tint: Color,
    tint_share: float = 0.35,
    ripple: float = 1.0,
    stretch: float = 1.0,
) -> None:
    """Fill the band between two heights with the mirror image of what stands above it.

    Args:
        stage: The picture.
        top: The far edge of the water, in units.
        bottom: The near edge, in units.
        tint: The water's own color.
        tint_share: How much of it is mixed in at the near edge, 0 to 1; less farther away.
        ripple: How far waves pull the image aside; 1 for a calm lake.
        stretch: How much higher than the band the mirrored part of the picture is.
    """
    canvas = stage.canvas
    first = canvas.row(top)
    last = canvas.row(bottom)
    height = last - first
    width = canvas.image.shape[1]
    if height < 2:
        return

    near = np.linspace(0, 1, height, dtype=np.float32)
    waves = _waves(stage.random("reflection"), near, width)
    mirrored = _mirror(canvas, first, waves, ripple, stretch)

    share = np.float32(tint_share) * (0.45 + 0.55 * near)
    mirrored *= (1 - share)[:, None, None]
    mirrored += spread(np.tile(share[:, None], (1, width)), tint)
    canvas.image[first:last] = mirrored


def _waves(random: np.random.Generator, near: np.ndarray, width: int) -> np.ndarray:
    """Draw the waves of a stretch of water.

    Args:
        random: The generator.
        near: float32 [rows]; 0 for the farthest row of water to 1 for the nearest.
        width: Number of columns.

    Returns:
        float32 [rows, width]: how far each pixel is pulled, small far away and larger nearby.
    """
    field = texture(random, WAVES_WIDTH, WAVES_HEIGHT, 10, 40, octaves=3)
    waves = cv2.resize(field, (width, WAVE_ROWS), interpolation=cv2.INTER_CUBIC) - 0.5
    # Far waves are seen at a flatter angle, so the rows of the wave field crowd together near the horizon.
    rows = (255 * near**0.45).astype(np.float32)
    return waves[rows.astype(int)] * (0.25 + near)[:, None]


def _mirror(canvas: Canvas, first: int, waves: np.ndarray, ripple: float, stretch: float) -> np.ndarray:
    """Mirror the picture above the pixel row `first`, pulled aside by waves, float32 [rows, width, 3]."""
    height, width = waves.shape
    scale = canvas.scale
    columns = np.tile(np.arange(width, dtype=np.float32), (height, 1))
    rows_down = np.arange(height, dtype=np.float32)[:, None]

    # For each pixel of the water, where in the picture above its color comes from.
    map_x = columns + waves * np.float32(PULL_ACROSS * ripple * scale)
    map_y = first - 1 - rows_down * np.float32(stretch) + waves * np.float32(PULL_DOWN * ripple * scale)
    map_y = np.clip(map_y, 0, first - 1).astype(np.float32)

    mirrored = cv2.remap(canvas.image, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
    blur_px = (max(1, round(3 * scale)), max(1, round(7 * ripple * scale)))
    return cv2.blur(mirrored, blur_px)


def paint_ripples(
    stage: Stage, top: float, bottom: float, strength: float = 0.35, dark: np.ndarray | None = None
) -> None:
    """Draw thin bright and dark ripples that grow toward the viewer.

    Args:
        stage: The picture.
        top: The far edge of the water, in units.
        bottom: The near edge, in units.
        strength: How opaque the ripples are, 0 to 1.
        dark: The color of the dark ripples; without it, a darker zenith.
    """
    random = stage.random("ripples")
    sky = stage.light.sky
    bright = mix(sky[3], (1, 1, 1), 0.25)
    dark = sky[0] * 0.8 if dark is None else dark

    for color, count in ((bright, BRIGHT_RIPPLES), (dark, DARK_RIPPLES)):
        layer = stage.canvas.layer()
        for _ in range(count):
            near = random.random() ** 1.7
            x = random.uniform(-40, stage.width)
            y = top + 3 + (bottom - top) * near
            length = random.uniform(10, 34) * (0.4 + 2.4 * near)
            thickness = 0.5 + 1.7 * near
            middle = x + length * 0.5
            layer.polygon([(x, y), (middle, y - thickness), (x + length, y), (middle, y + thickness * 0.6)], color)
        stage.canvas.add(layer, opacity=strength)


def paint_glitter(
    stage: Stage,
    x: float,
    top: float,
    bottom: float,
    color: Color,
    strength: float = 0.9,
    spread_out: float = 1.0,
) -> None:
    """Lay the sun's or moon's path of glitter over the water below it.

    Args:
        stage: The picture.
        x: Where the sun or the moon stands, in units.
        top: The far edge of the water, in units.
        bottom: The near edge, in units.
        color: The color of the glitter.
        strength: How bright the path is, 0 to 1.
        spread_out: How wide the path is; 1 for the open sea.
    """
    random = stage.random("glitter")
    canvas = stage.canvas
    span = bottom - top
    canvas.glow([Halo(x, top, 300 * spread_out, span * 1.0, color, 0.32 * strength)])

    layer = canvas.layer()
    for _ in range(GLINTS):
        near = random.random() ** 1.5
        y = top + 2 + span * near
        across = random.normal(0, (16 + 74 * near) * spread_out)
        fading = np.exp(-abs(across) / (170 * spread_out))
        length = random.uniform(6, 22) * (0.5 + 1.6 * near) * fading
        thickness = 0.6 + 1.9 * near
        middle = x + across
        layer.polygon(
            [(middle - length, y), (middle, y - thickness), (middle + length, y), (middle, y + thickness)],
            color,
        )
    canvas.add(layer, opacity=0.8 * strength)


def sun_color(stage: Stage) -> np.ndarray | None:
    """Return the color of the light that glitters on water, float64 [3], or None under a closed sky."""
    if stage.scene.weather in ("rain", "snow"):
        return None
    if stage.scene.hour == "night":
        return MOONLIGHT if stage.has("moon") else None
    return mix(stage.light.sun, (1, 1, 1), 0.25)
