"""Clouds: heaped cumulus, thin bands and a closed overcast."""

import cv2
import numpy as np

from aiplayer.thumbnails.painting.canvas import Layer
from aiplayer.thumbnails.painting.noise import step, texture
from aiplayer.thumbnails.painting.palette import mix
from aiplayer.thumbnails.painting.stage import Stage


def paint_clouds(stage: Stage) -> None:
    """Paint the clouds that go with the weather."""
    weather, random = stage.scene.weather, stage.random("clouds")
    if weather in ("rain", "snow", "fog"):
        _paint_overcast(stage, random)
        return
    if weather == "cloudy":
        _paint_bands(stage, random, 0.75)
        _paint_heaps(stage, random, count=6, size=1.25)
        return
    _paint_bands(stage, random, 0.35 if stage.scene.hour in ("sunset", "dawn") else 0.2)
    if stage.scene.hour in ("day", "morning"):
        _paint_heaps(stage, random, count=int(random.integers(2, 5)), size=1.0)
    elif random.random() < 0.7:
        _paint_heaps(stage, random, count=2, size=0.8)


def _tones(stage: Stage, depth: float) -> list[np.ndarray]:
    """Return shadow, middle and lit tone of a cloud that far away."""
    sky, hour = stage.light.sky, stage.scene.hour
    if hour == "night":
        tones = [mix(sky[1], sky[2], 0.35), mix(sky[2], sky[1], 0.3), mix(sky[3], sky[2], 0.35)]
    elif hour in ("sunset", "dawn"):
        tones = [mix(sky[1], sky[2], 0.25), mix(sky[2], sky[3], 0.2), mix(sky[3], (1, 1, 1), 0.3)]
    else:
        tones = [mix(sky[1], (0.86, 0.88, 0.94), 0.6), mix(sky[2], (1, 1, 1), 0.65), mix(sky[3], (1, 1, 1), 0.88)]
    if stage.scene.weather == "cloudy":
        tones = [mix(tone, sky[1] * 0.85, 0.16) for tone in tones]
    return [mix(tone, sky[3], depth * 0.55) for tone in tones]


def _paint_heaps(stage: Stage, random: np.random.Generator, count: int, size: float) -> None:
    layer = stage.canvas.layer(reduce=2)
    for index in range(count):
        depth = 1 - index / max(count, 1)
        width = size * random.uniform(260, 480) * (1.25 - 0.75 * depth)
        y = stage.horizon * (0.94 - 0.62 * (1 - depth) * random.uniform(0.75, 1.15))
        x = stage.width * (((index * 0.618 + random.uniform(0, 0.3)) % 1) * 1.2 - 0.1)
        _heap(
            layer,
            random,
            x,
            y,
            width,
            width * random.uniform(0.28, 0.44),
            _tones(stage, depth),
            1.0 if stage.sun[0] > x else -1.0,
        )
    stage.canvas.add(layer, opacity=0.94)


