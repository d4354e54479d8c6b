"""An open umbrella that somebody has laid down: it rests on its rim and its handle."""

from collections.abc import Callable

import numpy as np

from aiplayer.thumbnails.painting.canvas import Halo
from aiplayer.thumbnails.painting.layer import WHITE, Layer
from aiplayer.thumbnails.painting.outlines import place, turn
from aiplayer.thumbnails.painting.palette import color, mix
from aiplayer.thumbnails.painting.stage import Stage

CLOTHS = ("d8342c", "f0b428", "2a8a9c", "e0567c", "3858b0")
# Everything below is in radii of the canopy, measured from the middle of its rim; up is negative.
CANOPY_HEIGHT = 0.78
GORES = 6
SCALLOP = 0.09
HANDLE_END, HOOK = 0.95, 0.11
# Turned by this angle, the rim and the handle's end lie at one height.
LEAN = -0.76
# Height of the whole, as it lies.
HEIGHT = 1.62
# How much of its own color the cloth keeps, by day; twice that at night.
GLOW = 0.3


def draw_umbrella(stage: Stage, layer: Layer, x: float, base: float, size: float) -> list[Halo]:
    """Draw an umbrella that lies open on the ground.

    Args:
        stage: The picture.
        layer: The sheet to draw on.
        x: The middle of the umbrella, in units.
        base: The height of the ground under it in the picture, in units.
        size: Its height, in units.

    Returns:
        No light of its own.
    """
    code = stage.random("umbrella").choice(CLOTHS)
    cloth = mix(stage.lit(code), color(code), GLOW * (1 + stage.light.darkness))
    dark = stage.lit("2a2630")
    radius = size / HEIGHT
    side = -stage.side_of_light(x)
    foot = base - radius * np.sin(-LEAN)

    def laid(points: np.ndarray) -> np.ndarray:
        return place(turn(points, LEAN) * (side, 1), x, foot, radius)

    layer.ellipse(x, base, radius * 0.95, radius * 0.09, dark * 0.6)
    _draw_inside(layer, laid, cloth)
    shaft = laid(np.array([(0, -0.1), (0, HANDLE_END)]))
    layer.limb(shaft[0], shaft[1], radius * 0.05, radius * 0.05, mix(dark, WHITE, 0.25))
    layer.line(laid(_hook()), stage.lit("8a5a34"), radius * 0.09)

    _draw_gores(layer, laid, cloth)
    tip = laid(np.array([(0, -CANOPY_HEIGHT), (0, -CANOPY_HEIGHT - 0.14)]))
    layer.limb(tip[0], tip[1], radius * 0.06, radius * 0.03, dark)
    return []


def _hook() -> np.ndarray:
    """The outline of the handle, which is bent back, float [points, 2]."""
    angles = np.linspace(0, np.pi, 9)
    bend = np.stack([HOOK - HOOK * np.cos(angles), HANDLE_END + HOOK * np.sin(angles)], axis=1)
    return np.concatenate([[(0, HANDLE_END - 0.22)], bend])


def _draw_inside(layer: Layer, laid: Callable[[np.ndarray], np.ndarray], cloth: np.ndarray) -> None:
    """Draw what is seen of the canopy's inside: the far half of its rim."""
    angles = np.linspace(0, 2 * np.pi, 40)
    rim = np.stack([np.cos(angles), 0.16 * np.sin(angles)], axis=1)
    layer.polygon(laid(rim), cloth * 0.5)


def _draw_gores(layer: Layer, laid: Callable[[np.ndarray], np.ndarray], cloth: np.ndarray) -> None:
    """Draw the canopy's gores from its top to its scalloped rim, the upper ones lighter."""
    rise = np.linspace(0, np.pi / 2, 12)
    seams = np.sin(np.linspace(-np.pi / 2, np.pi / 2, GORES + 1))
    for index in range(GORES):
        first, last = seams[index], seams[index + 1]
        left = np.stack([first * np.cos(rise), -CANOPY_HEIGHT * np.sin(rise)], axis=1)
        right = np.stack([last * np.cos(rise), -CANOPY_HEIGHT * np.sin(rise)], axis=1)

        # Between two ribs the cloth is drawn up.
        share = np.linspace(0, 1, 9)
        scallop = np.stack([last + (first - last) * share, -SCALLOP * np.sin(np.pi * share)], axis=1)
        shade = 0.72 + 0.42 * np.exp(-(((index - 1.6) / 1.7) ** 2))
        layer.polygon(laid(np.concatenate([left, right[::-1], scallop])), np.minimum(cloth * shade, 1.0))
