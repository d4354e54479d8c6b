"""`python -m frontend.durations` beside real audio files."""

import json
import subprocess
import sys

import pytest

from aiplayer.errors import InvalidInput
from aiplayer.playlist.exports import Language, description, read_json
from aiplayer.playlist.own_files import AudioFile
from aiplayer.settings import PROJECT
from frontend.audio_files import read_folder
from frontend.durations import main
from tests.support.audio_files import write_tagged, write_wav
from tests.support.commands import run_within

SONGS = [
    {"song_id": 11, "name": "밤편지", "artists": ["아이유"]},
    {"song_id": 12, "name": "Via con me", "artists": ["Paolo Conte"]},
    {"song_id": 13, "name": "April in Paris", "artists": ["Ella Fitzgerald", "Louis Armstrong"]},
]


@pytest.fixture
def folder(tmp_path):
    """Three songs, of three kinds."""
    audio = tmp_path / "audio"
    write_wav(audio / "01 아이유 - 밤편지.wav", 12.34)
    write_tagged(audio / "b" / "2.flac", 15.5, title="VIA CON ME", artist="Paolo Conte")
    write_tagged(audio / "b" / "3.ogg", 20.25, title="April in Paris (Remastered)", artist="Ella Fitzgerald")
    return audio


@pytest.fixture
def playlist(tmp_path):
    path = tmp_path / "playlist.json"
    path.write_text(json.dumps({"title": "비 오는 날", "songs": SONGS, "tags": ["재즈"]}), encoding="utf-8")
    return path


def test_lengths_and_tags_are_those_of_the_files(folder):
    files, unreadable = read_folder(folder)
    assert files == [
        AudioFile("01 아이유 - 밤편지.wav", 12.34),
        AudioFile("b/2.flac", 15.5, "VIA CON ME", "Paolo Conte"),
        AudioFile("b/3.ogg", 20.25, "April in Paris (Remastered)", "Ella Fitzgerald"),
    ]
    assert unreadable == []


@pytest.mark.parametrize("name", ["a.aiff", "a.FLAC", "a.ogg", "a.opus"])
def test_other_kinds_say_their_length_as_exactly(tmp_path, name):
    write_tagged(tmp_path / name, 30.25)
    ((file,), _) = read_folder(tmp_path)
    assert file.duration_s == pytest.approx(30.25, abs=0.001)


def test_an_mp3_plays_about_a_tenth_longer(tmp_path):
    write_tagged(tmp_path / "a.mp3", 30.0)
    ((file,), _) = read_folder(tmp_path)
    assert 30.0 <= file.duration_s < 30.2


def test_what_cannot_be_read_is_told_and_the_rest_is_read(folder):
    whole = (folder / "01 아이유 - 밤편지.wav").read_bytes()
    (folder / "broken.mp3").write_bytes(b"no audio at all")
    (folder / "cut off.wav").write_bytes(whole[: len(whole) // 2])
    (folder / "empty.flac").write_bytes(b"")
    # What cannot go back to write the length says that it is the longest there is.
    (folder / "piped.wav").write_bytes(whole.replace(b"data" + whole[40:44], b"data\xff\xff\xff\xff"))
    write_wav(folder / "silent.wav", 0)
    (folder / "cover.jpg").write_bytes(b"no audio, and not told")
    (folder / "._01 hidden.wav").write_bytes(b"what a Mac leaves beside a file")

    files, unreadable = read_folder(folder)
    assert len(files) == 3
    assert unreadable == ["broken.mp3", "cut off.wav", "empty.flac", "piped.wav", "silent.wav"]


def test_a_folder_without_audio_is_refused(tmp_path):
    with pytest.raises(InvalidInput, match=r"^There is no audio file in .*\. Known kinds: \.mp1 .*\.flac "):
        read_folder(tmp_path)
    with pytest.raises(InvalidInput, match=r"^There is no folder .*nowhere\. Name the folder of your audio files\.$"):
        read_folder(tmp_path / "nowhere")


def test_the_command_writes_a_playlist_that_has_chapters(folder, playlist, tmp_path):
    out = tmp_path / "durations.json"
    ended = run_within(main, folder, playlist, "--out", out)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout == (
        "  1     0:12  밤편지 - 아이유 (01 아이유 - 밤편지.wav)\n"
        "  2     0:16  Via con me - Paolo Conte (b/2.flac)\n"
        "  3     0:20  April in Paris - Ella Fitzgerald, Louis Armstrong (b/3.ogg)\n"
        f"3 of 3 songs have a duration: {out}\n"
    )

    made = description(read_json(out.read_bytes()), Language.KOREAN)
    assert made.text.endswith(
        "\n0:00 밤편지 - 아이유\n0:12 Via con me - Paolo Conte\n0:28 April in Paris - Ella Fitzgerald, Louis Armstrong"
    )


def test_the_command_says_what_is_missing_and_what_is_in_doubt(folder, playlist, tmp_path):
    (folder / "b" / "2.flac").unlink()
    write_wav(folder / "밤편지.wav", 12.0)
    write_wav(folder / "another song.wav", 12.0)
    (folder / "broken.mp3").write_bytes(b"no audio at all")
    out = tmp_path / "durations.json"
    ended = run_within(main, folder, playlist, "--out", out)
    assert ended.returncode == 0
    assert ended.stdout == (
        "  1        -  밤편지 - 아이유 (could be 01 아이유 - 밤편지.wav or 밤편지.wav)\n"
        "  2        -  Via con me - Paolo Conte (no file)\n"
        "  3     0:20  April in Paris - Ella Fitzgerald, Louis Armstrong (b/3.ogg)\n"
        "     fit no song: another song.wav\n"
        "     cannot be read: broken.mp3\n"
        f"1 of 3 songs have a duration: {out}\n"
        "No chapters yet. Chapters need the duration of every song. Songs without one: 2, the first of them number 1.\n"
    )
    assert [track.duration_s for track in read_json(out.read_bytes()).tracks] == [None, None, 20.25]


def test_a_playlist_that_cannot_be_read_is_one_line(folder, tmp_path):
    ended = run_within(main, folder, tmp_path / "none.json")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == (
        f"error: {tmp_path / 'none.json'}: No such file or directory. Mend that and run the same command again.\n"
    )

    (tmp_path / "none.json").write_text("[]")
    ended = run_within(main, folder, tmp_path / "none.json")
    assert ended.returncode == 1
    assert ended.stderr.startswith("error: This is no playlist of AI Player that can be read: the file: ")
    assert ended.stderr.count("\n") == 1


def test_no_name_reaches_the_terminal_as_a_command(tmp_path):
    write_wav(tmp_path / "\x1b[31mred.wav", 12.0)
    song = {"song_id": 1, "name": "밤\x1b[2J", "artists": ["아이유\r"]}
    (tmp_path / "playlist.json").write_text(json.dumps({"songs": [song]}))
    ended = run_within(main, tmp_path, tmp_path / "playlist.json", "--out", tmp_path / "out.json")
    assert ended.stdout.split("\n")[:2] == ["  1        -  밤 [2J - 아이유 (no file)", "     fit no song: [31mred.wav"]


@pytest.mark.process
def test_the_command_is_run_by_its_module(folder, playlist, tmp_path):
    command = [
        sys.executable,
        "-m",
        "frontend.durations",
        str(folder),
        str(playlist),
        "--out",
        str(tmp_path / "o.json"),
    ]
    ended = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    assert ended.stdout.endswith(f"3 of 3 songs have a duration: {tmp_path / 'o.json'}\n")
