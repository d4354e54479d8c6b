"""A shopping street in perspective: house fronts on both sides, lamps, trees, wet reflections."""

import cv2
import numpy as np

from aiplayer.thumbnails.painting import land, trees
from aiplayer.thumbnails.painting.canvas import spread
from aiplayer.thumbnails.painting.elements import paint_far_elements
from aiplayer.thumbnails.painting.facade import FACADE_HEIGHT, Facade
from aiplayer.thumbnails.painting.palette import mix
from aiplayer.thumbnails.painting.sky import paint_sky
from aiplayer.thumbnails.painting.stage import Stage

# The street as a corridor: half its width, the eye's height, the focal length, all in units of the near houses.
HALF_WIDTH, EYE, FOCAL = 330.0, 165.0, 340.0
NEAR, FAR = 2.7, 0.20


class Corridor:
    """The perspective of the street; a scale is how large things look at a distance, NEAR to FAR."""

    def __init__(self, stage: Stage, random: np.random.Generator):
        self.x, self.y = stage.width * random.uniform(0.40, 0.60), stage.horizon
        self.length = FOCAL * (1 / FAR - 1 / NEAR)

    def at(self, across: float, height: float, scale: float) -> tuple[float, float]:
        """Return where a point stands; across is -1 at the left wall and 1 at the right, height is above ground."""
        return self.x + across * HALF_WIDTH * scale, self.y + (EYE - height) * scale

    def wall(self, side: float) -> np.ndarray:
        """Return the matrix [3, 3] that folds a facade (in its units) onto the wall of a side."""
        flat = np.float32([(0, 0), (self.length, 0), (self.length, FACADE_HEIGHT), (0, FACADE_HEIGHT)])
        if side > 0:
            flat[:, 0] = self.length - flat[:, 0]
        quad = [
            self.at(side, FACADE_HEIGHT, NEAR),
            self.at(side, FACADE_HEIGHT, FAR),
            self.at(side, 0, FAR),
            self.at(side, 0, NEAR),
        ]
        return cv2.getPerspectiveTransform(flat, np.float32(quad))


def paint_street(stage: Stage) -> None:
    """Paint a street of shops."""
    random = stage.random("street")
    stage.set_horizon(random.uniform(405, 445))
    paint_sky(stage)
    corridor = Corridor(stage, random)
    _paint_far_end(stage, random, corridor)
    stage.spots |= {"landmark": (corridor.x, stage.horizon + 10, 170.0), "rail": (stage.horizon - 20, 0.5)}
    paint_far_elements(stage)
    _paint_ground(stage, corridor)
    for side in (-1.0, 1.0):
        _paint_wall(stage, corridor, side)
    lights = _paint_furniture(stage, random, corridor)
    if stage.scene.weather == "rain":
        _paint_wet(stage, corridor, 0.62)
    elif stage.light.darkness > 0.5 and not stage.snow:
        _paint_wet(stage, corridor, 0.16)
    stage.canvas.glow(lights)
    ground = [
        (corridor.at(across, 0, scale)[0], corridor.at(across, 0, scale)[1], 165 * scale)
        for across, scale in ((-0.42, 1.0), (0.4, 0.85))
    ]
    stage.spots |= {
        "ground": ground,
        "car": (*corridor.at(0.24, 0, 0.62), 118.0),
        "strings": [
            (corridor.at(-1, 330, scale), corridor.at(1, 330, scale), scale) for scale in (0.42, 0.62, 0.95, 1.5)
        ],
    }


def _paint_far_end(stage: Stage, random: np.random.Generator, corridor: Corridor) -> None:
    """Close the street with hazy houses or hills and a glow."""
    canvas = stage.canvas
    land.paint_ridges(stage, 1, stage.horizon - 70, stage.horizon + 10, "5a6a88", nearest=0.7)
    layer, x = canvas.layer(), corridor.x - 110
    while x < corridor.x + 110:
        width = random.uniform(14, 30)
        layer.box(x, stage.horizon - random.uniform(20, 74), width, 120, stage.lit("7a7890", random.uniform(0.6, 0.74)))
        x += width
    canvas.add(layer)
    canvas.glow([(corridor.x, stage.horizon - 10, 330, 210, mix(stage.light.haze, stage.light.sun, 0.3), 0.55)])


