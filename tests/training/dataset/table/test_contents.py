"""What kind of file a table is, and its encoding."""

import gzip
import io
import json
import lzma
import zipfile
from functools import partial

import pytest

from aiplayer.errors import InvalidInput
from tests.support.tables import read_playlists, read_songs

# Without the time of day, for the names of tests hold these bytes.
gzipped = partial(gzip.compress, mtime=0)

TABLE = "Title,Artist\nBlue,Joni Mitchell\n"
KOREAN = "제목,가수\n봄날,방탄소년단\n밤편지,아이유\n"


def zipped(name: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(name, TABLE)
    return content.getvalue()


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp949", "euc_kr"]
)
def test_every_encoding_of_a_korean_table_is_read_without_a_finding(tmp_path, encoding):
    songs = read_songs(tmp_path, KOREAN.encode(encoding))
    assert [(song.name, song.artists) for song in songs] == [("봄날", ("방탄소년단",)), ("밤편지", ("아이유",))]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_end_of_line_is_read(tmp_path, line_end):
    songs = read_songs(tmp_path, KOREAN.replace("\n", line_end))
    assert [song.name for song in songs] == ["봄날", "밤편지"]


@pytest.mark.parametrize("name", ["Déjà vu", "Coração", "Ásgeir", "Ænima", "El Niño", "Ágætis byrjun"])
def test_a_western_table_is_read_and_told_to_be_a_guess(tmp_path, name):
    (playlist,), dirt = read_playlists(tmp_path, f"Title;Artist\n{name};X\n".encode("cp1252"))
    assert playlist.songs[0].name == name
    assert dirt.counts == {"guessed_encoding": 1}
    assert dirt.examples["guessed_encoding"].detail == "read as cp1252"


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("shift_jis", "夜に駆ける\n夜空\nマリーゴールド\n"),
        ("gb2312", "月亮代表我的心\n夜空\n甜蜜蜜\n"),
        ("big5", "月亮代表我的心\n夜空\n甜蜜蜜\n"),
    ],
)
def test_another_encoding_is_never_misread_in_silence(tmp_path, encoding, names):
    _, dirt = read_playlists(tmp_path, b"Title\n" + names.encode(encoding))
    assert dirt.counts["guessed_encoding"] == 1


@pytest.mark.parametrize("encoding", ["utf-8", "cp949"])
def test_bytes_that_cannot_be_read_cost_one_name_and_are_told(tmp_path, encoding):
    cut_syllable = "날".encode(encoding)[:1]
    content = KOREAN.encode(encoding).replace("날".encode(encoding), cut_syllable)
    (playlist,), dirt = read_playlists(tmp_path, content)
    assert playlist.songs[1].name == "밤편지"
    assert "�" in playlist.songs[0].name
    assert dirt.counts == {"broken_utf8": 1}


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"PK\x03\x04", "a zip archive, not a table. Unpack it"),
        (zipped("Playlist.csv"), "a zip archive, not a table. Unpack it"),
        (zipped("xl/workbook.xml"), "an Excel workbook, not a table. Open it in the spreadsheet program and save it"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), r"an old Excel \(.xls\), not a table. .* save it as CSV"),
        (gzipped(TABLE.encode()), "packed by gzip, not a table. Unpack it"),
        (lzma.compress(TABLE.encode()), "packed by xz, not a table. Unpack it"),
        (b"%PDF-1.7\n", "a PDF, not a table. Export the playlist as CSV"),
        (b"\x89PNG\r\n\x1a\n" + bytes(60), "an image, not a table"),
        (b"\xff\xd8\xff\xe0" + bytes(60), "an image, not a table"),
        (b"SQLite format 3\x00" + bytes(60), "an SQLite database, not a table"),
        (b"\x00\x00\x00\x18ftypM4A ", "a sound, a video or a photo, not a table"),
        (b"RIFF\x00\x01\x00\x00WEBPVP8 ", "a sound, a video or a photo, not a table"),
        (b"Title,Artist\nBl\0ue,Joni Mitchell\n", "is not text"),
        ("<!DOCTYPE html><html><title>Sign in</title>", r"a web page \(HTML\), not a table. .* Else fetch the file"),
        (
            "<!-- saved -->\n<table><tr><td>Title</td></tr></table>",
            r"HTML\), not a table. If it shows a table, open it",
        ),
        ("\n<meta charset='utf-8'><style>p {}</style>", r"a web page \(HTML\)"),
        ('<?xml version="1.0"?>\n<!DOCTYPE plist PUBLIC "x">\n<plist>', "library of iTunes .* Export Playlist"),
        ('<?xml version="1.0"?><playlist xmlns="xspf">', "XML, not a table"),
        ("#EXTM3U\n#EXTINF:123,Blue\nblue.mp3\n", "an m3u playlist of files, not a table"),
        ("{\\rtf1 Blue}", "a rich text document, not a table"),
        (json.dumps([{"endTime": "2024-05-06 18:43", "trackName": "Blue"}]), "JSON of Spotify's own .* Exportify"),
        (json.dumps({"playlists": [{"items": [{"track": {"trackName": "x"}}]}]}, indent=2), "JSON of Spotify's own"),
        (json.dumps([{"title": "Blue"}]).encode("utf-16"), "is JSON, not a table"),
        ("", "is empty"),
        ("\ufeff \r\n\n", "is empty"),
        (b"\x7fELF\x02\x01" + bytes(60), "is not text"),
    ],
)
def test_what_is_no_table_is_named_with_what_to_do(tmp_path, content, what):
    with pytest.raises(InvalidInput, match=what) as refusal:
        read_playlists(tmp_path, content)
    assert str(tmp_path / "night.csv") in refusal.value.message
    assert refusal.value.code == "bad_dataset"
