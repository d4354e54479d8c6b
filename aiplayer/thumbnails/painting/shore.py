"""The sea: islands on the horizon, a glittering plain of water, a beach with foam."""

import numpy as np

from aiplayer.thumbnails.painting import land, trees, water
from aiplayer.thumbnails.painting.canvas import Fade, Rim
from aiplayer.thumbnails.painting.elements import paint_far_elements
from aiplayer.thumbnails.painting.layer import Layer
from aiplayer.thumbnails.painting.noise import ridge
from aiplayer.thumbnails.painting.outlines import band, lower
from aiplayer.thumbnails.painting.palette import mix
from aiplayer.thumbnails.painting.palms import draw_palm
from aiplayer.thumbnails.painting.sky import paint_sky
from aiplayer.thumbnails.painting.stage import Stage

SEA_CODES = ["1681a8", "1a8fa0", "1c6fa4"]
# Islands' trees stand this many units above the horizon and on this share of the crest's points.
TREE_LINE, TREE_SHARE = 5, 0.55
SHORE_POINTS = 90
ROCKS_CHANCE = 0.6
# Three lines of foam, the farthest out first: units from the water's edge, opacity and thickness.
FOAM_LINES = ((58, 0.30, 1.0), (30, 0.55, 1.0), (11, 0.9, 1.5))
SPECKS_OF_SAND = 130
TUFTS = 7
# Palms, the nearer first: units from the picture's edge, height.
PALMS = ((70, 430), (160, 300))


def paint_sea(stage: Stage) -> None:
    """Paint the sea from a beach."""
    random = stage.random("sea")
    stage.set_horizon(random.uniform(385, 440))
    paint_sky(stage)

    # The beach lies on the side of the sun, 1 right and -1 left, the islands on the other.
    side = 1.0 if stage.sun[0] > stage.width / 2 else -1.0
    _paint_islands(stage, random, side)
    stage.spots |= {
        "water": (stage.width * (0.5 + 0.24 * side), stage.horizon + 66, 120.0),
        "rail": (stage.horizon - 6, 0.45),
        "landmark": (stage.width * (0.5 - 0.12 * side), stage.horizon - 14, 190.0),
    }
    paint_far_elements(stage)
    paint_open_water(stage)

    shore = _shore_line(stage, random, side)
    _paint_beach(stage, random, shore)
    _paint_plants(stage, random, shore, side)

    near = stage.width * (0.5 - 0.27 * side)
    second = near + side * 190
    stage.spots["ground"] = [
        (near, land.height_at(shore, near) + 62, 120.0),
        (second, land.height_at(shore, second) + 55, 105.0),
    ]


def _paint_islands(stage: Stage, random: np.random.Generator, side: float) -> None:
    """Paint two islands, the farther one first, that rise out of the water toward one side."""
    far_height = random.uniform(34, 74)
    near_height = random.uniform(50, 96)
    for depth, height, start in ((0.78, far_height, 0.15), (0.55, near_height, 0.45)):
        line = _island_line(stage, random, height, start, side)
        tone = stage.ground("3f6a5c", depth)
        layer = stage.canvas.layer()
        land.fill_below(layer, line, stage.horizon + 8, tone)

        above_water = line[:, 1] < stage.horizon - TREE_LINE
        wooded = random.random(len(line)) < TREE_SHARE
        for x, y in line[above_water & wooded]:
            radius = random.uniform(2, 5) * (1.35 - depth)
            layer.circle(x, y + 1, radius, tone * random.uniform(0.86, 1.02))
        stage.canvas.add(layer, fade=Fade(stage.light.haze, stage.horizon - height, 0.0, stage.horizon + 4, 0.5))


def _island_line(stage: Stage, random: np.random.Generator, height: float, start: float, side: float) -> np.ndarray:
    """Return an island's crest, float [n, 2]; it dips under the water short of `start`, a share of the width."""
    line = land.ridge_line(random, stage.width, stage.horizon + 4, height, 0.5, 3.5)
    across = 0.5 - side * (line[:, 0] / stage.width - 0.5)
    rise = np.clip((across - start) / 0.45, 0, 1)

    foot = stage.horizon + 6
    line[:, 1] = foot - (foot - line[:, 1]) * rise**0.7
    return line


def paint_open_water(stage: Stage) -> None:
    """Paint water from the horizon to the bottom edge: mirrored sky far away, its own color near."""
    random = stage.random("sea color")
    own_color = mix(stage.lit(random.choice(SEA_CODES)), stage.light.sky[1], 0.25)
    water.paint_reflection(stage, stage.horizon, 720, own_color, 0.78, ripple=1.7, stretch=1.0)
    water.paint_ripples(stage, stage.horizon, 720, 0.34, dark=own_color * 0.72)

    glint = water.sun_color(stage)
    if glint is not None:
        water.paint_glitter(stage, stage.sun[0], stage.horizon, 720, glint, 0.95)


def _shore_line(stage: Stage, random: np.random.Generator, side: float) -> np.ndarray:
    """Return the water's edge: high on the beach's side, running out of the picture on the other."""
    share = np.linspace(0, 1, SHORE_POINTS)
    reach = random.uniform(545, 625)
    y = reach + 150 * share ** random.uniform(1.1, 1.6) + 9 * ridge(random, SHORE_POINTS, 0.4, 4)
    x = stage.width * (share * 1.1 - 0.05)
    return np.stack([x, y if side > 0 else y[::-1]], axis=1)


