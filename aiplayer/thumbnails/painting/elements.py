"""Where a scene's extra elements go: in the sky, on the water, far off, or in the foreground."""

import numpy as np

from aiplayer.thumbnails.painting import air, landmarks, still_life, things
from aiplayer.thumbnails.painting.canvas import Halo, Rim
from aiplayer.thumbnails.painting.car import draw_car
from aiplayer.thumbnails.painting.furniture import draw_turntable
from aiplayer.thumbnails.painting.indoors import indoor
from aiplayer.thumbnails.painting.layer import WHITE, Layer
from aiplayer.thumbnails.painting.palette import color, mix
from aiplayer.thumbnails.painting.stage import Stage
from aiplayer.thumbnails.painting.train import paint_train
from aiplayer.thumbnails.painting.umbrella import draw_umbrella
from aiplayer.thumbnails.scene_words import INDOOR_PLACES

COATS = ("2c2830", "e09a58", "8a8494", "f0e6d8", "5a4038")
# What belongs inside when the scene is a room; everything else is seen through the window.
INDOORS = frozenset({"cat", "vinyl", "steam cup", "christmas tree", "lanterns", "umbrella"})
SKY_PAINTERS = {
    "fireworks": air.paint_fireworks,
    "balloons": air.paint_balloons,
    "birds": air.paint_birds,
}
LANDMARKS = {
    "ferris wheel": landmarks.draw_ferris_wheel,
    "lighthouse": landmarks.draw_lighthouse,
}
# How large they are beside the height that a place has for them.
LANDMARK_SIZES = {"ferris wheel": 1.55, "lighthouse": 1.1}
# What stands on the ground, in the order in which the free spots are taken; the cat comes last.
GROUND_THINGS = {
    "christmas tree": things.draw_christmas_tree,
    "tent": things.draw_tent,
    "campfire": things.draw_campfire,
    "umbrella": draw_umbrella,
}
GROUND_ELEMENTS = frozenset({*GROUND_THINGS, "cat", "car"})
# Heights of things on the ground, as shares of a person's.
GROUND_HEIGHTS = {"tent": 0.95, "campfire": 0.52, "christmas tree": 2.1, "umbrella": 0.8, "cat": 0.55}
SMALLEST_CAT = 62.0
# How far elements that share a spot stand from each other, in units.
APART = 90
LANDMARKS_APART = 130
LEDGE = 676


def paint_sky_elements(stage: Stage) -> None:
    """Paint what flies, before the land is painted over the sky's foot.

    Args:
        stage: The picture being painted, with its sky.
    """
    for element, painter in SKY_PAINTERS.items():
        if stage.has(element):
            painter(stage)


def paint_far_elements(stage: Stage) -> None:
    """Paint what stands in the middle distance, at the spots that the place has chosen.

    Args:
        stage: The picture being painted; its spots may hold "rail" and "landmark".
    """
    if stage.has("train"):
        paint_train(stage)
    paint_landmarks(stage)


def paint_landmarks(stage: Stage) -> None:
    """Paint the high things of the middle distance, at the spot "landmark".

    Args:
        stage: The picture being painted.
    """
    layer = stage.canvas.layer()
    halos = []
    x, base, size = stage.spots.get("landmark", (stage.width * 0.2, stage.horizon, 170.0))
    inward = LANDMARKS_APART if x < stage.width / 2 else -LANDMARKS_APART
    offset = 0.0
    for element, draw in LANDMARKS.items():
        if stage.has(element):
            halos += draw(stage, layer, x + offset, base, size * LANDMARK_SIZES[element])
            offset += inward

    stage.canvas.add(layer)
    stage.canvas.glow(halos)


