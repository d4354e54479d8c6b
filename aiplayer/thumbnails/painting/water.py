"""Water and wet ground: mirrored light, ripples, glitter."""

import cv2
import numpy as np

from aiplayer.thumbnails.painting.canvas import spread
from aiplayer.thumbnails.painting.noise import texture
from aiplayer.thumbnails.painting.palette import mix
from aiplayer.thumbnails.painting.stage import Stage


def paint_reflection(
    stage: Stage, top: float, bottom: float, tint, tint_share: float = 0.35, ripple: float = 1.0, stretch: float = 1.0
) -> None:
    """Fill the band between two heights with the mirror image of what stands above it.

    tint: the water's own colour, mixed in more and more toward the viewer; ripple: how far waves pull the image
    aside, 1 for a calm lake; stretch: how much higher than the band the mirrored part of the picture is.
    """
    canvas, random = stage.canvas, stage.random("reflection")
    first, last = canvas.row(top), canvas.row(bottom)
    height, width = last - first, canvas.image.shape[1]
    if height < 2:
        return
    near = np.linspace(0, 1, height, dtype=np.float32)
    waves = cv2.resize(texture(random, 96, 64, 10, 40, octaves=3), (width, 256), interpolation=cv2.INTER_CUBIC) - 0.5
    # Far waves are seen at a flatter angle, so the rows of the wave field crowd together near the horizon.
    rows = (255 * near**0.45).astype(np.float32)
    columns = np.tile(np.arange(width, dtype=np.float32), (height, 1))
    waves = waves[rows.astype(int)] * (0.25 + near)[:, None]
    scale = canvas.scale
    map_x = columns + waves * np.float32(34 * ripple * scale)
    map_y = (
        first
        - 1
        - np.arange(height, dtype=np.float32)[:, None] * np.float32(stretch)
        + waves * np.float32(46 * ripple * scale)
    )
    mirrored = cv2.remap(
        canvas.image,
        map_x,
        np.clip(map_y, 0, first - 1).astype(np.float32),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REFLECT_101,
    )
    mirrored = cv2.blur(mirrored, (max(1, round(3 * scale)), max(1, round(7 * ripple * scale))))
    share = np.float32(tint_share) * (0.45 + 0.55 * near)
    mirrored *= (1 - share)[:, None, None]
    mirrored += spread(np.tile(share[:, None], (1, width)), tint)
    canvas.image[first:last] = mirrored


def paint_ripples(stage: Stage, top: float, bottom: float, strength: float = 0.35, dark=None) -> None:
    """Draw thin bright and dark ripples that grow toward the viewer."""
    random, light, canvas = stage.random("ripples"), stage.light, stage.canvas
    for color, count in (
        (mix(light.sky[3], (1, 1, 1), 0.25), 150),
        (light.sky[0] * 0.8 if dark is None else dark, 110),
    ):
        layer = canvas.layer()
        for _ in range(count):
            near = random.random() ** 1.7
            x, y = random.uniform(-40, stage.width), top + 3 + (bottom - top) * near
            length, thick = random.uniform(10, 34) * (0.4 + 2.4 * near), 0.5 + 1.7 * near
            layer.polygon(
                [(x, y), (x + length * 0.5, y - thick), (x + length, y), (x + length * 0.5, y + thick * 0.6)], color
            )
        canvas.add(layer, opacity=strength)


def paint_glitter(
    stage: Stage, x: float, top: float, bottom: float, color, strength: float = 0.9, spread_out: float = 1.0
) -> None:
    """Lay the sun's or moon's path of glitter over the water below it."""
    random, canvas = stage.random("glitter"), stage.canvas
    canvas.glow([(x, top, 300 * spread_out, (bottom - top) * 1.0, color, 0.32 * strength)])
    layer, span = canvas.layer(), bottom - top
    for _ in range(190):
        near = random.random() ** 1.5
        y = top + 2 + span * near
        across = random.normal(0, (16 + 74 * near) * spread_out)
        length = random.uniform(6, 22) * (0.5 + 1.6 * near) * np.exp(-abs(across) / (170 * spread_out))
        thick = 0.6 + 1.9 * near
        layer.polygon(
            [(x + across - length, y), (x + across, y - thick), (x + across + length, y), (x + across, y + thick)],
            color,
        )
    canvas.add(layer, opacity=0.8 * strength)


def sun_color(stage: Stage) -> np.ndarray | None:
    """Return the colour of the light that glitters on water, or None under a closed sky."""
    if stage.scene.weather in ("rain", "snow"):
        return None
    if stage.scene.hour == "night":
        return np.array([1.0, 0.97, 0.88]) if stage.has("moon") else None
    return mix(stage.light.sun, (1, 1, 1), 0.25)
