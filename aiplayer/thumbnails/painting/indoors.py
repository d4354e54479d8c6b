"""The light of a room: how daylight colours look under its lamps or beside its window."""

import numpy as np

from aiplayer.thumbnails.painting.palette import color, mix
from aiplayer.thumbnails.painting.stage import Stage

# How daylight colours look under the lamps of a room, by palette, after dark and by day.
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


def lamps_on(stage: Stage) -> bool:
    """Tell whether the room is lit by its lamps rather than by the sky."""
    return stage.light.darkness > 0.3 or stage.scene.weather == "rain"


def indoor(stage: Stage, code: str) -> np.ndarray:
    """Return how the daylight colour "rrggbb" looks inside."""
    shine = color((EVENING if lamps_on(stage) else DAYLIGHT)[stage.scene.palette])
    dim = {"night": 0.72, "sunset": 0.92, "dawn": 0.88}.get(
        stage.scene.hour, 0.9 if stage.scene.weather == "rain" else 1.0
    )
    return mix(color(code) * shine * dim, stage.light.sky[1] * 0.8, 0.12)
