"""Delimiters, headers, quotation marks, and what a bad row costs."""

import csv
import io

import pytest

from aiplayer.errors import InvalidInput
from tests.support.tables import read_playlists, read_songs

BLUE = ("Blue", ("Joni Mitchell",))
COME_AWAY = ("Come Away", ("Norah Jones", "Feist"))


def names(songs) -> list[tuple[str, tuple[str, ...]]]:
    return [(song.name, song.artists) for song in songs]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("blank", ["", " "])
@pytest.mark.parametrize("above", ["", "sep={}\n", "Shazam Library\n", "\n\nMy songs\n\n"])
def test_every_delimiter_is_read_with_blanks_and_lines_above_the_header(tmp_path, delimiter, blank, above):
    rows = [("Title", "Artist"), ('"Blue"', '"Joni Mitchell"'), ('"Come Away"', '"Norah Jones, Feist"')]
    table = "\n".join((delimiter + blank).join(row) for row in rows)
    assert names(read_songs(tmp_path, above.format(delimiter) + table)) == [BLUE, COME_AWAY]


def test_the_header_is_not_taken_from_a_row(tmp_path):
    with pytest.raises(InvalidInput, match="no column of songs"):
        read_playlists(tmp_path, "Blue,Joni Mitchell\nTitle,Somebody\nGreen,Joni Mitchell\n")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ('"Long Night","Ann,Vinyl 12" Club,Bo",2020', "broken_row"),
        ('"Long Night","Ann", "Bo",2020', "wrong_type"),
        ('"Long Night,Ann,2020', "broken_row"),
        ('Long Night,"Ann,2020', "broken_row"),
        ('Long Night,Ann,"2020', "broken_row"),
        ("Long Night,Ann,2020,x", "wrong_type"),
        ("Long Night", "wrong_type"),
    ],
)
@pytest.mark.parametrize("quote", ["", '"'])
def test_a_bad_row_costs_no_other_and_its_line_is_told(tmp_path, row, reason, quote):
    good = ",".join(f"{quote}{value}{quote}" for value in ("Blue", "Joni Mitchell", "1971"))
    (playlist,), dirt = read_playlists(tmp_path, f"Title,Artist,Year\n{good}\n{row}\n{good.replace('Blue', 'Green')}\n")
    assert [song.name for song in playlist.songs] == ["Blue", "Green"]
    assert dirt.counts == {reason: 1}
    assert dirt.examples[reason].line == 3


def test_a_mark_that_is_never_closed_in_a_long_table_costs_one_line(tmp_path):
    rows = [f"song {number},artist" for number in range(500)]
    rows[10] = '"' + rows[10]
    (playlist,), dirt = read_playlists(tmp_path, "\n".join(["title,artist", *rows, 'last,"artist"']))
    assert len(playlist.songs) == 500
    assert (dirt.counts, dirt.examples["broken_row"].line) == ({"broken_row": 1}, 12)


def test_empty_values_and_lines_at_the_end_are_no_fault(tmp_path):
    table = "Title,Artist,Year,Album\nBlue,Joni Mitchell,1971,Blue,,,\n\n,,,\nGreen,Joni Mitchell\n"
    assert [song.name for song in read_songs(tmp_path, table)] == ["Blue", "Green"]


def test_a_value_in_quotation_marks_may_go_on_in_the_next_lines_and_becomes_one_line(tmp_path):
    table = io.StringIO()
    csv.writer(table).writerows(
        [("Title", "Artist", "Notes"), ("Blue\nRemaster", "Joni\tMitchell", "a\r\n\r\nb, c\nd"), ("Green", "X", "")]
    )
    assert names(read_songs(tmp_path, table.getvalue())) == [
        ("Blue Remaster", ("Joni Mitchell",)),
        ("Green", ("X",)),
    ]


def test_marks_within_names_are_kept_where_they_are_well_written(tmp_path):
    table = 'Title,Artist\n"12"" Mix","""Weird Al"" Yankovic"\nVinyl 12",X\n'
    assert names(read_songs(tmp_path, table)) == [('12" Mix', ('"Weird Al" Yankovic',)), ('Vinyl 12"', ("X",))]


def test_tables_with_tabs_need_no_marks(tmp_path):
    table = 'Name\tArtist\tTime\n"Eat It" (live)\t"Weird Al" Yankovic\t225\n'
    (song,) = read_songs(tmp_path, table)
    assert (song.name, song.artists, song.duration_ms) == ('"Eat It" (live)', ('"Weird Al" Yankovic',), 225_000)


def test_without_a_column_of_songs_the_names_to_use_are_told(tmp_path):
    with pytest.raises(InvalidInput, match='no column of songs; it begins with "a,b"'):
        read_playlists(tmp_path, "a,b\n1,2\n")
