"""A highway that runs to the horizon: lane marks, guard rails, lamps, hills or a far city."""

import numpy as np

from aiplayer.thumbnails.painting import city, land, mountain, trees, water
from aiplayer.thumbnails.painting.canvas import spread
from aiplayer.thumbnails.painting.elements import paint_far_elements
from aiplayer.thumbnails.painting.palette import GRASS, mix
from aiplayer.thumbnails.painting.sky import paint_sky
from aiplayer.thumbnails.painting.stage import Stage


class Course:
    """The road in perspective: where it lies at a share of the way to the viewer, from 0 (far) to 1 (near)."""

    def __init__(self, stage: Stage, random: np.random.Generator):
        self.top = stage.horizon + 4
        self.vanish = stage.width * random.uniform(0.4, 0.6)
        self.bend = random.choice([-1, 1]) * random.uniform(60, 210)
        self.near = stage.width * random.uniform(0.46, 0.54)

    def at(self, share, offset) -> np.ndarray:
        """Return points [N, 2]; offset is across the road, from -1 (left edge) to 1 (right edge)."""
        share = np.asarray(share, dtype=float)
        middle = self.vanish + (self.near - self.vanish) * share + self.bend * share * (1 - share) ** 2 * 2.4
        return np.stack([middle + np.asarray(offset) * (5 + 560 * share), self.top + (740 - self.top) * share], axis=-1)


def paint_road(stage: Stage) -> None:
    """Paint a highway."""
    random = stage.random("road")
    stage.set_horizon(random.uniform(400, 450))
    paint_sky(stage)
    course = Course(stage, random)
    far = random.choice(["city", "mountains", "hills"])
    if far == "city":
        for depth, height, width in ((0.82, 130, 34), (0.66, 105, 40)):
            city.paint_row(stage, random, depth, stage.horizon, height, width, course.vanish)
    elif far == "mountains":
        mountain.paint_range(stage, random, stage.horizon, random.uniform(150, 210))
    land.paint_ridges(stage, 2, stage.horizon - 46, stage.horizon + 8, "4c6a62", nearest=0.5)
    stage.spots |= {"landmark": (stage.width * 0.16, stage.horizon + 8, 170.0), "rail": (stage.horizon - 2, 0.45)}
    paint_far_elements(stage)
    _paint_verge(stage, random, course)
    _paint_surface(stage, course)
    if stage.scene.weather == "rain":
        _paint_wet(stage)
    _paint_rails(stage, course)
    _paint_roadside(stage, random, course)
    lane = course.at(0.50, 0.45)
    stage.spots |= {
        "ground": [(stage.width * 0.2, 660, 115.0), (stage.width * 0.82, 660, 115.0)],
        "car": (*lane, 150.0),
    }


def _paint_verge(stage: Stage, random: np.random.Generator, course: Course) -> None:
    layer, grass = stage.canvas.layer(), stage.ground(GRASS[stage.scene.season])
    layer.box(0, course.top - 2, stage.width, 760 - course.top, grass)
    for _ in range(420):
        near = random.random() ** 1.5
        y = course.top + (720 - course.top) * near
        layer.ellipse(
            random.uniform(0, stage.width),
            y,
            (4 + 30 * near) * random.uniform(0.5, 1.2),
            0.7 + 2.2 * near,
            grass * random.uniform(0.84, 1.10),
        )
    stage.canvas.add(layer, fade=(stage.light.haze, course.top, 0.6, 640, 0.0))
    layer = stage.canvas.layer()
    for near in np.sort(random.random(52)) ** 1.6:
        base, across = course.top + 6 + (700 - course.top) * near, random.choice([-1, 1]) * random.uniform(1.5, 4.5)
        x = course.at(near, across)[0]
        if random.random() < 0.45:
            trees.draw_bush(stage, layer, random, x, base, 8 + 62 * near, 0.5 * (1 - near))
        else:
            trees.draw_grass(
                layer,
                random,
                x - 10 - 40 * near,
                x + 10 + 40 * near,
                base,
                8 + 44 * near,
                (grass * 0.68, mix(grass, (1, 1, 0.85), 0.2)),
                9,
            )
    stage.canvas.add(layer, fade=(stage.light.haze, course.top, 0.6, 600, 0.0))


