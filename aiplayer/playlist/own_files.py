"""Which of the creator's own audio files is which song of a playlist.

Names are compared as everywhere (`recording_keys`): without regard to case, width, accents and punctuation, and a
remaster is the recording that it was made of. A file is told by its tags, and by its name where the tags fit no song.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from aiplayer.playlist.exports.tracks import Track
from aiplayer.playlist.recordings import HYPHENS, recording_keys

Key = tuple[str, str]

# "01 ", "07. ", "1-07 - ": the number of a track before its name, perhaps with that of its disc.
TRACK_NUMBER = re.compile(r"(?:\d{1,2}-)?\d{1,3}(?:\s*[.)-]\s*|\s+)(?=\S)")
BETWEEN_ARTISTS = re.compile(r"\s*[,;/&·]\s*|\s+(?:x|X|and|with)\s+")


@dataclass(frozen=True)
class AudioFile:
    """An audio file of the creator.

    Attributes:
        path: Its path within the creator's folder, with "/".
        duration_s: How long it plays, in seconds.
        title: The song's name by the file's tags; empty where they have none.
        artist: Who plays it by the tags, perhaps several; empty where they have none.
    """

    path: str
    duration_s: float
    title: str = ""
    artist: str = ""


@dataclass(frozen=True)
class MatchedTracks:
    """A playlist's songs with the creator's files.

    Attributes:
        tracks: The songs in order; those with one file have its duration and its path, the others are as they were.
        doubtful: By a song's position from 1 on, the files of which any could be it.
        unused: The files that fit no song.
    """

    tracks: list[Track]
    doubtful: dict[int, list[AudioFile]]
    unused: list[AudioFile]


def match_files(tracks: Sequence[Track], files: Iterable[AudioFile]) -> MatchedTracks:
    """Find each song's file.

    A song gets a file where no other file could be it and the file could be no other song: nothing is guessed.

    Args:
        tracks: The songs in order.
        files: The creator's files.
    """
    positions_of_key = defaultdict(set)
    for position, track in enumerate(tracks):
        for key in _keys_of_track(track):
            positions_of_key[key].add(position)

    found: list[list[AudioFile]] = [[] for _ in tracks]
    certain: set[AudioFile] = set()
    unused = []
    for file in files:
        positions = _positions(file, positions_of_key)
        for position in positions:
            found[position].append(file)
        if len(positions) == 1:
            certain.add(file)
        if not positions:
            unused.append(file)

    matched = list(tracks)
    doubtful = {}
    for position, candidates in enumerate(found):
        if len(candidates) == 1 and candidates[0] in certain:
            (file,) = candidates
            matched[position] = replace(tracks[position], duration_s=file.duration_s, file=file.path)
        elif candidates:
            doubtful[position + 1] = candidates
    return MatchedTracks(matched, doubtful, unused)


def _keys_of_track(track: Track) -> set[Key]:
    """What a song is told by: with each of its artists, and without any."""
    return recording_keys(track.name, track.artists) | recording_keys(track.name, ())


def _positions(file: AudioFile, positions_of_key: dict[Key, set[int]]) -> set[int]:
    """The songs that a file could be, by the first of its readings that fits any."""
    for keys in _readings(file):
        positions = set().union(*(positions_of_key.get(key, ()) for key in keys))
        if positions:
            return positions
    return set()


def _readings(file: AudioFile) -> Iterator[set[Key]]:
    """What a file could be called, the most trusted first; without an artist only where it names none."""
    if file.title:
        yield recording_keys(file.title, _artists(file.artist))

    stem = PurePosixPath(file.path).stem.replace("_", " ").strip()
    yield _keys_of_name(stem, file.artist)
    number = TRACK_NUMBER.match(stem)
    if number:
        yield _keys_of_name(stem[number.end() :], file.artist)


def _keys_of_name(name: str, artist: str) -> set[Key]:
    """What a file's name could mean: a song, or around a hyphen artist and song, in either order."""
    keys = recording_keys(name, _artists(artist))
    for hyphen in HYPHENS.finditer(name):
        before, after = name[: hyphen.start()], name[hyphen.end() :]
        keys |= recording_keys(after, _artists(before))
        keys |= recording_keys(before, _artists(after))
    return keys


def _artists(text: str) -> list[str]:
    """The artists of a line: all of it as one name, and each of those that it lists."""
    names = [text, *BETWEEN_ARTISTS.split(text)]
    return [name for name in dict.fromkeys(names) if name]
