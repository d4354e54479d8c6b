"""Where a scene's extra elements go: in the sky, on the water, far off, or in the foreground."""

from aiplayer.thumbnails.painting import air, landmarks, still_life, things
from aiplayer.thumbnails.painting.car import draw_car
from aiplayer.thumbnails.painting.furniture import draw_turntable
from aiplayer.thumbnails.painting.indoors import indoor
from aiplayer.thumbnails.painting.palette import color, mix
from aiplayer.thumbnails.painting.stage import Stage

COATS = ("2c2830", "e09a58", "8a8494", "f0e6d8", "5a4038")
# What belongs inside when the scene is a room; everything else is seen through the window.
INDOORS = frozenset({"cat", "vinyl", "steam cup", "christmas tree", "lanterns"})
# Heights of things on the ground, as shares of a person's.
GROUND = {"tent": 0.95, "campfire": 0.52, "christmas tree": 2.1, "cat": 0.42}


def paint_sky_elements(stage: Stage) -> None:
    """Paint what flies, before the land is painted over the sky's foot."""
    for element, painter in (
        ("fireworks", air.paint_fireworks),
        ("balloons", air.paint_balloons),
        ("birds", air.paint_birds),
    ):
        if stage.has(element):
            painter(stage)


def paint_far_elements(stage: Stage) -> None:
    """Paint what stands in the middle distance, at the spots that the place has named."""
    if stage.has("train"):
        landmarks.paint_train(stage)
    layer, halos = stage.canvas.layer(), []
    x, base, size = stage.spots.get("landmark", (stage.width * 0.2, stage.horizon, 170.0))
    apart = 0.0
    for element, draw in (("ferris wheel", landmarks.draw_ferris_wheel), ("lighthouse", landmarks.draw_lighthouse)):
        if stage.has(element):
            halos += draw(stage, layer, x + apart, base, size)
            apart += 130 if x < stage.width / 2 else -130
    stage.canvas.add(layer)
    stage.canvas.glow(halos)


def paint_near_elements(stage: Stage) -> None:
    """Paint what stands close by, and lamps on strings."""
    inside = stage.scene.place in ("cafe", "room")
    present = stage.scene.elements & INDOORS if inside else stage.scene.elements
    layer, halos = stage.canvas.layer(), []
    random, spots = stage.random("elements"), list(stage.spots.get("ground", [])) or [(stage.width * 0.3, 690.0, 120.0)]
    draws = {"tent": things.draw_tent, "campfire": things.draw_campfire, "christmas tree": things.draw_christmas_tree}
    index = 0
    for element in ("christmas tree", "tent", "campfire", "cat"):
        if element not in present:
            continue
        x, base, person = spots[index % len(spots)]
        x += 90 * (index // len(spots))
        index += 1
        if element == "cat":
            coat = color(COATS[random.integers(len(COATS))])
            things.draw_cat(
                stage, layer, x, base, max(person * GROUND["cat"], 44.0), stage.light.lit(mix(coat, (1, 1, 1), 0.04))
            )
        else:
            halos += draws[element](stage, layer, x, base, person * GROUND[element])
    if "car" in present:
        halos += draw_car(stage, layer, *stage.spots.get("car", (stage.width * 0.62, 700.0, 170.0)))
    if "boat" in present:
        halos += landmarks.draw_boat(stage, layer, *stage.spots.get("water", (stage.width * 0.75, 690.0, 110.0)))
    halos += _paint_still_life(stage, layer)
    edge = stage.light.lamps[0] * 0.5 if inside else mix(stage.light.sky[3], stage.light.sun, 0.3) * 0.6
    stage.canvas.add(layer, rim=(2.5 * stage.side_of_light(stage.width / 2), -2.5, edge, 0.30))
    stage.canvas.glow(halos)
    if stage.has("lanterns"):
        air.paint_lanterns(stage)


def _paint_still_life(stage: Stage, layer) -> list:
    """Put the record and the cup on the table, or, out of doors, on a ledge at the bottom edge."""
    inside, halos = stage.scene.place in ("cafe", "room"), []
    side = -1.0 if stage.sun[0] > stage.width / 2 else 1.0
    if not inside and (stage.has("vinyl") or stage.has("steam cup")):
        wood = stage.ground("7a5440")
        layer.box(0, 676, stage.width, 50, wood)
        layer.box(0, 676, stage.width, 5, mix(wood, (1, 1, 1), 0.2))
    if stage.has("vinyl"):
        if inside:
            draw_turntable(stage, layer, *stage.spots["vinyl"])
        else:
            still_life.draw_record(stage, layer, stage.width * (0.5 + 0.38 * side), 694, 150)
    if stage.has("steam cup"):
        cup = stage.spots.get("cup", (stage.width * (0.5 + 0.24 * side), 700.0, 78.0))
        halos = still_life.draw_cup(
            stage, layer, *cup, tint=mix(indoor(stage, "ffffff"), (1, 1, 1), 0.25) if inside else None
        )
    return halos
