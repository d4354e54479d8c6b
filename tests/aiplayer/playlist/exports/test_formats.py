"""The files, opened by readers that others wrote."""

import csv
import io
import json
from pathlib import PurePosixPath
from urllib.parse import parse_qs, unquote, urlsplit

import pandas
import polars
import pytest
from ipytv import playlist as m3u
from jsonschema import Draft202012Validator

from aiplayer.errors import InvalidInput
from aiplayer.playlist.exports import (
    ExportedPlaylist,
    ExportFormat,
    Track,
    read_json,
    tracks_of,
    with_durations,
    youtube_search_url,
)
from tests.support.nasty_playlists import nasty_playlist

NASTY_PLAYLISTS = [nasty_playlist(seed) for seed in range(200)]
PLAYLIST = ExportedPlaylist(
    "비 오는 날, 재즈",
    ["재즈", "rainyday"],
    [
        Track(4856, "Via con me", ("Paolo Conte",), 157.96, "Paolo Conte/Via con me.flac"),
        Track(2437, "'S Wonderful", ("Diana Krall", "누군가")),
    ],
)
URI = {"type": "string", "pattern": "^[!-~]+$"}
# A playlist and a track as xspf.org/jspf has them; no other member is allowed.
JSPF = {
    "type": "object",
    "required": ["playlist"],
    "additionalProperties": False,
    "properties": {
        "playlist": {
            "type": "object",
            "required": ["track"],
            "additionalProperties": False,
            "properties": {
                "title": {"type": "string"},
                "creator": {"type": "string"},
                "track": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "additionalProperties": False,
                        "properties": {
                            "title": {"type": "string"},
                            "creator": {"type": "string"},
                            "trackNum": {"type": "integer", "minimum": 1},
                            "duration": {"type": "integer", "minimum": 0},
                            "identifier": {"type": "array", "items": URI},
                            "location": {"type": "array", "items": URI},
                            "info": URI,
                        },
                    },
                },
            },
        }
    },
}


def written(format: ExportFormat, playlist: ExportedPlaylist = PLAYLIST) -> str:
    return format.value.write(playlist).decode()


def test_a_csv_opens_in_excel_and_in_data_frames():
    table = ExportFormat.CSV.value.write(PLAYLIST)
    assert table.startswith(b"\xef\xbb\xbf")
    assert table.decode("utf-8-sig").split("\r\n") == [
        '"number","name","artists","duration_s","song_id","search_url"',
        '1,"Via con me","Paolo Conte",157.96,4856,"https://www.youtube.com/results?search_query=Via+con+me+Paolo+Conte"',
        '2,"\'S Wonderful","Diana Krall, 누군가","",2437,'
        '"https://www.youtube.com/results?search_query=%27S+Wonderful+Diana+Krall"',
        "",
    ]


