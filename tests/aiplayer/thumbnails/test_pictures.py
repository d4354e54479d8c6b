"""A picture gets its size, and becomes a PNG that says how it was made and is never too large."""

import io

import numpy as np
import pytest
from PIL import Image

from aiplayer.thumbnails.pictures import MAX_BYTES, fill, to_png

SNOW = np.full((720, 1280, 3), 250, dtype=np.uint8)
FACTS = {"prompt": "a lake at dawn", "seed": "7", "model": "scene-painter-1", "title": "호수의 새벽"}
RANDOM = np.random.default_rng(0)


def with_grain(deviation: float) -> np.ndarray:
    """Soft waves of color under normally distributed grain, as photographs have it."""
    y, x = np.mgrid[0:720, 0:1280]
    red = 120 + 60 * np.sin(x / 90) + 40 * np.cos(y / 70)
    green = 110 + 50 * np.cos(x / 120 + y / 80)
    blue = 100 + 60 * np.sin(y / 110)
    waves = np.stack([red, green, blue], axis=-1)
    grain = RANDOM.normal(0, deviation, waves.shape)
    return np.clip(waves + grain, 0, 255).astype(np.uint8)


def natural_spectrum() -> np.ndarray:
    """Noise whose amplitudes fall with frequency, as in nature; scaled as a diffusion model's picture is."""
    frequency = np.hypot(np.fft.fftfreq(576, 1 / 576)[:, np.newaxis], np.fft.fftfreq(1024, 1 / 1024))
    frequency[0, 0] = np.inf
    channels = []
    for _ in range(3):
        spectrum = np.fft.fft2(RANDOM.standard_normal((576, 1024))) / frequency
        channel = np.fft.ifft2(spectrum).real
        channels.append(128 + 50 * channel / channel.std())
    return fill(np.clip(np.stack(channels, axis=-1), 0, 255).astype(np.uint8), 1280, 720)


def opened(png: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(png))
    image.load()
    return image


def greatest_change(picture: np.ndarray, image: Image.Image) -> int:
    """In shades of 255."""
    return np.abs(picture.astype(int) - np.asarray(image)).max()


def test_a_png_tells_how_it_was_made():
    image = opened(to_png(SNOW, FACTS))
    assert image.size == (1280, 720)
    assert image.text == FACTS
    np.testing.assert_array_equal(np.asarray(image), SNOW)


def test_a_picture_that_fits_keeps_every_shade():
    picture = with_grain(8)
    png = to_png(picture, {})
    assert 1_900_000 < len(png) <= MAX_BYTES
    assert greatest_change(picture, opened(png)) == 0


@pytest.mark.parametrize(
    ("make", "most_change"),
    [(lambda: with_grain(12), 1), (natural_spectrum, 1), (lambda: with_grain(20), 2)],
    ids=["grain", "nature", "strong grain"],
)
def test_a_picture_that_is_a_little_too_large_loses_what_is_not_seen(make, most_change):
    picture = make()
    png = to_png(picture, FACTS)
    assert len(png) <= MAX_BYTES
    image = opened(png)
    assert (image.format, image.mode, image.size, image.text) == ("PNG", "RGB", (1280, 720), FACTS)
    assert greatest_change(picture, image) == most_change
    # No picture becomes darker or brighter by it.
    assert abs(np.asarray(image).mean() - picture.mean()) < 0.2


@pytest.mark.parametrize("size", [(720, 1280, 3), pytest.param((1080, 1920, 3), marks=pytest.mark.heavy)], ids=str)
def test_even_noise_becomes_a_png_that_fits(size):
    noise = RANDOM.integers(0, 256, size, dtype=np.uint8)
    png = to_png(noise, FACTS)
    assert len(png) <= MAX_BYTES
    image = opened(png)
    assert (image.format, image.size, image.text) == ("PNG", (size[1], size[0]), FACTS)
    assert abs(np.asarray(image.convert("RGB")).mean() - 127.5) < 3


def test_a_picture_that_fills_another_shape_is_cut_and_never_squeezed():
    halves = np.zeros((90, 200, 3), dtype=np.uint8)
    halves[:, 100:] = 255
    filled = fill(halves, 160, 90)
    assert filled.shape == (90, 160, 3)
    # 20 pixels are cut off on each side, and the edge stays in the middle.
    assert filled[45, 70].tolist() == [0, 0, 0]
    assert filled[45, 90].tolist() == [255, 255, 255]

    circle = np.hypot(*np.mgrid[-32:32, -64:64]) < 20
    white_circle = np.repeat(circle[..., np.newaxis], 3, axis=2).astype(np.uint8) * 255
    larger = fill(white_circle, 256, 128)[..., 0] > 127
    width = np.ptp(np.flatnonzero(larger.any(axis=0)))
    height = np.ptp(np.flatnonzero(larger.any(axis=1)))
    assert abs(width - height) <= 1
