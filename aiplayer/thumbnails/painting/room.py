"""A cosy room: a desk under a window, shelves, plants, a lamp; records where the scene asks for them."""

import numpy as np

from aiplayer.thumbnails.painting import furniture
from aiplayer.thumbnails.painting.city import paint_city
from aiplayer.thumbnails.painting.fields import paint_fields
from aiplayer.thumbnails.painting.indoors import indoor, lamps_on
from aiplayer.thumbnails.painting.mountain import paint_mountain
from aiplayer.thumbnails.painting.palette import mix
from aiplayer.thumbnails.painting.shore import paint_sea
from aiplayer.thumbnails.painting.stage import Stage
from aiplayer.thumbnails.painting.view import paint_view

DESK = 560.0
VIEWS = (
    (paint_city, "city"),
    (paint_city, "city"),
    (paint_mountain, "mountain"),
    (paint_sea, "sea"),
    (paint_fields, "fields"),
)
WALLPAPERS = ("c8b8a8", "b0b8c0", "c8a8a0", "a8b8a4", "bcaac0")


def paint_room(stage: Stage) -> None:
    """Paint a room with a view."""
    random = stage.random("room")
    side = random.choice([-1.0, 1.0])
    width = min(random.uniform(560, 640), stage.width * 0.56)
    left, top, bottom = stage.width * (0.5 + 0.13 * side) - width / 2, random.uniform(64, 90), 468.0
    painter, place = VIEWS[random.integers(len(VIEWS))]
    if stage.scene.elements & {"boat", "lighthouse"}:
        painter, place = paint_sea, "sea"
    _paint_wall(stage, random)
    paint_view(stage, painter, place, left, top, width, bottom - top, blur=1.1)
    _paint_window(stage, random, left, top, width, bottom)
    _paint_sunbeam(stage, left, width, bottom, side)
    _paint_shelf(stage, random, side, left, width)
    _paint_desk(stage, random)
    _paint_things(stage, random, side, left, width)
    stage.spots |= {
        "cup": (stage.width * (0.5 + 0.02 * side), DESK + 56, 70.0),
        "vinyl": (stage.width * (0.5 - 0.26 * side), DESK + 62, 112.0),
        "ground": [
            (left + width * (0.5 + 0.28 * side), bottom + 2, 190.0),
            (stage.width * (0.5 - 0.42 * side), DESK + 40, 190.0),
        ],
        "strings": [((-10, 40), (stage.width * 0.5, 34), 0.8), ((stage.width * 0.5, 34), (stage.width + 10, 40), 0.8)],
    }


def _paint_wall(stage: Stage, random: np.random.Generator) -> None:
    wall = indoor(stage, WALLPAPERS[random.integers(len(WALLPAPERS))])
    stage.canvas.gradient(0, 720, [wall * 0.86, wall, wall * 0.9])
    layer = stage.canvas.layer()
    for x in np.arange(0, stage.width, 46):
        layer.box(x, 0, 23, 720, wall)
    stage.canvas.add(layer, opacity=0.16)


def _paint_window(
    stage: Stage, random: np.random.Generator, left: float, top: float, width: float, bottom: float
) -> None:
    layer, frame = stage.canvas.layer(), indoor(stage, "f0e4d4")
    edge = mix(frame, indoor(stage, "6a5a58"), 0.45)
    for x in (left - 14, left + width / 2 - 7, left + width - 2):
        layer.box(x, top - 14, 16, bottom - top + 20, frame)
        layer.box(x + 12, top - 14, 4, bottom - top + 20, edge)
    for y in (top - 16, top + (bottom - top) * 0.34, bottom - 6):
        layer.box(left - 14, y, width + 28, 13, frame)
        layer.box(left - 14, y + 10, width + 28, 3, edge)
    if stage.snow:
        for x in np.arange(left, left + width, 10):
            layer.ellipse(x, bottom - 4, random.uniform(8, 16), random.uniform(3, 9), stage.snow_tone())
    layer.box(left - 40, bottom + 2, width + 80, 16, frame)
    layer.box(left - 40, bottom + 14, width + 80, 8, edge)
    fabric = indoor(stage, random.choice(["c8705c", "6a8ab0", "d8b878", "8aa888", "b080a0"]))
    furniture.draw_curtain(layer, left - 92, top - 40, 108, bottom - top + 66, fabric, -0.3)
    furniture.draw_curtain(layer, left + width - 16, top - 40, 108, bottom - top + 66, fabric, 0.3)
    layer.limb((left - 120, top - 42), (left + width + 120, top - 42), 8, 8, indoor(stage, "6a4a3a"))
    stage.canvas.add(layer)


