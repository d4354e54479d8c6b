"""What is dirty is counted, listed with its place, and costs as little as it can."""

import csv
import gzip
import json
import unicodedata
from datetime import date, datetime

import pytest

from aiplayer.catalogue.tables import ABROAD
from aiplayer.errors import InvalidInput
from training.dataset import Dirt
from training.dataset.json_stream import ElementReader
from training.dataset.melon import read_playlists, read_songs

SONG = {"song_name": "n", "artist_name_basket": ["a"], "song_gn_gnr_basket": [], "issue_date": "20170324"}
PLAYLIST = {"plylst_title": "t", "tags": [], "songs": [], "like_cnt": 0, "updt_date": ""}


def write_lines(path, default: dict, records) -> None:
    """One record a line, so that a record's number is its line."""
    lines = (json.dumps({"id": n} | default | record, ensure_ascii=True) for n, record in enumerate(records))
    path.write_text("[" + ",\n".join(lines) + "]")


def songs(folder, *records, dirt=None) -> list:
    write_lines(folder / "song_meta.json", SONG, records)
    return list(read_songs(folder, dirt or Dirt(), lambda size: None))


def playlists(folder, *records, dirt=None, song_ids=None) -> list:
    lines = ",\n".join(
        json.dumps({"id": number} | PLAYLIST | record, ensure_ascii=False) for number, record in enumerate(records)
    )
    (folder / "train.json").write_text(f"[{lines}]", encoding="utf-8")
    return list(read_playlists(folder, dirt or Dirt(), lambda size: None, song_ids))


def elements(folder, content: str | bytes, name="x.json") -> tuple[list, dict, Dirt]:
    dirt = Dirt()
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return list(ElementReader(folder / name, dirt)), dict(dirt.counts), dirt


def test_clean_records_leave_no_findings(tmp_path):
    dirt = Dirt()
    (song,) = songs(tmp_path, {}, dirt=dirt)
    (playlist,) = playlists(tmp_path, {"updt_date": "2019-02-18 13:52:30.000", "songs": [0]}, dirt=dirt, song_ids={0})
    assert (song.issued, playlist.updated) == (date(2017, 3, 24), datetime(2019, 2, 18, 13, 52, 30))
    assert not dirt.counts


@pytest.mark.parametrize(
    ("record", "reason", "kept"),
    [
        ({"issue_date": "20170231"}, "bad_date", {"issued": None}),
        ({"issue_date": "00000000"}, "bad_date", {"issued": None}),
        ({"issue_date": 20170324}, "bad_date", {"issued": None}),
        ({"issue_date": "soon"}, "bad_date", {"issued": None}),
        ({"issue_date": "19590000"}, "partial_date", {"issued": date(1959, 1, 1)}),
        ({"issue_date": "19590700"}, "partial_date", {"issued": date(1959, 7, 1)}),
        ({"song_name": " "}, "missing_name", {"name": ""}),
        ({"song_name": None}, "missing_name", {"name": ""}),
        ({"song_name": ["n"]}, "wrong_type", {"name": ""}),
        ({"song_name": "가" * 501}, "too_long", {"name": "가" * 500}),
        ({"song_name": "가" * 9_999}, "too_long", {"name": "가" * 500}),
        ({"artist_name_basket": ["x" * 501]}, "too_long", {"artists": ["x" * 500]}),
        ({"song_name": "\u3164\u200b"}, "missing_name", {"name": ""}),
        ({"artist_name_basket": ["\ufeff"]}, "missing_artists", {"artists": []}),
        ({"song_name": "a\ud800b"}, "broken_utf8", {"name": "a�b"}),
        ({"artist_name_basket": []}, "missing_artists", {"artists": []}),
        ({"artist_name_basket": ["a", 3]}, "wrong_type", {"artists": ["a"]}),
        ({"artist_name_basket": "a"}, "wrong_type", {"artists": []}),
    ],
)
def test_a_dirty_song_is_kept_with_what_is_sure(tmp_path, record, reason, kept):
    dirt = Dirt()
    (song,) = songs(tmp_path, record, dirt=dirt)
    assert dirt.counts[reason] == 1
    assert {name: getattr(song, name) for name in kept} == kept


def test_decomposed_text_is_composed(tmp_path):
    dirt, title = Dirt(), "비 오는 날 카페"
    record = {
        "plylst_title": unicodedata.normalize("NFD", title),
        "tags": [unicodedata.normalize("NFD", "재즈"), "재즈"],
    }
    (playlist,) = playlists(tmp_path, record, dirt=dirt, song_ids=set())
    assert (playlist.title, playlist.tags) == (title, ["재즈"])
    (song,) = songs(tmp_path, {"song_name": unicodedata.normalize("NFD", "각" * 500)}, dirt=dirt)
    assert song.name == "각" * 500
    assert "too_long" not in dirt.counts


