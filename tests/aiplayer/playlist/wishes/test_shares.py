from itertools import product

import pytest

from aiplayer.catalogue import Song
from aiplayer.playlist.wishes.shares import share_of, whole_songs


@pytest.mark.parametrize(
    ("percents", "song_count", "songs"),
    [
        ({"KR": 60, "other": 40}, 20, {"KR": (12, 12), "other": (8, 8)}),
        ({"KR": 60, "other": 40}, 7, {"KR": (4, 4), "other": (3, 3)}),
        ({"KR": 33, "JP": 33}, 10, {"KR": (3, 3), "JP": (3, 3)}),
        ({"KR": 50, "JP": 50}, 5, {"KR": (3, 3), "JP": (2, 2)}),
        ({"KR": 0}, 20, {"KR": (0, 0)}),
        # The rest may be from anywhere, for hardly a song counts neither to Korea nor to other countries.
        ({"KR": 60, "other": 20}, 10, {"KR": (6, 8), "other": (2, 4)}),
        ({}, 20, {}),
    ],
)
def test_percents_are_whole_songs_by_largest_remainders(percents, song_count, songs):
    assert whole_songs(percents, song_count) == songs


def test_every_share_is_within_a_song_of_its_exact_number_and_the_whole_list_is_shared_out():
    for first, second, song_count in product(range(0, 101, 7), range(0, 101, 9), range(1, 30)):
        if first + second <= 100:
            songs = whole_songs({"KR": first, "JP": second, "US": 100 - first - second}, song_count)
            assert sum(bounds.least for bounds in songs.values()) == song_count
            assert abs(songs["KR"].least - song_count * first / 100) < 1
            assert abs(songs["JP"].least - song_count * second / 100) < 1


@pytest.mark.parametrize(
    ("country", "named", "share"),
    [
        ("KR", {"KR", "other"}, "KR"),
        ("US", {"KR", "other"}, "other"),
        ("US", {"KR"}, None),
        (None, {"KR", "other"}, None),
        # Not Korean is all that is known.
        ("XX", {"KR", "other"}, "other"),
        ("XX", {"US", "other"}, None),
    ],
)
def test_a_song_counts_to_the_share_that_is_known(country, named, share):
    assert share_of(Song(1, "song", [], [], None, None, country), named) == share
