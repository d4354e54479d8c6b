import pytest

from aiplayer.catalogue import Song
from aiplayer.playlist.artist_limit import ArtistLimit, artist_limit, usual_limit


def songs(*artists):
    return [Song(number, "song", who.split("+"), [], None) for number, who in enumerate(artists)]


@pytest.mark.parametrize(("song_count", "most"), [(1, 3), (20, 3), (21, 4), (26, 4), (27, 5), (40, 6), (100, 15)])
def test_three_songs_in_twenty_and_as_many_in_proportion(song_count, most):
    assert usual_limit(song_count) == most


def test_a_request_that_says_how_many_means_every_artist():
    assert artist_limit(["아이유"], 20) == ArtistLimit(3, frozenset({"아이유"}))
    assert artist_limit(["아이유"], 20, asked=2) == ArtistLimit(2)


def test_two_spellings_of_an_artist_count_as_one():
    limit = ArtistLimit(2)
    first, second, third = (limit.counted(song) for song in songs("태연 (TAEYEON)", "태연", "TAEYEON"))
    assert first & second
    assert first & third
    free = artist_limit(["태연 (TAEYEON)"], 20)
    assert [free.counted(song) for song in songs("taeyeon", "태연 (TAEYEON)", "IU")] == [set(), set(), {"iu"}]
