"""A cafe: a wide window on the street or the city, hanging lamps, a wooden counter with a cup."""

import numpy as np

from aiplayer.thumbnails.painting import furniture
from aiplayer.thumbnails.painting.city import paint_city
from aiplayer.thumbnails.painting.indoors import indoor, lamps_on
from aiplayer.thumbnails.painting.palette import mix
from aiplayer.thumbnails.painting.shore import paint_sea
from aiplayer.thumbnails.painting.stage import Stage
from aiplayer.thumbnails.painting.street import paint_street
from aiplayer.thumbnails.painting.view import paint_view

SILL = 560.0


def paint_cafe(stage: Stage) -> None:
    """Paint the window of a cafe from inside."""
    random = stage.random("cafe")
    left, right, top = random.uniform(56, 120), stage.width - random.uniform(56, 120), random.uniform(44, 70)
    painter, place = ((paint_street, "street"), (paint_city, "city"))[int(random.random() < 0.4)]
    if stage.scene.elements & {"boat", "lighthouse"}:
        painter, place = paint_sea, "sea"
    paint_view(stage, painter, place, left, top, right - left, SILL - top, blur=1.6)
    _paint_panes(stage, random, left, right, top)
    _paint_wall(stage, left, right, top)
    _paint_counter(stage, random)
    _paint_things(stage, random, left, right)
    side = random.choice([-1, 1])
    stage.spots |= {
        "cup": (stage.width * (0.5 - 0.16 * side), 668.0, 92.0),
        "vinyl": (stage.width * (0.5 + 0.18 * side), 676.0, 100.0),
        "ground": [
            (stage.width * (0.5 + 0.13 * side), SILL + 28, 230.0),
            (stage.width * (0.5 - 0.33 * side), SILL + 40, 200.0),
        ],
        "strings": [((left, top + 8), (right, top + 8), 0.9)],
    }


def _paint_panes(stage: Stage, random: np.random.Generator, left: float, right: float, top: float) -> None:
    """Put the frame before the view, and the reflections and drops that lie on the glass."""
    canvas = stage.canvas
    layer = canvas.layer(reduce=4)
    for _ in range(3):
        x, width = random.uniform(left, right), random.uniform(40, 130)
        layer.polygon([(x, top), (x + width, top), (x + width - 190, SILL), (x - 190, SILL)], (1, 1, 1))
    canvas.add(layer, opacity=0.055)
    if stage.scene.weather == "rain":
        drops, tone = canvas.layer(), mix(stage.light.sky[3], (1, 1, 1), 0.45)
        for _ in range(240):
            x, y, size = random.uniform(left, right), random.uniform(top, SILL), random.uniform(1.0, 3.6)
            drops.ellipse(x, y, size, size * 1.25, tone)
            drops.ellipse(x + size * 0.2, y - size * 0.25, size * 0.72, size * 0.9, stage.light.sky[1])
            if random.random() < 0.12:
                drops.limb((x, y), (x + random.normal(0, 3), y - random.uniform(20, 90)), size * 0.9, 0.6, tone)
        canvas.add(drops, opacity=0.55)
    if stage.snow:
        frost = canvas.layer()
        for x in np.arange(left, right, 9):
            frost.circle(x, SILL + 2, random.uniform(5, 17), (0.96, 0.98, 1.0) * np.asarray(stage.light.lit((1, 1, 1))))
        canvas.add(frost, opacity=0.95)


def _paint_wall(stage: Stage, left: float, right: float, top: float) -> None:
    layer, wall, frame = stage.canvas.layer(), indoor(stage, "7a6858"), indoor(stage, "5a3a2e")
    layer.box(0, 0, stage.width, top, wall)
    layer.box(0, 0, left, 720, wall)
    layer.box(right, 0, stage.width - right + 2, 720, wall)
    for y in np.arange(0, SILL, 34):
        for x in (0.0, right):
            wide = left if x == 0 else stage.width - right
            layer.box(x, y, wide, 2, wall * 0.86)
            layer.box(x + wide * (0.35 if int(y / 34) % 2 else 0.75), y, 2, 34, wall * 0.86)
    columns = max(2, round((right - left) / 350))
    for column in range(columns + 1):
        x = left + (right - left) * column / columns
        layer.box(x - 8, top - 8, 16, SILL - top + 8, frame)
        layer.box(x - 8, top - 8, 4, SILL - top + 8, mix(frame, stage.light.sky[3], 0.35))
    for y, thick in ((top - 10, 16), (top + 96, 9), (SILL - 8, 20)):
        layer.box(left - 8, y, right - left + 16, thick, frame)
        layer.box(left - 8, y, right - left + 16, 3, mix(frame, stage.light.sky[3], 0.3))
    stage.canvas.add(layer)


def _paint_counter(stage: Stage, random: np.random.Generator) -> None:
    """Paint the wooden counter under the window, shining toward the light."""
    layer, wood = stage.canvas.layer(), indoor(stage, "9a6440")
    layer.box(0, SILL + 8, stage.width, 46, indoor(stage, "4a3028"))
    layer.box(0, SILL + 34, stage.width, 720, wood)
    for y in (622, 664, 706):
        layer.box(0, y, stage.width, 1.6, wood * 0.72)
    for _ in range(150):
        x, y = random.uniform(-60, stage.width), random.uniform(SILL + 38, 718)
        layer.ellipse(x, y, random.uniform(20, 110), 0.9, wood * random.uniform(0.86, 1.06))
    stage.canvas.add(layer)
    shine = mix(stage.light.sky[3], stage.light.lamps[0], 0.4)
    stage.canvas.glow([(stage.width * share, SILL + 44, 260, 46, shine, 0.34) for share in (0.2, 0.5, 0.8)])


def _paint_things(stage: Stage, random: np.random.Generator, left: float, right: float) -> None:
    layer, halos = stage.canvas.layer(), []
    count = 3
    for index in range(count):
        x = left + (right - left) * (index + 0.5) / count + random.uniform(-20, 20)
        halos.append(furniture.draw_pendant(stage, layer, x, random.uniform(120, 170), random.uniform(78, 96)))
    furniture.draw_pot(stage, layer, random, left + random.uniform(20, 70), SILL + 40, random.uniform(80, 110))
    furniture.draw_pot(stage, layer, random, right - random.uniform(20, 70), SILL + 36, random.uniform(64, 84))
    furniture.draw_pot(
        stage, layer, random, random.choice([left * 0.5, (right + stage.width) / 2]), 190, 70, trailing=True
    )
    furniture.draw_books(stage, layer, random, right - 300, SILL + 40, 90, 62)
    furniture.draw_vase_grass(stage, layer, random, left + 190, SILL + 44, 96)
    furniture.draw_notebook(stage, layer, stage.width * random.uniform(0.44, 0.52), SILL + 118, 150)
    stage.canvas.add(
        layer, rim=(0, 3, stage.light.lamps[0] * 0.6 if lamps_on(stage) else stage.light.sky[3] * 0.5, 0.25)
    )
    if lamps_on(stage):
        halos += [(x, SILL + 96, 230, 66, tone, 0.42) for x, _, _, _, tone, _ in halos]
    stage.canvas.glow(halos)
