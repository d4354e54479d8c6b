"""A picture gets a legible title and becomes a PNG that says how it was made."""

import io

import numpy as np
import pytest
from PIL import Image

from aiplayer.errors import AIPlayerError
from aiplayer.thumbnails.pictures import MAX_BYTES, fill, lay_title, to_png

SNOW = np.full((720, 1280, 3), 250, dtype=np.uint8)
NIGHT = np.full((720, 1280, 3), 8, dtype=np.uint8)


def test_a_png_tells_how_it_was_made():
    facts = {"prompt": "a lake at dawn", "seed": "7", "model": "scene-painter-1", "title": "호수의 새벽"}
    image = Image.open(io.BytesIO(to_png(SNOW, facts)))
    assert image.size == (1280, 720)
    assert image.text == facts
    np.testing.assert_array_equal(np.asarray(image), SNOW)


def test_a_picture_that_youtube_would_refuse_is_an_error():
    noise = np.random.default_rng(0).integers(0, 256, (720, 1280, 3), dtype=np.uint8)
    with pytest.raises(AIPlayerError, match=f"{MAX_BYTES:,}"):
        to_png(noise, {})


@pytest.mark.parametrize("picture", [SNOW, NIGHT], ids=["snow", "night"])
def test_a_title_stands_out_from_snow_and_from_night(picture):
    titled = lay_title(picture, "비 오는 날 카페에서 듣는 재즈").astype(int)
    lower_part = titled[400:]
    letters = lower_part.min(axis=2) > 240
    assert 0.02 < letters.mean() < 0.5

    dark = lower_part.max(axis=2) < 200
    around = lower_part[~letters & dark]
    assert len(around) > 10_000  # a shadow or a darkened ground to stand out from


def test_the_upper_part_of_the_picture_stays_as_it_was():
    np.testing.assert_array_equal(lay_title(SNOW, "짧은 제목")[:300], SNOW[:300])


def test_a_long_title_is_broken_and_at_last_cut():
    titled = lay_title(NIGHT, "끝없이 " * 50)
    margin = titled[:, -80:]
    assert margin.max() < 60  # nothing runs out of the picture


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
