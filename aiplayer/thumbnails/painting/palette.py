"""The colours of a scene: skies, light and season, chosen so that everything painted with them goes together."""

from dataclasses import dataclass

import numpy as np

from aiplayer.thumbnails.painting.scene import Scene


def color(code: str) -> np.ndarray:
    """Turn "rrggbb" into three floats from 0 to 1."""
    return np.array([int(code[start : start + 2], 16) / 255 for start in (0, 2, 4)])


def mix(first, second, share: float) -> np.ndarray:
    """Return the colour that far (0 to 1) on the way from the first to the second."""
    return np.asarray(first, dtype=float) * (1 - share) + np.asarray(second, dtype=float) * share


# Four colours a sky, from the top of the picture to the horizon.
SKIES = {
    "night": {
        "warm": "0b1030 1c1a4a 3d2a63 84506c",
        "cool": "040a22 0a1b48 143a70 2f6a96",
        "pastel": "20224e 39387a 6a5ba0 b592c2",
        "neon": "080520 1e0f54 561a88 c93a94",
        "vintage": "10243e 25425c 5e6274 c0946e",
        "vivid": "050930 121f78 3a35a6 8450c4",
    },
    "dawn": {
        "warm": "42508e 8f76aa f0a590 ffdca8",
        "cool": "2a457f 5d83ba acbcda f8d8c8",
        "pastel": "90a8de c4b4e3 f6c8d6 ffe8d2",
        "neon": "2c1f74 7b3fb5 f27ab0 ffc89a",
        "vintage": "56647a 948c94 d8ae96 f0d8b0",
        "vivid": "2a52b0 7f78d8 ff94a0 ffda88",
    },
    "morning": {
        "warm": "58a2da 93c9e8 d2e6e0 fff0c8",
        "cool": "3588cc 76b8e4 b4dcf0 e8f6f4",
        "pastel": "a0caf2 c4def8 e4e6f8 fff0e6",
        "neon": "3a86f0 6fc0ff a8e8ff ffd8f0",
        "vintage": "82a6b0 aac2be d2d6be f4e6be",
        "vivid": "1f86ea 58baf8 a6e2fc fff4cc",
    },
    "day": {
        "warm": "3490da 6cbaea aadcf0 f2ecd2",
        "cool": "1a72c8 4aa2e2 90d0f2 d6eefa",
        "pastel": "88c2f0 b0d8f6 d4e9fa f2f4f4",
        "neon": "2466f2 3fa9ff 7fe0ff e8ccff",
        "vintage": "6698ac 94babc c0d0bc ecdfb8",
        "vivid": "0c6ae4 2c9cf8 74ceff d8f6ff",
    },
    "sunset": {
        "warm": "3a2c66 a3486f f4795a ffc56a",
        "cool": "24306e 6a5aa0 de8c96 ffcf96",
        "pastel": "7f86c8 c596c8 f9b0a4 ffdca4",
        "neon": "1d0f5c 8a1f96 ff4f86 ffa860",
        "vintage": "4a4a62 93686a dd9468 f4c884",
        "vivid": "2a2590 b03a9c ff6040 ffc840",
    },
}
AMBIENT = {
    "night": (0.25, 0.29, 0.50),
    "dawn": (0.74, 0.68, 0.80),
    "morning": (1.0, 0.97, 0.90),
    "day": (1.0, 1.0, 0.98),
    "sunset": (0.80, 0.56, 0.54),
}
DARKNESS = {"night": 1.0, "dawn": 0.45, "morning": 0.0, "day": 0.0, "sunset": 0.6}
SUNLIGHT = {
    "night": "dfe6ff",
    "dawn": "ffe0c0",
    "morning": "fff4d4",
    "day": "fffbe8",
    "sunset": "ffd27a",
}
LAMPS = {
    "warm": "ffc468 ffd890 ffae50",
    "cool": "ffdc9a fff0cc ffc878",
    "pastel": "ffdcaa ffc8b8 fff0d0",
    "neon": "ff5cb8 54e0ff ffd070 b070ff",
    "vintage": "ffcc7c f8b060 ffe0a4",
    "vivid": "ffc040 ffe080 ff9a4c",
}
# Dark, middle and light tone of every kind of leaf, in daylight.
FOLIAGE = {
    "spring": ("4f8a4a 77b356 a9d474", "b45a80 ec94b4 ffd2de", "c26c92 f4a8c2 ffe0e8"),
    "summer": ("14543c 2b8244 74b84c", "1c6038 3c9448 8cc850", "0f4a40 227a50 58ae5a"),
    "autumn": ("8e2c1c cc4c22 f4843a", "a85412 e08a1e ffc24c", "7c2226 b83a2a ea6a3c"),
    "winter": ("1f403f 33605a 5f8a80", "24464a 3a6668 688f8c", "1c3a40 2f5a5c 567f80"),
}
GRASS = {"spring": "7fb858", "summer": "4a9a42", "autumn": "c08e42", "winter": "9a947c"}
CONIFER = {"spring": "23664e", "summer": "17523f", "autumn": "2a5344", "winter": "24494c"}
SNOW = color("f2f6ff")
CLEARING = {"clear": 0.0, "cloudy": 0.3, "rain": 0.62, "snow": 0.70, "fog": 0.6}