def _paint_beach(stage: Stage, random: np.random.Generator, shore: np.ndarray) -> None:
    """Paint shallow water, rocks, foam and sand around the water's edge, float [n, 2]."""
    _paint_shallows(stage, shore)
    if random.random() < ROCKS_CHANCE:
        _paint_rocks(stage, random, shore)

    foam = mix(stage.lit("ffffff"), stage.light.sky[3], 0.25)
    _paint_foam(stage, random, shore, foam)
    _paint_sand(stage, random, shore, foam)


def _paint_foam(stage: Stage, random: np.random.Generator, shore: np.ndarray, foam: np.ndarray) -> None:
    """Paint waves that break in lines along the shore."""
    for distance, opacity, thickness in FOAM_LINES:
        wave = 5 * ridge(random, len(shore), 0.55, 9)
        crest = lower(shore - (0, distance), wave)
        width = (2.2 + 3.2 * np.abs(ridge(random, len(shore), 0.6, 14))) * thickness
        layer = stage.canvas.layer()
        layer.polygon(band(crest, lower(crest, width)), foam)
        stage.canvas.add(layer, opacity=opacity)


def _paint_sand(stage: Stage, random: np.random.Generator, shore: np.ndarray, foam: np.ndarray) -> None:
    """Paint the beach: a rim of foam, wet sand, dry sand and specks on it."""
    sand = stage.ground("ecd2a0")
    wet_sand = mix(stage.ground("b89468"), stage.light.sky[2], 0.35)
    layer = stage.canvas.layer()
    land.fill_below(layer, shore - (0, 7), 760, foam)
    land.fill_below(layer, shore, 760, wet_sand)
    wet_width = 20 + 6 * ridge(random, len(shore), 0.5, 7)
    land.fill_below(layer, lower(shore, wet_width), 760, sand)

    for _ in range(SPECKS_OF_SAND):
        x = random.uniform(0, stage.width)
        y = land.height_at(shore, x) + random.uniform(34, 170)
        layer.ellipse(x, y, random.uniform(3, 12), 1.2, sand * random.uniform(0.93, 1.05))
    stage.canvas.add(layer)


def _paint_shallows(stage: Stage, shore: np.ndarray) -> None:
    """Let the water grow lighter toward the beach."""
    canvas = stage.canvas
    columns, rows = np.meshgrid(np.linspace(0, canvas.width, 160), np.linspace(stage.horizon, 720, 60))
    edge = land.height_at(shore, columns.ravel()).reshape(columns.shape)
    from_edge = np.maximum(edge - rows, 0)

    shallow = np.exp(-from_edge / 62).astype(np.float32)
    tone = mix(stage.lit("58d8cc"), stage.light.sky[2], 0.20)
    canvas.blend(0.62 * shallow, tone, stage.horizon, 720)


def _paint_rocks(stage: Stage, random: np.random.Generator, shore: np.ndarray) -> None:
    """Let a few rocks break the water off the beach, each with a rim of foam."""
    layer = stage.canvas.layer()
    middle = random.uniform(0.25, 0.75) * stage.width
    foam = mix(stage.lit("ffffff"), stage.light.sky[3], 0.2)
    across = np.linspace(-1, 1, 9)

    for _ in range(int(random.integers(3, 7))):
        x = middle + random.normal(0, 90)
        size = random.uniform(16, 46)
        y = float(land.height_at(shore, x)) - random.uniform(16, 74)
        heights = size * 0.72 * (1 - across**2) * random.uniform(0.6, 1.15, 9)
        crown = np.stack([x + across * size, y - heights], axis=1)
        layer.ellipse(x, y + 2, size * 1.24, size * 0.16, foam)
        layer.polygon(crown, stage.lit("5a5664"))

        lit_side = crown[:6] if stage.side_of_light(x) < 0 else crown[4:]
        layer.polygon(np.concatenate([lit_side, [(x, y - size * 0.2)]]), stage.ground("918b94"))
    stage.canvas.add(layer)


def _paint_plants(stage: Stage, random: np.random.Generator, shore: np.ndarray, side: float) -> None:
    """Frame the beach with what grows there: palms in summer, else grass and a tree of the season."""
    layer = stage.canvas.layer()
    edge = stage.width * (0.5 - 0.5 * side)
    summer = stage.scene.season == "summer"
    grass = (stage.ground("5f7a3a"), stage.ground("8cb04a" if summer else "b7a85a"))
    for index in range(TUFTS):
        x = edge + side * random.uniform(-10, 200) * (1 - index / 12)
        base = max(land.height_at(shore, x) + 45, 640) + index * 9
        trees.draw_grass(layer, random, x - 40, x + 40, base, random.uniform(36, 70), grass, 26)

    if summer:
        _draw_palms(stage, layer, random, edge, side)
    else:
        trees.draw_tree(stage, layer, random, edge + side * 84, 700, 380)
    rim_from = 6 if stage.sun[0] > edge else -6
    stage.canvas.add(layer, rim=Rim(rim_from, -4, stage.light.sun * 0.55, 0.28))


def _draw_palms(stage: Stage, layer: Layer, random: np.random.Generator, edge: float, side: float) -> None:
    """Draw two palms beside one edge of the picture."""
    dark = stage.lit("0f4a38")
    light = stage.lit("3f9a50")
    bark = stage.lit("7a5a40")
    for distance, height in PALMS:
        draw_palm(layer, random, edge + side * distance, 690, height, dark, light, bark)
