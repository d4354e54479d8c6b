"""A cosy room: a desk under a window, shelves, plants, a lamp; records where the scene asks for them."""

from dataclasses import dataclass

import numpy as np

from aiplayer.thumbnails.painting import furniture, houseplants
from aiplayer.thumbnails.painting.canvas import Halo, Rim
from aiplayer.thumbnails.painting.indoors import indoor, lamps_on
from aiplayer.thumbnails.painting.layer import Layer
from aiplayer.thumbnails.painting.outdoors import OUTDOOR_PAINTERS, choose_view
from aiplayer.thumbnails.painting.outlines import place
from aiplayer.thumbnails.painting.palette import mix
from aiplayer.thumbnails.painting.stage import Stage
from aiplayer.thumbnails.painting.view import paint_view

# Heights in the picture, in units.
DESK, SILL = 560.0, 468.0
SHELVES, PICTURES = (190.0, 330.0), 376
VIEWS = ("city", "city", "mountain", "sea", "fields")
WALLPAPERS = ("c8b8a8", "b0b8c0", "c8a8a0", "a8b8a4", "bcaac0")
WALLPAPER_STRIPE = 46
CURTAINS = ["c8705c", "6a8ab0", "d8b878", "8aa888", "b080a0"]
CURTAIN_WIDTH = 108
SUNBEAM = {"night": 0.12, "sunset": 0.42, "dawn": 0.34}
SUNBEAM_BY_DAY = 0.3
# The narrowest wall that shelves are hung on, in units.
NARROWEST_SHELF = 90
PICTURE_CODES = ["e08a60", "5a88a8", "a8587a", "6a9878"]
PICTURE_HEIGHT = 84
# The outline of the hills in a picture, in units from the middle of its lower edge.
PICTURE_HILLS = ((-28, 0), (-6, -30), (8, -14), (18, -24), (28, 0))
WOOD_GRAIN = 110
# Widths of the books that lie on the desk, the lowest first.
BOOK_PILE = (120, 104, 112)


@dataclass(frozen=True)
class Window:
    """The window of a room, in units.

    Attributes:
        side: The half of the picture that it lies in: -1 left, 1 right.
        left: Its left edge.
        top: Its upper edge.
        width: Its width.
        bottom: Its lower edge.
    """

    side: float
    left: float
    top: float
    width: float
    bottom: float

    @property
    def height(self) -> float:
        """Return its height."""
        return self.bottom - self.top


def paint_room(stage: Stage) -> None:
    """Paint a room with a view."""
    random = stage.random("room")
    window = _place_window(stage, random)
    view = choose_view(stage.scene, VIEWS, random)

    _paint_wall(stage, random)
    paint_view(stage, OUTDOOR_PAINTERS[view], view, window.left, window.top, window.width, window.height, blur=1.1)
    _paint_window(stage, random, window)
    _paint_sunbeam(stage, window)
    _paint_shelves(stage, random, window)
    _paint_desk(stage, random)
    _paint_things(stage, random, window.side)

    side = window.side
    sill_x = window.left + window.width * (0.5 + 0.28 * side)
    middle = (stage.width * 0.5, 34)
    stage.spots |= {
        "cup": (stage.width * (0.5 + 0.02 * side), DESK + 56, 70.0),
        "umbrella": (stage.width * (0.5 - 0.10 * side), DESK + 140, 130.0),
        "vinyl": (stage.width * (0.5 - 0.26 * side), DESK + 62, 112.0),
        "ground": [(sill_x, SILL + 2, 190.0), (stage.width * (0.5 - 0.42 * side), DESK + 40, 190.0)],
        "strings": [((-10, 40), middle, 0.8), (middle, (stage.width + 10, 40), 0.8)],
    }


def _place_window(stage: Stage, random: np.random.Generator) -> Window:
    """Draw where the window lies and how large it is."""
    side = random.choice([-1.0, 1.0])
    width = min(random.uniform(560, 640), stage.width * 0.56)
    left = stage.width * (0.5 + 0.13 * side) - width / 2
    return Window(side, left, random.uniform(64, 90), width, SILL)


def _paint_wall(stage: Stage, random: np.random.Generator) -> None:
    """Paint a wall with striped paper."""
    wall = indoor(stage, WALLPAPERS[random.integers(len(WALLPAPERS))])
    stage.canvas.gradient(0, 720, [wall * 0.86, wall, wall * 0.9])
    layer = stage.canvas.layer()
    for x in np.arange(0, stage.width, WALLPAPER_STRIPE):
        layer.box(x, 0, WALLPAPER_STRIPE / 2, 720, wall)
    stage.canvas.add(layer, opacity=0.16)


def _paint_window(stage: Stage, random: np.random.Generator, window: Window) -> None:
    """Paint the frame, the sill, snow on it, and curtains on their rod."""
    layer = stage.canvas.layer()
    frame = indoor(stage, "f0e4d4")
    edge = mix(frame, indoor(stage, "6a5a58"), 0.45)
    _draw_frame(layer, window, frame, edge)

    right = window.left + window.width
    if stage.snow:
        for x in np.arange(window.left, right, 10):
            layer.ellipse(x, window.bottom - 4, random.uniform(8, 16), random.uniform(3, 9), stage.snow_tone())
    layer.box(window.left - 40, window.bottom + 2, window.width + 80, 16, frame)
    layer.box(window.left - 40, window.bottom + 14, window.width + 80, 8, edge)

    fabric = indoor(stage, random.choice(CURTAINS))
    curtain_top = window.top - 40
    curtain_height = window.height + 66
    furniture.draw_curtain(layer, window.left - 92, curtain_top, CURTAIN_WIDTH, curtain_height, fabric, -0.3)
    furniture.draw_curtain(layer, right - 16, curtain_top, CURTAIN_WIDTH, curtain_height, fabric, 0.3)
    rod_y = window.top - 42
    layer.limb((window.left - 120, rod_y), (right + 120, rod_y), 8, 8, indoor(stage, "6a4a3a"))
    stage.canvas.add(layer)