def _paint_sunbeam(stage: Stage, left: float, width: float, bottom: float, side: float) -> None:
    """Let the window's light fall into the room."""
    tone = mix(stage.light.sky[3], stage.light.sun, 0.4)
    strength = {"night": 0.12, "sunset": 0.42, "dawn": 0.34}.get(stage.scene.hour, 0.3)
    stage.canvas.glow([(left + width / 2, bottom - 140, width * 1.1, 480, tone, strength)])


def _paint_shelf(stage: Stage, random: np.random.Generator, side: float, left: float, width: float) -> None:
    """Hang shelves with books and plants beside the window, and pictures under them."""
    layer, wood = stage.canvas.layer(), indoor(stage, "8a5c40")
    start, stop = (24.0, left - 130) if side > 0 else (left + width + 130, stage.width - 24)
    for y in (190.0, 330.0):
        if stop - start < 90:
            break
        layer.box(start, y, stop - start, 12, wood)
        layer.box(start, y + 9, stop - start, 5, wood * 0.7)
        furniture.draw_books(stage, layer, random, start + 12, y, (stop - start) * random.uniform(0.4, 0.62), 78)
        furniture.draw_pot(stage, layer, random, stop - 40, y, random.uniform(52, 66), trailing=y < 200)
    for offset in (0.25, 0.66):
        x, tall = start + (stop - start) * offset, 84
        layer.box(x - 34, 376, 68, tall, indoor(stage, "f0e8dc"))
        layer.box(x - 28, 382, 56, tall - 12, indoor(stage, random.choice(["e08a60", "5a88a8", "a8587a", "6a9878"])))
        layer.circle(x + random.uniform(-8, 8), 410, 12, indoor(stage, "ffe0a0"))
        layer.polygon(
            [(x - 28, 448), (x - 6, 418), (x + 8, 434), (x + 18, 424), (x + 28, 448)], indoor(stage, "4a4a6a")
        )
    stage.canvas.add(layer)


def _paint_desk(stage: Stage, random: np.random.Generator) -> None:
    layer, wood = stage.canvas.layer(), indoor(stage, "a87048")
    layer.box(0, DESK, stage.width, 170, wood)
    layer.box(0, DESK, stage.width, 4, mix(wood, (1, 1, 1), 0.2))
    for _ in range(110):
        layer.ellipse(
            random.uniform(-60, stage.width),
            random.uniform(DESK + 8, 690),
            random.uniform(30, 120),
            0.9,
            wood * random.uniform(0.88, 1.06),
        )
    layer.box(0, 690, stage.width, 40, wood * 0.62)
    stage.canvas.add(layer)


def _paint_things(stage: Stage, random: np.random.Generator, side: float, left: float, width: float) -> None:
    layer, middle = stage.canvas.layer(), stage.width / 2
    halos = furniture.draw_desk_lamp(stage, layer, middle + side * stage.width * 0.40, DESK + 30, 210, -side)
    halos.append(furniture.draw_laptop(stage, layer, middle + side * stage.width * 0.18, DESK + 52, 200))
    furniture.draw_pot(stage, layer, random, middle - side * stage.width * 0.06, DESK + 26, 84)
    furniture.draw_tall_plant(stage, layer, random, middle - side * stage.width * 0.46, DESK + 30, 250)
    furniture.draw_notebook(stage, layer, middle + side * stage.width * 0.02, DESK + 96, 130)
    for level, wide in enumerate((120, 104, 112)):
        layer.box(
            middle + side * stage.width * 0.36 - wide / 2,
            DESK + 52 - 16 * level,
            wide,
            15,
            indoor(stage, furniture.SPINES[random.integers(8)]),
        )
    stage.canvas.add(layer, rim=(0, -3, stage.light.sky[3] * 0.6, 0.22))
    if lamps_on(stage):
        lamp = middle + side * stage.width * 0.36
        halos += [
            (middle, 330, stage.width * 0.62, 460, stage.light.lamps[0], 0.13),
            (lamp, 440, 460, 400, stage.light.lamps[0], 0.26),
            (lamp - side * 60, DESK + 50, 420, 90, stage.light.lamps[0], 0.30),
        ]
    stage.canvas.glow(halos)