def _paint_surface(stage: Stage, course: Course) -> None:
    """Paint asphalt, its edge lines and the dashes between the lanes."""
    layer, share = stage.canvas.layer(), np.linspace(0, 1, 48)
    asphalt = mix(stage.lit("5c5a6c"), stage.light.lit(np.array([0.93, 0.95, 1.0])), 0.55 * stage.snow)
    left, right = course.at(share, -1), course.at(share, 1)
    layer.polygon(
        np.concatenate([course.at(share, -1.12), course.at(share, 1.12)[::-1]]),
        mix(asphalt, stage.ground("9c9484"), 0.5),
    )
    layer.polygon(np.concatenate([left, right[::-1]]), asphalt)
    for track in (-0.68, -0.28, 0.28, 0.68):
        layer.polygon(
            np.concatenate([course.at(share, track - 0.07), course.at(share, track + 0.07)[::-1]]), asphalt * 0.92
        )
    paint = mix(stage.lit("fff4dc"), stage.light.haze, 0.2)
    for edge in (-0.93, 0.93):
        layer.polygon(np.concatenate([course.at(share, edge - 0.012), course.at(share, edge + 0.012)[::-1]]), paint)
    for dash in range(14):
        # Dashes of equal length on the ground grow as the inverse of distance.
        start, stop = (1 / (1 + 0.62 * (13 - dash + part)) * 1.55 - 0.10 for part in (0.0, -0.45))
        piece = np.clip(np.linspace(start, stop, 4), 0, 1)
        layer.polygon(np.concatenate([course.at(piece, -0.016), course.at(piece, 0.016)[::-1]]), stage.lit("ffd878"))
    stage.canvas.add(layer, fade=(stage.light.haze, course.top, 0.6, 640, 0.0))


def _paint_wet(stage: Stage) -> None:
    canvas, first = stage.canvas, stage.canvas.row(stage.horizon + 6)
    dry = canvas.image[first:].copy()
    water.paint_reflection(stage, stage.horizon + 6, 720, stage.light.sky[1], 0.25, ripple=0.8, stretch=1.35)
    canvas.image[first:] = dry * np.float32(0.52) + canvas.image[first:] * np.float32(0.48)
    canvas.image[first:] += spread(np.full(dry.shape[:2], 0.01, np.float32))


def _paint_rails(stage: Stage, course: Course) -> None:
    layer, share = stage.canvas.layer(), np.linspace(0.01, 1, 40)
    steel = mix(stage.lit("c0c4d0"), stage.light.haze, 0.2)
    for side in (-1.22, 1.22):
        foot = course.at(share, side)
        high = 5 + 92 * share
        for low, up, tone in ((0.62, 1.0, 1.0), (0.62, 0.78, 0.78)):
            layer.polygon(
                np.concatenate(
                    [foot - np.stack([0 * high, high * up], 1), (foot - np.stack([0 * high, high * low], 1))[::-1]]
                ),
                steel * tone,
            )
        for step in np.linspace(0.05, 1, 12) ** 1.5:
            (x, y), tall = course.at(step, side), 5 + 92 * step
            layer.limb((x, y), (x, y - tall * 0.9), 1 + 7 * step, 1 + 7 * step, steel * 0.6)
        if stage.snow == 1.0:
            layer.polygon(
                np.concatenate(
                    [foot - np.stack([0 * high, high * 1.08], 1), (foot - np.stack([0 * high, high * 0.96], 1))[::-1]]
                ),
                stage.snow_tone(),
            )
    stage.canvas.add(layer, fade=(stage.light.haze, course.top, 0.55, 640, 0.0))


def _paint_roadside(stage: Stage, random: np.random.Generator, course: Course) -> None:
    """Line the road with lamps on one side and trees on the other, growing toward the viewer."""
    side, lights = random.choice([-1.0, 1.0]), []
    glowing = stage.light.darkness > 0.3 or stage.scene.weather in ("fog", "rain")
    for share in (0.045, 0.08, 0.13, 0.20, 0.31, 0.46):
        layer, depth = stage.canvas.layer(), 0.62 * (1 - share / 0.46)
        x, y = course.at(share, -side * 1.75)
        trees.draw_tree(
            stage,
            layer,
            random,
            x - side * random.uniform(0, 120) * share,
            y,
            30 + 780 * share * random.uniform(0.85, 1.1),
            depth,
        )
        x, y = course.at(share, side * 1.34)
        tall, dark = 24 + 620 * share, stage.lit("343442", depth)
        layer.limb((x, y), (x, y - tall), 1.5 + 14 * share, 1.2 + 9 * share, dark)
        layer.limb((x, y - tall), (x - side * tall * 0.26, y - tall * 1.05), 1.2 + 8 * share, 1.2 + 5 * share, dark)
        lamp = (x - side * tall * 0.28, y - tall * 1.045)
        layer.ellipse(*lamp, 3 + 32 * share, 1.4 + 9 * share, stage.light.lamps[0] if glowing else dark)
        if glowing:
            lights += [
                (*lamp, 22 + 230 * share, 22 + 230 * share, stage.light.lamps[0], 0.55),
                (lamp[0], y, 30 + 260 * share, 6 + 60 * share, stage.light.lamps[0], 0.30),
            ]
        stage.canvas.add(layer)
    stage.canvas.glow(lights)