def test_a_csv_has_a_row_a_song_and_no_formula():
    for playlist in NASTY_PLAYLISTS:
        table = ExportFormat.CSV.value.write(playlist)
        ids = [track.song_id for track in playlist.tracks]
        by_pandas = pandas.read_csv(io.BytesIO(table), encoding="utf-8-sig", keep_default_na=False)
        by_polars = polars.read_csv(table)
        assert by_pandas["song_id"].to_list() == by_polars["song_id"].to_list() == ids
        assert by_pandas.columns.to_list() == by_polars.columns

        for row in csv.reader(io.StringIO(table.decode("utf-8-sig"), newline="")):
            assert not any(cell.startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")) for cell in row)


def test_a_formula_becomes_a_text():
    playlist = ExportedPlaylist("title", [], [Track(1, "=1+1", ("@all", "b")), Track(2, "-1", ("－1",))])
    rows = list(csv.reader(io.StringIO(written(ExportFormat.CSV, playlist))))
    assert [row[1:3] for row in rows[1:]] == [["'=1+1", "'@all, b"], ["'-1", "'－1"]]


def test_an_m3u8_names_files_and_searches():
    assert written(ExportFormat.M3U8) == (
        "#EXTM3U\n#PLAYLIST:비 오는 날, 재즈\n"
        "#EXTINF:158,Paolo Conte - Via con me\nPaolo Conte/Via con me.flac\n"
        "#EXTINF:-1,Diana Krall, 누군가 - 'S Wonderful\n"
        "https://www.youtube.com/results?search_query=%27S+Wonderful+Diana+Krall\n"
    )


def test_an_m3u8_has_an_entry_a_song():
    for playlist in NASTY_PLAYLISTS:
        entries = m3u.loads(written(ExportFormat.M3U8, playlist)).get_channels()
        assert len(entries) == len(playlist.tracks)
        for entry, track in zip(entries, playlist.tracks, strict=True):
            assert int(entry.duration) == (-1 if track.duration_s is None else round(track.duration_s))
            expected = youtube_search_url(track) if track.file is None else track.file
            assert PurePosixPath(entry.url) == PurePosixPath(expected)


def test_a_jspf_tells_what_is_known():
    assert json.loads(written(ExportFormat.JSPF)) == {
        "playlist": {
            "title": "비 오는 날, 재즈",
            "creator": "AI Player",
            "track": [
                {
                    "title": "Via con me",
                    "creator": "Paolo Conte",
                    "trackNum": 1,
                    "identifier": ["urn:aiplayer:song:4856"],
                    "info": "https://www.youtube.com/results?search_query=Via+con+me+Paolo+Conte",
                    "duration": 157_960,
                    "location": ["Paolo%20Conte/Via%20con%20me.flac"],
                },
                {
                    "title": "'S Wonderful",
                    "creator": "Diana Krall, 누군가",
                    "trackNum": 2,
                    "identifier": ["urn:aiplayer:song:2437"],
                    "info": "https://www.youtube.com/results?search_query=%27S+Wonderful+Diana+Krall",
                },
            ],
        }
    }


def test_a_jspf_holds_what_the_format_allows():
    for playlist in NASTY_PLAYLISTS:
        jspf = json.loads(written(ExportFormat.JSPF, playlist))
        Draft202012Validator(JSPF).validate(jspf)
        tracks = jspf["playlist"]["track"]
        assert [track["title"] for track in tracks] == [track.name for track in playlist.tracks]
        assert [unquote(track.get("location", [""])[0]) for track in tracks] == [
            track.file or "" for track in playlist.tracks
        ]


def test_our_json_is_read_back_as_it_was():
    for playlist in NASTY_PLAYLISTS:
        assert read_json(written(ExportFormat.JSON, playlist)) == playlist


def test_what_the_service_answers_is_read_as_a_playlist():
    answer = {
        "generation_id": "11b4a093-5071-46ae-9ff7-42420c0b5db7",
        "songs": [{"song_id": 1, "name": "밤편지", "artists": ["아이유"], "score": 0.1, "because": "밤"}],
        "tags": ["밤"],
    }
    assert read_json(json.dumps(answer)) == ExportedPlaylist("", ["밤"], [Track(1, "밤편지", ("아이유",))])


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("{", "the file: Invalid JSON: EOF while parsing an object at line 1 column 1"),
        ("{}", "songs: Field required"),
        ('{"format": "spotify", "songs": []}', "format: Input should be 'aiplayer-playlist'"),
        ('{"version": 2, "songs": []}', "version: Input should be 1"),
        (
            '{"songs": [{"song_id": 1, "name": "a", "artists": [], "duration_s": -1}]}',
            "songs.0.duration_s: Input should be greater than 0",
        ),
    ],
)
def test_another_file_is_refused_with_what_can_be_read(text, fault):
    with pytest.raises(InvalidInput) as refused:
        read_json(text)
    assert refused.value.message == (
        f"This is no playlist of AI Player that can be read: {fault}. "
        "Take the JSON that the page exports, or the playlist.json of `make demo`."
    )


@pytest.mark.parametrize("format", ExportFormat)
def test_the_same_playlist_gives_the_same_bytes(format):
    assert format.value.write(nasty_playlist(7)) == format.value.write(nasty_playlist(7))


def test_a_file_is_named_by_its_title():
    assert ExportFormat.M3U8.file_name(PLAYLIST) == "비_오는_날_재즈.m3u8"
    assert ExportFormat.CSV.file_name(ExportedPlaylist("✨?", [], [])) == "playlist.csv"


def test_a_search_link_asks_for_name_and_first_artist():
    for playlist in NASTY_PLAYLISTS:
        for track in playlist.tracks:
            link = urlsplit(youtube_search_url(track))
            assert link.geturl().isascii()
            (query,) = parse_qs(link.query, keep_blank_values=True)["search_query"]
            assert query == " ".join(" ".join((track.name, *track.artists[:1])).replace("\x00", " ").split())


def test_tracks_take_durations_by_the_id_of_their_song():
    songs = [{"song_id": 1, "name": "a", "artists": ["b"], "because": "c"}, {"song_id": 2, "name": "d", "artists": []}]
    assert tracks_of(songs, {2: 61.5}) == [Track(1, "a", ("b",)), Track(2, "d", (), 61.5)]


def test_tracks_take_over_what_another_list_knows():
    tracks = [Track(1, "a", ()), Track(2, "b", (), 61.5), Track(3, "c", ())]
    known = [Track(3, "renamed", (), 70.0, "c.mp3"), Track(2, "b", ()), Track(9, "d", (), 80.0, "d.mp3")]
    assert with_durations(tracks, known) == [*tracks[:2], Track(3, "c", (), 70.0, "c.mp3")]


@pytest.mark.parametrize("duration_s", [0, -1.0, float("nan"), float("inf"), 43_201])
def test_what_no_song_lasts_is_refused(duration_s):
    with pytest.raises(InvalidInput) as refused:
        Track(1, "a", (), duration_s)
    assert refused.value.message == f"A song's duration is {duration_s}. Give seconds above 0 and up to 43,200."


@pytest.mark.parametrize("file", ["a\n.mp3", "a\u2028.mp3", "a\x1b.mp3", "\udcb9\udce3.mp3"])
def test_a_file_whose_name_fits_no_line_is_refused(file):
    with pytest.raises(InvalidInput) as refused:
        Track(1, "a", (), 60.0, file)
    assert refused.value.message == f"A file's name holds what is no letter or sign: {file!r}. Rename the file."