@dataclass(frozen=True)
class Light:
    """The colours that light a scene.

    sky: [4, 3] from the zenith to the horizon; ambient: what daylight colours are multiplied with; darkness: 0 at
    noon to 1 at night; fog: how much haze lies even on near things; lamps: the colours of windows and lamps.
    """

    sky: np.ndarray
    ambient: np.ndarray
    haze: np.ndarray
    sun: np.ndarray
    lamps: list[np.ndarray]
    darkness: float
    fog: float

    def lit(self, albedo, depth: float = 0.0) -> np.ndarray:
        """Return how a daylight colour looks in this light, depth (0 near to 1 at the horizon) into the haze."""
        near = np.asarray(albedo) * self.ambient
        near = mix(near, self.sky[1], 0.10 + 0.06 * self.darkness)
        # Against a low sun whatever is near turns into a dark, cool silhouette.
        backlit = 1.2 * self.darkness * (1 - self.darkness) * (1 - depth) ** 2
        near = mix(near, self.sky[0] * 0.6, backlit)
        return mix(near, self.haze, 1 - (1 - depth) ** (1 + 1.3 * self.fog) * (1 - 0.10 * self.fog))

    def lamp(self, generator: np.random.Generator) -> np.ndarray:
        """Draw the colour of one window or lamp; the palette's first colour comes most often."""
        last = len(self.lamps) - 1
        return self.lamps[min(int(abs(generator.normal(0, 0.9))), last)]


def snow_cover(scene: Scene) -> float:
    """Return how white the ground lies: 1 in falling snow, less on a dry winter day, else 0."""
    if scene.weather == "snow":
        return 1.0
    return 0.88 if scene.season == "winter" and scene.weather in ("clear", "cloudy") else 0.0


def light_of(scene: Scene, generator: np.random.Generator) -> Light:
    """Return the light of a scene; the generator turns the sky a little warmer or cooler from seed to seed."""
    sky = np.array([color(code) for code in SKIES[scene.hour][scene.palette].split()])
    sky = np.clip(sky * generator.uniform(0.94, 1.05, (1, 3)) * generator.uniform(0.97, 1.04, (4, 1)), 0, 1)
    ambient = np.array(AMBIENT[scene.hour])
    gray = CLEARING[scene.weather] * {"sunset": 0.6, "dawn": 0.8, "night": 0.55}.get(scene.hour, 1.0)
    brightness = sky @ np.array([0.3, 0.59, 0.11])
    tone = {"rain": (0.80, 0.87, 0.97), "snow": (0.99, 1.03, 1.09), "fog": (1.02, 1.03, 1.04)}
    flat = mix(np.full(4, brightness.mean()), brightness, 0.6)[:, None] * np.array(
        tone.get(scene.weather, (0.97, 1, 1.04))
    )
    sky = np.clip(mix(sky, flat, gray), 0, 1)
    if scene.weather in ("rain", "cloudy"):
        ambient = ambient * (0.78 if scene.weather == "rain" else 0.92)
    haze = mix(sky[3], sky[2], 0.45 if scene.hour in ("night", "sunset") else 0.35)
    if scene.hour in ("morning", "day"):
        haze = mix(haze, sky[1], 0.25)
    fog = {"fog": 1.0, "rain": 0.35, "snow": 0.28, "cloudy": 0.12}.get(scene.weather, 0.0)
    return Light(
        sky=sky,
        ambient=mix(ambient, ambient * sky[2] / sky[2].max(), 0.25),
        haze=haze,
        sun=color(SUNLIGHT[scene.hour]),
        lamps=[color(code) for code in LAMPS[scene.palette].split()],
        darkness=DARKNESS[scene.hour],
        fog=fog,
    )
