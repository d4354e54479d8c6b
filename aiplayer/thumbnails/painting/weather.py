"""Weather in front of everything: rain, snowfall, fog, drifting petals and leaves."""

import cv2
import numpy as np

from aiplayer.thumbnails.painting.noise import step, texture
from aiplayer.thumbnails.painting.outlines import turn
from aiplayer.thumbnails.painting.palette import FOLIAGE, colors, mix
from aiplayer.thumbnails.painting.stage import Stage

# From far to near: number of streaks, length and width in units, opacity.
RAIN = ((340, 24, 1, 0.20), (150, 52, 1, 0.30), (46, 96, 2, 0.22))
# From far to near: number of flakes, radius in units, how many times smaller they are drawn, opacity.
SNOWFALL = ((420, 1.4, 1, 0.75), (150, 2.7, 1, 0.85), (30, 6.5, 2, 0.5))
# The texture of fog, in cells of the band that it fills.
FOG_WIDTH, FOG_HEIGHT = 160, 90
PETALS = "ffd2e0 ffb4cc ffe6ee"


def paint_weather(stage: Stage) -> None:
    """Paint the falling or drifting part of the weather over the whole picture."""
    if stage.scene.weather == "rain":
        paint_rain(stage)
    elif stage.scene.weather == "snow":
        paint_snowfall(stage)
    elif stage.scene.weather == "fog":
        paint_fog(stage, stage.horizon - 130, 720, 0.55)
    paint_drift(stage)


def paint_rain(stage: Stage) -> None:
    """Draw slanting streaks, fine and dense far away, long and few in front."""
    random = stage.random("rain")
    canvas = stage.canvas
    slant = random.uniform(-0.28, 0.28)
    tone = mix(stage.light.sky[3], (0.92, 0.96, 1.0), 0.6)

    for count, length, width, opacity in RAIN:
        layer = canvas.layer()
        for _ in range(count):
            x = random.uniform(-80, stage.width + 80)
            y = random.uniform(-60, 720)
            reach = length * random.uniform(0.6, 1.2)
            layer.line([(x, y), (x - slant * reach, y + reach)], tone, width)
        canvas.add(layer, opacity=opacity)


def paint_snowfall(stage: Stage) -> None:
    """Draw flakes of three sizes; the nearest are soft."""
    random = stage.random("snow")
    canvas = stage.canvas
    tone = mix((1, 1, 1), stage.light.sky[3], 0.25 if stage.scene.hour == "night" else 0.12)

    for count, size, reduce, opacity in SNOWFALL:
        layer = canvas.layer(reduce)
        for _ in range(count):
            x = random.uniform(0, stage.width)
            y = random.uniform(0, 720)
            layer.circle(x, y, size * random.uniform(0.6, 1.4), tone)
        if reduce > 1:
            layer.pixels = cv2.GaussianBlur(layer.pixels, (0, 0), 3.2 * layer.scale)
        canvas.add(layer, opacity=opacity)


def paint_fog(stage: Stage, top: float, bottom: float, strength: float) -> None:
    """Lay drifting banks of fog over a band of the picture.

    Args:
        stage: The picture.
        top: The upper edge of the band, in units.
        bottom: Its lower edge, in units.
        strength: How much of the picture the fog hides, 0 to 1.
    """
    random = stage.random("fog")
    noise = texture(random, FOG_WIDTH, FOG_HEIGHT, 2.2, 5, octaves=3)
    banks = 0.45 + 0.75 * step(noise, 0.3, 0.7)

    down = np.linspace(0, 1, FOG_HEIGHT, dtype=np.float32)[:, None]
    density = step(down, 0.0, 0.35) * (1 - 0.65 * step(down, 0.45, 1.0))
    stage.canvas.blend(strength * density * banks, stage.light.haze, top, bottom)


def paint_drift(stage: Stage) -> None:
    """Let petals or leaves drift through the air."""
    if stage.has("blossoms"):
        _drift(stage, "blossoms", colors(PETALS), 90, 5.0)
    if stage.has("leaves"):
        tones = colors(" ".join(FOLIAGE["autumn"]))
        _drift(stage, "leaves", tones[1:], 70, 7.5)


def _drift(stage: Stage, subject: str, tones: list[np.ndarray], count: int, size: float) -> None:
    """Scatter turned and folded leaves, more of them high up and few of them near."""
    random = stage.random(subject)
    layer = stage.canvas.layer()
    shade = mix(np.ones(3), stage.light.ambient, 0.55)

    for _ in range(count):
        x = random.uniform(0, stage.width)
        y = 720 * random.random() ** 0.8
        near = 0.5 + 1.4 * random.random() ** 4
        angle = random.uniform(0, 2 * np.pi)
        fold = random.uniform(0.25, 0.6)
        upper = [(-1, 0), (-0.35, -fold), (0.5, -fold * 0.8)]
        lower = [(1, 0), (0.5, fold * 0.8), (-0.35, fold)]
        outline = turn(np.array(upper + lower), angle)
        tone = tones[random.integers(len(tones))]
        layer.polygon(outline * size * near + (x, y), tone * shade)
    stage.canvas.add(layer, opacity=0.92)