def paint_near_elements(stage: Stage) -> None:
    """Paint what stands close by, and lamps on strings.

    Args:
        stage: The picture being painted, finished but for its elements and its weather; its spots may hold
            "ground", "car", "water", "vinyl", "cup" and "strings".
    """
    inside = stage.scene.place in INDOOR_PLACES
    present = stage.scene.elements & INDOORS if inside else stage.scene.elements
    layer = stage.canvas.layer()

    halos = _draw_ground_things(stage, layer, present)
    if "car" in present:
        x, base, _ = stage.spots.get("ground", [(stage.width * 0.62, 700.0, 170.0)])[-1]
        x, base, size = stage.spots.get("car", (x, base, 170.0))
        halos += draw_car(stage, layer, x, base, size)
    if "boat" in present:
        x, waterline, size = stage.spots.get("water", (stage.width * 0.75, 690.0, 110.0))
        halos += landmarks.draw_boat(stage, layer, x, waterline, size)
    halos += _draw_still_life(stage, layer, inside)

    edge = mix(stage.light.sky[3], stage.light.sun, 0.3) * 0.6
    if inside:
        edge = stage.light.lamps[0] * 0.5
    toward_light = 2.5 * stage.side_of_light(stage.width / 2)
    stage.canvas.add(layer, rim=Rim(toward_light, -2.5, edge, 0.30))
    stage.canvas.glow(halos)

    if stage.has("lanterns"):
        air.paint_lanterns(stage)


def _draw_ground_things(stage: Stage, layer: Layer, present: frozenset[str]) -> list[Halo]:
    """Draw what stands on the ground at one free spot after another; return its halos."""
    random = stage.random("elements")
    spots = list(stage.spots.get("ground", [])) or [(stage.width * 0.3, 690.0, 120.0)]
    standing = [element for element in (*GROUND_THINGS, "cat") if element in present]
    halos = []

    if "umbrella" in standing and "umbrella" in stage.spots:
        standing.remove("umbrella")
        halos += draw_umbrella(stage, layer, *stage.spots["umbrella"])
    for index, element in enumerate(standing):
        x, base, person = spots[index % len(spots)]
        # With more elements than spots, the next ones stand beside the first.
        x += APART * (index // len(spots))
        height = person * GROUND_HEIGHTS[element]
        if element == "cat":
            _draw_cat(stage, layer, random, x, base, height)
        else:
            halos += GROUND_THINGS[element](stage, layer, x, base, height)

    return halos


def _draw_cat(stage: Stage, layer: Layer, random: np.random.Generator, x: float, base: float, height: float) -> None:
    """Draw a cat with a coat drawn at random, large enough to be seen."""
    coat = color(random.choice(COATS))
    tone = stage.light.lit(mix(coat, WHITE, 0.04))
    things.draw_cat(stage, layer, x, base, max(height, SMALLEST_CAT), tone)


def _draw_still_life(stage: Stage, layer: Layer, inside: bool) -> list[Halo]:
    """Put the record and the cup on the table, or, out of doors, on a ledge at the bottom edge; return their halos."""
    away_from_sun = -1.0 if stage.sun[0] > stage.width / 2 else 1.0
    if not inside and (stage.has("vinyl") or stage.has("steam cup")):
        _draw_ledge(stage, layer)

    if stage.has("vinyl") and inside:
        draw_turntable(stage, layer, *stage.spots["vinyl"])
    elif stage.has("vinyl"):
        still_life.draw_record(stage, layer, stage.width * (0.5 + 0.38 * away_from_sun), 694, 150)

    if not stage.has("steam cup"):
        return []
    x, base, size = stage.spots.get("cup", (stage.width * (0.5 + 0.24 * away_from_sun), 700.0, 78.0))
    tint = mix(indoor(stage, "ffffff"), WHITE, 0.25) if inside else None
    return still_life.draw_cup(stage, layer, x, base, size, tint=tint)


def _draw_ledge(stage: Stage, layer: Layer) -> None:
    """Draw a wooden ledge along the bottom edge, its front lit."""
    wood = stage.ground("7a5440")
    layer.box(0, LEDGE, stage.width, 50, wood)
    layer.box(0, LEDGE, stage.width, 5, mix(wood, WHITE, 0.2))
