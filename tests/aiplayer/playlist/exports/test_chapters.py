from fractions import Fraction

import pytest

from aiplayer.playlist.exports import Lack, Language, NoChapters, Track, chapter_starts


def tracks(*durations_s: float | None) -> list[Track]:
    return [Track(number, f"Song {number}", ("Somebody",), seconds) for number, seconds in enumerate(durations_s)]


def test_a_song_begins_where_the_ones_before_it_end():
    assert chapter_starts(tracks(225.2, 180.4, 61.0)) == [0, 225, 406]


def test_an_error_of_rounding_never_adds_up():
    durations_s = [210.4] * 96
    starts = chapter_starts(tracks(*durations_s))
    for position, start in enumerate(starts):
        # An exact sum; whole seconds a song would be 38 s off at the end.
        assert abs(start - Fraction("210.4") * position) <= Fraction(1, 2)


def test_songs_of_ten_seconds_never_begin_nearer_than_that():
    assert chapter_starts(tracks(10.5, 10.0, 10.0, 10.0)) == [0, 10, 20, 30]


@pytest.mark.parametrize(
    ("durations_s", "reason", "english"),
    [
        (
            (200.0, 200.0),
            NoChapters(Lack.TOO_FEW, least=3, count=2),
            "Chapters need at least 3 songs, and this playlist has 2.",
        ),
        (
            (200.0, None, 200.0, None),
            NoChapters(Lack.UNKNOWN, least=4, count=2, positions=(2, 4)),
            "Chapters need the duration of every song. Songs without one: 2, the first of them number 2.",
        ),
        (
            (200.0, 200.0, 9.9),
            NoChapters(Lack.TOO_SHORT, least=10, count=1, positions=(3,)),
            "A chapter lasts at least 10 seconds. Shorter songs: 1, the first of them number 3.",
        ),
    ],
)
def test_what_is_in_the_way_of_chapters_is_said(durations_s, reason, english):
    no_chapters = chapter_starts(tracks(*durations_s))
    assert no_chapters == reason
    assert no_chapters.in_words(Language.ENGLISH) == english


def test_the_reason_is_said_in_korean_or_in_both_languages():
    too_few = chapter_starts(tracks(200.0))
    korean = "챕터는 노래가 3곡 이상이어야 생겨요. 지금은 1곡이에요."
    assert too_few.in_words(Language.KOREAN) == korean
    assert too_few.in_words(Language.BOTH) == f"{korean} · Chapters need at least 3 songs, and this playlist has 1."
