"""A highway that runs to the horizon: lane marks, guard rails, lamps, hills or a far city."""

from typing import overload

import numpy as np

from aiplayer.thumbnails.painting import city, land, mountain, trees, water
from aiplayer.thumbnails.painting.canvas import Fade, Halo, spread
from aiplayer.thumbnails.painting.elements import paint_far_elements
from aiplayer.thumbnails.painting.layer import Layer
from aiplayer.thumbnails.painting.outlines import band, lower
from aiplayer.thumbnails.painting.palette import GRASS, mix
from aiplayer.thumbnails.painting.sky import paint_sky
from aiplayer.thumbnails.painting.stage import Stage

# Rows of far houses, the farthest first: depth in the haze, height and width in units.
CITY_ROWS = ((0.82, 130, 34), (0.66, 105, 40))
PATCHES_OF_GRASS, VERGE_PLANTS, BUSH_CHANCE = 420, 52, 0.45

# Across the road, from -1 (left edge) to 1 (right edge).
SHOULDER = 1.12
WHEEL_TRACKS, TRACK_HALF_WIDTH = (-0.68, -0.28, 0.28, 0.68), 0.07
EDGE_LINES, EDGE_LINE_HALF_WIDTH = (-0.93, 0.93), 0.012
DASH_HALF_WIDTH = 0.016
RAILS = (-1.22, 1.22)
LAMPS, TREES = 1.34, 1.75

DASHES, DASH_LENGTH = 14, 0.45
RAIL_POSTS = 12
# The rail's face and the shaded groove in it: lower and upper edge as shares of its height, brightness.
RAIL_STRIPES = ((0.62, 1.0, 1.0), (0.62, 0.78, 0.78))
ROADSIDE_SHARES = (0.045, 0.08, 0.13, 0.20, 0.31, 0.46)


class Course:
    """The road in perspective: where it lies at a share of the way to the viewer, from 0 (far) to 1 (near).

    Attributes:
        top: The height of its far end in the picture, in units.
        vanish: The x of its far end, in units.
        bend: How far it swings aside on the way, in units.
        near: The x at which it reaches the viewer, in units.
    """

    def __init__(self, stage: Stage, random: np.random.Generator) -> None:
        self.top = stage.horizon + 4
        self.vanish = stage.width * random.uniform(0.4, 0.6)
        self.bend = random.choice([-1, 1]) * random.uniform(60, 210)
        self.near = stage.width * random.uniform(0.46, 0.54)

    def at(self, share: float | np.ndarray, offset: float) -> np.ndarray:
        """Return points of the road.

        Args:
            share: The way to the viewer, from 0 (far) to 1 (near): a number, or float [n].
            offset: Across the road, from -1 (left edge) to 1 (right edge).

        Returns:
            float64 [2] or [n, 2]: x and y in units.
        """
        share = np.asarray(share, dtype=float)
        straight = self.vanish + (self.near - self.vanish) * share
        middle = straight + self.bend * share * (1 - share) ** 2 * 2.4
        half_width = 5 + 560 * share
        x = middle + np.asarray(offset) * half_width
        y = self.top + (740 - self.top) * share
        return np.stack([x, y], axis=-1)

    def strip(self, share: np.ndarray, left: float, right: float) -> np.ndarray:
        """Return the outline, float64 [2 n, 2], of what lies between two offsets along shares [n] of the road."""
        return band(self.at(share, left), self.at(share, right))


def paint_road(stage: Stage) -> None:
    """Paint a highway."""
    random = stage.random("road")
    stage.set_horizon(random.uniform(400, 450))
    paint_sky(stage)

    course = Course(stage, random)
    _paint_distance(stage, random, course)
    # Trees hide what stands on their side.
    lamp_side = stage.random("roadside").choice([-1.0, 1.0])
    landmark_x = course.vanish + 0.2 * stage.width * lamp_side
    stage.spots |= {"landmark": (landmark_x, stage.horizon + 8, 170.0), "rail": (stage.horizon - 2, 0.45)}
    paint_far_elements(stage)

    _scatter_grass(stage, random, course)
    _paint_verge_plants(stage, random, course)
    _paint_surface(stage, course)
    if stage.scene.weather == "rain":
        _paint_wet(stage)
    _paint_rails(stage, course)
    _paint_roadside(stage, random, course, lamp_side)

    lane_x, lane_y = course.at(0.50, 0.45)
    stage.spots |= {
        "ground": [(stage.width * 0.2, 660, 115.0), (stage.width * 0.82, 660, 115.0)],
        "car": (lane_x, lane_y, 150.0),
    }


