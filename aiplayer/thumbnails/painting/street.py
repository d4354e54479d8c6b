"""A shopping street in perspective: house fronts on both sides, lamps, trees, wet reflections."""

import cv2
import numpy as np

from aiplayer.thumbnails.painting import land
from aiplayer.thumbnails.painting.canvas import Canvas, Fade, Halo, spread
from aiplayer.thumbnails.painting.corridor import EYE, FAR, HALF_WIDTH, NEAREST_GROUND, Corridor
from aiplayer.thumbnails.painting.elements import paint_landmarks
from aiplayer.thumbnails.painting.facade import FACADE_HEIGHT, Facade
from aiplayer.thumbnails.painting.layer import Layer
from aiplayer.thumbnails.painting.palette import mix
from aiplayer.thumbnails.painting.sky import paint_sky
from aiplayer.thumbnails.painting.stage import Stage
from aiplayer.thumbnails.painting.street_furniture import paint_furniture
from aiplayer.thumbnails.painting.train import paint_train

# How much of the ground is a mirror: in the rain, and on a dry night.
RAIN_MIRROR, NIGHT_MIRROR = 0.62, 0.16
# Where lamps hang on strings from wall to wall: their height, and how large things look there.
STRING_HEIGHT, STRING_SCALES = 330, (0.42, 0.62, 0.95, 1.5)
FAR_END_HALF_WIDTH = 110
# Half the width of the road and of its middle dashes, as shares of half the street.
ROAD, DASH = 0.62, 0.012
# Lights of a facade lower than this throw a pool on the pavement, in units of the facade from its top.
POOL_FROM = FACADE_HEIGHT - 100
# How far to both sides of the vanishing point the sky shows between the houses, in units.
OPEN_SKY_HALF_WIDTH = 210
# A railway bridge over the street: its height in units of the near houses, and how large it looks.
BRIDGE_HEIGHT, BRIDGE_SCALE = 350, 0.6


def paint_street(stage: Stage) -> None:
    """Paint a street of shops."""
    random = stage.random("street")
    stage.set_horizon(random.uniform(405, 445))
    corridor = Corridor(stage, random)
    stage.spots["sky"] = (corridor.x - OPEN_SKY_HALF_WIDTH, corridor.x + OPEN_SKY_HALF_WIDTH)
    paint_sky(stage)

    _paint_far_end(stage, random, corridor)
    stage.spots["landmark"] = (corridor.x, stage.horizon + 10, 210.0)
    paint_landmarks(stage)

    _paint_ground(stage, corridor)
    for side in (-1.0, 1.0):
        _paint_wall(stage, corridor, side)
    _cross_with_rails(stage, corridor)
    halos = paint_furniture(stage, random, corridor)

    if stage.scene.weather == "rain":
        _paint_wet(stage, corridor, RAIN_MIRROR)
    elif stage.light.darkness > 0.5 and not stage.snow:
        _paint_wet(stage, corridor, NIGHT_MIRROR)
    stage.canvas.glow(halos)
    _offer_spots(stage, corridor)


def _cross_with_rails(stage: Stage, corridor: Corridor) -> None:
    """Lead a train, where the scene has one, over the street on a bridge between the houses."""
    left, y = corridor.at(-1, BRIDGE_HEIGHT, BRIDGE_SCALE)
    right, _ = corridor.at(1, BRIDGE_HEIGHT, BRIDGE_SCALE)
    stage.spots["rail"] = (y, 0.2, 2.3, left, right)
    if stage.has("train"):
        paint_train(stage)


def _offer_spots(stage: Stage, corridor: Corridor) -> None:
    """Offer room for elements on both pavements, a car on the road, and lamps on strings over it."""
    ground = []
    for across, scale in ((-0.42, 1.0), (0.4, 0.85)):
        x, base = corridor.at(across, 0, scale)
        ground.append((x, base, 165 * scale))

    strings = []
    for scale in STRING_SCALES:
        start = corridor.at(-1, STRING_HEIGHT, scale)
        stop = corridor.at(1, STRING_HEIGHT, scale)
        strings.append((start, stop, scale))
    stage.spots |= {"ground": ground, "car": (*corridor.at(0.24, 0, 0.62), 118.0), "strings": strings}


def _paint_far_end(stage: Stage, random: np.random.Generator, corridor: Corridor) -> None:
    """Close the street with hazy houses or hills and a glow."""
    land.paint_ridges(stage, 1, stage.horizon - 70, stage.horizon + 10, "5a6a88", nearest=0.7)

    layer = stage.canvas.layer()
    x = corridor.x - FAR_END_HALF_WIDTH
    while x < corridor.x + FAR_END_HALF_WIDTH:
        width = random.uniform(14, 30)
        top = stage.horizon - random.uniform(20, 74)
        layer.box(x, top, width, 120, stage.lit("7a7890", random.uniform(0.6, 0.74)))
        x += width
    stage.canvas.add(layer)

    glow = mix(stage.light.haze, stage.light.sun, 0.3)
    stage.canvas.glow([Halo(corridor.x, stage.horizon - 10, 330, 210, glow, 0.55)])


