"""Tables of songs, as files, and what is read of them."""

from pathlib import Path

from training.dataset import Dirt
from training.dataset.exportify import read_csv
from training.dataset.own import OwnPlaylist, OwnSong


def write_table(folder: Path, content: str | bytes, name: str = "rainy_day_jazz.csv") -> Path:
    """Write a file and return its path; text is written in UTF-8."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read_playlists(folder: Path, content: str | bytes, name: str = "night.csv") -> tuple[list[OwnPlaylist], Dirt]:
    """Write a table and read its playlists, and what was wrong with it."""
    dirt = Dirt()
    return read_csv(write_table(folder, content, name), dirt), dirt


def read_songs(folder: Path, content: str | bytes) -> list[OwnSong]:
    """Write a table of one playlist, which must be clean, and read its songs."""
    (playlist,), dirt = read_playlists(folder, content)
    assert not dirt.counts
    return list(playlist.songs)
