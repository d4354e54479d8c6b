"""The sky: its gradient, the sun, the moon, stars and overcast."""

import numpy as np

from aiplayer.thumbnails.painting import clouds
from aiplayer.thumbnails.painting.elements import paint_sky_elements
from aiplayer.thumbnails.painting.noise import step, texture
from aiplayer.thumbnails.painting.palette import mix
from aiplayer.thumbnails.painting.stage import Stage


def paint_sky(stage: Stage) -> None:
    """Paint everything above the horizon."""
    canvas, light = stage.canvas, stage.light
    canvas.gradient(0, stage.horizon + 30, light.sky, (0.0, 0.42, 0.78, 1.0))
    canvas.image[canvas.row(stage.horizon + 30) :] = light.sky[3].astype(np.float32)
    if stage.has("stars"):
        paint_stars(stage)
    if stage.scene.weather in ("clear", "cloudy", "fog") and stage.scene.hour != "night":
        paint_sun(stage)
    if stage.has("moon"):
        paint_moon(stage)
    clouds.paint_clouds(stage)
    paint_sky_elements(stage)


def paint_stars(stage: Stage) -> None:
    """Scatter stars, thicker along a faint milky way."""
    random, canvas = stage.random("stars"), stage.canvas
    lean = random.uniform(-0.5, 0.5)
    rows, columns = np.mgrid[0:90, 0:160].astype(np.float32)
    band = np.exp(-(((columns / 160 - 0.5 - lean * (rows / 90 - 0.4)) / 0.16) ** 2))
    dust = texture(random, 160, 90, 9, 6) * band * np.linspace(1, 0, 90, dtype=np.float32)[:, None]
    canvas.blend(0.22 * step(dust, 0.15, 0.8), mix(stage.light.sky[3], (1, 1, 1), 0.35), 0, stage.horizon)
    layer = canvas.layer()
    lights = []
    for _ in range(int(0.2 * stage.width)):
        x, y = random.uniform(0, stage.width), stage.horizon * 0.92 * random.random() ** 1.4
        size = 0.5 + 1.3 * random.random() ** 5
        tint = mix((0.85, 0.9, 1.0), (1.0, 0.92, 0.82), random.random())
        layer.circle(x, y, size, mix(tint, stage.light.sky[1], random.uniform(0, 0.6)))
        if size > 1.35:
            lights.append((x, y, 16, 16, tint, 0.55))
    canvas.add(layer, opacity=0.95)
    canvas.glow(lights)


def paint_sun(stage: Stage) -> None:
    """Paint the sun with a wide halo; cloud and fog leave a pale disc."""
    random, canvas, light = stage.random("sun disc"), stage.canvas, stage.light
    x, y = stage.sun
    veiled = {"clear": 1.0, "cloudy": 0.55, "fog": 0.5}[stage.scene.weather]
    low = stage.scene.hour in ("sunset", "dawn")
    radius = random.uniform(58, 96) if low else 30
    canvas.glow(
        [
            (x, y, 620, 420, light.sky[3], 0.55 * veiled),
            (x, y, 300, 260, light.sun, 0.55 * veiled),
            (x, y, radius * 2.1, radius * 2.1, light.sun, 0.75 * veiled),
        ]
    )
    layer = canvas.layer()
    layer.circle(x, y, radius, mix(light.sun, (1, 1, 0.94), 0.55))
    canvas.add(layer, opacity=0.96 * veiled, fade=(light.sky[3], y - radius, 0.0, y + radius, 0.35 if low else 0.0))


def paint_moon(stage: Stage) -> None:
    """Paint a full moon with seas, or a crescent; pale while the sun is up."""
    random, canvas = stage.random("moon"), stage.canvas
    night = stage.scene.hour == "night"
    x, y = stage.sun if night else (stage.width - stage.sun[0], 105)
    veiled = {"clear": 1.0, "cloudy": 0.9, "rain": 0.75, "snow": 0.8, "fog": 0.7}[stage.scene.weather]
    radius, tone = random.uniform(38, 58), np.array([1.0, 0.97, 0.88])
    if night:
        canvas.glow(
            [
                (x, y, 430, 400, mix(stage.light.sky[3], tone, 0.4), 0.42 * veiled),
                (x, y, radius * 2.6, radius * 2.6, tone, 0.5 * veiled),
            ]
        )
    layer = canvas.layer()
    if random.random() < 0.35:
        turn = np.linspace(-np.pi / 2, np.pi / 2, 40)
        outer = np.stack([np.cos(turn), np.sin(turn)], 1)
        inner = np.stack([np.cos(turn) * 0.55, np.sin(turn)], 1)[::-1]
        lean = random.uniform(0.2, 0.7)
        turned = np.concatenate([outer, inner]) @ np.array(
            [[np.cos(lean), np.sin(lean)], [-np.sin(lean), np.cos(lean)]]
        )
        layer.polygon(turned * radius + (x, y), tone)
    else:
        layer.circle(x, y, radius, tone)
        for across, down, size in ((-0.3, -0.25, 0.28), (0.2, 0.1, 0.34), (-0.25, 0.4, 0.2), (0.42, -0.38, 0.16)):
            layer.circle(x + across * radius, y + down * radius, size * radius, tone * (0.9, 0.91, 0.93))
    canvas.add(layer, opacity=veiled * (1.0 if night else 0.6))
