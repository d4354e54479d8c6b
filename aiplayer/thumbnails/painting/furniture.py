"""Things indoors: books, pots, lamps, a record player, a cup, a laptop, curtains."""

import numpy as np

from aiplayer.thumbnails.painting.indoors import indoor, lamps_on
from aiplayer.thumbnails.painting.layer import Layer
from aiplayer.thumbnails.painting.palette import mix
from aiplayer.thumbnails.painting.stage import Stage
from aiplayer.thumbnails.painting.trees import draw_grass

SPINES = ("c05a4c", "e0a050", "5a8a7c", "4c6a98", "8c5a8a", "d8c8a8", "6a4a44", "a8b068")


def draw_books(
    stage: Stage, layer: Layer, random: np.random.Generator, left: float, base: float, width: float, tall: float
) -> None:
    """Stand a row of books from left to right; the last ones lean or lie."""
    x = left
    while x < left + width - 8:
        wide, high = random.uniform(7, 15), tall * random.uniform(0.7, 1.0)
        spine = indoor(stage, SPINES[random.integers(len(SPINES))])
        if random.random() < 0.12:
            layer.polygon(
                [
                    (x, base),
                    (x + wide, base),
                    (x + wide + high * 0.25, base - high),
                    (x + high * 0.25, base - high * 1.02),
                ],
                spine,
            )
            x += high * 0.25
        else:
            layer.box(x, base - high, wide, high, spine)
            layer.box(x + 1.5, base - high * 0.84, wide - 3, high * 0.07, mix(spine, (1, 0.95, 0.85), 0.5))
            layer.box(x, base - high, 1.6, high, spine * 0.8)
        x += wide + 0.6


def draw_pot(
    stage: Stage, layer: Layer, random: np.random.Generator, x: float, base: float, size: float, trailing: bool = False
) -> None:
    """Draw a potted plant: broad leaves that rise, or tendrils that hang."""
    clay, dark, pale = indoor(stage, "c07858"), indoor(stage, "2a6a4c"), indoor(stage, "78b468")
    count = 9
    for angle in np.linspace(-2.9, -0.25, count) + random.normal(0, 0.12, count):
        reach = size * random.uniform(0.75, 1.2)
        tip = (x + np.cos(angle) * reach * 0.8, base - size * 0.5 + np.sin(angle) * reach)
        root = np.array([x, base - size * 0.45])
        middle = (root + tip) / 2 + np.array([np.sin(angle), -np.cos(angle)]) * 0
        across = np.array([-(tip[1] - root[1]), tip[0] - root[0]]) * 0.17
        layer.polygon([root, middle + across, tip, middle - across], mix(dark, pale, random.random()))
        layer.line([root, tip], dark * 0.85, 1)
    if trailing:
        for start in np.linspace(-0.3, 0.3, 4):
            length = size * random.uniform(0.8, 1.9)
            for share in np.linspace(0, 1, 9):
                layer.ellipse(
                    x + size * start * (1 + share * 0.5) + np.sin(share * 7 + start * 9) * 5,
                    base - size * 0.35 + length * share,
                    size * 0.085,
                    size * 0.06,
                    mix(dark, pale, random.random()),
                    40,
                )
    layer.polygon(
        [
            (x - size * 0.34, base - size * 0.5),
            (x + size * 0.34, base - size * 0.5),
            (x + size * 0.25, base),
            (x - size * 0.25, base),
        ],
        clay,
    )
    layer.polygon(
        [
            (x + size * 0.10, base - size * 0.5),
            (x + size * 0.34, base - size * 0.5),
            (x + size * 0.25, base),
            (x + size * 0.08, base),
        ],
        clay * 0.82,
    )
    layer.box(x - size * 0.38, base - size * 0.56, size * 0.76, size * 0.12, mix(clay, (1, 1, 1), 0.1))


def draw_pendant(stage: Stage, layer: Layer, x: float, y: float, size: float) -> tuple:
    """Hang a lamp from the ceiling; return its halo."""
    layer.line([(x, -10), (x, y)], indoor(stage, "2a2428"), 2)
    shade = indoor(stage, "4a5a58")
    layer.polygon(
        [
            (x - size * 0.16, y - size * 0.34),
            (x + size * 0.16, y - size * 0.34),
            (x + size * 0.58, y + size * 0.12),
            (x - size * 0.58, y + size * 0.12),
        ],
        shade,
    )
    layer.polygon(
        [
            (x - size * 0.16, y - size * 0.34),
            (x - size * 0.04, y - size * 0.34),
            (x - size * 0.3, y + size * 0.12),
            (x - size * 0.58, y + size * 0.12),
        ],
        mix(shade, (1, 1, 1), 0.14),
    )
    bulb = stage.light.lamps[0] if lamps_on(stage) else indoor(stage, "f0e8d8")
    layer.ellipse(x, y + size * 0.13, size * 0.55, size * 0.07, mix(bulb, (1, 1, 1), 0.25))
    layer.circle(x, y + size * 0.17, size * 0.15, mix(bulb, (1, 1, 1), 0.5))
    return x, y + size * 0.3, size * 3.4, size * 3.2, bulb, 0.5 if lamps_on(stage) else 0.10


