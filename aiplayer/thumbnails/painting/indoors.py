"""The light of a room: how daylight colors look under its lamps or beside its window."""

import numpy as np

from aiplayer.thumbnails.painting.palette import color, mix
from aiplayer.thumbnails.painting.stage import Stage

# How daylight colors look under the lamps of a room, by palette, after dark and by day.
EVENING = {
    "warm": "bc8664",
    "cool": "7f86bc",
    "pastel": "c8a4b4",
    "neon": "8458b8",
    "vintage": "b8946c",
    "vivid": "b86c98",
}
DAYLIGHT = {
    "warm": "f4e4cc",
    "cool": "dce4ee",
    "pastel": "f6ece8",
    "neon": "dcd0f0",
    "vintage": "eadcc0",
    "vivid": "f6ead8",
}

# How bright a room is at an hour of low light, and by day in the rain.
BRIGHTNESS = {"night": 0.72, "sunset": 0.92, "dawn": 0.88}
RAINY_BRIGHTNESS = 0.9
LAMPS_ON_DARKNESS = 0.3


def lamps_on(stage: Stage) -> bool:
    """Tell whether the room is lit by its lamps rather than by the sky."""
    return stage.light.darkness > LAMPS_ON_DARKNESS or stage.scene.weather == "rain"


def indoor(stage: Stage, code: str) -> np.ndarray:
    """Return how the daylight color "rrggbb" looks inside, float64 [3] from 0 to 1."""
    lights = EVENING if lamps_on(stage) else DAYLIGHT
    shine = color(lights[stage.scene.palette])

    daytime_brightness = RAINY_BRIGHTNESS if stage.scene.weather == "rain" else 1.0
    brightness = BRIGHTNESS.get(stage.scene.hour, daytime_brightness)

    # A little of the sky comes in through the window.
    skylight = stage.light.sky[1] * 0.8
    return mix(color(code) * shine * brightness, skylight, 0.12)
