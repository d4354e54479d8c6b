"""The colors of a scene: skies, light and season, chosen so that everything painted with them goes together."""

from dataclasses import dataclass

import numpy as np

from aiplayer.thumbnails.painting.layer import Color
from aiplayer.thumbnails.painting.scene import Scene


def color(code: str) -> np.ndarray:
    """Turn "rrggbb" into a color, float64 [3] from 0 to 1."""
    channels = [code[0:2], code[2:4], code[4:6]]
    return np.array([int(channel, 16) / 255 for channel in channels])


def colors(codes: str) -> list[np.ndarray]:
    """Turn "rrggbb rrggbb ..." into colors, each float64 [3] from 0 to 1."""
    return [color(code) for code in codes.split()]


def mix(first: Color, second: Color, share: float) -> np.ndarray:
    """Return the color that lies a share (0 to 1) of the way from the first to the second.

    Args:
        first: A color, or an array of any shape of colors or brightnesses.
        second: The same shape as the first, or one that broadcasts to it.
        share: 0 gives the first, 1 the second.

    Returns:
        float64, of the shape that the two broadcast to.
    """
    return np.asarray(first, dtype=float) * (1 - share) + np.asarray(second, dtype=float) * share


# Four colors a sky, from the top of the picture to the horizon.
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
# How much of the sky's color is lost behind the weather, and how much of that loss shows at an hour of low sun.
OVERCAST = {"clear": 0.0, "cloudy": 0.3, "rain": 0.62, "snow": 0.70, "fog": 0.6}
OVERCAST_BY_HOUR = {"sunset": 0.6, "dawn": 0.8, "night": 0.55}
# What the gray of an overcast sky leans to, as factors of red, green and blue.
OVERCAST_TONES = {
    "clear": (0.97, 1, 1.04),
    "cloudy": (0.97, 1, 1.04),
    "rain": (0.80, 0.87, 0.97),
    "snow": (0.99, 1.03, 1.09),
    "fog": (1.02, 1.03, 1.04),
}
# How much daylight the clouds let through.
DIMMING = {"rain": 0.78, "cloudy": 0.92}
FOG = {"fog": 1.0, "rain": 0.35, "snow": 0.28, "cloudy": 0.12}
LUMA = (0.3, 0.59, 0.11)
DRY_WINTER_SNOW = 0.88
# How far a lamp's color lies from the first one of its palette: the spread of a normal distribution over the list.
LAMP_SPREAD = 0.9


@dataclass(frozen=True)
class Light:
    """The colors that light a scene, each float64 [3] from 0 to 1.

    Attributes:
        sky: float64 [4, 3], from the zenith to the horizon.
        ambient: The factors by which the hour changes daylight colors.
        haze: What far things fade into.
        sun: The sun or, at night, the moon.
        lamps: Windows and lamps; the most frequent color comes first.
        darkness: 0 at noon to 1 at night.
        fog: How much haze lies even on near things, 0 to 1.
    """

    sky: np.ndarray
    ambient: np.ndarray
    haze: np.ndarray
    sun: np.ndarray
    lamps: list[np.ndarray]
    darkness: float
    fog: float

    def lit(self, albedo: Color, depth: float = 0.0) -> np.ndarray:
        """Return how a daylight color looks in this light.

        Args:
            albedo: The color by daylight.
            depth: How far into the haze the thing stands, from 0 (near) to 1 (at the horizon).

        Returns:
            The color, float64 [3].
        """
        near = np.asarray(albedo) * self.ambient
        near = mix(near, self.sky[1], 0.10 + 0.06 * self.darkness)

        # Against a low sun whatever is near turns into a dark, cool silhouette.
        backlit = 1.2 * self.darkness * (1 - self.darkness) * (1 - depth) ** 2
        near = mix(near, self.sky[0] * 0.6, backlit)

        visible = (1 - depth) ** (1 + 1.3 * self.fog) * (1 - 0.10 * self.fog)
        return mix(near, self.haze, 1 - visible)

    def lamp(self, generator: np.random.Generator) -> np.ndarray:
        """Draw the color of one window or lamp; the palette's first color comes most often."""
        last = len(self.lamps) - 1
        distance = abs(generator.normal(0, LAMP_SPREAD))
        return self.lamps[min(int(distance), last)]


def snow_cover(scene: Scene) -> float:
    """Return how white the ground lies: 1 in falling snow, less on a dry winter day, else 0."""
    if scene.weather == "snow":
        return 1.0
    if scene.season == "winter" and scene.weather in ("clear", "cloudy"):
        return DRY_WINTER_SNOW
    return 0.0


def light_of(scene: Scene, generator: np.random.Generator) -> Light:
    """Choose the light of a scene.

    Args:
        scene: Its hour, weather and palette choose the colors.
        generator: It turns the sky a little warmer or cooler from seed to seed.

    Returns:
        The light.
    """
    sky = _cover(_clear_sky(scene, generator), scene)
    ambient = np.array(AMBIENT[scene.hour])
    if scene.weather in DIMMING:
        ambient = ambient * DIMMING[scene.weather]

    sky_tint = ambient * sky[2] / sky[2].max()
    return Light(
        sky=sky,
        ambient=mix(ambient, sky_tint, 0.25),
        haze=_haze(scene, sky),
        sun=color(SUNLIGHT[scene.hour]),
        lamps=colors(LAMPS[scene.palette]),
        darkness=DARKNESS[scene.hour],
        fog=FOG.get(scene.weather, 0.0),
    )


def _clear_sky(scene: Scene, generator: np.random.Generator) -> np.ndarray:
    """Return the sky without any weather, float64 [4, 3]."""
    sky = np.array(colors(SKIES[scene.hour][scene.palette]))
    warmth = generator.uniform(0.94, 1.05, (1, 3))
    brightness = generator.uniform(0.97, 1.04, (4, 1))
    return np.clip(sky * warmth * brightness, 0, 1)


def _cover(sky: np.ndarray, scene: Scene) -> np.ndarray:
    """Return a sky, float64 [4, 3], with the gray of the weather drawn over it."""
    brightness = sky @ np.array(LUMA)
    even = np.full(4, brightness.mean())
    gray_sky = mix(even, brightness, 0.6)[:, None] * np.array(OVERCAST_TONES[scene.weather])

    share = OVERCAST[scene.weather] * OVERCAST_BY_HOUR.get(scene.hour, 1.0)
    return np.clip(mix(sky, gray_sky, share), 0, 1)


def _haze(scene: Scene, sky: np.ndarray) -> np.ndarray:
    """Return the color of haze: that of the horizon with some of the sky above it."""
    haze = mix(sky[3], sky[2], 0.45 if scene.hour in ("night", "sunset") else 0.35)
    if scene.hour in ("morning", "day"):
        haze = mix(haze, sky[1], 0.25)
    return haze