def _paint_ground(stage: Stage, corridor: Corridor) -> None:
    """Paint the pavement with its joints, the road, its kerbs and the dashes on it."""
    layer = stage.canvas.layer()
    road = stage.ground("6a6878")
    pavement = stage.ground("a09890")
    kerb = mix(pavement, (1, 1, 1), 0.14)
    layer.polygon(corridor.floor(-1, 1, FAR, NEAREST_GROUND), pavement)
    layer.polygon(corridor.floor(-ROAD, ROAD, FAR, NEAREST_GROUND), road)
    for edge in (-ROAD, ROAD):
        layer.polygon(corridor.floor(edge, edge * 1.04, FAR, NEAREST_GROUND), kerb)

    # Things look as large as the inverse of their distance, so equal lengths on the ground are steps of it.
    for scale in 1 / np.arange(0.28, 5.0, 0.22):
        for side in (-1, 1):
            joint = [corridor.at(side, 0, scale), corridor.at(side * 0.65, 0, scale)]
            layer.line(joint, pavement * 0.88, 0.6 + scale * 0.8)
    dash_tone = mix(road, stage.lit("fff0d0"), 0.6)
    for distance in np.arange(0.30, 5.0, 0.42):
        near = 1 / distance
        far = 1 / (distance + 0.2)
        layer.polygon(corridor.floor(-DASH, DASH, near, far), dash_tone)
    stage.canvas.add(layer, fade=Fade(stage.light.haze, corridor.y + EYE * FAR, 0.6, 660, 0.0))


def _paint_wall(stage: Stage, corridor: Corridor, side: float) -> None:
    """Fold a row of house fronts onto one side of the street."""
    facade = Facade(stage, stage.random(f"facade {side}"), corridor.length)
    matrix = corridor.wall(side)
    layer = _fold(stage.canvas, facade.layer, matrix)
    stage.canvas.add(layer)
    _fade_wall(stage, corridor, layer.pixels[..., 3])

    halos = []
    for light in facade.lights:
        halos += _fold_light(corridor, matrix, side, light)
    stage.canvas.glow(halos)


def _fold(canvas: Canvas, flat: Layer, matrix: np.ndarray) -> Layer:
    """Return a sheet of the picture's size with a facade folded onto it by a matrix in units, float64 [3, 3]."""
    layer = canvas.layer()
    to_pixels = np.diag([canvas.scale, canvas.scale, 1.0])
    height_px, width_px = canvas.image.shape[:2]
    layer.pixels = cv2.warpPerspective(flat.pixels, to_pixels @ matrix, (width_px, height_px), flags=cv2.INTER_LINEAR)
    layer.top = 0
    layer.bottom = height_px
    return layer


def _fold_light(corridor: Corridor, matrix: np.ndarray, side: float, light: Halo) -> list[Halo]:
    """Return a facade's light as it shines from the wall and, if it hangs low, as a pool on the pavement too."""
    x, y, radius_x, radius_y, tone, strength = light
    folded = matrix @ (x, y, 1.0)
    folded_x = folded[0] / folded[2]
    folded_y = folded[1] / folded[2]

    scale = abs(folded_x - corridor.x) / HALF_WIDTH
    wall_light = Halo(folded_x, folded_y, radius_x * scale * 0.9, radius_y * scale * 0.9, tone, strength)
    if y <= POOL_FROM:
        return [wall_light]

    pool_x, pool_y = corridor.at(side * 0.78, 0, scale)
    return [wall_light, Halo(pool_x, pool_y, 190 * scale, 44 * scale, tone, strength * 0.5)]


def _fade_wall(stage: Stage, corridor: Corridor, alpha: np.ndarray) -> None:
    """Let the far end of a wall sink into haze, column by column.

    Args:
        stage: The picture, with the wall on it.
        corridor: The perspective of the street.
        alpha: Where the wall stands, uint8 [height_px, width_px].
    """
    height_px, width_px = alpha.shape
    x = (np.arange(width_px) + 0.5) / stage.canvas.scale
    scale = np.abs(x - corridor.x) / HALF_WIDTH
    distance = 1 / np.maximum(scale, FAR)
    near_share = 0.08 + 0.14 * stage.light.fog
    share = np.interp(distance, (0.6, 1 / FAR), (near_share, 0.62)).astype(np.float32)

    mask = cv2.multiply(alpha, np.tile(share, (height_px, 1)), scale=1 / 255, dtype=cv2.CV_32F)
    image = stage.canvas.image
    image *= spread(1.0 - mask)
    image += spread(mask, stage.light.haze)


def _paint_wet(stage: Stage, corridor: Corridor, strength: float) -> None:
    """Mirror walls and lamps in the ground: every column is folded at the foot of what stands in it.

    Args:
        stage: The picture.
        corridor: The perspective of the street.
        strength: How much of the ground is a mirror, 0 to 1.
    """
    canvas = stage.canvas
    scale = canvas.scale
    height, width = canvas.image.shape[:2]
    first = canvas.row(corridor.y + EYE * FAR)
    rows = np.arange(first, height, dtype=np.float32)[:, None]
    columns = np.arange(width, dtype=np.float32)[None, :]
    foot = _wall_foot(corridor, columns / scale) * scale

    random = stage.random("wet")
    field = random.random((60, 40), dtype=np.float32)
    waves = cv2.resize(field, (width, height - first), interpolation=cv2.INTER_CUBIC) - 0.5
    map_x = (columns + waves * 12 * scale).astype(np.float32)
    map_y = np.clip(2 * foot - rows + waves * 16 * scale, 0, height - 1).astype(np.float32)
    mirrored = cv2.remap(canvas.image, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
    blur_px = (max(1, round(4 * scale)), max(1, round(34 * scale)))
    mirrored = cv2.blur(mirrored, blur_px)

    below_foot = np.clip((rows - foot) / (14 * scale), 0, 1).astype(np.float32)
    share = below_foot * np.float32(strength)
    target = canvas.image[first:]
    target *= spread(1.0 - share * np.float32(0.85))
    target += mirrored * spread(share)


def _wall_foot(corridor: Corridor, x: np.ndarray) -> np.ndarray:
    """Return the y in units at which the walls, or the far end between them, meet the ground at each x in units."""
    along_wall = EYE / HALF_WIDTH * 0.80 * np.abs(x - corridor.x)
    return corridor.y + np.maximum(EYE * FAR, along_wall)