@pytest.mark.parametrize(
    ("record", "reason", "kept"),
    [
        ({"songs": [1, 2, 9]}, "unknown_song", {"songs": [1, 2]}),
        ({"songs": [1, 2, 1]}, "repeated_song", {"songs": [1, 2]}),
        ({"songs": [1, "two", None, True, 1.5]}, "wrong_type", {"songs": [1]}),
        ({"songs": 1}, "wrong_type", {"songs": []}),
        ({"plylst_title": ""}, "missing_name", {"title": ""}),
        ({"like_cnt": -1}, "wrong_type", {"likes": 0}),
        ({"like_cnt": "8"}, "wrong_type", {"likes": 0}),
        ({"updt_date": "2019-02-30 00:00:00"}, "bad_date", {"updated": None}),
        ({"updt_date": 2019}, "bad_date", {"updated": None}),
    ],
)
def test_a_dirty_playlist_is_kept_with_what_is_sure(tmp_path, record, reason, kept):
    dirt = Dirt()
    (playlist,) = playlists(tmp_path, record, dirt=dirt, song_ids={1, 2})
    assert dirt.counts[reason] >= 1
    assert {name: getattr(playlist, name) for name in kept} == kept


@pytest.mark.parametrize("id", [None, "seven", "", -1, "-1", 2**40, str(2**40), "9" * 5_000, 1.5, "1.5", True, [7]])
def test_a_record_without_a_usable_id_is_skipped(tmp_path, id):
    dirt = Dirt()
    kept = songs(tmp_path, {"id": id}, {}, dirt=dirt)
    assert ([song.song_id for song in kept], dirt.counts) == ([1], {"wrong_type": 1})


@pytest.mark.parametrize("id", [7, 7.0, "7", " 7 ", "7.0"])
def test_a_whole_number_in_another_dress_is_read(tmp_path, id):
    dirt = Dirt()
    (song,) = songs(tmp_path, {"id": id}, dirt=dirt)
    (playlist,) = playlists(tmp_path, {"id": id, "songs": [id, 8]}, dirt=dirt, song_ids={7, 8})
    assert (song.song_id, playlist.playlist_id, playlist.songs) == (7, 7, [7, 8])
    assert not dirt.counts


def test_of_two_records_with_one_id_the_first_is_kept(tmp_path):
    dirt = Dirt()
    kept = songs(tmp_path, {"id": 7, "song_name": "first"}, {"id": 7, "song_name": "second"}, dirt=dirt)
    assert ([song.name for song in kept], dirt.counts) == (["first"], {"duplicate_id": 1})


def test_a_genre_without_a_name_keeps_its_code(tmp_path):
    (tmp_path / "genre_gn_all.json").write_text('{"GN1": "재즈"}', encoding="utf-8")
    dirt = Dirt()
    (song,) = songs(tmp_path, {"song_gn_gnr_basket": ["GN1", "GN2"]}, dirt=dirt)
    assert (song.genres, dirt.counts) == (["재즈", "GN2"], {"unknown_genre": 1})


def test_every_finding_is_listed_with_its_file_line_record_and_id(tmp_path):
    with Dirt(tmp_path / "dirty.csv") as dirt:
        songs(tmp_path, {}, {"id": 70, "issue_date": "x"}, {}, {"issue_date": "y"}, dirt=dirt)
    with (tmp_path / "dirty.csv").open(encoding="utf-8") as file:
        listed = list(csv.reader(file))
    assert listed == [
        ["file", "line", "record", "id", "reason", "detail"],
        ["song_meta.json", "2", "2", "70", "bad_date", 'issue_date is "x"'],
        ["song_meta.json", "4", "4", "3", "bad_date", 'issue_date is "y"'],
    ]


@pytest.mark.parametrize("chunk", [1, 7, 1 << 20])
def test_a_broken_record_costs_no_other(tmp_path, monkeypatch, chunk):
    monkeypatch.setattr("training.dataset.json_stream.CHUNK_BYTES", chunk)
    for broken in ('{"id": 1, "n": }', '{"id": 1, "n": "x}', '{"id": 1', '{"id": 1, "a" "b"}', "nonsense"):
        read, counts, dirt = elements(tmp_path, '[{"id": 0},\n ' + broken + ',\n {"id": 2}, {"id": 3}]')
        assert read == [{"id": 0}, {"id": 2}, {"id": 3}], broken
        assert counts == {"broken_json": 1}, broken
        assert (dirt.examples["broken_json"].line, dirt.examples["broken_json"].record) == (2, 2)


