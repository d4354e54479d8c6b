"""A cafe: a wide window on the street or the city, hanging lamps, a wooden counter with a cup."""

import numpy as np

from aiplayer.thumbnails.painting import furniture, houseplants
from aiplayer.thumbnails.painting.canvas import Halo, Rim
from aiplayer.thumbnails.painting.indoors import indoor, lamps_on
from aiplayer.thumbnails.painting.layer import WHITE, Layer
from aiplayer.thumbnails.painting.outdoors import OUTDOOR_PAINTERS, choose_view
from aiplayer.thumbnails.painting.palette import mix
from aiplayer.thumbnails.painting.stage import Stage
from aiplayer.thumbnails.painting.view import paint_view

# Heights in units.
SILL = 560.0
BOTTOM = 720
BRICK_HEIGHT = 34
VIEWS = ("city", "street", "street")
# Width in units that one pane of the window has, about.
PANE_WIDTH = 350
DROPS = 240
GRAINS = 150
PENDANTS = 3


def paint_cafe(stage: Stage) -> None:
    """Paint the window of a cafe from inside.

    Args:
        stage: The picture being painted; takes the spots for the elements that belong inside.
    """
    random = stage.random("cafe")
    left = random.uniform(56, 120)
    right = stage.width - random.uniform(56, 120)
    top = random.uniform(44, 70)

    view = choose_view(stage.scene, VIEWS, random)
    paint_view(stage, OUTDOOR_PAINTERS[view], view, left, top, right - left, SILL - top, blur=1.6)

    _paint_glass(stage, random, left, right, top)
    _paint_wall(stage, left, right, top)
    _paint_counter(stage, random)
    _paint_furniture(stage, random, left, right)

    side = random.choice([-1, 1])
    stage.spots |= {
        "cup": (stage.width * (0.5 - 0.16 * side), 668.0, 92.0),
        "umbrella": (stage.width * (0.5 + 0.34 * side), 700.0, 150.0),
        "vinyl": (stage.width * (0.5 + 0.18 * side), 676.0, 100.0),
        "ground": [
            (stage.width * (0.5 + 0.13 * side), SILL + 28, 230.0),
            (stage.width * (0.5 - 0.33 * side), SILL + 40, 200.0),
        ],
        "strings": [((left, top + 8), (right, top + 8), 0.9)],
    }


def _paint_glass(stage: Stage, random: np.random.Generator, left: float, right: float, top: float) -> None:
    """Paint the reflections, the drops and the frost that lie on the glass."""
    reflections = stage.canvas.layer(reduce=4)
    for _ in range(3):
        x = random.uniform(left, right)
        width = random.uniform(40, 130)
        slanted = [(x, top), (x + width, top), (x + width - 190, SILL), (x - 190, SILL)]
        reflections.polygon(slanted, WHITE)
    stage.canvas.add(reflections, opacity=0.055)

    if stage.scene.weather == "rain":
        _paint_drops(stage, random, left, right, top)
    if stage.snow:
        _paint_frost(stage, random, left, right)


def _paint_drops(stage: Stage, random: np.random.Generator, left: float, right: float, top: float) -> None:
    """Paint drops of rain on the glass; some have left a trail."""
    drops = stage.canvas.layer()
    sky = stage.light.sky[1]
    tone = mix(stage.light.sky[3], WHITE, 0.45)
    for _ in range(DROPS):
        x = random.uniform(left, right)
        y = random.uniform(top, SILL)
        size = random.uniform(1.0, 3.6)
        drops.ellipse(x, y, size, size * 1.25, tone)
        drops.ellipse(x + size * 0.2, y - size * 0.25, size * 0.72, size * 0.9, sky)

        if random.random() < 0.12:
            trail_start = (x + random.normal(0, 3), y - random.uniform(20, 90))
            drops.limb((x, y), trail_start, size * 0.9, 0.6, tone)

    stage.canvas.add(drops, opacity=0.55)


def _paint_frost(stage: Stage, random: np.random.Generator, left: float, right: float) -> None:
    """Heap snow on the window's sill, outside."""
    frost = stage.canvas.layer()
    white = stage.light.lit(WHITE) * (0.96, 0.98, 1.0)
    for x in np.arange(left, right, 9):
        frost.circle(x, SILL + 2, random.uniform(5, 17), white)
    stage.canvas.add(frost, opacity=0.95)