def _paint_ground(stage: Stage, corridor: Corridor) -> None:
    layer = stage.canvas.layer()
    road, pavement = stage.ground("6a6878"), stage.ground("a09890")
    left, right = corridor.at(-1, 0, FAR), corridor.at(1, 0, FAR)
    layer.polygon([left, right, corridor.at(1, 0, 4.0), corridor.at(-1, 0, 4.0)], pavement)
    layer.polygon(
        [corridor.at(-0.62, 0, FAR), corridor.at(0.62, 0, FAR), corridor.at(0.62, 0, 4.0), corridor.at(-0.62, 0, 4.0)],
        road,
    )
    for edge in (-0.62, 0.62):
        layer.polygon(
            [
                corridor.at(edge, 0, FAR),
                corridor.at(edge * 1.04, 0, FAR),
                corridor.at(edge * 1.04, 0, 4.0),
                corridor.at(edge, 0, 4.0),
            ],
            mix(pavement, (1, 1, 1), 0.14),
        )
    for scale in 1 / np.arange(0.28, 5.0, 0.22):
        for side in (-1, 1):
            layer.line(
                [corridor.at(side, 0, scale), corridor.at(side * 0.65, 0, scale)], pavement * 0.88, 0.6 + scale * 0.8
            )
    for start in np.arange(0.30, 5.0, 0.42):
        near, far = 1 / start, 1 / (start + 0.2)
        layer.polygon(
            [
                corridor.at(-0.012, 0, near),
                corridor.at(0.012, 0, near),
                corridor.at(0.012, 0, far),
                corridor.at(-0.012, 0, far),
            ],
            mix(road, stage.lit("fff0d0"), 0.6),
        )
    stage.canvas.add(layer, fade=(stage.light.haze, corridor.y + EYE * FAR, 0.6, 660, 0.0))


def _paint_wall(stage: Stage, corridor: Corridor, side: float) -> None:
    """Fold a row of house fronts onto one side of the street."""
    facade = Facade(stage, stage.random(f"facade {side}"), corridor.length)
    canvas, layer = stage.canvas, stage.canvas.layer()
    matrix = corridor.wall(side)
    scaled = np.diag([canvas.scale, canvas.scale, 1.0]) @ matrix
    height_px, width_px = canvas.image.shape[:2]
    layer.pixels = cv2.warpPerspective(facade.layer.pixels, scaled, (width_px, height_px), flags=cv2.INTER_LINEAR)
    layer.top, layer.bottom = 0, height_px
    canvas.add(layer)
    _fade_wall(stage, corridor, layer.pixels[..., 3])
    lights = []
    for x, y, radius_x, radius_y, tone, strength in facade.lights:
        foot = matrix @ (x, y, 1.0)
        scale = abs(foot[0] / foot[2] - corridor.x) / HALF_WIDTH
        lights.append(
            (foot[0] / foot[2], foot[1] / foot[2], radius_x * scale * 0.9, radius_y * scale * 0.9, tone, strength)
        )
        if y > FACADE_HEIGHT - 100:
            pool = corridor.at(side * 0.78, 0, scale)
            lights.append((*pool, 190 * scale, 44 * scale, tone, strength * 0.5))
    canvas.glow(lights)


def _fade_wall(stage: Stage, corridor: Corridor, alpha: np.ndarray) -> None:
    """Let the far end of a wall sink into haze, column by column."""
    width_px = alpha.shape[1]
    scale = np.abs((np.arange(width_px) + 0.5) / stage.canvas.scale - corridor.x) / HALF_WIDTH
    share = np.interp(1 / np.maximum(scale, FAR), (0.6, 1 / FAR), (0.08 + 0.14 * stage.light.fog, 0.62)).astype(
        np.float32
    )
    mask = cv2.multiply(alpha, np.tile(share, (alpha.shape[0], 1)), scale=1 / 255, dtype=cv2.CV_32F)
    image = stage.canvas.image
    image *= spread(1.0 - mask)
    image += spread(mask, stage.light.haze)


def _paint_furniture(stage: Stage, random: np.random.Generator, corridor: Corridor) -> list:
    """Stand lamps and trees along the kerbs and stretch wires between the houses; return the lamps' halos."""
    lights, dark = [], stage.lit("2a2834")
    glowing = stage.light.darkness > 0.3 or stage.scene.weather in ("rain", "fog", "snow")
    for index, scale in enumerate((0.26, 0.34, 0.46, 0.66, 1.0)):
        layer = stage.canvas.layer()
        lights += _draw_blade_signs(stage, layer, random, corridor, scale * 1.12)
        side = 1.0 if index % 2 else -1.0
        foot, head = corridor.at(side * 0.68, 0, scale), corridor.at(side * 0.68, 270, scale)
        layer.limb(foot, head, 9 * scale, 6 * scale, dark)
        layer.limb(foot, corridor.at(side * 0.68, 26, scale), 18 * scale, 12 * scale, dark)
        lamp = corridor.at(side * 0.68, 284, scale)
        layer.polygon(
            [
                (lamp[0] - 9 * scale, head[1]),
                (lamp[0] + 9 * scale, head[1]),
                (lamp[0] + 14 * scale, head[1] - 34 * scale),
                (lamp[0] - 14 * scale, head[1] - 34 * scale),
            ],
            stage.light.lamps[0] if glowing else stage.lit("e0e0d8"),
        )
        layer.polygon(
            [
                (lamp[0] - 17 * scale, head[1] - 33 * scale),
                (lamp[0], head[1] - 50 * scale),
                (lamp[0] + 17 * scale, head[1] - 33 * scale),
            ],
            dark,
        )
        if glowing:
            lights.append((*lamp, 150 * scale, 150 * scale, stage.light.lamps[0], 0.75))
        tree = corridor.at(-side * 0.80, 0, scale)
        trees.draw_tree(stage, layer, random, *tree, 330 * scale * random.uniform(0.85, 1.15), 0.45 * (1 - scale))
        stage.canvas.add(layer)
    layer, share = stage.canvas.layer(), np.linspace(0, 1, 24)
    for _ in range(4):
        scale, rise = random.uniform(0.4, 1.6), random.uniform(430, 560)
        start, stop = (
            np.array(corridor.at(-1, rise, scale)),
            np.array(corridor.at(1, rise - random.uniform(-40, 40), scale)),
        )
        layer.line(
            start + (stop - start) * share[:, None] + np.stack([0 * share, 4 * share * (1 - share) * 46 * scale], 1),
            dark,
            1.3,
        )
    stage.canvas.add(layer, opacity=0.7)
    return lights


