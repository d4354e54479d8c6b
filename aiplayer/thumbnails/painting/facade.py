"""House fronts of a shopping street, drawn flat; the street folds them into perspective."""

from dataclasses import dataclass, field

import numpy as np

from aiplayer.thumbnails.painting.canvas import Layer
from aiplayer.thumbnails.painting.palette import mix
from aiplayer.thumbnails.painting.stage import Stage

FACADE_HEIGHT = 640.0
WALLS = ("b88a78", "c8a888", "8a8ca8", "a87868", "98a090", "c0988c", "7c88a0", "d0b8a0")
AWNINGS = ("b84a44", "3f7a6a", "d89a48", "4a6a9c", "a8588a", "6a8a4a")


@dataclass
class Facade:
    """A row of houses: a layer whose bottom edge is the pavement, and its lights.

    Each light is (x, y, radius_x, radius_y, color, strength), as `Canvas.glow` takes it.
    """

    stage: Stage
    random: np.random.Generator
    length: float
    layer: Layer = field(init=False)
    lights: list = field(default_factory=list)

    def __post_init__(self):
        self.layer = Layer(int(self.length), int(FACADE_HEIGHT), 1.0)
        x = 0.0
        while x < self.length:
            width = self.random.uniform(170, 270)
            _draw_house(self, x, width, self.random.uniform(470, 600))
            x += width

    @property
    def open(self) -> bool:
        """Whether the lamps are on."""
        return self.stage.light.darkness > 0.3 or self.stage.scene.weather in ("rain", "fog", "snow")


def _draw_house(facade: Facade, x: float, width: float, height: float) -> None:
    stage, layer, random = facade.stage, facade.layer, facade.random
    wall = stage.lit(WALLS[random.integers(len(WALLS))])
    top = FACADE_HEIGHT - height
    layer.box(x, top, width, height, wall)
    for y in np.arange(top + 14, FACADE_HEIGHT - 190, 16):
        layer.box(x, y, width, 1.2, wall * 0.95)
    layer.box(x + width - 5, top, 5, height, wall * 0.78)
    layer.box(x - 5, top - 8, width + 10, 14, wall * 0.72)
    if stage.snow:
        layer.box(x - 6, top - 18, width + 12, 14, stage.snow_tone())
    _draw_upper_floors(facade, x, width, top, wall)
    _draw_shop(facade, x, width, wall)


def _draw_upper_floors(facade: Facade, x: float, width: float, top: float, wall) -> None:
    stage, layer, random = facade.stage, facade.layer, facade.random
    columns = 2 if width < 210 else 3
    chance = {"night": 0.55, "sunset": 0.4, "dawn": 0.25}.get(stage.scene.hour, 0.12 if facade.open else 0.0)
    glass = mix(stage.lit("6a86a8"), stage.light.sky[2], 0.4)
    for y in np.arange(top + 30, FACADE_HEIGHT - 240, 96):
        for column in range(columns):
            left, wide = x + width * (column + 0.24) / columns, width * 0.52 / columns
            lamp = stage.light.lamp(random)
            lit = random.random() < chance
            layer.box(left - 4, y - 4, wide + 8, 66, wall * 0.68)
            layer.box(left, y, wide, 58, mix(lamp, wall, 0.18) if lit else glass)
            if lit:
                layer.box(left, y, wide * 0.22, 58, mix(lamp, wall, 0.5))
                layer.box(left + wide * 0.78, y, wide * 0.22, 58, mix(lamp, wall, 0.5))
                facade.lights.append((left + wide / 2, y + 30, 70, 70, lamp, 0.28))
            layer.box(left + wide / 2 - 1.5, y, 3, 58, wall * 0.62)
            layer.box(left, y + 27, wide, 2.5, wall * 0.62)
            layer.box(left - 8, y + 60, wide + 16, 6, wall * 0.84)
            if random.random() < 0.4:
                _draw_window_box(stage, layer, random, left, y + 60, wide)


def _draw_window_box(
    stage: Stage, layer: Layer, random: np.random.Generator, left: float, y: float, wide: float
) -> None:
    layer.box(left - 3, y - 6, wide + 6, 12, stage.lit("6a4438"))
    tones = stage.leaf_tones(random)
    for _ in range(9):
        layer.circle(
            left + random.uniform(0, wide), y - random.uniform(4, 13), random.uniform(4, 8), tones[random.integers(3)]
        )


