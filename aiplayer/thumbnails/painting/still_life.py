"""Elements that stand on a table or a ledge: a record in its sleeve, a steaming cup."""

import numpy as np

from aiplayer.thumbnails.painting.canvas import Halo
from aiplayer.thumbnails.painting.layer import Color, Layer
from aiplayer.thumbnails.painting.outlines import band, place
from aiplayer.thumbnails.painting.palette import color, mix
from aiplayer.thumbnails.painting.stage import Stage

LABELS = ["e8604c", "f0b048", "4aa8a0", "c878b0"]
VINYL = np.array([0.09, 0.085, 0.11])
# Outlines are shares of the size, measured from the middle of the foot; up is negative.
SLEEVE = ((-0.66, -1.06), (0.36, -1.10), (0.40, -0.06), (-0.62, -0.02))
SLEEVE_HILLS = (
    (-0.63, -0.36),
    (-0.3, -0.60),
    (-0.05, -0.38),
    (0.16, -0.55),
    (0.385, -0.34),
    (0.40, -0.06),
    (-0.62, -0.02),
)
# Where light glances off a record: first angles in degrees, clockwise from the right, and how far each arc reaches.
GLANCES_DEG, GLANCE_DEG = (-70, 110), 24

CHINA = np.array([0.97, 0.94, 0.90])
STEAM = np.array([1.0, 0.98, 0.95])
STEAM_LANES, STEAM_PUFFS = 2, 14


def draw_record(stage: Stage, layer: Layer, x: float, base: float, size: float) -> None:
    """Draw a record half out of its sleeve, leaning in the foreground.

    Args:
        stage: The picture.
        layer: The sheet to draw on.
        x: About the middle of the sleeve, in units.
        base: The height of its foot in the picture, in units.
        size: About the width of the sleeve, in units.
    """
    random = stage.random("record")
    shade = mix(np.ones(3), stage.light.ambient, 0.5)
    label = color(random.choice(LABELS)) * shade
    _draw_disc(stage, layer, x + size * 0.42, base - size * 0.56, size, label)

    layer.polygon(place(SLEEVE, x, base, size), label * 0.92)
    layer.circle(x - size * 0.13, base - size * 0.62, size * 0.25, color("ffe8c0") * shade)
    layer.polygon(place(SLEEVE_HILLS, x, base, size), label * 0.55)


def _draw_disc(stage: Stage, layer: Layer, x: float, y: float, size: float, label: np.ndarray) -> None:
    """Draw a record, `size` wide, around its middle: grooves, two glancing lights, label and hole."""
    layer.circle(x, y, size * 0.5, VINYL)
    for radius in np.arange(0.46, 0.20, -0.035):
        layer.circle(x, y, size * radius, mix(VINYL, (1, 1, 1), 0.10))
        layer.circle(x, y, size * (radius - 0.011), VINYL)

    glance = mix(VINYL, stage.light.sky[3], 0.22)
    for start_deg in GLANCES_DEG:
        layer.ellipse(x, y, size * 0.47, size * 0.47, glance, 0, start_deg, start_deg + GLANCE_DEG)
    layer.circle(x, y, size * 0.18, label)
    layer.circle(x, y, size * 0.025, (0.95, 0.93, 0.88))


def draw_cup(stage: Stage, layer: Layer, x: float, base: float, size: float, tint: Color | None = None) -> list[Halo]:
    """Draw a steaming cup on a saucer.

    Args:
        stage: The picture.
        layer: The sheet to draw on.
        x: The middle of the cup, in units.
        base: The height of the saucer in the picture, in units.
        size: The width of the cup, in units.
        tint: The color of the light on it; without it, that of the hour.

    Returns:
        The halos that make the steam.
    """
    tint = mix(np.ones(3), stage.light.ambient, 0.45) if tint is None else np.asarray(tint)
    china = CHINA * tint
    rim = mix(china, (1, 1, 1), 0.3)
    coffee = color("6a4028") * china
    foam = color("c89a6c") * china

    # Ellipses in shares of the cup's width: across, up, radius across and down; first what the cup stands in front of.
    saucer = (0, 0, 0.78, 0.17, china * 0.72)
    saucer_inside = (0, 0.02, 0.74, 0.15, china * 0.92)
    handle = (0.5, 0.40, 0.22, 0.20, china * 0.88)
    handle_hole = (0.5, 0.40, 0.13, 0.12, china * 0.5)
    _draw_ellipses(layer, x, base, size, (saucer, saucer_inside, handle, handle_hole))

    _draw_wall(layer, x, base, size, china)
    opening = (0, 0.66, 0.5, 0.125, rim)
    surface = (0, 0.65, 0.44, 0.10, coffee)
    foam_patch = (-0.05, 0.65, 0.2, 0.045, foam)
    _draw_ellipses(layer, x, base, size, (opening, surface, foam_patch))
    return _steam(x, base, size)


def _draw_ellipses(
    layer: Layer,
    x: float,
    base: float,
    size: float,
    ellipses: tuple[tuple[float, float, float, float, np.ndarray], ...],
) -> None:
    """Draw ellipses given as (across, up, radius across, radius down, color), their lengths as shares of the size."""
    for across, up, radius_x, radius_y, tone in ellipses:
        layer.ellipse(x + size * across, base - size * up, size * radius_x, size * radius_y, tone)


def _draw_wall(layer: Layer, x: float, base: float, size: float, china: np.ndarray) -> None:
    """Draw the wall of a cup, which runs in toward its foot, with its right side in shade."""
    down = np.linspace(0, 1, 12)
    half = size * (0.5 - 0.24 * down**2.4)
    y = base - size * 0.66 + size * 0.64 * down
    left = np.stack([x - half, y], axis=1)
    edge_of_shade = np.stack([x + half * 0.45, y], axis=1)
    right = np.stack([x + half, y], axis=1)
    layer.polygon(band(left, right), china)
    layer.polygon(band(edge_of_shade, right), china * 0.86)


def _steam(x: float, base: float, size: float) -> list[Halo]:
    """Return lanes of steam that wind upward and fade."""
    puffs = []
    for lane in range(STEAM_LANES):
        for rise in np.linspace(0, 0.95, STEAM_PUFFS):
            sway = 0.16 * np.sin(rise * 4.2 + lane * 2) + 0.16 * (lane - 0.5)
            puff_x = x + size * sway
            puff_y = base - size * (0.8 + 1.5 * rise)
            radius_x = size * (0.11 + 0.10 * rise)
            puffs.append(Halo(puff_x, puff_y, radius_x, size * 0.2, STEAM, 0.34 * (1 - rise)))
    return puffs
