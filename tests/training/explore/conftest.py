"""A small dataset, and the page that shows it."""

from datetime import date, datetime

import pytest

from tests.support.frames import dataset, playlist, song
from training.dataset.frames import Dataset
from training.explore.report import SECTIONS, render
from training.explore.section import Section

# Song 1 is in every playlist, 2 in three of them, 3, 4 and 5 in one each.
PLAYLISTS = [
    playlist([1, 2], "밤의 재즈", ["재즈", "밤"], 0, datetime(2019, 2, 18)),
    playlist([1, 2, 3], "Jazz at 밤", ["재즈"], 3, datetime(2021, 7, 1)),
    playlist([1, 2, 4], "JAZZ 100 a", ["jazz"], 4),
    playlist([1, 5], "재즈", [], 9),
]
SONGS = [
    song(1),
    song(2, "Take Five", ["Dave Brubeck"], ["재즈", "쿨 재즈"], date(1959, 9, 21)),
    song(3, "", [], [], None),
]


@pytest.fixture(scope="package")
def small() -> Dataset:
    return dataset(PLAYLISTS, SONGS)


@pytest.fixture(scope="package")
def sections(small: Dataset) -> dict[str, Section]:
    """Each section of the small dataset, by the name of the function that makes it."""
    return {make_section.__name__: make_section(small) for make_section in SECTIONS}


@pytest.fixture(scope="package")
def page(small: Dataset) -> str:
    return render(small, "the test")
