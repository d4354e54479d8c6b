"""Elements in the air: fireworks, birds, balloons, strings of lanterns."""

import numpy as np

from aiplayer.thumbnails.painting.canvas import Halo
from aiplayer.thumbnails.painting.layer import WHITE, Color, Layer, Point
from aiplayer.thumbnails.painting.palette import color, mix
from aiplayer.thumbnails.painting.stage import Stage

SPARKS = ("ff6a8a", "ffd060", "6ad8ff", "b98aff", "8affb0", "ff9a4a")
SHELLS = 4
# Rings of one shell: share of the radius, number of sparks.
RINGS = ((1.0, 34), (0.68, 24), (0.38, 14))
FLOCK = 11
# How far the birds of a flock are spread, in units.
FLOCK_SPREAD = 120
# The two colors that alternate around a balloon's envelope.
ENVELOPES = (
    ("e85a4c", "f8d878"),
    ("4a90c8", "f4f0e0"),
    ("8a5ab0", "f8a0b8"),
    ("3fa890", "fce08a"),
    ("f08a3c", "fff0d0"),
)
# Depth into the haze and size in units, from the farthest balloon to the nearest.
BALLOONS = ((0.55, 34), (0.4, 46), (0.0, 82))
GORES = 9
# How far a string of lamps hangs through in its middle is a quarter of this share of its length.
SAG = 0.36
LONGEST_SAGGING = 760


def paint_fireworks(stage: Stage) -> None:
    """Burst four shells of fireworks over the horizon.

    Args:
        stage: The picture being painted.
    """
    random = stage.random("fireworks")
    left, right = stage.open_sky
    canvas = stage.canvas
    layer = canvas.layer()
    halos = []

    for index in range(SHELLS):
        across = 0.14 + 0.25 * index + random.uniform(-0.06, 0.06)
        x = left + (right - left) * (across % 1)
        y = stage.horizon * random.uniform(0.20, 0.50)
        radius = random.uniform(70, 135)
        tone = color(random.choice(SPARKS))
        _draw_burst(layer, random, (x, y), radius, tone)

        halos.append(Halo(x, y, radius * 1.9, radius * 1.9, tone, 0.55))
        halos.append(Halo(x, y, 46, 46, (1, 0.97, 0.9), 0.8))

        trail_end = (x + random.uniform(-8, 8), stage.horizon)
        layer.limb((x, y + radius * 0.4), trail_end, 1.6, 0.4, mix(tone, stage.light.sky[2], 0.6))

    canvas.add(layer, opacity=0.92)
    canvas.glow(halos)


def _draw_burst(layer: Layer, random: np.random.Generator, center: Point, radius: float, tone: Color) -> None:
    """Draw the rings of sparks that one shell throws out of its center; the sparks sink as they fly."""
    spark = mix(tone, WHITE, 0.6)
    for ring, count in RINGS:
        streak = mix(tone, WHITE, 0.25 if ring == 1.0 else 0.5)
        angles = np.linspace(0, 2 * np.pi, count, endpoint=False) + random.uniform(0, 1)

        for angle in angles:
            reach = radius * ring * random.uniform(0.9, 1.06)
            direction = np.array([np.cos(angle), np.sin(angle)])
            sinking = (0, reach * 0.12)
            start = center + direction * reach * 0.62
            stop = center + direction * reach + sinking
            layer.limb(start, stop, 0.6, 2.4, streak)
            layer.circle(stop[0], stop[1], 1.9, spark)


def paint_birds(stage: Stage) -> None:
    """Draw a loose flock.

    Args:
        stage: The picture being painted.
    """
    random = stage.random("birds")
    layer = stage.canvas.layer()
    left, right = stage.open_sky
    middle_x = left + (right - left) * random.uniform(0.3, 0.7)
    spread = min(FLOCK_SPREAD, (right - left) / 4)
    middle_y = stage.horizon * random.uniform(0.3, 0.52)

    tone = mix(stage.light.sky[0] * 0.45, stage.lit("40455c"), 0.4)
    if stage.light.darkness > 0.9:
        tone = mix(stage.light.sky[3], WHITE, 0.35)

    for index in range(FLOCK):
        x = middle_x + random.normal(0, spread)
        y = middle_y + random.normal(0, 42)
        size = random.uniform(9, 19) * (1.1 - index * 0.04)
        lift = random.uniform(0.25, 0.7)
        _draw_bird(layer, x, y, size, lift, tone)

    stage.canvas.add(layer)


def _draw_bird(layer: Layer, x: float, y: float, size: float, lift: float, tone: Color) -> None:
    """Draw a bird with wings of one size that are lifted by a share of it."""
    # From the body to the tip of a wing.
    share = np.linspace(0, 1, 7)
    rise = size * lift * np.sin(share * 2.2) * (1 - 0.35 * share)
    thinning = size * 0.16 * (1 - share)
    thickness = np.stack([0 * share, thinning], 1)

    for side in (-1, 1):
        upper = np.stack([x + side * size * share, y - rise], 1)
        lower = upper + thickness
        wing = np.concatenate([upper, lower[::-1]])
        layer.polygon(wing, tone)
    layer.ellipse(x, y + size * 0.03, size * 0.2, size * 0.10, tone)


