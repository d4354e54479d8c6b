"""The sky: its gradient, the sun, the moon, stars and overcast."""

import numpy as np

from aiplayer.thumbnails.painting import clouds
from aiplayer.thumbnails.painting.canvas import Fade, Halo
from aiplayer.thumbnails.painting.elements import paint_sky_elements
from aiplayer.thumbnails.painting.layer import Layer
from aiplayer.thumbnails.painting.noise import step, texture
from aiplayer.thumbnails.painting.outlines import band, turn
from aiplayer.thumbnails.painting.palette import mix
from aiplayer.thumbnails.painting.stage import MOONLIGHT, Stage

# Where the four colors of a sky lie between the top of the picture and the horizon.
SKY_STOPS = (0.0, 0.42, 0.78, 1.0)
# How clearly the sun and the moon show through the weather.
SUN_VISIBLE = {"clear": 1.0, "cloudy": 0.55, "fog": 0.5}
MOON_VISIBLE = {"clear": 1.0, "cloudy": 0.9, "rain": 0.75, "snow": 0.8, "fog": 0.7}
# How clearly the moon shows while the sun is up.
DAY_MOON = 0.92
STARS_PER_UNIT = 0.2
# Stars from this radius on have a halo.
BRIGHT_STAR = 1.35
# The seas of a full moon: across, down and radius, as shares of the moon's radius.
MOON_SEAS = ((-0.3, -0.25, 0.28), (0.2, 0.1, 0.34), (-0.25, 0.4, 0.2), (0.42, -0.38, 0.16))
SEA_TONE = (0.9, 0.91, 0.93)
# The texture of the milky way, in cells of the picture.
DUST_WIDTH, DUST_HEIGHT = 160, 90


def paint_sky(stage: Stage) -> None:
    """Paint everything above the horizon."""
    canvas = stage.canvas
    sky = stage.light.sky
    foot = stage.horizon + 30
    canvas.gradient(0, foot, sky, SKY_STOPS)
    canvas.image[canvas.row(foot) :] = sky[3].astype(np.float32)

    is_clear_night = stage.scene.hour == "night" and stage.scene.weather == "clear"
    if stage.has("stars") and stage.scene.weather == "clear":
        paint_stars(stage)
    if stage.scene.weather in SUN_VISIBLE and stage.scene.hour != "night":
        paint_sun(stage)
    if stage.has("moon") and is_clear_night:
        paint_moon(stage)
    clouds.paint_clouds(stage)

    # A moon and stars that a title names are seen in any weather and at any hour, in front of the clouds.
    if stage.has("stars") and stage.scene.weather != "clear":
        paint_stars(stage)
    if stage.has("moon") and not is_clear_night:
        paint_moon(stage)
    paint_sky_elements(stage)


def paint_stars(stage: Stage) -> None:
    """Scatter stars, with a faint milky way behind them."""
    random = stage.random("stars")
    canvas = stage.canvas
    _paint_milky_way(stage, random)

    layer = canvas.layer()
    halos = []
    for _ in range(int(STARS_PER_UNIT * stage.width)):
        x = random.uniform(0, stage.width)
        y = stage.horizon * 0.92 * random.random() ** 1.4
        radius = 0.5 + 1.3 * random.random() ** 5
        tint = mix((0.85, 0.9, 1.0), (1.0, 0.92, 0.82), random.random())
        layer.circle(x, y, radius, mix(tint, stage.light.sky[1], random.uniform(0, 0.6)))
        if radius > BRIGHT_STAR:
            halos.append(Halo(x, y, 16, 16, tint, 0.55))

    canvas.add(layer, opacity=0.95)
    canvas.glow(halos)


def _paint_milky_way(stage: Stage, random: np.random.Generator) -> None:
    """Blend a leaning band of dust into the sky."""
    lean = random.uniform(-0.5, 0.5)
    rows, columns = np.mgrid[0:DUST_HEIGHT, 0:DUST_WIDTH].astype(np.float32)
    middle = lean * (rows / DUST_HEIGHT - 0.4)
    from_middle = columns / DUST_WIDTH - 0.5 - middle
    milky_way = np.exp(-((from_middle / 0.16) ** 2))

    toward_horizon = np.linspace(1, 0, DUST_HEIGHT, dtype=np.float32)[:, None]
    dust = texture(random, DUST_WIDTH, DUST_HEIGHT, 9, 6) * milky_way * toward_horizon
    tone = mix(stage.light.sky[3], (1, 1, 1), 0.35)
    stage.canvas.blend(0.22 * step(dust, 0.15, 0.8), tone, 0, stage.horizon)


def paint_sun(stage: Stage) -> None:
    """Paint the sun with a wide halo; cloud and fog leave a pale disc."""
    random = stage.random("sun disc")
    canvas = stage.canvas
    light = stage.light
    x, y = stage.sun
    visible = SUN_VISIBLE[stage.scene.weather]
    low = stage.scene.hour in ("sunset", "dawn")
    radius = random.uniform(58, 96) if low else 30

    canvas.glow(
        [
            Halo(x, y, 620, 420, light.sky[3], 0.55 * visible),
            Halo(x, y, 300, 260, light.sun, 0.55 * visible),
            Halo(x, y, radius * 2.1, radius * 2.1, light.sun, 0.75 * visible),
        ]
    )

    layer = canvas.layer()
    layer.circle(x, y, radius, mix(light.sun, (1, 1, 0.94), 0.55))
    # The foot of a low sun sinks into the haze of the horizon.
    haze_share = 0.35 if low else 0.0
    canvas.add(layer, opacity=0.96 * visible, fade=Fade(light.sky[3], y - radius, 0.0, y + radius, haze_share))


def paint_moon(stage: Stage) -> None:
    """Paint a full moon with seas, or a crescent where the scene asks for one; pale while the sun is up."""
    random = stage.random("moon")
    canvas = stage.canvas
    night = stage.scene.hour == "night"
    x, y = stage.sun if night else (stage.width - stage.sun[0], 105)
    visible = MOON_VISIBLE[stage.scene.weather]
    radius = random.uniform(38, 58)

    if night:
        halo = mix(stage.light.sky[3], MOONLIGHT, 0.4)
        canvas.glow(
            [
                Halo(x, y, 430, 400, halo, 0.42 * visible),
                Halo(x, y, radius * 2.6, radius * 2.6, MOONLIGHT, 0.5 * visible),
            ]
        )

    layer = canvas.layer()
    if stage.has("crescent"):
        _draw_crescent(layer, random, x, y, radius)
    else:
        _draw_full_moon(layer, x, y, radius)
    canvas.add(layer, opacity=visible * (1.0 if night else DAY_MOON))


def _draw_crescent(layer: Layer, random: np.random.Generator, x: float, y: float, radius: float) -> None:
    """Draw a crescent that leans to one side."""
    angles = np.linspace(-np.pi / 2, np.pi / 2, 40)
    across = np.cos(angles)
    down = np.sin(angles)
    outer = np.stack([across, down], axis=1)
    inner = np.stack([across * 0.55, down], axis=1)

    lean = random.uniform(0.2, 0.7)
    layer.polygon(turn(band(outer, inner), lean) * radius + (x, y), MOONLIGHT)


def _draw_full_moon(layer: Layer, x: float, y: float, radius: float) -> None:
    """Draw a full moon with its dark seas."""
    layer.circle(x, y, radius, MOONLIGHT)
    for across, down, size in MOON_SEAS:
        layer.circle(x + across * radius, y + down * radius, size * radius, MOONLIGHT * SEA_TONE)
