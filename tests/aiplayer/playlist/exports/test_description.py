"""Descriptions, read by a parser of YouTube's rules that knows nothing of what wrote them."""

import re
from itertools import pairwise

import pytest

from aiplayer.errors import InvalidInput
from aiplayer.playlist.exports import ExportedPlaylist, Lack, Language, Track, description, track_list
from tests.support.nasty_playlists import nasty_playlist

TIME = re.compile(r"(?<![\d:])(?:(\d+):)?(\d{1,2}):(\d{2})(?![\d:])")


def read_chapters(text: str) -> list[tuple[int, str]]:
    """The chapters that YouTube makes of a description: second and name; none where a rule is broken."""
    chapters = []
    for line in text.split("\n"):
        for number, time in enumerate(TIME.finditer(line)):
            hours, minutes, seconds = (int(part or 0) for part in time.groups())
            assert number == 0, f"a second time in a line: {line}"
            assert time.start() == 0, f"a time behind a name: {line}"
            chapters.append((hours * 3_600 + minutes * 60 + seconds, line[time.end() :].strip()))

    starts = [start for start, _ in chapters]
    keeps_the_rules = (
        len(chapters) >= 3
        and starts[0] == 0
        and all(after - before >= 10 for before, after in pairwise(starts))
        and all(name for _, name in chapters)
    )
    return chapters if keeps_the_rules else []


SONGS = [
    Track(1, "밤편지", ("아이유",), 253.4),
    Track(2, "April in Paris", ("Ella", "Louis"), 393.3),
    Track(3, "Via con me", ("Paolo Conte",), 3_000.0),
    Track(4, "I <3 U", (), 10.0),
]


def test_a_description_has_title_hashtags_and_chapters():
    made = description(ExportedPlaylist("비 오는 날 <재즈>", ["재즈", "rainy day"], SONGS), Language.ENGLISH)
    assert made.text == (
        "비 오는 날 ‹재즈›\n\n#재즈 #rainyday\n\nTrack list\n"
        "0:00 밤편지 - 아이유\n4:13 April in Paris - Ella, Louis\n10:47 Via con me - Paolo Conte\n1:00:47 I ‹3 U"
    )
    assert (made.no_chapters, made.left_out) == (None, 0)
    assert [start for start, _ in read_chapters(made.text)] == [0, 253, 647, 3_647]


@pytest.mark.parametrize(
    ("language", "heading"),
    [(Language.KOREAN, "곡 목록"), (Language.ENGLISH, "Track list"), (Language.BOTH, "곡 목록 · Track list")],
)
def test_its_own_words_are_korean_or_english_or_both(language, heading):
    assert description(ExportedPlaylist("title", [], SONGS), language).text.split("\n")[2] == heading


def test_without_a_duration_songs_have_numbers_and_the_reason_is_told():
    made = description(ExportedPlaylist("title", [], [*SONGS, Track(5, "밤", ())]), Language.KOREAN)
    assert made.text.endswith("\n04. I ‹3 U\n05. 밤")
    assert made.no_chapters.lack is Lack.UNKNOWN
    assert read_chapters(made.text) == []


def test_a_time_in_a_title_or_a_name_is_no_chapter():
    songs = [Track(number, "00:10 Intro", ("4:20",), 60.0) for number in range(3)]
    made = description(ExportedPlaylist("새벽 4:30", [], songs), Language.KOREAN)
    assert made.text.split("\n")[0] == "새벽 4∶30"
    assert read_chapters(made.text) == [
        (0, "00∶10 Intro - 4∶20"),
        (60, "00∶10 Intro - 4∶20"),
        (120, "00∶10 Intro - 4∶20"),
    ]


def test_what_stands_elsewhere_counts_among_the_hashtags():
    songs = [Track(number, f"Prelude #{number}", ()) for number in range(12)]
    made = description(ExportedPlaylist("#밤", [f"tag{number}" for number in range(50)], songs), Language.KOREAN)
    assert made.text.count("#") == 60
    assert "#tag46\n" in made.text