def _draw_blade_signs(stage: Stage, layer, random: np.random.Generator, corridor: Corridor, scale: float) -> list:
    """Hang upright signs from both walls that face down the street; returns their halos."""
    lights, dark = [], stage.lit("24222e", 0.3 * (1 - min(scale, 1.0)))
    glowing = stage.light.darkness > 0.3 or stage.scene.weather in ("rain", "fog", "snow")
    for side in (-1.0, 1.0):
        if random.random() < 0.3:
            continue
        low, tall = random.uniform(225, 300), random.uniform(90, 170)
        left, right = sorted((corridor.at(side, 0, scale)[0], corridor.at(side, 0, scale)[0] - side * 52 * scale))
        top, bottom = corridor.at(0, low + tall, scale)[1], corridor.at(0, low, scale)[1]
        tone = (
            stage.light.lamps[random.integers(len(stage.light.lamps))]
            if glowing
            else stage.lit(random.choice(["c8584a", "e0b060", "4a7a9a", "5a8a6a"]), 0.2)
        )
        layer.box(left - 2 * scale, top - 3 * scale, right - left + 4 * scale, bottom - top + 6 * scale, dark)
        layer.box(
            left + 4 * scale, top + 4 * scale, right - left - 8 * scale, bottom - top - 8 * scale, mix(tone, dark, 0.12)
        )
        ink, middle, mark = (
            mix(tone, (1, 1, 1), 0.75) if glowing else stage.lit("fff0dc"),
            (left + right) / 2,
            13 * scale,
        )
        for y in np.arange(top + 14 * scale, bottom - 20 * scale, 27 * scale):
            layer.box(middle - mark, y, mark * 2, 3.4 * scale, ink)
            layer.box(middle - mark * random.uniform(-0.6, 0.8), y, 3.4 * scale, 17 * scale, ink)
            layer.box(middle - mark * 0.8, y + 9 * scale, mark * random.uniform(0.8, 1.7), 3.2 * scale, ink)
        if glowing:
            lights.append((middle, (top + bottom) / 2, 120 * scale, (bottom - top) * 0.95, tone, 0.5))
            lights.append(
                (corridor.at(side * 0.8, 0, scale)[0], corridor.at(0, 0, scale)[1], 120 * scale, 40 * scale, tone, 0.22)
            )
    return lights


def _paint_wet(stage: Stage, corridor: Corridor, strength: float) -> None:
    """Mirror walls and lamps in the ground: every column is folded at the foot of what stands in it."""
    canvas = stage.canvas
    height, width = canvas.image.shape[:2]
    first, scale = canvas.row(corridor.y + EYE * FAR), canvas.scale
    columns = np.arange(width, dtype=np.float32)
    foot = (corridor.y + np.maximum(EYE * FAR, EYE / HALF_WIDTH * 0.80 * np.abs(columns / scale - corridor.x))) * scale
    rows = np.arange(first, height, dtype=np.float32)[:, None]
    random = stage.random("wet")
    waves = (
        cv2.resize(random.random((60, 40), dtype=np.float32), (width, height - first), interpolation=cv2.INTER_CUBIC)
        - 0.5
    )
    map_y = np.clip(2 * foot[None, :] - rows + waves * 16 * scale, 0, height - 1).astype(np.float32)
    mirrored = cv2.remap(
        canvas.image,
        (columns[None, :] + waves * 12 * scale).astype(np.float32),
        map_y,
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REFLECT_101,
    )
    mirrored = cv2.blur(mirrored, (max(1, round(4 * scale)), max(1, round(34 * scale))))
    below = np.clip((rows - foot[None, :]) / (14 * scale), 0, 1).astype(np.float32) * np.float32(strength)
    target = canvas.image[first:]
    target *= spread(1.0 - below * np.float32(0.85))
    target += mirrored * spread(below)
