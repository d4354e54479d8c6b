import pytest

from training.demo.compose import PLAYLISTS, compose, read_all_themes
from training.demo.songs import read_songs


@pytest.fixture(scope="package")
def songs():
    return read_songs()


@pytest.fixture(scope="package")
def themes(songs):
    return read_all_themes(songs)


@pytest.fixture(scope="package")
def playlists(songs, themes):
    return compose(songs, themes, PLAYLISTS, seed=20)