def test_a_song_whose_name_shows_nothing_is_called_by_its_number():
    songs = [Track(number, "\u200b", (), 60.0) for number in (7, 8, 9)]
    assert read_chapters(description(ExportedPlaylist("title", [], songs), Language.KOREAN).text)[1] == (60, "Song 8")


def test_a_list_that_is_too_long_ends_with_a_chapter_for_the_rest():
    songs = [Track(number, "피아노 협주곡 제2번 다단조 작품 18", ("서울시립교향악단",), 600.0) for number in range(100)]
    made = description(ExportedPlaylist("긴 밤", ["클래식"], songs), Language.BOTH)
    assert 4_900 < len(made.text.encode()) <= 5_000

    *kept, (last_start, note) = read_chapters(made.text)
    assert made.left_out == 100 - len(kept) > 0
    assert last_start == 600 * len(kept)
    assert note == f"… 외 {made.left_out}곡 · … and {made.left_out} more"


def test_chapters_that_find_no_room_are_not_begun():
    songs = [Track(number, "가" * 1_000, (), 60.0) for number in range(3)]
    made = description(ExportedPlaylist("title", [], songs), Language.ENGLISH)
    assert made.no_chapters.in_words(Language.ENGLISH) == (
        "YouTube takes a description of 5,000 bytes, too few for chapters. Shorten title and hashtags."
    )
    assert made.text.split("\n")[-1] == "… and 2 more"
    assert made.left_out == 2


def test_a_title_that_leaves_no_room_is_refused():
    with pytest.raises(InvalidInput) as refused:
        description(ExportedPlaylist("가" * 1_700, [], SONGS), Language.ENGLISH)
    assert refused.value.message == (
        "With title and hashtags a description has 5,127 bytes before its first song, and YouTube takes 5,000. "
        "Shorten the title or take fewer hashtags."
    )


def test_whatever_the_names_hold_youtube_takes_the_description():
    with_chapters = 0
    for seed in range(200):
        playlist = nasty_playlist(seed)
        made = description(playlist, list(Language)[seed % 3])
        assert len(made.text.encode()) <= 5_000
        assert not set("<>\r\t\x00\u2028") & set(made.text)

        chapters = read_chapters(made.text)
        assert bool(chapters) == (made.no_chapters is None)
        if chapters:
            with_chapters += 1
            kept = chapters[:-1] if made.left_out else chapters
            assert len(kept) == len(playlist.tracks) - made.left_out
    assert with_chapters > 80


def test_the_track_list_holds_nothing_that_youtube_refuses():
    songs = [
        Track(1, "I <3 U", ("B.A.P",)),
        Track(2, "<OST> 사랑", ("디셈버",)),
        Track(3, "Blue\nRemaster\u2028 ", ("Joni\tMitchell",)),
    ]
    assert track_list(songs) == "01. I ‹3 U - B.A.P\n02. ‹OST› 사랑 - 디셈버\n03. Blue Remaster - Joni Mitchell"


def test_a_track_list_that_is_too_long_is_cut_at_a_line_and_says_so():
    song = Track(1, "피아노 협주곡 제2번 다단조 작품 18 2악장 아다지오 소스테누토", ("서울시립교향악단",))
    text = track_list([song] * 60)
    assert 4_850 < len(text.encode()) <= 5_000
    *lines, note = text.split("\n")
    assert note == f"… +{60 - len(lines)}"
    assert {line[2:] for line in lines} == {track_list([song])[2:]}
    assert track_list([song] * 3, max_bytes=20) == "… +3"
    assert "…" not in track_list([song] * 40)


def test_the_track_list_is_numbered_plain_text():
    assert track_list(SONGS[:2]) == "01. 밤편지 - 아이유\n02. April in Paris - Ella, Louis"
    assert track_list([Track(7, "Song 7", ())]) == "01. Song 7"
