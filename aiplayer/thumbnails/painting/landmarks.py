"""Elements that belong to the middle distance: lighthouse, ferris wheel, boat."""

import numpy as np

from aiplayer.thumbnails.painting.canvas import Halo
from aiplayer.thumbnails.painting.layer import Layer
from aiplayer.thumbnails.painting.palette import color, mix
from aiplayer.thumbnails.painting.sketch import Sketch
from aiplayer.thumbnails.painting.stage import Stage

LIGHTHOUSE_BANDS = 5
# Height of the tower, and half its width at the foot and what it loses up to the top, as shares of the lighthouse.
TOWER_HEIGHT, TOWER_HALF, TOWER_TAPER = 0.72, 0.13, 0.055
ROCK = ((-0.75, -0.18), (-0.26, 0.07), (0.3, 0.05), (0.52, -0.05), (0.9, -0.18))
CABIN_COLORS = ("ff6a7a", "ffd060", "6ac8ff", "a888ff")
CABINS = 16
RIM_LAMPS = 48
RIPPLES = 9


def draw_lighthouse(stage: Stage, layer: Layer, x: float, base: float, size: float) -> list[Halo]:
    """Draw a banded lighthouse on a rock, its lamp lit in the dark and in bad weather.

    Args:
        stage: The picture.
        layer: The sheet to draw on.
        x: Where its middle stands, in units.
        base: Where its foot stands, in units.
        size: Its height, in units.

    Returns:
        The halos of its lamp and beam; none by day.
    """
    sketch = Sketch(layer, x, base, size)
    left_foot, *rock = [sketch.point(right, up) for right, up in ROCK]
    waterline = (x - size * 0.5, base + 2)
    layer.polygon([left_foot, waterline, *rock], stage.ground("5a5660", 0.2))

    red = stage.lit("c8483c", 0.12)
    _draw_tower(sketch, stage.lit("f4f0e8", 0.12), red)

    top = Sketch(layer, x, base - size * TOWER_HEIGHT, size)
    dark = stage.lit("3a3440", 0.1)
    is_lit = stage.lamps_burn
    lamp = color("fff0b8") if is_lit else stage.lit("c8dce8")
    top.box(-0.11, 0.02, 0.22, 0.03, dark)
    top.box(-0.055, 0.13, 0.11, 0.11, lamp)
    top.polygon([(-0.085, 0.13), (0, 0.23), (0.085, 0.13)], red)
    top.box(-0.006, 0.13, 0.012, 0.11, dark)

    if not is_lit:
        return []
    side = 1.0 if x < stage.width / 2 else -1.0
    return _lighthouse_halos(*top.point(0, 0.075), size, side, lamp)


def _draw_tower(sketch: Sketch, white: np.ndarray, red: np.ndarray) -> None:
    """Draw the tower in white and red bands, its right side in shade."""
    for band in range(LIGHTHOUSE_BANDS):
        low = band / LIGHTHOUSE_BANDS
        high = (band + 1) / LIGHTHOUSE_BANDS
        half_low = sketch.size * (TOWER_HALF - TOWER_TAPER * low)
        half_high = sketch.size * (TOWER_HALF - TOWER_TAPER * high)
        y_low = sketch.base - sketch.size * TOWER_HEIGHT * low
        y_high = sketch.base - sketch.size * TOWER_HEIGHT * high
        tone = white if band % 2 == 0 else red

        # From the left edge the band fills the whole width; from a third right of the middle only the shaded side.
        x = sketch.x
        right_edge = [(x + half_low, y_low), (x + half_high, y_high)]
        sketch.layer.polygon([(x - half_low, y_low), *right_edge, (x - half_high, y_high)], tone)
        shaded = [(x + half_low * 0.35, y_low), *right_edge, (x + half_high * 0.35, y_high)]
        sketch.layer.polygon(shaded, tone * 0.82)


def _lighthouse_halos(x: float, y: float, size: float, side: float, lamp: np.ndarray) -> list[Halo]:
    """Return the halo of the lamp at (x, y) and those of its beam, which rises and fades to one side (-1 or 1)."""
    halos = [Halo(x, y, size * 0.6, size * 0.6, lamp, 0.85)]
    for distance in np.arange(0.4, 4.0, 0.4):
        beam_x = x + side * size * distance
        beam_y = y - size * 0.10 * distance
        radius_x = size * (0.5 + 0.2 * distance)
        radius_y = size * (0.10 + 0.10 * distance)
        halos.append(Halo(beam_x, beam_y, radius_x, radius_y, lamp, 0.40 - 0.09 * distance))
    return halos


