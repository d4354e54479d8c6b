"""What every part of a picture shares while it is painted: the scene, the canvas, the light and the seed."""

import zlib
from dataclasses import dataclass, field

import numpy as np

from aiplayer.thumbnails.painting import palette
from aiplayer.thumbnails.painting.canvas import Canvas
from aiplayer.thumbnails.painting.scene import Scene


@dataclass
class Stage:
    """A scene on its way to a canvas.

    horizon: height in units of the line where land or water meets the sky; sun: where the sun or the moon stands, in
    units; both are set here from the seed and may be moved by a place before it paints its sky. spots: where a place
    has room for the elements: "ground" [(x, base, height of a person)], "water" (x, waterline, length of a boat),
    "landmark" (x, base, height), "rail" (y, depth).
    """

    scene: Scene
    canvas: Canvas
    seed: int
    light: palette.Light = field(init=False)
    horizon: float = field(init=False)
    sun: tuple[float, float] = field(init=False)
    spots: dict = field(default_factory=dict)

    def __post_init__(self):
        self.light = palette.light_of(self.scene, self.random("light"))
        self.set_horizon(self.random("horizon").uniform(400, 470))

    def set_horizon(self, horizon: float) -> None:
        """Move the horizon, and the sun or moon with it."""
        self.horizon = horizon
        random = self.random("sun")
        side = random.choice([random.uniform(0.16, 0.36), random.uniform(0.62, 0.86)])
        rise = {"sunset": random.uniform(30, 85), "dawn": random.uniform(40, 110), "morning": random.uniform(170, 240)}
        self.sun = (side * self.width, horizon - rise.get(self.scene.hour, horizon - random.uniform(95, 175)))

    def random(self, subject: str) -> np.random.Generator:
        """Return the generator of one subject, so that one subject's draws do not move another's."""
        return np.random.default_rng([self.seed % 2**32, zlib.crc32(subject.encode())])

    @property
    def width(self) -> float:
        """Width of the picture in units."""
        return self.canvas.width

    @property
    def snow(self) -> float:
        """How white the ground lies, 0 to 1."""
        return palette.snow_cover(self.scene)

    def side_of_light(self, x: float) -> float:
        """Tell on which side of x the sun or the moon stands: -1 left, 1 right."""
        return 1.0 if self.sun[0] > x else -1.0

    def has(self, element: str) -> bool:
        """Tell whether the scene asks for an element."""
        return element in self.scene.elements

    def lit(self, code: str, depth: float = 0.0) -> np.ndarray:
        """Return the colour "rrggbb" in this scene's light, that deep in its haze."""
        return self.light.lit(palette.color(code), depth)

    def ground(self, code: str, depth: float = 0.0) -> np.ndarray:
        """Return the colour of a surface that snow falls on."""
        return palette.mix(self.lit(code, depth), self.snow_tone(depth), min(1.0, 1.06 * self.snow))

    def snow_tone(self, depth: float = 0.0) -> np.ndarray:
        """Return the colour of lying snow, which gathers what light there is and so never goes as dark as the rest."""
        tone = self.light.lit(palette.SNOW, depth)
        pale = palette.mix(self.light.sky[3], (0.78, 0.85, 1.0), 0.74)
        share = 0.42 if self.light.darkness == 1.0 else max(0.3 * (1 - depth), 1.05 * self.light.darkness)
        return palette.mix(tone, pale if self.light.darkness else (0.97, 0.985, 1.0), share)

    def leaf_tones(self, generator: np.random.Generator, depth: float = 0.0, showy: bool = False) -> list[np.ndarray]:
        """Draw a kind of leaf of the season and return its dark, middle and light tone.

        showy: leave out the green of spring, for a tree that stands alone and has to tell the season by itself.
        """
        kinds = palette.FOLIAGE[self.scene.season]
        first = 1 if showy and self.scene.season == "spring" else 0
        chosen = kinds[generator.integers(first, len(kinds))]
        if self.has("blossoms") and generator.random() < 0.8:
            chosen = palette.FOLIAGE["spring"][generator.integers(1, 3)]
        if self.has("leaves") and self.scene.season != "autumn" and generator.random() < 0.5:
            chosen = palette.FOLIAGE["autumn"][generator.integers(3)]
        # Lamps and the moon keep some of a leaf's own colour alive in the dark, so that the season stays visible.
        share = 0.30 * max(0.0, self.light.darkness - 0.4) * (1 - depth)
        return [
            palette.mix(self.lit(code, depth), palette.color(code) * 0.9, share * level)
            for level, code in zip((0.35, 0.8, 1.25), chosen.split(), strict=True)
        ]
