"""What every part of a picture shares while it is painted: the scene, the canvas, the light and the seed."""

import zlib
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from aiplayer.thumbnails.painting import palette
from aiplayer.thumbnails.painting.canvas import Canvas
from aiplayer.thumbnails.painting.scene import Scene

MOONLIGHT = np.array([1.0, 0.97, 0.88])
# After dark, lamps and the moon keep some of a leaf's own color alive: how much on its dark, middle and light tone.
LEAF_GLOW = (0.35, 0.8, 1.25)
# Where lamps burn by day too.
LAMPLIT_WEATHERS = ("rain", "fog", "snow")


@dataclass
class Stage:
    """A scene on its way to a canvas.

    The horizon and the sun are set from the seed; a place may move them before it paints its sky.

    Attributes:
        scene: What is painted.
        canvas: What it is painted on.
        seed: Seeds every generator of `random`.
        light: The colors of the scene.
        horizon: Height of the line where land or water meets the sky, in units.
        sun: x and y of the sun or the moon, in units.
        spots: Where a place has room for the elements: "ground" [(x, base, height of a person)], "water" (x, waterline,
            length of a boat), "landmark" (x, base, height), "rail" (y, depth), or (y, depth, size, left, right) for a
            bridge, "car" (x, base, width), "strings" [(start, end, scale)], "cup" and "vinyl" (x, base, width),
            "umbrella" (x, base, height), "sky" (left, right) where nothing hides the sky.
    """

    scene: Scene
    canvas: Canvas
    seed: int
    light: palette.Light = field(init=False)
    horizon: float = field(init=False)
    sun: tuple[float, float] = field(init=False)
    spots: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.light = palette.light_of(self.scene, self.random("light"))
        self.set_horizon(self.random("horizon").uniform(400, 470))

    def set_horizon(self, horizon: float) -> None:
        """Move the horizon to a height in units, and the sun or moon with it."""
        self.horizon = horizon
        random = self.random("sun")

        left = random.uniform(0.16, 0.36)
        right = random.uniform(0.62, 0.86)
        side = random.choice([left, right])

        # All rises are drawn whatever the hour, so that the hour moves nothing that is drawn after them.
        rises = {
            "sunset": random.uniform(30, 85),
            "dawn": random.uniform(40, 110),
            "morning": random.uniform(170, 240),
        }
        high_rise = horizon - random.uniform(95, 175)
        rise = rises.get(self.scene.hour, high_rise)
        self.sun = (side * self.width, horizon - rise)

    def random(self, subject: str) -> np.random.Generator:
        """Return the generator of one subject, so that one subject's draws do not move another's."""
        return np.random.default_rng([self.seed % 2**32, zlib.crc32(subject.encode())])

    @property
    def width(self) -> float:
        """Return the width of the picture in units."""
        return self.canvas.width

    @property
    def snow(self) -> float:
        """Return how white the ground lies, 0 to 1."""
        return palette.snow_cover(self.scene)

    @property
    def lamps_burn(self) -> bool:
        """Tell whether the lamps of a street are on."""
        return self.light.darkness > 0.3 or self.scene.weather in LAMPLIT_WEATHERS

    @property
    def open_sky(self) -> tuple[float, float]:
        """Return the left and the right end of what nothing hides of the sky, in units."""
        left, right = self.spots.get("sky", (0.0, self.width))
        return left, right

    def side_of_light(self, x: float) -> float:
        """Tell on which side of x the sun or the moon stands: -1 left, 1 right."""
        return 1.0 if self.sun[0] > x else -1.0

    def has(self, element: str) -> bool:
        """Tell whether the scene asks for an element."""
        return element in self.scene.elements

    def lit(self, code: str, depth: float = 0.0) -> np.ndarray:
        """Return how the daylight color "rrggbb" looks in this scene's light, float64 [3].

        Args:
            code: The color by daylight.
            depth: How far into the haze the thing stands, from 0 (near) to 1 (at the horizon).
        """
        return self.light.lit(palette.color(code), depth)

    def ground(self, code: str, depth: float = 0.0) -> np.ndarray:
        """Return the color of a surface that snow falls on; arguments as for `lit`."""
        white_share = min(1.0, 1.06 * self.snow)
        return palette.mix(self.lit(code, depth), self.snow_tone(depth), white_share)

    def snow_tone(self, depth: float = 0.0) -> np.ndarray:
        """Return the color of lying snow; it gathers what light there is and so never goes as dark as the rest."""
        tone = self.light.lit(palette.SNOW, depth)
        if not self.light.darkness:
            return palette.mix(tone, (0.97, 0.985, 1.0), 0.3 * (1 - depth))

        pale = palette.mix(self.light.sky[3], (0.78, 0.85, 1.0), 0.74)
        if self.light.darkness == 1.0:
            return palette.mix(tone, pale, 0.42)
        return palette.mix(tone, pale, max(0.3 * (1 - depth), 1.05 * self.light.darkness))

    def leaf_tones(self, generator: np.random.Generator, depth: float = 0.0, showy: bool = False) -> list[np.ndarray]:
        """Draw a kind of leaf of the season.

        Args:
            generator: It draws the kind.
            depth: How far into the haze the leaves hang, from 0 (near) to 1 (at the horizon).
            showy: Leave out the green of spring, for a tree that stands alone and has to tell the season by itself.

        Returns:
            The dark, middle and light tone of the leaves, each float64 [3].
        """
        codes = self._leaf_codes(generator, showy)
        share = 0.30 * max(0.0, self.light.darkness - 0.4) * (1 - depth)
        tones = []
        for code, glow in zip(codes.split(), LEAF_GLOW, strict=True):
            own_color = palette.color(code) * 0.9
            tones.append(palette.mix(self.lit(code, depth), own_color, share * glow))
        return tones

    def _leaf_codes(self, generator: np.random.Generator, showy: bool) -> str:
        """Draw a kind of leaf and return its three codes; blossoms and falling leaves bring in their own season's."""
        kinds = palette.FOLIAGE[self.scene.season]
        first = 1 if showy and self.scene.season == "spring" else 0
        codes = kinds[generator.integers(first, len(kinds))]

        if self.has("blossoms") and generator.random() < 0.8:
            codes = palette.FOLIAGE["spring"][generator.integers(1, 3)]
        if self.has("leaves") and self.scene.season != "autumn" and generator.random() < 0.5:
            codes = palette.FOLIAGE["autumn"][generator.integers(3)]
        return codes