def draw_desk_lamp(stage: Stage, layer: Layer, x: float, base: float, size: float, side: float) -> list:
    """Stand a jointed lamp on a desk; return its halos."""
    metal = indoor(stage, "d8a048")
    elbow, head = (x - side * size * 0.34, base - size * 0.55), (x + side * size * 0.18, base - size * 0.98)
    layer.ellipse(x, base - 3, size * 0.24, size * 0.055, metal * 0.7)
    layer.limb((x, base), elbow, 5, 5, metal * 0.8)
    layer.limb(elbow, head, 5, 5, metal * 0.8)
    layer.polygon(
        [
            (head[0] - side * size * 0.10, head[1] - size * 0.10),
            (head[0] + side * size * 0.10, head[1] - size * 0.16),
            (head[0] + side * size * 0.36, head[1] + size * 0.10),
            (head[0] - side * size * 0.02, head[1] + size * 0.26),
        ],
        metal,
    )
    if not lamps_on(stage):
        return []
    bulb = (head[0] + side * size * 0.18, head[1] + size * 0.20)
    layer.ellipse(*bulb, size * 0.2, size * 0.07, mix(stage.light.lamps[0], (1, 1, 1), 0.4), -25 * side)
    return [
        (*bulb, size * 0.9, size * 0.9, stage.light.lamps[0], 0.6),
        (bulb[0] + side * 20, base, size * 2.2, size * 0.7, stage.light.lamps[0], 0.55),
    ]


def draw_laptop(stage: Stage, layer: Layer, x: float, base: float, size: float) -> tuple:
    """Stand an open laptop on a desk; return the glow of its screen."""
    body, screen = indoor(stage, "b8bcc8"), mix(stage.light.lamps[-1], (0.75, 0.9, 1.0), 0.65)
    layer.polygon(
        [
            (x - size * 0.5, base - size * 0.66),
            (x + size * 0.5, base - size * 0.66),
            (x + size * 0.5, base - 6),
            (x - size * 0.5, base - 6),
        ],
        body * 0.7,
    )
    layer.box(x - size * 0.46, base - size * 0.62, size * 0.92, size * 0.52, screen * 0.72)
    for share, wide in ((0.15, 0.5), (0.3, 0.72), (0.45, 0.38), (0.6, 0.62), (0.75, 0.46)):
        layer.box(x - size * 0.38, base - size * 0.62 + size * 0.52 * share, size * 0.72 * wide, 4, screen)
    layer.polygon(
        [
            (x - size * 0.5, base - 7),
            (x + size * 0.5, base - 7),
            (x + size * 0.6, base + 8),
            (x - size * 0.6, base + 8),
        ],
        body,
    )
    return x, base - size * 0.35, size * 1.1, size * 0.9, screen, 0.22


def draw_turntable(stage: Stage, layer: Layer, x: float, base: float, size: float) -> None:
    """Draw a record player seen from a little above, with a record on it."""
    wood, dark = indoor(stage, "a86c44"), indoor(stage, "1c1a22")
    layer.polygon(
        [
            (x - size * 0.86, base - size * 0.52),
            (x + size * 0.86, base - size * 0.52),
            (x + size, base - size * 0.16),
            (x - size, base - size * 0.16),
        ],
        mix(wood, (1, 1, 1), 0.12),
    )
    layer.box(x - size, base - size * 0.17, size * 2, size * 0.17, wood * 0.78)
    layer.ellipse(x - size * 0.18, base - size * 0.335, size * 0.60, size * 0.155, dark)
    for ring in (0.52, 0.44, 0.36):
        layer.ellipse(x - size * 0.18, base - size * 0.335, size * ring, size * ring * 0.26, mix(dark, (1, 1, 1), 0.09))
        layer.ellipse(x - size * 0.18, base - size * 0.335, size * (ring - 0.02), size * (ring - 0.02) * 0.26, dark)
    layer.ellipse(x - size * 0.18, base - size * 0.335, size * 0.20, size * 0.052, indoor(stage, "e06a50"))
    layer.ellipse(x - size * 0.18, base - size * 0.335, size * 0.03, size * 0.01, indoor(stage, "fff4e0"))
    arm = indoor(stage, "e8e4dc")
    layer.circle(x + size * 0.64, base - size * 0.42, size * 0.075, arm * 0.8)
    layer.line(
        [
            (x + size * 0.64, base - size * 0.44),
            (x + size * 0.56, base - size * 0.28),
            (x + size * 0.2, base - size * 0.29),
        ],
        arm,
        3.4,
    )
    layer.circle(x + size * 0.78, base - size * 0.085, size * 0.035, indoor(stage, "f0c060"))


