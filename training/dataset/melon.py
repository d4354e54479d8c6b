"""Playlists and songs in the format of the Melon Playlist Dataset, checked field by field.

A folder holds `train.json`, and where they are known `song_meta.json` and `genre_gn_all.json`, each plain or gzipped.
"""

import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from aiplayer.errors import InvalidInput
from training.dataset.dirt import Dirt
from training.dataset.json_stream import ElementReader
from training.dataset.record import Record

PLAYLISTS, SONGS, GENRES = "train", "song_meta", "genre_gn_all"


@dataclass(frozen=True)
class SongRecord:
    """A song; `name` is empty where it is not known, `issued` None."""

    song_id: int
    name: str
    artists: list[str]
    genres: list[str]
    issued: date | None


@dataclass(frozen=True)
class PlaylistRecord:
    """A playlist with its songs in order; `updated` is None where it is not known."""

    playlist_id: int
    title: str
    tags: list[str]
    songs: list[int]
    likes: int
    updated: datetime | None


def find_file(folder: Path, name: str) -> Path | None:
    """The path of `name`.json or `name`.json.gz, None where there is neither."""
    return next((path for path in (folder / f"{name}.json", folder / f"{name}.json.gz") if path.is_file()), None)


def require_playlists(source: Path) -> Path:
    """The path of a folder's playlists; a file is taken as it is.

    Raises:
        InvalidInput: the folder has none.
    """
    if source.is_file():
        return source
    if path := find_file(source, PLAYLISTS):
        return path
    raise InvalidInput(f"{source} has no {PLAYLISTS}.json and no {PLAYLISTS}.json.gz.", code="missing_dataset")


def read_genres(folder: Path) -> dict[str, str]:
    """Genre names by code; empty where the file is missing.

    Raises:
        InvalidInput: the file is not a JSON object of names.
    """
    path = find_file(folder, GENRES)
    if path is None:
        return {}
    try:
        content = path.read_bytes()
        genres = json.loads(gzip.decompress(content) if path.suffix == ".gz" else content)
    except (ValueError, OSError, EOFError) as error:
        raise InvalidInput(f"{path} is not JSON: {error}", code="bad_dataset") from error
    if not isinstance(genres, dict) or not all(isinstance(name, str) for name in genres.values()):
        raise InvalidInput(f"{path} must hold an object of genre names by code.", code="bad_dataset")
    return genres


def read_songs(source: Path, dirt: Dirt, advance: Callable[[int], None]) -> Iterator[SongRecord]:
    """Every song of a folder's `song_meta`, or of a file like it, genres by name; none where the file is missing."""
    path = source if source.is_file() else find_file(source, SONGS)
    genres = read_genres(source.parent if source.is_file() else source)
    for song_id, record in _records(path, dirt, advance) if path else ():
        yield SongRecord(
            song_id,
            record.text("song_name", "missing_name"),
            record.texts("artist_name_basket", "missing_artists"),
            [record.genre(code, genres) for code in record.texts("song_gn_gnr_basket")],
            record.issue_date("issue_date"),
        )


def read_playlists(
    source: Path, dirt: Dirt, advance: Callable[[int], None], known: set[int] | None
) -> Iterator[PlaylistRecord]:
    """Every playlist.

    Args:
        source: A folder of the format, or a file of playlists.
        dirt: Told what is wrong.
        advance: Told how many bytes were read.
        known: The songs of `song_meta`; others are left out. None takes every song.
    """
    for playlist_id, record in _records(require_playlists(source), dirt, advance):
        yield PlaylistRecord(
            playlist_id,
            record.text("plylst_title", "missing_name"),
            record.texts("tags"),
            record.songs(known),
            record.likes(),
            record.updated(),
        )


def _records(path: Path, dirt: Dirt, advance: Callable[[int], None]) -> Iterator[tuple[int, Record]]:
    """(id, record) of every record that has an id of its own."""
    seen = set()
    for value in ElementReader(path, dirt, advance):
        record = Record(value, dirt)
        if (id := record.id(seen)) is not None:
            yield id, record
