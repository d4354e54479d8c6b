"""The report as a file: its head, what it leaves out, and where it cannot be written."""

import pytest

from aiplayer.errors import InvalidInput
from tests.support.frames import dataset, playlist
from training.explore.report import key_numbers, render, write


def test_what_the_data_does_not_know_is_left_out_with_a_reason():
    html = render(dataset([playlist([1], likes=2), playlist([1], likes=2)]), "the test")
    assert "What this data does not tell" in html
    for reason in (
        "Every playlist has 2 likes, so there is nothing to compare.",
        "No playlist has a tag.",
        "No title has a word of two letters or more.",
        "No song of a playlist has a known genre.",
        "No song has a known release date.",
    ):
        assert f"<dd>{reason}</dd>" in html


def test_playlists_without_songs_are_a_report_too():
    html = render(dataset([playlist([], "빈 목록", ["빈"])]), "the test")
    assert html.count("<dd>No playlist has a song.</dd>") == 3


def test_the_head_holds_the_key_numbers_that_are_known(small):
    assert key_numbers(small) == [
        ("4", "playlists"),
        ("10", "song entries"),
        ("5", "different songs"),
        ("2", "artists"),
        ("3", "different tags"),
        ("3", "genres"),
    ]
    assert key_numbers(dataset([playlist([])])) == [("1", "playlists")]


def test_the_same_data_gives_the_same_page(small, page):
    assert render(small, "the test") == page


def test_without_playlists_there_is_no_report(tmp_path):
    with pytest.raises(InvalidInput, match="There are no playlists in the catalogue, so there is nothing to explore"):
        write(dataset([]), "the catalogue", tmp_path / "report")
    assert not (tmp_path / "report").exists()


def test_a_report_that_cannot_be_written_is_one_line(tmp_path):
    (tmp_path / "report").write_text("a file, not a folder")
    with pytest.raises(InvalidInput, match=r"cannot be written: .* Give --out a folder that can be"):
        write(dataset([playlist([1])]), "the test", tmp_path / "report")