def _paint_distance(stage: Stage, random: np.random.Generator, course: Course) -> None:
    """Paint what lies beyond the road's far end: a city, mountains or nothing, and hills in front."""
    distance = random.choice(["city", "mountains", "hills"])
    if distance == "city":
        for depth, height, width in CITY_ROWS:
            city.paint_row(stage, random, depth, stage.horizon, height, width, course.vanish)
    elif distance == "mountains":
        mountain.paint_range(stage, random, stage.horizon, random.uniform(150, 210))
    land.paint_ridges(stage, 2, stage.horizon - 46, stage.horizon + 8, "4c6a62", nearest=0.5)


def _scatter_grass(stage: Stage, random: np.random.Generator, course: Course) -> None:
    """Cover the ground with grass in patches that grow toward the viewer."""
    layer = stage.canvas.layer()
    grass = stage.ground(GRASS[stage.scene.season])
    layer.box(0, course.top - 2, stage.width, 760 - course.top, grass)

    for _ in range(PATCHES_OF_GRASS):
        near = random.random() ** 1.5
        x = random.uniform(0, stage.width)
        y = course.top + (720 - course.top) * near
        radius_x = (4 + 30 * near) * random.uniform(0.5, 1.2)
        radius_y = 0.7 + 2.2 * near
        layer.ellipse(x, y, radius_x, radius_y, grass * random.uniform(0.84, 1.10))

    stage.canvas.add(layer, fade=Fade(stage.light.haze, course.top, 0.6, 640, 0.0))


def _paint_verge_plants(stage: Stage, random: np.random.Generator, course: Course) -> None:
    """Set bushes and tufts of grass beside the road, the far ones first."""
    layer = stage.canvas.layer()
    grass = stage.ground(GRASS[stage.scene.season])
    grass_tones = (grass * 0.68, mix(grass, (1, 1, 0.85), 0.2))

    nearness = np.sort(random.random(VERGE_PLANTS)) ** 1.6
    for near in nearness:
        base = course.top + 6 + (700 - course.top) * near
        offset = random.choice([-1, 1]) * random.uniform(1.5, 4.5)
        x = course.at(near, offset)[0]
        if random.random() < BUSH_CHANCE:
            trees.draw_bush(stage, layer, random, x, base, 8 + 62 * near, 0.5 * (1 - near))
        else:
            left = x - 10 - 40 * near
            right = x + 10 + 40 * near
            trees.draw_grass(layer, random, left, right, base, 8 + 44 * near, grass_tones, 9)

    stage.canvas.add(layer, fade=Fade(stage.light.haze, course.top, 0.6, 600, 0.0))


def _paint_surface(stage: Stage, course: Course) -> None:
    """Paint asphalt, its edge lines and the dashes between the lanes."""
    layer = stage.canvas.layer()
    share = np.linspace(0, 1, 48)
    trodden_snow = stage.light.lit(np.array([0.93, 0.95, 1.0]))
    asphalt = mix(stage.lit("5c5a6c"), trodden_snow, 0.55 * stage.snow)
    gravel = mix(asphalt, stage.ground("9c9484"), 0.5)
    layer.polygon(course.strip(share, -SHOULDER, SHOULDER), gravel)
    layer.polygon(course.strip(share, -1, 1), asphalt)

    for track in WHEEL_TRACKS:
        outline = course.strip(share, track - TRACK_HALF_WIDTH, track + TRACK_HALF_WIDTH)
        layer.polygon(outline, asphalt * 0.92)
    white = mix(stage.lit("fff4dc"), stage.light.haze, 0.2)
    for edge in EDGE_LINES:
        outline = course.strip(share, edge - EDGE_LINE_HALF_WIDTH, edge + EDGE_LINE_HALF_WIDTH)
        layer.polygon(outline, white)

    yellow = stage.lit("ffd878")
    for distance in range(DASHES - 1, -1, -1):
        start = _share_at(distance)
        stop = _share_at(distance - DASH_LENGTH)
        dash = np.clip(np.linspace(start, stop, 4), 0, 1)
        layer.polygon(course.strip(dash, -DASH_HALF_WIDTH, DASH_HALF_WIDTH), yellow)
    stage.canvas.add(layer, fade=Fade(stage.light.haze, course.top, 0.6, 640, 0.0))


