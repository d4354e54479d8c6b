"""Clouds: heaped cumulus, thin bands and a closed overcast."""

import cv2
import numpy as np

from aiplayer.thumbnails.painting.cumulus import CloudTones, draw_cumulus
from aiplayer.thumbnails.painting.layer import WHITE
from aiplayer.thumbnails.painting.noise import step, texture
from aiplayer.thumbnails.painting.palette import mix
from aiplayer.thumbnails.painting.stage import Stage

# Size of the noise that bands and billows are cut from; it is stretched over the sky.
NOISE_WIDTH = 320
NOISE_HEIGHT = 180
# The golden ratio's fraction spreads clouds over the sky without a pattern.
GOLDEN = 0.618
# How dark the overcast's billows are.
BILLOWS = {"rain": 0.8, "snow": 0.5, "fog": 0.4}


def paint_clouds(stage: Stage) -> None:
    """Paint the clouds that go with the weather.

    Args:
        stage: The picture being painted, with its sky and sun.
    """
    weather = stage.scene.weather
    random = stage.random("clouds")
    if weather in BILLOWS:
        _paint_overcast(stage, random)
        return
    if weather == "cloudy":
        _paint_bands(stage, random, 0.75)
        _paint_heaps(stage, random, count=6, size=1.25)
        return

    low_sun = stage.scene.hour in ("sunset", "dawn")
    _paint_bands(stage, random, 0.35 if low_sun else 0.2)
    if stage.scene.hour in ("day", "morning"):
        _paint_heaps(stage, random, count=int(random.integers(2, 5)), size=1.0)
    elif random.random() < 0.7:
        _paint_heaps(stage, random, count=2, size=0.8)


def _choose_tones(stage: Stage, depth: float) -> CloudTones:
    """Choose the colors of a cloud that far away (0 near to 1 at the horizon)."""
    _, upper, lower, horizon = stage.light.sky
    hour = stage.scene.hour
    if hour == "night":
        shadow = mix(upper, lower, 0.35)
        middle = mix(lower, upper, 0.3)
        lit = mix(horizon, lower, 0.35)
    elif hour in ("sunset", "dawn"):
        shadow = mix(upper, lower, 0.25)
        middle = mix(lower, horizon, 0.2)
        lit = mix(horizon, WHITE, 0.3)
    else:
        shadow = mix(upper, (0.86, 0.88, 0.94), 0.6)
        middle = mix(lower, WHITE, 0.65)
        lit = mix(horizon, WHITE, 0.88)

    tones = [shadow, middle, lit]
    if stage.scene.weather == "cloudy":
        tones = [mix(tone, upper * 0.85, 0.16) for tone in tones]
    hazy = [mix(tone, horizon, depth * 0.55) for tone in tones]
    return CloudTones(*hazy)


def _paint_heaps(stage: Stage, random: np.random.Generator, count: int, size: float) -> None:
    """Paint cumulus clouds from the horizon upward, the nearer ones larger and higher."""
    layer = stage.canvas.layer(reduce=2)
    for index in range(count):
        depth = 1 - index / max(count, 1)
        width = size * random.uniform(260, 480) * (1.25 - 0.75 * depth)
        rise = 0.62 * (1 - depth) * random.uniform(0.75, 1.15)
        y = stage.horizon * (0.94 - rise)
        across = (index * GOLDEN + random.uniform(0, 0.3)) % 1
        x = stage.width * (across * 1.2 - 0.1)
        height = width * random.uniform(0.28, 0.44)
        draw_cumulus(layer, random, x, y, width, height, _choose_tones(stage, depth), stage.side_of_light(x))

    stage.canvas.add(layer, opacity=0.94)


def _paint_bands(stage: Stage, random: np.random.Generator, strength: float) -> None:
    """Paint thin bands that lie closer together toward the horizon."""
    noise = texture(random, NOISE_WIDTH, NOISE_HEIGHT, 3, 9, octaves=5)
    depth = np.linspace(0, 1, NOISE_HEIGHT, dtype=np.float32) ** 0.6
    columns, rows = np.meshgrid(np.arange(NOISE_WIDTH, dtype=np.float32), depth * (NOISE_HEIGHT - 1))
    noise = cv2.remap(noise, columns, rows, cv2.INTER_LINEAR)

    toward_horizon = np.linspace(0.75, 1, NOISE_HEIGHT, dtype=np.float32)[:, None]
    veil = step(noise, 0.50, 0.74) * toward_horizon
    core = step(noise, 0.60, 0.85)
    tones = _choose_tones(stage, 0.3)
    stage.canvas.blend(veil * strength, tones.middle, 0, stage.horizon)
    stage.canvas.blend(core * strength * 0.7, tones.lit, 0, stage.horizon)


def _paint_overcast(stage: Stage, random: np.random.Generator) -> None:
    """Close the sky with soft billows, darker above than at the horizon."""
    sky = stage.light.sky
    noise = texture(random, NOISE_WIDTH, NOISE_HEIGHT, 4, 6, octaves=5)
    share = BILLOWS[stage.scene.weather]
    ramp = np.linspace(1, 0.25, NOISE_HEIGHT, dtype=np.float32)[:, None]

    dark_billows = step(noise, 0.42, 0.75) * share * ramp
    pale_gaps = step(1 - noise, 0.48, 0.80) * share * 0.6
    stage.canvas.blend(dark_billows, sky[0] * 0.82, 0, stage.horizon)
    stage.canvas.blend(pale_gaps, mix(sky[3], WHITE, 0.08), 0, stage.horizon)