def draw_ferris_wheel(stage: Stage, layer: Layer, x: float, base: float, size: float) -> list[Halo]:
    """Draw a ferris wheel, after dark with a ring of lamps on its rim.

    Args:
        stage: The picture.
        layer: The sheet to draw on.
        x: Where its middle stands, in units.
        base: Where its feet stand, in units.
        size: Its height, in units.

    Returns:
        The halos of its lamps; none by day.
    """
    random = stage.random("ferris wheel")
    steel = stage.lit("d4d8e4" if stage.light.darkness else "5a6284", 0.1)
    radius = size * 0.43
    y = base - size * 0.54
    is_lit = stage.light.darkness > 0.3
    halos = []

    for side in (-1, 1):
        layer.limb((x, y), (x + side * size * 0.26, base), 3.4, 5, steel * 0.8)
    _draw_rings(layer, x, y, radius, steel)

    spoke = mix(steel, stage.light.haze, 0.25)
    angles = np.linspace(0, 2 * np.pi, CABINS, endpoint=False) + random.uniform(0, 0.4)
    for index, angle in enumerate(angles):
        rim = (x + np.cos(angle) * radius, y + np.sin(angle) * radius)
        layer.line([(x, y), rim], spoke, 1.5)
        cabin = color(CABIN_COLORS[index % len(CABIN_COLORS)])
        tone = mix(cabin, (1, 1, 1), 0.15) if is_lit else stage.light.lit(cabin, 0.15)
        _draw_cabin(Sketch(layer, *rim, size), tone)
        if is_lit:
            halos.append(Halo(*rim, size * 0.13, size * 0.13, cabin, 0.55))

    if is_lit:
        lamp = stage.light.lamps[0]
        _draw_rim_lamps(layer, x, y, radius, mix(lamp, (1, 1, 1), 0.3))
        halos.append(Halo(x, y, radius * 1.7, radius * 1.7, lamp, 0.30))
        halos.append(Halo(x, y, size * 0.2, size * 0.2, lamp, 0.5))
    layer.circle(x, y, size * 0.035, steel)
    return halos


def _draw_rings(layer: Layer, x: float, y: float, radius: float, steel: np.ndarray) -> None:
    """Draw the two rings of a wheel around (x, y)."""
    turn = np.linspace(0, 2 * np.pi, 61)
    for ring in (1.0, 0.92):
        ring_x = x + np.cos(turn) * radius * ring
        ring_y = y + np.sin(turn) * radius * ring
        layer.line(np.stack([ring_x, ring_y], 1), steel, 3)


def _draw_cabin(sketch: Sketch, tone: np.ndarray) -> None:
    """Hang a cabin of a ferris wheel from its rim."""
    sketch.circle(0, -0.026, 0.034, tone)
    sketch.box(-0.034, -0.026, 0.068, 0.026, tone * 0.8)


def _draw_rim_lamps(layer: Layer, x: float, y: float, radius: float, tone: np.ndarray) -> None:
    """Draw a ring of lamps just inside the rim of a wheel around (x, y)."""
    for angle in np.linspace(0, 2 * np.pi, RIM_LAMPS, endpoint=False):
        right = np.cos(angle) * radius * 0.96
        down = np.sin(angle) * radius * 0.96
        layer.circle(x + right, y + down, 1.5, tone)


def draw_boat(stage: Stage, layer: Layer, x: float, base: float, size: float) -> list[Halo]:
    """Draw a sailing boat with its broken mirror image.

    Args:
        stage: The picture.
        layer: The sheet to draw on.
        x: Where its mast stands, in units.
        base: Its waterline, in units.
        size: Its length, in units.

    Returns:
        The halos of its lamp and of the lamp's reflection; none by day.
    """
    sketch = Sketch(layer, x, base, size)
    hull = stage.lit("7a4436", 0.1)
    sail = mix(stage.lit("fff6e8", 0.08), stage.light.sky[3], 0.15)

    bow = sketch.point(-0.46, 0.12)
    stern = sketch.point(0.52, 0.15)
    layer.polygon([bow, stern, (x + size * 0.36, base + 2), (x - size * 0.34, base + 2)], hull)
    gunwale = [(-0.46, 0.12), (0.52, 0.15), (0.50, 0.115), (-0.44, 0.085)]
    sketch.polygon(gunwale, mix(hull, (1, 1, 1), 0.35))
    layer.limb(sketch.point(0, 0.12), sketch.point(0, 1.16), 3, 1.8, stage.lit("4a3a38", 0.1))

    # The leech of the mainsail is curved by the wind; the foresail is a triangle.
    share = np.linspace(0, 1, 12)
    belly_x = x + size * (0.03 + 0.50 * share + 0.10 * np.sin(np.pi * share))
    belly_y = base - size * (1.12 - 0.90 * share)
    tack = sketch.point(0.03, 0.22)
    layer.polygon(np.concatenate([np.stack([belly_x, belly_y], 1), [tack]]), sail)
    sketch.polygon([(-0.03, 1.05), (-0.03, 0.22), (-0.40, 0.22)], sail * 0.86)

    _draw_mirror_image(stage, sketch, hull, sail)
    if stage.light.darkness < 0.3:
        return []
    lamp = stage.light.lamps[0]
    lamp_halo = Halo(*sketch.point(0.3, 0.2), size * 0.5, size * 0.4, lamp, 0.75)
    reflection = Halo(*sketch.point(0.3, -0.2), size * 0.18, size * 0.5, lamp, 0.4)
    return [lamp_halo, reflection]


def _draw_mirror_image(stage: Stage, sketch: Sketch, hull: np.ndarray, sail: np.ndarray) -> None:
    """Draw what ripples leave of a boat's mirror image below its waterline."""
    x, base, size = sketch.x, sketch.base, sketch.size
    upper_sky = stage.light.sky[1]
    for ripple in range(RIPPLES):
        sway = np.sin(ripple * 2.1)
        ripple_x = x + size * 0.05 * sway
        ripple_y = base + 4 + ripple * size * 0.055

        # Every second ripple is shorter, so that the image looks broken.
        half = size * (0.40 - 0.035 * ripple)
        radius_x = half * (1 if ripple % 2 else 0.7)
        radius_y = size * 0.012

        reflected = hull if ripple < 2 else sail
        tone = mix(reflected, upper_sky, 0.35 + 0.04 * ripple)
        sketch.layer.ellipse(ripple_x, ripple_y, radius_x, radius_y, tone)
