"""The audio files of a folder on this machine: how long each plays, and what its tags say."""

import os
from collections.abc import Iterator
from pathlib import Path

from tinytag import TinyTag, TinyTagException

from aiplayer.errors import InvalidInput
from aiplayer.playlist.exports.tracks import LONGEST_S
from aiplayer.playlist.own_files import AudioFile

BYTES_A_KILOBIT = 125
SIZE_TOLERANCE = 0.01


def read_folder(folder: Path) -> tuple[list[AudioFile], list[str]]:
    """The audio files of a folder and of the folders in it, by their paths.

    WAV, AIFF, FLAC and Ogg files say their length exactly. An MP3 counts the silence that its encoder has put around
    the song, about a tenth of a second; one of variable bitrate without a header that counts its frames is estimated.

    Args:
        folder: The creator's folder.

    Returns:
        The files whose length is known; and the paths of those that cannot be read, play nothing or are cut off.

    Raises:
        InvalidInput: there is no such folder, or no audio file in it.
    """
    if not folder.is_dir():
        raise InvalidInput(f"There is no folder {folder}. Name the folder of your audio files.", field="folder")

    files, unreadable = [], []
    for path in _audio_paths(folder):
        name = path.relative_to(folder).as_posix()
        file = _read(path, name)
        if file is None:
            unreadable.append(name)
        else:
            files.append(file)

    if not files and not unreadable:
        kinds = " ".join(TinyTag.SUPPORTED_FILE_EXTENSIONS)
        raise InvalidInput(f"There is no audio file in {folder}. Known kinds: {kinds}.", field="folder")
    return files, unreadable


def _audio_paths(folder: Path) -> Iterator[Path]:
    """Every audio file that is not hidden, in one order on every machine."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and name.lower().endswith(TinyTag.SUPPORTED_FILE_EXTENSIONS):
                yield Path(place, name)


def _read(path: Path, name: str) -> AudioFile | None:
    """An audio file; None where it cannot be read, plays nothing, or ends before its time."""
    try:
        tags = TinyTag.get(path)
    except (OSError, TinyTagException):
        return None
    if not tags.duration or not 0 < tags.duration <= LONGEST_S or _is_cut_off(tags, tags.duration):
        return None

    artists = [tags.artist, *tags.other.get("artist", [])]
    artist = ", ".join(artist for artist in artists if artist)
    return AudioFile(name, round(tags.duration, 3), tags.title or "", artist)


def _is_cut_off(tags: TinyTag, duration_s: float) -> bool:
    """Whether a file has fewer bytes than its length takes: a download that broke off, a WAV written into a pipe.

    Only the bitrate of a lossless file tells its size.
    """
    if not tags.is_lossless or not tags.bitrate:
        return False
    bytes_needed = duration_s * tags.bitrate * BYTES_A_KILOBIT
    return bytes_needed > tags.filesize * (1 + SIZE_TOLERANCE)
