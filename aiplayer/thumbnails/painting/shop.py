"""The shop on the ground floor of a house: a bright window with wares, a door, a sign, an awning."""

from dataclasses import dataclass

import numpy as np

from aiplayer.thumbnails.painting.canvas import Halo
from aiplayer.thumbnails.painting.layer import WHITE, Color, Layer
from aiplayer.thumbnails.painting.palette import mix
from aiplayer.thumbnails.painting.stage import Stage

AWNINGS = ("b84a44", "3f7a6a", "d89a48", "4a6a9c", "a8588a", "6a8a4a")
# The window and the door, as shares of the shop's width.
WINDOW = 0.58
DOOR_LEFT = 0.70
DOOR = 0.20
# The window grows darker downward, in bands.
BANDS = 13
BAND_HEIGHT = 8
STRIPE_WIDTH = 20
AWNING_DROP = 40


@dataclass
class Shop:
    """A shop to draw.

    Attributes:
        stage: The picture being painted.
        layer: The sheet to draw on.
        random: The generator of the shop's looks.
        x: Its left edge, in units.
        ground: Height of the pavement, in units.
        width: Its width in units.
        wall: The color of the house.
        lamps_on: Whether it is lit from inside.
    """

    stage: Stage
    layer: Layer
    random: np.random.Generator
    x: float
    ground: float
    width: float
    wall: np.ndarray
    lamps_on: bool


def draw_shop(shop: Shop) -> list[Halo]:
    """Draw a shop.

    Args:
        shop: The shop to draw.

    Returns:
        The halos of its sign and its window, none while its lamps are off.
    """
    stage = shop.stage
    layer = shop.layer
    lamp = stage.light.lamp(shop.random)
    inside = mix(stage.lit("5a5a70"), stage.light.sky[2], 0.35)
    if shop.lamps_on:
        inside = mix(lamp, stage.lit("f0d8b0"), 0.25)

    layer.box(shop.x + 6, shop.ground - 178, shop.width - 12, 178, shop.wall * 0.55)
    _draw_window(shop, inside)
    _draw_door(shop, inside)
    halos = _draw_sign(shop)
    _draw_awning(shop)

    if shop.lamps_on:
        window_middle = shop.x + shop.width * 0.36
        door_middle = shop.x + shop.width * 0.8
        halos.append(Halo(window_middle, shop.ground - 74, shop.width * 0.85, 150, lamp, 0.42))
        halos.append(Halo(door_middle, shop.ground - 80, 80, 110, lamp, 0.25))
    return halos


def _draw_window(shop: Shop, inside: np.ndarray) -> None:
    """Draw the window and its uprights, brightest at its top, where the lamps hang."""
    left = shop.x + 16
    width = shop.width * WINDOW
    top = shop.ground - 128
    for band in range(BANDS):
        brightness = 1.0 - 0.030 * band
        shop.layer.box(left, top + BAND_HEIGHT * band, width, BAND_HEIGHT, inside * brightness)

    _draw_wares(shop, left, width, inside)
    frame = shop.wall * 0.42
    for share in (0.0, 0.29, WINDOW):
        upright = shop.x + 14 + shop.width * share
        shop.layer.box(upright, shop.ground - 130, 4, 108, frame)


def _draw_wares(shop: Shop, x: float, width: float, inside: np.ndarray) -> None:
    """Fill a shop window with shelves, wares and small hanging lamps."""
    layer = shop.layer
    random = shop.random
    for shelf in (shop.ground - 84, shop.ground - 54, shop.ground - 24):
        layer.box(x, shelf, width, 3, inside * 0.55)

        left = x + random.uniform(4, 16)
        while left < x + width - 14:
            ware_width = random.uniform(5, 13)
            ware_height = random.uniform(7, 22)
            shade = inside * random.uniform(0.45, 0.75)
            tint = shop.stage.lit(random.choice(AWNINGS))
            layer.box(left, shelf - ware_height, ware_width, ware_height, mix(shade, tint, 0.35))
            left += ware_width + random.uniform(2, 14)

    bulb = mix(inside, WHITE, 0.55)
    for share in (0.2, 0.5, 0.8):
        lamp_x = x + width * share
        layer.box(lamp_x - 0.8, shop.ground - 128, 1.6, 10, inside * 0.4)
        layer.circle(lamp_x, shop.ground - 115, 5.5, bulb)


def _draw_door(shop: Shop, inside: np.ndarray) -> None:
    """Draw the door with its pane."""
    left = shop.x + shop.width * DOOR_LEFT
    width = shop.width * DOOR
    shop.layer.box(left, shop.ground - 134, width, 134, shop.wall * 0.42)
    shop.layer.box(left + 5, shop.ground - 128, width - 10, 84, inside * 0.92)


def _draw_sign(shop: Shop) -> list[Halo]:
    """Draw a board with strokes that look like writing; return its halo if it is lit."""
    stage = shop.stage
    random = shop.random
    board = stage.lit(random.choice(AWNINGS)) * 0.8
    top = shop.ground - 206
    shop.layer.box(shop.x + 12, top, shop.width - 24, 34, board)

    ink = stage.lit("fff0d8")
    if shop.lamps_on:
        ink = stage.light.lamps[random.integers(len(stage.light.lamps))]
    left = shop.x + shop.width * 0.2
    while left < shop.x + shop.width * 0.76:
        width = random.uniform(8, 20)
        _draw_letter(shop, left, top, width, ink)
        left += width + 9

    if not shop.lamps_on:
        return []
    return [Halo(shop.x + shop.width / 2, top + 17, shop.width * 0.6, 50, ink, 0.4)]


def _draw_letter(shop: Shop, left: float, top: float, width: float, ink: Color) -> None:
    """Draw two horizontal strokes and an upright one."""
    shop.layer.box(left, top + 10, width, 4, ink)
    shop.layer.box(left, top + 20, width * shop.random.uniform(0.5, 1), 4, ink)
    shop.layer.box(left + width * shop.random.uniform(0, 0.8), top + 9, 4, 16, ink)


def _draw_awning(shop: Shop) -> None:
    """Draw a striped awning with a scalloped hem, and the snow that lies on it."""
    stage = shop.stage
    layer = shop.layer
    colored = stage.lit(shop.random.choice(AWNINGS))
    pale = stage.lit("f4e8d8")
    top = shop.ground - 170
    hem = top + AWNING_DROP

    stripes = int(shop.width / STRIPE_WIDTH)
    width = (shop.width - 8) / stripes
    for stripe in range(stripes):
        left = shop.x + 4 + (shop.width - 8) * stripe / stripes
        tone = colored if stripe % 2 == 0 else pale
        layer.polygon([(left, top), (left + width, top), (left + width, hem), (left, hem)], tone)
        layer.circle(left + width / 2, hem, width / 2, tone * 0.86)

    if stage.snow:
        layer.box(shop.x + 2, top - 8, shop.width - 4, 14, stage.snow_tone())