def _draw_shop(facade: Facade, x: float, width: float, wall) -> None:
    """Draw the shop on the ground floor: a bright window with wares, a door, a sign, an awning."""
    stage, layer, random = facade.stage, facade.layer, facade.random
    ground, lamp = FACADE_HEIGHT, stage.light.lamp(random)
    inside = mix(lamp, stage.lit("f0d8b0"), 0.25) if facade.open else mix(stage.lit("5a5a70"), stage.light.sky[2], 0.35)
    layer.box(x + 6, ground - 178, width - 12, 178, wall * 0.55)
    for step in range(13):
        layer.box(x + 16, ground - 128 + 8 * step, width * 0.58, 8, inside * (1.0 - 0.030 * step))
    _draw_wares(facade, x + 16, width * 0.58, inside)
    for share in (0.0, 0.29, 0.58):
        layer.box(x + 14 + width * share, ground - 130, 4, 108, wall * 0.42)
    door = x + width * 0.70
    layer.box(door, ground - 134, width * 0.20, 134, wall * 0.42)
    layer.box(door + 5, ground - 128, width * 0.20 - 10, 84, inside * 0.92)
    _draw_sign(facade, x, width, lamp)
    _draw_awning(facade, x, width)
    if facade.open:
        facade.lights += [
            (x + width * 0.36, ground - 74, width * 0.85, 150, lamp, 0.42),
            (x + width * 0.8, ground - 80, 80, 110, lamp, 0.25),
        ]


def _draw_wares(facade: Facade, x: float, width: float, inside) -> None:
    """Fill a shop window with shelves, wares, plants and small hanging lamps."""
    layer, random, ground = facade.layer, facade.random, FACADE_HEIGHT
    for shelf in (ground - 84, ground - 54, ground - 24):
        layer.box(x, shelf, width, 3, inside * 0.55)
        left = x + random.uniform(4, 16)
        while left < x + width - 14:
            wide, tall = random.uniform(5, 13), random.uniform(7, 22)
            tone = mix(
                inside * random.uniform(0.45, 0.75), facade.stage.lit(AWNINGS[random.integers(len(AWNINGS))]), 0.35
            )
            layer.box(left, shelf - tall, wide, tall, tone)
            left += wide + random.uniform(2, 14)
    for share in (0.2, 0.5, 0.8):
        layer.box(x + width * share - 0.8, ground - 128, 1.6, 10, inside * 0.4)
        layer.circle(x + width * share, ground - 115, 5.5, mix(inside, (1, 1, 1), 0.55))


def _draw_sign(facade: Facade, x: float, width: float, lamp) -> None:
    stage, layer, random = facade.stage, facade.layer, facade.random
    board = stage.lit(AWNINGS[random.integers(len(AWNINGS))]) * 0.8
    y = FACADE_HEIGHT - 206
    layer.box(x + 12, y, width - 24, 34, board)
    ink = stage.light.lamps[random.integers(len(stage.light.lamps))] if facade.open else stage.lit("fff0d8")
    left = x + width * 0.2
    while left < x + width * 0.76:
        wide = random.uniform(8, 20)
        layer.box(left, y + 10, wide, 4, ink)
        layer.box(left, y + 20, wide * random.uniform(0.5, 1), 4, ink)
        layer.box(left + wide * random.uniform(0, 0.8), y + 9, 4, 16, ink)
        left += wide + 9
    if facade.open:
        facade.lights.append((x + width / 2, y + 17, width * 0.6, 50, ink, 0.4))


def _draw_awning(facade: Facade, x: float, width: float) -> None:
    stage, layer, random = facade.stage, facade.layer, facade.random
    first = stage.lit(AWNINGS[random.integers(len(AWNINGS))])
    second, top = stage.lit("f4e8d8"), FACADE_HEIGHT - 170
    stripes = int(width / 20)
    for stripe in range(stripes):
        left = x + 4 + (width - 8) * stripe / stripes
        wide, tone = (width - 8) / stripes, first if stripe % 2 == 0 else second
        layer.polygon([(left, top), (left + wide, top), (left + wide, top + 40), (left, top + 40)], tone)
        layer.circle(left + wide / 2, top + 40, wide / 2, tone * 0.86)
    if stage.snow:
        layer.box(x + 2, top - 8, width - 4, 14, stage.snow_tone())
