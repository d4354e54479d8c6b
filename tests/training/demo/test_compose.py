import json

import pytest

from aiplayer.errors import InvalidInput
from training.demo.compose import LONGEST, PLAYLISTS, SHORTEST, compose, write_melon
from training.demo.themes import read_songs, read_themes


@pytest.fixture(scope="module")
def songs():
    return read_songs()


@pytest.fixture(scope="module")
def playlists(songs):
    return compose(songs, read_themes(songs), PLAYLISTS, seed=20)


def test_the_catalogue_is_large_and_has_no_song_twice(songs):
    assert len(songs) >= 1_200
    assert len({(song.title.casefold(), song.artists[0].casefold()) for song in songs}) == len(songs)


def test_it_spans_korea_and_the_world_and_all_decades(songs):
    korean = sum(song.origin == "KR" for song in songs) / len(songs)
    assert 0.3 < korean < 0.7
    for decade in range(1960, 2030, 10):
        assert sum(decade <= song.year < decade + 10 for song in songs) >= 50, decade


def test_every_theme_has_songs_enough_for_a_playlist(songs):
    too_few = [
        theme.name for themes in read_themes(songs).values() for theme in themes if len(theme.song_ids) < SHORTEST
    ]
    assert too_few == []


def test_there_are_enough_playlists_of_the_right_length(playlists):
    assert len(playlists) >= 3_000
    assert {SHORTEST, LONGEST} >= {min(len(p["songs"]) for p in playlists), max(len(p["songs"]) for p in playlists)}


def test_titles_are_distinct_and_in_both_languages(playlists):
    titles = [playlist["plylst_title"] for playlist in playlists]
    assert len(set(titles)) == len(titles)
    korean = sum(any("가" <= letter <= "힣" for letter in title) for title in titles) / len(titles)
    assert 0.5 < korean < 0.85


def test_no_playlist_is_older_than_its_songs(playlists, songs):
    assert all(
        int(playlist["updt_date"][:4]) >= max(songs[song_id].year for song_id in playlist["songs"])
        for playlist in playlists
    )


def test_a_playlist_keeps_to_its_theme(playlists, songs):
    """All but the few songs of a stranger's choice are of the genre, season or era that the tags name."""
    themes = read_themes(songs)
    for kind, name, tag in (("genre", "jazz", "재즈"), ("season", "summer", "여름"), ("era", "1990s", "90년대")):
        (theme,) = (theme for theme in themes[kind] if theme.name == name)
        about = [playlist for playlist in playlists if tag in playlist["tags"]]
        on_theme = [song_id in theme.song_ids for playlist in about for song_id in playlist["songs"]]
        assert len(about) > 20
        assert sum(on_theme) / len(on_theme) > 0.9


def test_the_same_seed_composes_the_same_playlists(songs):
    themes = read_themes(songs)
    assert compose(songs, themes, 50, seed=1) == compose(songs, themes, 50, seed=1)
    assert compose(songs, themes, 50, seed=1) != compose(songs, themes, 50, seed=2)


def test_the_files_are_in_the_melon_format(tmp_path):
    write_melon(tmp_path, count=30, seed=1)
    meta, genres, train = (
        json.loads((tmp_path / f"{n}.json").read_text()) for n in ("song_meta", "genre_gn_all", "train")
    )
    assert set(train[0]) == {"id", "plylst_title", "tags", "songs", "like_cnt", "updt_date"}
    assert {code for song in meta for code in song["song_gn_gnr_basket"]} == set(genres)
    assert all(song["id"] == position for position, song in enumerate(meta))


def test_a_bad_row_is_named_by_its_line(tmp_path):
    file = tmp_path / "songs.csv"
    file.write_text(
        "title,artists,year,origin,genres,moods\nSo What,Miles Davis,1959,US,jazz,calm\nX,Y,when?,US,jazz,calm\n"
    )
    with pytest.raises(InvalidInput, match=r"songs\.csv line 3"):
        read_songs(file)