def _share_at(distance: float) -> float:
    """Return the share of the way to the viewer at a distance in dashes: equal lengths look longer nearby."""
    return 1 / (1 + 0.62 * distance) * 1.55 - 0.10


def _paint_wet(stage: Stage) -> None:
    """Let the ground mirror what stands above it, half and half with its own color."""
    canvas = stage.canvas
    top = stage.horizon + 6
    first = canvas.row(top)
    dry = canvas.image[first:].copy()
    water.paint_reflection(stage, top, 720, stage.light.sky[1], 0.25, ripple=0.8, stretch=1.35)
    canvas.image[first:] = dry * np.float32(0.52) + canvas.image[first:] * np.float32(0.48)

    shine = np.full(dry.shape[:2], 0.01, np.float32)
    canvas.image[first:] += spread(shine)


def _paint_rails(stage: Stage, course: Course) -> None:
    """Paint a guard rail on posts along both sides, with snow on it where snow falls."""
    layer = stage.canvas.layer()
    share = np.linspace(0.01, 1, 40)
    height = _rail_height(share)
    steel = mix(stage.lit("c0c4d0"), stage.light.haze, 0.2)

    for side in RAILS:
        foot = course.at(share, side)
        for low, high, tone in RAIL_STRIPES:
            upper_edge = lower(foot, -height * high)
            lower_edge = lower(foot, -height * low)
            layer.polygon(band(upper_edge, lower_edge), steel * tone)
        _draw_posts(layer, course, side, steel * 0.6)
        if stage.snow == 1.0:
            snow = band(lower(foot, -height * 1.08), lower(foot, -height * 0.96))
            layer.polygon(snow, stage.snow_tone())

    stage.canvas.add(layer, fade=Fade(stage.light.haze, course.top, 0.55, 640, 0.0))


@overload
def _rail_height(share: float) -> float: ...


@overload
def _rail_height(share: np.ndarray) -> np.ndarray: ...


def _rail_height(share: float | np.ndarray) -> float | np.ndarray:
    """Return the height of a guard rail at a share of the way to the viewer, in units."""
    return 5 + 92 * share


def _draw_posts(layer: Layer, course: Course, side: float, tone: np.ndarray) -> None:
    """Draw the posts of the guard rail on one side."""
    for share in np.linspace(0.05, 1, RAIL_POSTS) ** 1.5:
        x, y = course.at(share, side)
        width = 1 + 7 * share
        layer.limb((x, y), (x, y - _rail_height(share) * 0.9), width, width, tone)


def _paint_roadside(stage: Stage, random: np.random.Generator, course: Course, side: float) -> None:
    """Line the road with lamps on one side (-1 left, 1 right), trees on the other, growing toward the viewer."""
    halos = []

    for share in ROADSIDE_SHARES:
        layer = stage.canvas.layer()
        depth = 0.62 * (1 - share / ROADSIDE_SHARES[-1])
        x, y = course.at(share, -side * TREES)
        tree_x = x - side * random.uniform(0, 120) * share
        tree_height = 30 + 780 * share * random.uniform(0.85, 1.1)
        trees.draw_tree(stage, layer, random, tree_x, y, tree_height, depth)
        halos += _draw_lamp(stage, layer, course, side, share, depth)
        stage.canvas.add(layer)

    stage.canvas.glow(halos)


def _draw_lamp(stage: Stage, layer: Layer, course: Course, side: float, share: float, depth: float) -> list[Halo]:
    """Draw a street lamp that leans over the road, and return its light where it burns."""
    x, y = course.at(share, side * LAMPS)
    tall = 24 + 620 * share
    dark = stage.lit("343442", depth)
    top = (x, y - tall)
    layer.limb((x, y), top, 1.5 + 14 * share, 1.2 + 9 * share, dark)
    layer.limb(top, (x - side * tall * 0.26, y - tall * 1.05), 1.2 + 8 * share, 1.2 + 5 * share, dark)

    lamp_x = x - side * tall * 0.28
    lamp_y = y - tall * 1.045
    glowing = stage.light.darkness > 0.3 or stage.scene.weather in ("fog", "rain")
    tone = stage.light.lamps[0]
    layer.ellipse(lamp_x, lamp_y, 3 + 32 * share, 1.4 + 9 * share, tone if glowing else dark)
    if not glowing:
        return []
    radius = 22 + 230 * share
    return [
        Halo(lamp_x, lamp_y, radius, radius, tone, 0.55),
        Halo(lamp_x, y, 30 + 260 * share, 6 + 60 * share, tone, 0.30),
    ]
