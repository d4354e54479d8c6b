import re
from collections import Counter

import pytest

from aiplayer.errors import InvalidInput
from training.demo.songs import read_songs

# What stands in brackets names a version or a translation.
BRACKETS = re.compile(r"\s*\(.*?\)")


def test_the_catalogue_is_large_and_has_no_song_twice(songs):
    names = Counter()
    for song in songs:
        bare = re.sub(r"\W", "", BRACKETS.sub("", song.title)).casefold() or song.title
        names.update((bare, artist.casefold()) for artist in song.artists)
    assert len(songs) >= 4_500
    assert [name for name, count in names.items() if count > 1] == []


def test_it_spans_korea_and_the_world_and_all_decades(songs):
    korean = sum(song.origin == "KR" for song in songs) / len(songs)
    assert 0.3 < korean < 0.7
    for decade in range(1960, 2030, 10):
        assert sum(decade <= song.year < decade + 10 for song in songs) >= 50, decade


@pytest.mark.parametrize(
    "artist",
    [
        *("방탄소년단", "아이유", "Coldplay", "Taylor Swift", "Queen", "뉴진스", "에스파", "임영웅", "잔나비"),
        *("Radiohead", "The Weeknd", "YOASOBI", "Nirvana", "Oasis", "Nujabes", "Avicii", "Johann Sebastian Bach"),
    ],
)
def test_artists_whom_people_name_have_songs_enough(songs, artist):
    assert sum(artist in song.artists for song in songs) >= 8


def test_every_song_has_an_origin_a_genre_and_a_mood(songs):
    assert [song for song in songs if not re.fullmatch("[A-Z]{2}", song.origin)] == []
    assert [song for song in songs if not all(song.genres) or not all(song.moods)] == []


def test_a_bad_row_is_named_by_its_line(tmp_path):
    file = tmp_path / "songs.csv"
    file.write_text(
        "title,artists,year,origin,genres,moods\nSo What,Miles Davis,1959,US,jazz,calm\nX,Y,when?,US,jazz,calm\n"
    )
    with pytest.raises(InvalidInput, match=r"songs\.csv line 3"):
        read_songs(file)
