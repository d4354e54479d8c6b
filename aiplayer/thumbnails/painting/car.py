"""A small car, seen from behind."""

import numpy as np

from aiplayer.thumbnails.painting.canvas import Halo
from aiplayer.thumbnails.painting.layer import Layer
from aiplayer.thumbnails.painting.outlines import place
from aiplayer.thumbnails.painting.palette import color, mix
from aiplayer.thumbnails.painting.stage import Stage

PAINTS = ["d8483c", "3c7ab0", "e8b040", "48a088", "f0e8dc", "b05a9a"]
# Outlines are shares of the car's width, measured from the middle of the ground under it; up is negative. The wheel
# and the tail lamp are those of the right side and are mirrored for the left.
BODY = (
    (-0.47, -0.12),
    (-0.49, -0.34),
    (-0.44, -0.44),
    (-0.33, -0.73),
    (-0.24, -0.79),
    (0.24, -0.79),
    (0.33, -0.73),
    (0.44, -0.44),
    (0.49, -0.34),
    (0.47, -0.12),
)
WHEEL = np.array([(0.44, -0.20), (0.27, -0.20), (0.28, 0.0), (0.43, 0.0)])
REAR_WINDOW = ((-0.35, -0.46), (-0.27, -0.70), (0.27, -0.70), (0.35, -0.46))
WINDOW_SHINE = ((-0.20, -0.46), (-0.12, -0.70), (0.02, -0.70), (-0.06, -0.46))
BUMPER = ((-0.47, -0.20), (0.47, -0.20), (0.46, -0.11), (-0.46, -0.11))
NUMBER_PLATE = ((-0.13, -0.31), (0.13, -0.31), (0.13, -0.22), (-0.13, -0.22))
BOOT_EDGE = ((-0.44, -0.44), (0.44, -0.44), (0.46, -0.41), (-0.46, -0.41))
TAIL_LAMP = np.array([(0.46, -0.37), (0.27, -0.37), (0.29, -0.26), (0.47, -0.26)])
SIDES = (-1, 1)


def draw_car(stage: Stage, layer: Layer, x: float, base: float, size: float) -> list[Halo]:
    """Draw a small car from behind, its tail lamps lit after dark.

    Args:
        stage: The picture.
        layer: The sheet to draw on.
        x: The middle of the car, in units.
        base: The height of the ground under it in the picture, in units.
        size: Its width, in units.

    Returns:
        The light of its tail lamps, on them and on the road; none by day.
    """
    random = stage.random("car")
    paint = stage.lit(random.choice(PAINTS))
    _draw_body(stage, layer, x, base, size, paint)

    lamp = color("ff4a3a") if stage.lamps_burn else stage.lit("a83028")
    for side in SIDES:
        layer.polygon(place(TAIL_LAMP * (side, 1), x, base, size), lamp)
    if not stage.lamps_burn:
        return []

    lamps = [Halo(x + side * size * 0.37, base - size * 0.31, size * 0.4, size * 0.32, lamp, 0.8) for side in SIDES]
    pools = [Halo(x + side * size * 0.37, base + size * 0.10, size * 0.26, size * 0.24, lamp, 0.45) for side in SIDES]
    return lamps + pools


def _draw_body(stage: Stage, layer: Layer, x: float, base: float, size: float, paint: np.ndarray) -> None:
    """Draw the car without its lamps: shadow, wheels, body, window, bumper, number plate."""
    dark = stage.lit("1c1c26")
    layer.ellipse(x, base - size * 0.01, size * 0.56, size * 0.055, dark * 0.6)
    for side in SIDES:
        layer.polygon(place(WHEEL * (side, 1), x, base, size), dark)

    glass = mix(stage.lit("3a4a60"), stage.light.sky[2], 0.4)
    shine = mix(stage.lit("6a7a90"), stage.light.sky[3], 0.5)
    parts = (
        (BODY, paint),
        (REAR_WINDOW, glass),
        (WINDOW_SHINE, shine),
        (BUMPER, mix(paint, dark, 0.55)),
        (NUMBER_PLATE, stage.lit("e8e4d8")),
        (BOOT_EDGE, mix(paint, (1, 1, 1), 0.25)),
    )
    for outline, tone in parts:
        layer.polygon(place(outline, x, base, size), tone)
