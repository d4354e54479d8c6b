"""A picture gets a legible title."""

import numpy as np
import pytest

from aiplayer.thumbnails.overlay import lay_title

SNOW = np.full((720, 1280, 3), 250, dtype=np.uint8)
NIGHT = np.full((720, 1280, 3), 8, dtype=np.uint8)


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


@pytest.mark.parametrize(
    "title",
    [
        "비 오는 날 👩‍🎤 재즈",
        "🎧 비 오는 날 재즈 🌧️",
        "비 오는 날 \u200d 재즈",
        "비 오는 날 (🎧) 재즈",
        "비 오는 날 🇰🇷🎵 재즈 👍🏽",
    ],
)
def test_what_no_font_draws_leaves_no_trace(title):
    np.testing.assert_array_equal(lay_title(SNOW, title), lay_title(SNOW, "비 오는 날 재즈"))


@pytest.mark.parametrize("title", ["🎧🎵", "👨‍👩‍👧‍👦", "مساء، الخير", "ฝนตก", "\u200b"])
def test_a_title_of_nothing_drawable_leaves_the_picture_as_it_is(title):
    np.testing.assert_array_equal(lay_title(SNOW, title), SNOW)


def test_words_of_another_font_are_drawn_on_the_same_line():
    def rows_of_letters(title):
        return np.flatnonzero((lay_title(NIGHT, title).min(axis=2) > 240).any(axis=1))

    korean, both = rows_of_letters("재즈"), rows_of_letters("재즈 mưa")
    assert abs(int(both.min()) - int(korean.min())) < 20
    assert abs(int(both.max()) - int(korean.max())) < 20