def _heap(
    layer: Layer, random: np.random.Generator, x: float, y: float, width: float, height: float, tones, toward_sun: float
) -> None:
    """Heap up one cumulus whose flat base lies at y: domes of puffs, each lit on top and toward the sun."""
    shadow, middle_tone, lit = tones
    domes = [(random.uniform(-0.30, 0.30), 1.0)] + [
        (side * random.uniform(0.34, 0.62), random.uniform(0.34, 0.66)) for side in (-1, 1, -1, 1)
    ]
    puffs = []
    for across, share in domes:
        for angle in np.linspace(-np.pi, 0, int(9 + 9 * share)):
            ring = random.uniform(0.30, 1.0)
            puffs.append(
                (
                    across * width / 2 + np.cos(angle) * width * 0.27 * share**0.5 * ring,
                    -np.sin(angle) * height * share * ring * 0.92,
                    height * random.uniform(0.14, 0.27) * (0.5 + 0.5 * share),
                )
            )
    sheet = Layer(max(2, int(width * 1.7 * layer.scale)), max(2, int(height * 1.8 * layer.scale)), layer.scale)
    middle, base = width * 0.85, height * 1.4
    for across, lift, radius in sorted(puffs, key=lambda puff: -puff[1]):
        level = lift / height
        body = mix(shadow, middle_tone, min(1.0, 0.25 + 1.1 * level))
        sheet.circle(middle + across, base - lift, radius, body)
        sheet.circle(
            middle + across + toward_sun * radius * 0.16,
            base - lift - radius * 0.18,
            radius * 0.80,
            mix(body, lit, 0.22 + 0.45 * level),
        )
        sheet.circle(
            middle + across + toward_sun * radius * 0.26,
            base - lift - radius * 0.30,
            radius * 0.56,
            mix(body, lit, 0.40 + 0.60 * level),
        )
    rows = (np.arange(sheet.pixels.shape[0]) + 0.5) / layer.scale
    keep = 1 - step(rows, base - height * 0.30, base + height * 0.10)
    # The shading is blurred far more than the outline, so that puffs melt into each other inside a crisp cloud.
    melted = cv2.GaussianBlur(
        sheet.pixels.astype(np.float32), (0, 0), max(0.5, 0.035 * height * layer.scale + 2.4 * layer.scale)
    )
    alpha = (
        cv2.GaussianBlur(sheet.pixels[..., 3], (0, 0), max(0.5, 1.3 * layer.scale))
        / np.float32(255.0)
        * keep[:, None].astype(np.float32)
    )
    soft = melted / np.maximum(melted[..., 3:], 1.0) * (255 * alpha)[..., None]
    _paste(layer, soft, round((x - middle) * layer.scale), round((y - base) * layer.scale))


def _paste(layer: Layer, sheet: np.ndarray, left: int, top: int) -> None:
    """Lay a small premultiplied sheet (0 to 255) over a layer, cut off at the layer's edges."""
    height, width = layer.pixels.shape[:2]
    rows, columns = (
        slice(max(top, 0), min(top + sheet.shape[0], height)),
        slice(max(left, 0), min(left + sheet.shape[1], width)),
    )
    if rows.start >= rows.stop or columns.start >= columns.stop:
        return
    piece = sheet[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left]
    target = layer.pixels[rows, columns]
    target[:] = piece + target * (1 - piece[..., 3:] / 255)
    layer.top, layer.bottom = min(layer.top, rows.start), max(layer.bottom, rows.stop)


def _paint_bands(stage: Stage, random: np.random.Generator, strength: float) -> None:
    """Paint thin bands that lie closer together toward the horizon."""
    noise = texture(random, 320, 180, 3, 9, octaves=5)
    depth = np.linspace(0, 1, 180, dtype=np.float32) ** 0.6
    columns, rows = np.meshgrid(np.arange(320, dtype=np.float32), depth * 179)
    noise = cv2.remap(noise, columns, rows, cv2.INTER_LINEAR)
    thin = step(noise, 0.50, 0.74) * np.linspace(0.75, 1, 180, dtype=np.float32)[:, None]
    tones = _tones(stage, 0.3)
    stage.canvas.blend(thin * strength, tones[1], 0, stage.horizon)
    stage.canvas.blend(step(noise, 0.60, 0.85) * strength * 0.7, tones[2], 0, stage.horizon)


def _paint_overcast(stage: Stage, random: np.random.Generator) -> None:
    """Close the sky with soft billows, darker above than at the horizon."""
    sky = stage.light.sky
    noise = texture(random, 320, 180, 4, 6, octaves=5)
    share = {"rain": 0.8, "snow": 0.5, "fog": 0.4}[stage.scene.weather]
    ramp = np.linspace(1, 0.25, 180, dtype=np.float32)[:, None]
    stage.canvas.blend(step(noise, 0.42, 0.75) * share * ramp, sky[0] * 0.82, 0, stage.horizon)
    stage.canvas.blend(step(1 - noise, 0.48, 0.80) * share * 0.6, mix(sky[3], (1, 1, 1), 0.08), 0, stage.horizon)
