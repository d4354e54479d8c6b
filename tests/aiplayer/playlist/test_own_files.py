import pytest

from aiplayer.playlist.exports import Track
from aiplayer.playlist.own_files import AudioFile, match_files

NIGHT = Track(1, "밤편지", ("아이유",))
RHAPSODY = Track(2, "Bohemian Rhapsody - Remastered 2011", ("Queen",))
DUET = Track(3, "Don't Know Why (feat. Somebody)", ("Norah Jones", "태연 (TAEYEON)"))
NUMBERED = Track(4, "99 Luftballons", ("Nena",))
TRACKS = [NIGHT, RHAPSODY, DUET, NUMBERED]


def position_of(file: AudioFile) -> int | None:
    """Which of TRACKS gets the file."""
    matched = match_files(TRACKS, [file])
    positions = [number for number, track in enumerate(matched.tracks) if track.file == file.path]
    assert matched.unused == ([] if positions else [file])
    return positions[0] if positions else None


@pytest.mark.parametrize(
    ("title", "artist", "position"),
    [
        ("밤편지", "아이유", 0),
        ("밤편지", "", 0),
        ("Ｂｏｈｅｍｉａｎ　ＲＨＡＰＳＯＤＹ", "queen", 1),
        ("Bohemian Rhapsody (Deluxe Edition)", "Queen", 1),
        ("Don’t know why", "Taeyeon; Someone Else", 2),
        ("Dont Know Why", "Norah Jones feat. Somebody", 2),
        ("Bohemian Rhapsody", "Panic! at the Disco", None),
        ("Bohemian Rhapsody (Live)", "Queen", None),
    ],
)
def test_a_file_is_told_by_its_tags(title, artist, position):
    assert position_of(AudioFile("track.flac", 200.0, title, artist)) == position


@pytest.mark.parametrize(
    ("path", "position"),
    [
        ("밤편지.wav", 0),
        ("\u1107\u1161\u11b7\u1111\u1167\u11ab\u110c\u1175.wav", 0),
        ("01 아이유 - 밤편지.mp3", 0),
        ("album/1-07. 밤편지.mp3", 0),
        ("밤편지 - 아이유.mp3", 0),
        ("Queen_-_Bohemian_Rhapsody.ogg", 1),
        ("03 - Queen - bohemian rhapsody (2011 Remaster).ogg", 1),
        ("Bohemian Rhapsody - Remastered 2011.mp3", 1),
        ("99 Luftballons.flac", 3),
        ("07 99 luftballons.flac", 3),
        ("Panic! at the Disco - Bohemian Rhapsody.mp3", None),
        ("Bohemian Rhapsody - Live at Wembley.mp3", None),
        ("some other song.mp3", None),
    ],
)
def test_a_file_without_tags_is_told_by_its_name(path, position):
    assert position_of(AudioFile(path, 200.0)) == position


def test_the_name_counts_where_the_tags_fit_no_song():
    assert position_of(AudioFile("아이유 - 밤편지.mp3", 200.0, "Track 1", "Unknown Artist")) == 0


def test_a_song_takes_over_the_duration_and_the_path():
    matched = match_files(TRACKS, [AudioFile("cd/1.flac", 253.4, "밤편지", "아이유")])
    assert matched.tracks == [Track(1, "밤편지", ("아이유",), 253.4, "cd/1.flac"), *TRACKS[1:]]
    assert matched.doubtful == {}


def test_of_two_files_none_is_guessed():
    files = [AudioFile("밤편지.mp3", 253.5), AudioFile("아이유 - 밤편지.flac", 253.4)]
    matched = match_files(TRACKS, files)
    assert matched.tracks == TRACKS
    assert matched.doubtful == {1: files}


def test_of_two_songs_none_is_guessed():
    hello = [Track(1, "Hello", ("Adele",)), Track(2, "Hello", ("Lionel Richie",))]
    file = AudioFile("Hello.mp3", 250.0)
    assert match_files(hello, [file]).doubtful == {1: [file], 2: [file]}

    adele = AudioFile("Adele - Hello.mp3", 295.0)
    assert match_files(hello, [adele]).tracks == [Track(1, "Hello", ("Adele",), 295.0, "Adele - Hello.mp3"), hello[1]]
