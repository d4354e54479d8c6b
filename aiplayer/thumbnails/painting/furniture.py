"""Things indoors: books, lamps, a record player, a laptop, a notebook, curtains; plants come from `houseplants`."""

import numpy as np

from aiplayer.thumbnails.painting.canvas import Halo
from aiplayer.thumbnails.painting.indoors import indoor, lamps_on
from aiplayer.thumbnails.painting.layer import Layer
from aiplayer.thumbnails.painting.palette import mix
from aiplayer.thumbnails.painting.sketch import Sketch
from aiplayer.thumbnails.painting.stage import Stage

SPINES = ("c05a4c", "e0a050", "5a8a7c", "4c6a98", "8c5a8a", "d8c8a8", "6a4a44", "a8b068")
LEANING_BOOK_PROBABILITY = 0.12
CURTAIN_FOLDS = 7
# Height on the screen, and width, of each line of a page that a laptop shows, as shares of the screen.
SCREEN_LINES = ((0.15, 0.5), (0.3, 0.72), (0.45, 0.38), (0.6, 0.62), (0.75, 0.46))
NOTEBOOK_LINES = (0.25, 0.42, 0.59, 0.76)


def draw_books(
    stage: Stage, layer: Layer, random: np.random.Generator, left: float, base: float, width: float, tall: float
) -> None:
    """Stand a row of books side by side; now and then one leans to the right.

    Args:
        stage: The picture.
        layer: The sheet to draw on.
        random: It draws the books.
        left: Where the row begins, in units.
        base: The shelf, in units.
        width: Length of the row, in units.
        tall: Height of the tallest books, in units.
    """
    x = left
    while x < left + width - 8:
        thickness = random.uniform(7, 15)
        height = tall * random.uniform(0.7, 1.0)
        spine = indoor(stage, SPINES[random.integers(len(SPINES))])

        if random.random() < LEANING_BOOK_PROBABILITY:
            lean = height * 0.25
            top_right = (x + thickness + lean, base - height)
            top_left = (x + lean, base - height * 1.02)
            layer.polygon([(x, base), (x + thickness, base), top_right, top_left], spine)
            x += lean
        else:
            _draw_upright_book(layer, x, base, thickness, height, spine)
        x += thickness + 0.6


def _draw_upright_book(layer: Layer, x: float, base: float, thickness: float, height: float, spine: np.ndarray) -> None:
    """Draw the spine of a book with its label, and its left edge in shade."""
    layer.box(x, base - height, thickness, height, spine)
    label = mix(spine, (1, 0.95, 0.85), 0.5)
    layer.box(x + 1.5, base - height * 0.84, thickness - 3, height * 0.07, label)
    layer.box(x, base - height, 1.6, height, spine * 0.8)


def draw_pendant(stage: Stage, layer: Layer, x: float, y: float, size: float) -> Halo:
    """Hang a lamp, about as wide as its size in units, from the ceiling to (x, y); return its halo."""
    sketch = Sketch(layer, x, y, size)
    layer.line([(x, -10), (x, y)], indoor(stage, "2a2428"), 2)

    shade = indoor(stage, "4a5a58")
    sketch.polygon([(-0.16, 0.34), (0.16, 0.34), (0.58, -0.12), (-0.58, -0.12)], shade)
    lit_side = [(-0.16, 0.34), (-0.04, 0.34), (-0.3, -0.12), (-0.58, -0.12)]
    sketch.polygon(lit_side, mix(shade, (1, 1, 1), 0.14))

    is_lit = lamps_on(stage)
    bulb = stage.light.lamps[0] if is_lit else indoor(stage, "f0e8d8")
    sketch.ellipse(0, -0.13, 0.55, 0.07, mix(bulb, (1, 1, 1), 0.25))
    sketch.circle(0, -0.17, 0.15, mix(bulb, (1, 1, 1), 0.5))
    return Halo(x, y + size * 0.3, size * 3.4, size * 3.2, bulb, 0.5 if is_lit else 0.10)


def draw_desk_lamp(stage: Stage, layer: Layer, x: float, base: float, size: float, side: float) -> list[Halo]:
    """Stand a jointed lamp on a desk.

    Args:
        stage: The picture.
        layer: The sheet to draw on.
        x: Where its foot stands, in units.
        base: The desk, in units.
        size: Its height, in units.
        side: Where its head points: -1 left, 1 right.

    Returns:
        The halos of the bulb and of the lit desk; none by day.
    """
    metal = indoor(stage, "d8a048")
    sketch = Sketch(layer, x, base, size)
    elbow = sketch.point(-side * 0.34, 0.55)
    joint = sketch.point(side * 0.18, 0.98)
    layer.ellipse(x, base - 3, size * 0.24, size * 0.055, metal * 0.7)
    layer.limb((x, base), elbow, 5, 5, metal * 0.8)
    layer.limb(elbow, joint, 5, 5, metal * 0.8)

    head = Sketch(layer, *joint, size)
    head.polygon([(-side * 0.10, 0.10), (side * 0.10, 0.16), (side * 0.36, -0.10), (-side * 0.02, -0.26)], metal)
    if not lamps_on(stage):
        return []

    lamp = stage.light.lamps[0]
    head.ellipse(side * 0.18, -0.20, 0.2, 0.07, mix(lamp, (1, 1, 1), 0.4), -25 * side)
    bulb_x, bulb_y = head.point(side * 0.18, -0.20)
    bulb_halo = Halo(bulb_x, bulb_y, size * 0.9, size * 0.9, lamp, 0.6)
    desk_halo = Halo(bulb_x + side * 20, base, size * 2.2, size * 0.7, lamp, 0.55)
    return [bulb_halo, desk_halo]


