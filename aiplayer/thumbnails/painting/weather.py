"""Weather in front of everything: rain, snowfall, fog, drifting petals and leaves."""

import cv2
import numpy as np

from aiplayer.thumbnails.painting.noise import step, texture
from aiplayer.thumbnails.painting.palette import FOLIAGE, color, mix
from aiplayer.thumbnails.painting.stage import Stage


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
    random, canvas = stage.random("rain"), stage.canvas
    slant = random.uniform(-0.28, 0.28)
    tone = mix(stage.light.sky[3], (0.92, 0.96, 1.0), 0.6)
    for count, length, width, opacity in ((340, 24, 1, 0.20), (150, 52, 1, 0.30), (46, 96, 2, 0.22)):
        layer = canvas.layer()
        for _ in range(count):
            x, y = random.uniform(-80, stage.width + 80), random.uniform(-60, 720)
            reach = length * random.uniform(0.6, 1.2)
            layer.line([(x, y), (x - slant * reach, y + reach)], tone, width)
        canvas.add(layer, opacity=opacity)


def paint_snowfall(stage: Stage) -> None:
    """Draw flakes of three sizes; the nearest are soft."""
    random, canvas = stage.random("snow"), stage.canvas
    tone = mix((1, 1, 1), stage.light.sky[3], 0.12 if stage.scene.hour != "night" else 0.25)
    for count, size, reduce, opacity in ((420, 1.4, 1, 0.75), (150, 2.7, 1, 0.85), (30, 6.5, 2, 0.5)):
        layer = canvas.layer(reduce)
        for _ in range(count):
            layer.circle(random.uniform(0, stage.width), random.uniform(0, 720), size * random.uniform(0.6, 1.4), tone)
        if reduce > 1:
            layer.pixels = cv2.GaussianBlur(layer.pixels, (0, 0), 3.2 * layer.scale)
        canvas.add(layer, opacity=opacity)


def paint_fog(stage: Stage, top: float, bottom: float, strength: float) -> None:
    """Lay drifting banks of fog over a band of the picture."""
    random = stage.random("fog")
    noise = texture(random, 160, 90, 2.2, 5, octaves=3)
    rows = np.linspace(0, 1, 90, dtype=np.float32)[:, None]
    band = step(rows, 0.0, 0.35) * (1 - 0.65 * step(rows, 0.45, 1.0))
    stage.canvas.blend(strength * band * (0.45 + 0.75 * step(noise, 0.3, 0.7)), stage.light.haze, top, bottom)


def paint_drift(stage: Stage) -> None:
    """Let petals or leaves drift through the air."""
    if stage.has("blossoms"):
        _drift(stage, "blossoms", [color(code) for code in ("ffd2e0", "ffb4cc", "ffe6ee")], 90, 5.0)
    if stage.has("leaves"):
        codes = " ".join(FOLIAGE["autumn"]).split()
        _drift(stage, "leaves", [color(code) for code in codes[1:]], 70, 7.5)


def _drift(stage: Stage, subject: str, colors, count: int, size: float) -> None:
    random, layer = stage.random(subject), stage.canvas.layer()
    shade = mix(np.ones(3), stage.light.ambient, 0.55)
    for _ in range(count):
        x, y = random.uniform(0, stage.width), 720 * random.random() ** 0.8
        near = 0.5 + 1.4 * random.random() ** 4
        angle, fold = random.uniform(0, 2 * np.pi), random.uniform(0.25, 0.6)
        outline = np.array([(-1, 0), (-0.35, -fold), (0.5, -fold * 0.8), (1, 0), (0.5, fold * 0.8), (-0.35, fold)])
        turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        layer.polygon(outline @ turn * size * near + (x, y), colors[random.integers(len(colors))] * shade)
    stage.canvas.add(layer, opacity=0.92)
