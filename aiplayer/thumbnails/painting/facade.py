"""House fronts of a shopping street, drawn flat; the street folds them into perspective."""

from dataclasses import dataclass, field

import numpy as np

from aiplayer.thumbnails.painting.canvas import Halo
from aiplayer.thumbnails.painting.layer import Color, Layer
from aiplayer.thumbnails.painting.palette import mix
from aiplayer.thumbnails.painting.shop import Shop, draw_shop
from aiplayer.thumbnails.painting.stage import Stage

# Heights in units.
FACADE_HEIGHT = 640.0
CLAPBOARD = 16
FLOOR = 96
WINDOW = 58
WALLS = ("b88a78", "c8a888", "8a8ca8", "a87868", "98a090", "c0988c", "7c88a0", "d0b8a0")
# Share of the upper windows with a lamp on.
LIT_SHARE = {"night": 0.55, "sunset": 0.4, "dawn": 0.25}


@dataclass
class Facade:
    """A row of houses, drawn as soon as it is made.

    Attributes:
        stage: The picture being painted.
        random: The generator of the houses' shapes.
        length: Length of the row in units.
        layer: The sheet that the houses are drawn on, one pixel a unit; its bottom edge is the pavement.
        lights: The halos of windows, lamps and signs.
    """

    stage: Stage
    random: np.random.Generator
    length: float
    layer: Layer = field(init=False)
    lights: list[Halo] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.layer = Layer(int(self.length), int(FACADE_HEIGHT), 1.0)
        x = 0.0
        while x < self.length:
            width = self.random.uniform(170, 270)
            height = self.random.uniform(470, 600)
            _draw_house(self, x, width, height)
            x += width

    @property
    def open(self) -> bool:
        """Whether the lamps are on."""
        return self.stage.light.darkness > 0.3 or self.stage.scene.weather in ("rain", "fog", "snow")


def _draw_house(facade: Facade, x: float, width: float, height: float) -> None:
    """Draw a house with its left edge at x: a wall of boards, a cornice, upper floors and a shop."""
    stage = facade.stage
    layer = facade.layer
    wall = stage.lit(facade.random.choice(WALLS))
    top = FACADE_HEIGHT - height

    layer.box(x, top, width, height, wall)
    for y in np.arange(top + 14, FACADE_HEIGHT - 190, CLAPBOARD):
        layer.box(x, y, width, 1.2, wall * 0.95)
    layer.box(x + width - 5, top, 5, height, wall * 0.78)
    layer.box(x - 5, top - 8, width + 10, 14, wall * 0.72)
    if stage.snow:
        layer.box(x - 6, top - 18, width + 12, 14, stage.snow_tone())

    _draw_upper_floors(facade, x, width, top, wall)
    shop = Shop(stage, layer, facade.random, x, FACADE_HEIGHT, width, wall, lamps_on=facade.open)
    facade.lights += draw_shop(shop)


def _draw_upper_floors(facade: Facade, x: float, width: float, top: float, wall: np.ndarray) -> None:
    """Draw the windows of the upper floors, some lit, some with a box of plants."""
    stage = facade.stage
    random = facade.random
    columns = 2 if width < 210 else 3
    by_day = 0.12 if facade.open else 0.0
    lit_share = LIT_SHARE.get(stage.scene.hour, by_day)
    glass = mix(stage.lit("6a86a8"), stage.light.sky[2], 0.4)

    window_width = width * 0.52 / columns
    for y in np.arange(top + 30, FACADE_HEIGHT - 240, FLOOR):
        for column in range(columns):
            left = x + width * (column + 0.24) / columns
            lamp = stage.light.lamp(random)
            lit = random.random() < lit_share
            _draw_window(facade.layer, left, y, window_width, wall, glass, lamp if lit else None)
            if lit:
                facade.lights.append(Halo(left + window_width / 2, y + 30, 70, 70, lamp, 0.28))
            if random.random() < 0.4:
                _draw_window_box(stage, facade.layer, random, left, y + 60, window_width)


def _draw_window(
    layer: Layer, left: float, y: float, width: float, wall: np.ndarray, glass: Color, lamp: Color | None
) -> None:
    """Draw a window with a cross of bars and a sill; one with a lamp on shines through its curtains."""
    layer.box(left - 4, y - 4, width + 8, 66, wall * 0.68)
    if lamp is None:
        layer.box(left, y, width, WINDOW, glass)
    else:
        curtain = mix(lamp, wall, 0.5)
        layer.box(left, y, width, WINDOW, mix(lamp, wall, 0.18))
        layer.box(left, y, width * 0.22, WINDOW, curtain)
        layer.box(left + width * 0.78, y, width * 0.22, WINDOW, curtain)

    bar = wall * 0.62
    layer.box(left + width / 2 - 1.5, y, 3, WINDOW, bar)
    layer.box(left, y + 27, width, 2.5, bar)
    layer.box(left - 8, y + 60, width + 16, 6, wall * 0.84)


def _draw_window_box(
    stage: Stage, layer: Layer, random: np.random.Generator, left: float, y: float, width: float
) -> None:
    """Draw a box of plants under a window."""
    layer.box(left - 3, y - 6, width + 6, 12, stage.lit("6a4438"))
    tones = stage.leaf_tones(random)
    for _ in range(9):
        leaf_x = left + random.uniform(0, width)
        leaf_y = y - random.uniform(4, 13)
        radius = random.uniform(4, 8)
        layer.circle(leaf_x, leaf_y, radius, tones[random.integers(3)])