def draw_laptop(stage: Stage, layer: Layer, x: float, base: float, size: float) -> Halo:
    """Stand an open laptop, `size` units wide, on a desk at height `base`; return the glow of its screen."""
    sketch = Sketch(layer, x, base, size)
    body = indoor(stage, "b8bcc8")
    screen = mix(stage.light.lamps[-1], (0.75, 0.9, 1.0), 0.65)

    half = size * 0.5
    lid_top = base - size * 0.66
    lid = [(x - half, lid_top), (x + half, lid_top), (x + half, base - 6), (x - half, base - 6)]
    layer.polygon(lid, body * 0.7)

    sketch.box(-0.46, 0.62, 0.92, 0.52, screen * 0.72)
    for height_share, width_share in SCREEN_LINES:
        y = base - size * 0.62 + size * 0.52 * height_share
        layer.box(x - size * 0.38, y, size * 0.72 * width_share, 4, screen)

    front_half = size * 0.6
    keyboard = [(x - half, base - 7), (x + half, base - 7), (x + front_half, base + 8), (x - front_half, base + 8)]
    layer.polygon(keyboard, body)
    return Halo(x, base - size * 0.35, size * 1.1, size * 0.9, screen, 0.22)


def draw_turntable(stage: Stage, layer: Layer, x: float, base: float, size: float) -> None:
    """Draw a record player seen from a little above, with a record on it; it is twice as wide as its size in units."""
    sketch = Sketch(layer, x, base, size)
    wood = indoor(stage, "a86c44")
    sketch.polygon([(-0.86, 0.52), (0.86, 0.52), (1, 0.16), (-1, 0.16)], mix(wood, (1, 1, 1), 0.12))
    sketch.box(-1, 0.17, 2, 0.17, wood * 0.78)

    _draw_platter(stage, Sketch(layer, *sketch.point(-0.18, 0.335), size))

    arm = indoor(stage, "e8e4dc")
    sketch.circle(0.64, 0.42, 0.075, arm * 0.8)
    sketch.line([(0.64, 0.44), (0.56, 0.28), (0.2, 0.29)], arm, 3.4)
    sketch.circle(0.78, 0.085, 0.035, indoor(stage, "f0c060"))


def _draw_platter(stage: Stage, sketch: Sketch) -> None:
    """Draw a record around the foot of a sketch: its grooves as rings, its label and the hole."""
    vinyl = indoor(stage, "1c1a22")
    groove = mix(vinyl, (1, 1, 1), 0.09)
    size = sketch.size

    sketch.ellipse(0, 0, 0.60, 0.155, vinyl)
    for ring in (0.52, 0.44, 0.36):
        outer = size * ring
        inner = size * (ring - 0.02)
        sketch.layer.ellipse(sketch.x, sketch.base, outer, outer * 0.26, groove)
        sketch.layer.ellipse(sketch.x, sketch.base, inner, inner * 0.26, vinyl)

    sketch.ellipse(0, 0, 0.20, 0.052, indoor(stage, "e06a50"))
    sketch.ellipse(0, 0, 0.03, 0.01, indoor(stage, "fff4e0"))


def draw_curtain(
    layer: Layer, left: float, top: float, width: float, height: float, tone: np.ndarray, side: float
) -> None:
    """Hang a gathered curtain.

    Args:
        layer: The sheet to draw on.
        left: Its left edge at the top, in units.
        top: In units.
        width: In units.
        height: In units.
        tone: Its color.
        side: Which way its hem swings, and how far: negative for left, 1 for a fifth of its width.
    """
    swing = side * width * 0.22
    bottom = top + height
    for fold in range(CURTAIN_FOLDS):
        start = fold / CURTAIN_FOLDS
        stop = (fold + 1) / CURTAIN_FOLDS
        top_left = left + width * start
        top_right = left + width * stop
        hem = [(top_right + swing * stop, bottom), (top_left + swing * start, bottom)]

        # Neighboring folds catch the light in a pattern that looks unordered and repeats every fourth.
        brightness = 0.80 + 0.24 * ((fold * 3) % 4) / 3
        layer.polygon([(top_left, top), (top_right, top), *hem], tone * brightness)


def draw_notebook(stage: Stage, layer: Layer, x: float, base: float, size: float) -> None:
    """Lay an open notebook with a pen on a table; it is about as wide as its size in units."""
    sketch = Sketch(layer, x, base, size)
    paper = indoor(stage, "f4ecdc")
    for side, brightness in ((-1, 0.94), (1, 1.0)):
        page = [(0, 0.26), (side * 0.44, 0.24), (side * 0.52, 0), (0, -0.02)]
        sketch.polygon(page, paper * brightness)

        for share in NOTEBOOK_LINES:
            y = base - size * 0.25 * (1 - share)
            start_x = x + side * size * 0.06
            end_x = x + side * size * (0.34 + 0.08 * share)
            layer.line([(start_x, y), (end_x, y)], paper * 0.78, 1.4)

    layer.limb(sketch.point(0.30, 0.22), sketch.point(0.62, 0.06), 5, 4, indoor(stage, "d86a50"))
