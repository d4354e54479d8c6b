"""Playlists of a table: their titles, and the case of a table without any song."""

import unicodedata

import pytest

from aiplayer.errors import InvalidInput
from tests.support.tables import read_playlists
from training.dataset import Dirt
from training.dataset.exportify import read_csv

ROW = "Track Name,Artist Name(s)\nBlue,Joni Mitchell\n"


@pytest.mark.parametrize("name", ["___.csv", " .csv", "__ _.csv", "\u3164.csv", "\u200b\u2800.csv"])
def test_a_title_that_shows_nothing_is_asked_for(tmp_path, name):
    with pytest.raises(InvalidInput, match="Name the file as the playlist, or add a column Playlist Name") as refusal:
        read_playlists(tmp_path, ROW, name)
    assert refusal.value.code == "untitled_playlist"

    titled, _ = read_playlists(tmp_path, "Playlist Name,Track Name\n비 오는 날,Blue\n", name)
    assert [playlist.title for playlist in titled] == ["비 오는 날"]


@pytest.mark.parametrize(
    ("name", "title"),
    [("rainy_day_jazz_.csv", "rainy day jazz"), ("🌙.csv", "🌙"), ("7.csv", "7"), ("비_오는_날.csv", "비 오는 날")],
)
def test_without_a_column_of_titles_the_files_name_is_the_title(tmp_path, name, title):
    for spelling in (name, unicodedata.normalize("NFD", name)):
        (playlist,), _ = read_playlists(tmp_path, ROW, spelling)
        assert playlist.title == title


def test_a_row_without_a_visible_title_belongs_to_the_files_playlist(tmp_path):
    playlists, _ = read_playlists(tmp_path, "Playlist,Song\n밤,A\n,B\n\u3164,C\n", "낮.csv")
    assert [(playlist.title, len(playlist.songs)) for playlist in playlists] == [("밤", 1), ("낮", 2)]


def test_titles_that_differ_in_case_and_width_alone_are_one_playlist(tmp_path):
    (playlist,), dirt = read_playlists(tmp_path, "Playlist,Song,Artist\nRain,A,x\nRAIN,B,x\nＲａｉｎ,C,x\n")
    assert (playlist.title, [song.name for song in playlist.songs]) == ("Rain", ["A", "B", "C"])
    assert not dirt.counts


@pytest.mark.parametrize(
    ("rows", "findings"), [("", "it has no rows"), (",x\n\u200b,y\n", "2 missing_name"), ('"A,x\n', "1 broken_row")]
)
def test_a_table_of_which_no_song_can_be_read_is_refused(tmp_path, rows, findings):
    with pytest.raises(InvalidInput, match=f"No song could be read from .*night.csv: {findings}"):
        read_playlists(tmp_path, "Title,Artist\n" + rows)


def test_names_that_are_too_long_are_cut_and_told(tmp_path):
    (playlist,), dirt = read_playlists(tmp_path, f"Playlist,Song,Artist\n{'가' * 501},{'나' * 501},x\n")
    assert (playlist.title, playlist.songs[0].name) == ("가" * 500, "나" * 500)
    assert dirt.counts == {"too_long": 2}


def test_durations_are_read_and_unreadable_ones_are_told(tmp_path):
    table = "Title,Artist,Duration\nA,x,3:45\nB,x,soon\nC,x,0:00\nD,x,\n"
    (playlist,), dirt = read_playlists(tmp_path, table)
    assert [song.duration_ms for song in playlist.songs] == [225_000, None, None, None]
    assert dirt.counts == {"bad_duration": 1}
    assert (dirt.examples["bad_duration"].line, dirt.examples["bad_duration"].detail) == (3, "duration soon")


def test_odd_rows_of_local_files_and_podcasts(tmp_path):
    table = (
        "\ufeffTrack name,Artist name,Album,Playlist name,Release Date,Added At\n"
        "Blue,Joni Mitchell,Blue,My List,1971,2020-01-01T00:00:00Z\n"
        "My demo,,,My List,,2020-01-01T00:00:00Z\n"
        ",,,My List,0000,1970-01-01T00:00:00Z\n"
    )
    (playlist,), dirt = read_playlists(tmp_path, table)
    assert (playlist.title, [song.name for song in playlist.songs]) == ("My List", ["Blue", "My demo"])
    assert dirt.counts == {"missing_artists": 1, "missing_name": 1}


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_csv(tmp_path / "none.csv", Dirt())