def paint_balloons(stage: Stage) -> None:
    """Float hot-air balloons, the farther ones paler.

    Args:
        stage: The picture being painted.
    """
    random = stage.random("balloons")
    left, right = stage.open_sky
    for index, (depth, size) in enumerate(BALLOONS):
        layer = stage.canvas.layer()
        across = 0.22 + 0.31 * index + random.uniform(-0.07, 0.07)
        x = left + (right - left) * (across % 1)
        y = stage.horizon * random.uniform(0.28, 0.55)
        _draw_balloon(stage, layer, random, x, y, size, depth)
        stage.canvas.add(layer)

        if stage.light.darkness > 0.3:
            stage.canvas.glow([Halo(x, stage.horizon * 0.4, size, size, stage.light.lamps[0], 0.15)])


def _draw_balloon(
    stage: Stage, layer: Layer, random: np.random.Generator, x: float, y: float, size: float, depth: float
) -> None:
    """Draw a balloon around (x, y); its burner lights it from inside in the dark."""
    first_code, second_code = random.choice(ENVELOPES)
    inner_light = 0.35 * stage.light.darkness
    first = mix(stage.lit(first_code, depth), stage.light.lamps[0], inner_light)
    second = mix(stage.lit(second_code, depth), stage.light.lamps[0], inner_light)

    # Half the envelope's width at each height, from its top to its mouth.
    share = np.linspace(0, 1, 24)
    outline = np.sin(np.pi * (0.06 + 0.86 * share) ** 0.82) * (1 - 0.12 * share**6)
    heights = y - size * 1.1 + 2.25 * size * share

    # The seams stand evenly around the envelope and so crowd toward its edges.
    seams = np.sin(np.linspace(-np.pi / 2, np.pi / 2, GORES + 1))
    brightest = 2.5 if stage.sun[0] < x else 5.5
    for index in range(GORES):
        left = np.stack([x + seams[index] * outline * size, heights], 1)
        right = np.stack([x + seams[index + 1] * outline * size, heights], 1)
        from_brightest = (index - brightest) / 2.6
        shade = 0.76 + 0.3 * np.exp(-(from_brightest**2))
        tone = first if index % 2 else second
        gore = np.concatenate([left, right[::-1]])
        layer.polygon(gore, tone * shade)

    _draw_basket(stage, layer, x, heights[-1], size, depth)


def _draw_basket(stage: Stage, layer: Layer, x: float, mouth: float, size: float, depth: float) -> None:
    """Hang a basket on two ropes from a balloon's mouth."""
    rope = stage.lit("4a3c3c", depth)
    rope_end = mouth + size * 0.34
    for side in (-1, 1):
        above = (x + side * size * 0.2, mouth)
        below = (x + side * size * 0.13, rope_end)
        layer.line([above, below], rope, 1)

    top = mouth + size * 0.33
    bottom = mouth + size * 0.56
    corners = [
        (x - size * 0.15, top),
        (x + size * 0.15, top),
        (x + size * 0.12, bottom),
        (x - size * 0.12, bottom),
    ]
    layer.polygon(corners, stage.lit("8a5a3c", depth))


def paint_lanterns(stage: Stage) -> None:
    """Hang strings of small lamps: across the street, the window, or the top of the picture.

    Args:
        stage: The picture being painted; its spots "strings" hold (start, stop, scale) of each string.
    """
    random = stage.random("lanterns")
    layer = stage.canvas.layer()
    halos = []
    across_the_top = [
        ((-20, 46), (stage.width * 0.52, 22), 1.0),
        ((stage.width * 0.48, 26), (stage.width + 20, 66), 1.0),
    ]

    for start, stop, scale in stage.spots.get("strings", across_the_top):
        halos += _draw_string(stage, layer, random, np.array(start), np.array(stop), scale)

    stage.canvas.add(layer)
    stage.canvas.glow(halos)


def _draw_string(
    stage: Stage, layer: Layer, random: np.random.Generator, start: np.ndarray, stop: np.ndarray, scale: float
) -> list[Halo]:
    """Draw one string of lamps between two points and return the halos of its lamps."""
    span = stop - start
    length = np.hypot(*span)
    sagging_length = min(length, LONGEST_SAGGING)

    share = np.linspace(0, 1, 30)
    sag = SAG * share * (1 - share) * sagging_length
    hanging = np.stack([0 * share, sag], 1)
    wire = start + span * share[:, None] + hanging
    wire_tone = stage.light.sky[0] * 0.5
    layer.line(wire, wire_tone, 1.5)

    halos = []
    strength = 0.62 if stage.light.darkness > 0.3 else 0.4
    size = 6.5 * max(scale, 0.5)
    count = max(5, int(length / (44 * max(scale, 0.55))))
    for bulb in np.linspace(0.03, 0.97, count):
        bulb_sag = SAG * bulb * (1 - bulb) * sagging_length
        x, y = start + span * bulb + (0, bulb_sag)
        tone = stage.light.lamp(random)
        glass = mix(tone, WHITE, 0.42)
        layer.ellipse(x, y + size * 1.2, size * 0.85, size * 1.1, glass)
        layer.box(x - size * 0.4, y - size * 0.2, size * 0.8, size * 0.5, wire_tone)
        halos.append(Halo(x, y + size, size * 6.5, size * 6.5, tone, strength))

    return halos
