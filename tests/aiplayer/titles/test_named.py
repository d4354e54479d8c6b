import numpy as np
import pytest

from aiplayer.titles.named import NamedThings
from aiplayer.titles.reading.artist_names import ArtistNames
from aiplayer.titles.reading.reader import TitleReader

TITLES = [
    "쓸쓸한 가을 저녁",
    "lonesome songs on an autumn evening",
    "autumn songs",
    "비 오는 가을",
    "재즈",
]


@pytest.fixture(scope="module")
def reader():
    return TitleReader(ArtistNames(catalogue=()))


@pytest.fixture(scope="module")
def named(reader):
    return NamedThings.of_titles([reader.read(title) for title in TITLES])


def test_titles_in_two_languages_name_the_same(reader, named):
    shares = named.shares(reader.read("a lonely evening in autumn"))
    assert shares[:2] == pytest.approx([1, 1])
    assert 0 < shares[2] == shares[3] < 1
    assert shares[4] == 0


def test_what_a_title_refuses_counts_against(reader, named):
    shares = named.shares(reader.read("autumn without rain"))
    assert shares[3] < shares[4] == 0 < shares[2]


@pytest.mark.parametrize("title", ["재즈", "zzz", "a summer beach"])
def test_a_title_that_names_nothing_of_the_catalogue_says_nothing(reader, named, title):
    assert named.shares(reader.read(title)) is None


def test_what_was_saved_is_the_same(reader, named):
    again = NamedThings.from_arrays(*named.arrays().values())
    read = reader.read("an autumn evening")
    np.testing.assert_array_equal(again.shares(read), named.shares(read))