def test_a_broken_last_record_is_no_truncated_file(tmp_path):
    assert elements(tmp_path, '[{"id": 0}, {"id": }]\n')[:2] == ([{"id": 0}], {"broken_json": 1})


@pytest.mark.parametrize("end", ['{"id": 1, "songs": [1, 2', '{"id": 1, "n": "가', "", '{"id": 1}'])
def test_a_truncated_file_gives_what_stands_before_its_end(tmp_path, end):
    read, counts, _ = elements(tmp_path, '[{"id": 0}, ' + end)
    assert (read[0], counts) == ({"id": 0}, {"truncated_file": 1})


def test_a_truncated_archive_gives_what_can_be_unpacked(tmp_path):
    whole = gzip.compress(json.dumps([{"id": n, "text": str(n**9)} for n in range(5_000)]).encode())
    read, counts, _ = elements(tmp_path, whole[: len(whole) // 2], "x.json.gz")
    assert 1_000 < len(read) < 5_000
    assert [record["id"] for record in read] == list(range(len(read)))
    assert counts == {"truncated_file": 1}


def test_bytes_that_are_not_utf8_cost_one_name(tmp_path):
    lines = b'[{"id": 0, "song_name": "ab\xff\xfe"}, {"id": 1, "song_name": "\xeb\xb0\xa4"}]'
    (tmp_path / "song_meta.json").write_bytes(lines)
    dirt = Dirt()
    assert [song.name for song in read_songs(tmp_path, dirt, lambda size: None)] == ["ab�", "밤"]
    assert dirt.counts["broken_utf8"] == 1


@pytest.mark.parametrize("content", ["", "{}", "nonsense", '{"title": 1}', '{"a": {}}', '{"a": {"b": 1}}'])
def test_a_file_that_is_no_list_is_refused(tmp_path, content):
    with pytest.raises(InvalidInput, match="not a JSON array"):
        elements(tmp_path, content)


def test_elements_that_are_no_objects_are_noted(tmp_path):
    dirt = Dirt()
    (tmp_path / "song_meta.json").write_text('[12, null, "x", [1], {"id": 5}]')
    assert [song.song_id for song in read_songs(tmp_path, dirt, lambda size: None)] == [5]
    assert dirt.counts["wrong_type"] == 4


def test_all_bytes_of_the_file_are_counted(tmp_path):
    sizes = []
    content = json.dumps([{"id": n} for n in range(1_000)])
    (tmp_path / "x.json").write_text(content)
    list(ElementReader(tmp_path / "x.json", Dirt(), sizes.append))
    assert sum(sizes) == len(content)


@pytest.mark.parametrize(
    ("record", "country"),
    [
        ({"song_gn_gnr_basket": ["GN0300"]}, "KR"),
        ({"song_gn_gnr_basket": ["GN2500", "GN0200"]}, "KR"),
        ({"song_gn_gnr_basket": ["GN1200"]}, ABROAD),
        ({"song_gn_gnr_basket": ["GN1900", "GN0900"]}, "JP"),
        ({"song_gn_gnr_basket": ["GN1500"]}, None),
        ({"song_gn_gnr_basket": ["GN0300", "GN1200"]}, None),
        ({"song_gn_gnr_basket": []}, None),
        ({"song_gn_gnr_basket": ["GN0300"], "country": "JM"}, "JM"),
    ],
)
def test_melons_genres_tell_domestic_from_foreign_songs(tmp_path, record, country):
    codes = ("GN0200", "GN0300", "GN1200", "GN1500", "GN1900", "GN2500")
    names = {"GN0100": "발라드", "GN0900": "POP"} | dict.fromkeys(codes, "...")
    (tmp_path / "genre_gn_all.json").write_text(json.dumps(names))
    (song,) = songs(tmp_path, record)
    assert song.country == country


def test_the_same_codes_of_another_dataset_tell_no_country(tmp_path):
    (tmp_path / "genre_gn_all.json").write_text('{"GN0100": "ballad", "GN0900": "disco"}')
    (song,) = songs(tmp_path, {"song_gn_gnr_basket": ["GN0100"]})
    assert song.country is None


def test_a_country_that_is_no_code_is_noted(tmp_path):
    dirt = Dirt()
    (song,) = songs(tmp_path, {"country": "Korea"}, dirt=dirt)
    assert (song.country, dirt.counts) == (None, {"wrong_type": 1})