def _draw_frame(layer: Layer, window: Window, frame: np.ndarray, edge: np.ndarray) -> None:
    """Draw three upright and three level bars, each with a shaded edge."""
    left = window.left
    width = window.width
    for x in (left - 14, left + width / 2 - 7, left + width - 2):
        layer.box(x, window.top - 14, 16, window.height + 20, frame)
        layer.box(x + 12, window.top - 14, 4, window.height + 20, edge)
    for y in (window.top - 16, window.top + window.height * 0.34, window.bottom - 6):
        layer.box(left - 14, y, width + 28, 13, frame)
        layer.box(left - 14, y + 10, width + 28, 3, edge)


def _paint_sunbeam(stage: Stage, window: Window) -> None:
    """Let the window's light fall into the room."""
    tone = mix(stage.light.sky[3], stage.light.sun, 0.4)
    strength = SUNBEAM.get(stage.scene.hour, SUNBEAM_BY_DAY)
    middle = window.left + window.width / 2
    stage.canvas.glow([Halo(middle, window.bottom - 140, window.width * 1.1, 480, tone, strength)])


def _paint_shelves(stage: Stage, random: np.random.Generator, window: Window) -> None:
    """Hang shelves with books and plants beside the window, and pictures under them."""
    layer = stage.canvas.layer()
    wood = indoor(stage, "8a5c40")
    if window.side > 0:
        start = 24.0
        stop = window.left - 130
    else:
        start = window.left + window.width + 130
        stop = stage.width - 24
    width = stop - start

    if width >= NARROWEST_SHELF:
        for y in SHELVES:
            layer.box(start, y, width, 12, wood)
            layer.box(start, y + 9, width, 5, wood * 0.7)
            books_width = width * random.uniform(0.4, 0.62)
            furniture.draw_books(stage, layer, random, start + 12, y, books_width, 78)
            trailing = y == SHELVES[0]
            houseplants.draw_pot(stage, layer, random, stop - 40, y, random.uniform(52, 66), trailing=trailing)
    for offset in (0.25, 0.66):
        _draw_picture(stage, layer, random, start + width * offset)
    stage.canvas.add(layer)


def _draw_picture(stage: Stage, layer: Layer, random: np.random.Generator, x: float) -> None:
    """Draw a framed picture of a sun over hills around x."""
    layer.box(x - 34, PICTURES, 68, PICTURE_HEIGHT, indoor(stage, "f0e8dc"))
    layer.box(x - 28, PICTURES + 6, 56, PICTURE_HEIGHT - 12, indoor(stage, random.choice(PICTURE_CODES)))
    layer.circle(x + random.uniform(-8, 8), PICTURES + 34, 12, indoor(stage, "ffe0a0"))
    layer.polygon(place(PICTURE_HILLS, x, PICTURES + 72, 1), indoor(stage, "4a4a6a"))


def _paint_desk(stage: Stage, random: np.random.Generator) -> None:
    """Paint the desk's top with its grain, and its front."""
    layer = stage.canvas.layer()
    wood = indoor(stage, "a87048")
    layer.box(0, DESK, stage.width, 170, wood)
    layer.box(0, DESK, stage.width, 4, mix(wood, (1, 1, 1), 0.2))

    for _ in range(WOOD_GRAIN):
        x = random.uniform(-60, stage.width)
        y = random.uniform(DESK + 8, 690)
        layer.ellipse(x, y, random.uniform(30, 120), 0.9, wood * random.uniform(0.88, 1.06))
    layer.box(0, 690, stage.width, 40, wood * 0.62)
    stage.canvas.add(layer)


def _paint_things(stage: Stage, random: np.random.Generator, side: float) -> None:
    """Set lamp, laptop, plants, notebook and books on the desk, and light what shines."""
    layer = stage.canvas.layer()
    middle = stage.width / 2
    lamp_x = middle + side * stage.width * 0.40
    halos = furniture.draw_desk_lamp(stage, layer, lamp_x, DESK + 30, 210, -side)
    halos.append(furniture.draw_laptop(stage, layer, middle + side * stage.width * 0.18, DESK + 52, 200))
    houseplants.draw_pot(stage, layer, random, middle - side * stage.width * 0.06, DESK + 26, 84)
    houseplants.draw_tall_plant(stage, layer, random, middle - side * stage.width * 0.46, DESK + 30, 250)
    furniture.draw_notebook(stage, layer, middle + side * stage.width * 0.02, DESK + 96, 130)

    pile_x = middle + side * stage.width * 0.36
    for level, width in enumerate(BOOK_PILE):
        spine = furniture.SPINES[random.integers(8)]
        layer.box(pile_x - width / 2, DESK + 52 - 16 * level, width, 15, indoor(stage, spine))
    stage.canvas.add(layer, rim=Rim(0, -3, stage.light.sky[3] * 0.6, 0.22))

    if lamps_on(stage):
        halos += _lamplight(stage, side)
    stage.canvas.glow(halos)


def _lamplight(stage: Stage, side: float) -> list[Halo]:
    """Return the light of the lamps: over the whole room, around the desk lamp, and on the desk."""
    tone = stage.light.lamps[0]
    middle = stage.width / 2
    lamp_x = middle + side * stage.width * 0.36
    return [
        Halo(middle, 330, stage.width * 0.62, 460, tone, 0.13),
        Halo(lamp_x, 440, 460, 400, tone, 0.26),
        Halo(lamp_x - side * 60, DESK + 50, 420, 90, tone, 0.30),
    ]