def _paint_wall(stage: Stage, left: float, right: float, top: float) -> None:
    """Paint the wall around the window, in courses of brick, and the window's frame."""
    layer = stage.canvas.layer()
    wall = indoor(stage, "7a6858")
    layer.box(0, 0, stage.width, top, wall)
    layer.box(0, 0, left, BOTTOM, wall)
    layer.box(right, 0, stage.width - right + 2, BOTTOM, wall)

    joint = wall * 0.86
    for y in np.arange(0, SILL, BRICK_HEIGHT):
        # The upright joints of every other course are shifted.
        odd_course = int(y / BRICK_HEIGHT) % 2
        upright = 0.35 if odd_course else 0.75
        for x, width in ((0.0, left), (right, stage.width - right)):
            layer.box(x, y, width, 2, joint)
            layer.box(x + width * upright, y, 2, BRICK_HEIGHT, joint)

    _draw_frame(stage, layer, left, right, top)
    stage.canvas.add(layer)


def _draw_frame(stage: Stage, layer: Layer, left: float, right: float, top: float) -> None:
    """Draw the window's uprights and rails, each with an edge that catches the light."""
    frame = indoor(stage, "5a3a2e")
    bright_side = mix(frame, stage.light.sky[3], 0.35)
    bright_top = mix(frame, stage.light.sky[3], 0.3)

    columns = max(2, round((right - left) / PANE_WIDTH))
    for column in range(columns + 1):
        x = left + (right - left) * column / columns
        layer.box(x - 8, top - 8, 16, SILL - top + 8, frame)
        layer.box(x - 8, top - 8, 4, SILL - top + 8, bright_side)

    rails = ((top - 10, 16), (top + 96, 9), (SILL - 8, 20))
    for y, thickness in rails:
        layer.box(left - 8, y, right - left + 16, thickness, frame)
        layer.box(left - 8, y, right - left + 16, 3, bright_top)


def _paint_counter(stage: Stage, random: np.random.Generator) -> None:
    """Paint the wooden counter under the window, shining toward the light."""
    layer = stage.canvas.layer()
    wood = indoor(stage, "9a6440")
    layer.box(0, SILL + 8, stage.width, 46, indoor(stage, "4a3028"))
    layer.box(0, SILL + 34, stage.width, 720, wood)

    for seam in (622, 664, 706):
        layer.box(0, seam, stage.width, 1.6, wood * 0.72)
    for _ in range(GRAINS):
        x = random.uniform(-60, stage.width)
        y = random.uniform(SILL + 38, 718)
        layer.ellipse(x, y, random.uniform(20, 110), 0.9, wood * random.uniform(0.86, 1.06))
    stage.canvas.add(layer)

    shine = mix(stage.light.sky[3], stage.light.lamps[0], 0.4)
    stage.canvas.glow([Halo(stage.width * share, SILL + 44, 260, 46, shine, 0.34) for share in (0.2, 0.5, 0.8)])


def _paint_furniture(stage: Stage, random: np.random.Generator, left: float, right: float) -> None:
    """Hang lamps before the window, and stand plants, books and a notebook on the counter."""
    layer = stage.canvas.layer()
    halos = []
    for index in range(PENDANTS):
        middle = left + (right - left) * (index + 0.5) / PENDANTS
        x = middle + random.uniform(-20, 20)
        y = random.uniform(120, 170)
        size = random.uniform(78, 96)
        halos.append(furniture.draw_pendant(stage, layer, x, y, size))

    houseplants.draw_pot(stage, layer, random, left + random.uniform(20, 70), SILL + 40, random.uniform(80, 110))
    houseplants.draw_pot(stage, layer, random, right - random.uniform(20, 70), SILL + 36, random.uniform(64, 84))
    beside_window = random.choice([left * 0.5, (right + stage.width) / 2])
    houseplants.draw_pot(stage, layer, random, beside_window, 190, 70, trailing=True)
    furniture.draw_books(stage, layer, random, right - 300, SILL + 40, 90, 62)
    houseplants.draw_vase_grass(stage, layer, random, left + 190, SILL + 44, 96)
    furniture.draw_notebook(stage, layer, stage.width * random.uniform(0.44, 0.52), SILL + 118, 150)

    edge = stage.light.lamps[0] * 0.6 if lamps_on(stage) else stage.light.sky[3] * 0.5
    stage.canvas.add(layer, rim=Rim(0, 3, edge, 0.25))

    if lamps_on(stage):
        halos += [Halo(lamp.x, SILL + 96, 230, 66, lamp.color, 0.42) for lamp in halos]
    stage.canvas.glow(halos)