def draw_curtain(layer: Layer, left: float, top: float, width: float, height: float, tone, side: float) -> None:
    """Hang a gathered curtain; side says which way its hem swings, -1 or 1."""
    folds = 7
    for fold in range(folds):
        share, following = fold / folds, (fold + 1) / folds
        swing = side * width * 0.22
        layer.polygon(
            [
                (left + width * share, top),
                (left + width * following, top),
                (left + width * following + swing * following, top + height),
                (left + width * share + swing * share, top + height),
            ],
            tone * (0.80 + 0.24 * ((fold * 3) % 4) / 3),
        )


def draw_tall_plant(
    stage: Stage, layer: Layer, random: np.random.Generator, x: float, base: float, size: float
) -> None:
    """Stand a tall plant with broad split leaves in a basket."""
    dark, pale, basket = indoor(stage, "1f5a44"), indoor(stage, "6cb070"), indoor(stage, "c89a64")
    for angle, reach in zip(np.linspace(-2.75, -0.4, 8), random.uniform(0.55, 0.95, 8), strict=True):
        tip = np.array(
            [x + np.cos(angle) * size * reach * 0.62, base - size * 0.3 + np.sin(angle) * size * reach * 0.78]
        )
        layer.line(
            [(x, base - size * 0.2), ((x + tip[0]) / 2, (base - size * 0.2 + tip[1]) / 2 - size * 0.06), tip], dark, 3
        )
        tone, lean = mix(dark, pale, random.uniform(0.1, 0.8)), angle + np.pi / 2
        share = np.linspace(-np.pi, np.pi, 22)
        reach_x = size * 0.135 * np.sin(np.abs(share) ** 0.9) * (1 - 0.22 * (np.arange(22) % 3 == 0))
        leaf = np.stack([np.sign(share) * np.abs(reach_x), -size * 0.17 * np.cos(share)], 1)
        turn = np.array([[np.cos(lean), np.sin(lean)], [-np.sin(lean), np.cos(lean)]])
        layer.polygon(leaf @ turn + tip, tone)
        layer.line([tip - turn[1] * size * 0.15, tip + turn[1] * size * 0.15], tone * 0.8, 1.4)
    layer.polygon(
        [
            (x - size * 0.17, base - size * 0.25),
            (x + size * 0.17, base - size * 0.25),
            (x + size * 0.13, base),
            (x - size * 0.13, base),
        ],
        basket,
    )
    for share in (0.06, 0.12, 0.18):
        layer.box(x - size * 0.155, base - size * share, size * 0.31, 2.4, basket * 0.8)


def draw_notebook(stage: Stage, layer: Layer, x: float, base: float, size: float) -> None:
    """Lay an open notebook with a pen on a table."""
    paper = indoor(stage, "f4ecdc")
    for side, tone in ((-1, 0.94), (1, 1.0)):
        layer.polygon(
            [
                (x, base - size * 0.26),
                (x + side * size * 0.44, base - size * 0.24),
                (x + side * size * 0.52, base),
                (x, base + size * 0.02),
            ],
            paper * tone,
        )
        for share in (0.25, 0.42, 0.59, 0.76):
            y = base - size * 0.25 * (1 - share)
            layer.line([(x + side * size * 0.06, y), (x + side * size * (0.34 + 0.08 * share), y)], paper * 0.78, 1.4)
    layer.limb(
        (x + size * 0.30, base - size * 0.22), (x + size * 0.62, base - size * 0.06), 5, 4, indoor(stage, "d86a50")
    )


def draw_vase_grass(
    stage: Stage, layer: Layer, random: np.random.Generator, x: float, base: float, size: float
) -> None:
    """Stand dry grasses in a small vase."""
    draw_grass(
        layer, random, x - 4, x + 4, base - size * 0.4, size, (indoor(stage, "a88a58"), indoor(stage, "e8d0a0")), 10
    )
    layer.ellipse(x, base - size * 0.22, size * 0.16, size * 0.22, indoor(stage, "e0d4c8"))
    layer.ellipse(x + size * 0.04, base - size * 0.22, size * 0.10, size * 0.2, indoor(stage, "c4b4a8"))
