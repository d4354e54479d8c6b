"""Playlists and songs in the format of the Melon Playlist Dataset, checked field by field.

A folder holds `train.json`, and where they are known `song_meta.json` and `genre_gn_all.json`, each plain or packed.
Records are an array, JSON lines, or what pandas writes by columns.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from aiplayer.errors import InvalidInput
from training.dataset.countries import country_of, has_melon_codes
from training.dataset.dirt import Dirt
from training.dataset.json_stream import ElementReader
from training.dataset.record import Record
from training.dataset.unpacking import DAMAGE, read_unpacked

# Names of the files, without their endings.
PLAYLISTS = "train"
SONGS = "song_meta"
GENRES = "genre_gn_all"
# Endings of the files, the preferred first.
FORMS = ("json", "jsonl", "ndjson")
PACKINGS = ("", ".gz", ".bz2", ".xz", ".zip", ".zst")


@dataclass(frozen=True)
class SongRecord:
    """A song; `name` is "", `issued`, `duration_ms` and `country` are None where they are unknown."""

    song_id: int
    name: str
    artists: list[str]
    genres: list[str]
    issued: date | None
    duration_ms: int | None = None
    country: str | None = None


@dataclass(frozen=True)
class PlaylistRecord:
    """A playlist with its songs in order; `updated` is None where it is unknown."""

    playlist_id: int
    title: str
    tags: list[str]
    songs: list[int]
    likes: int
    updated: datetime | None


def find_file(folder: Path, name: str) -> Path | None:
    """Find `name`.json in a folder, or JSON lines of that name, plain or packed; None where there is none."""
    for packing in PACKINGS:
        for form in FORMS:
            path = folder / f"{name}.{form}{packing}"
            if path.is_file():
                return path

    archive = folder / f"{name}.zip"
    return archive if archive.is_file() else None


def require_playlists(source: Path) -> Path:
    """Find the playlists of a folder; a file is taken as it is.

    Raises:
        InvalidInput: the folder has none.
    """
    if source.is_file():
        return source
    if path := find_file(source, PLAYLISTS):
        return path
    raise InvalidInput(
        f"{source} has no {PLAYLISTS}.json, plain or packed ({PLAYLISTS}.json.gz). Give a folder in the Melon format.",
        code="missing_dataset",
    )


def read_genres(folder: Path) -> dict[str, str]:
    """Read the genres' names by their codes; empty where the file is missing.

    Raises:
        InvalidInput: the file is not a JSON object of names.
    """
    path = find_file(folder, GENRES)
    if path is None:
        return {}

    try:
        genres = json.loads(read_unpacked(path))
    except (ValueError, *DAMAGE) as error:
        raise InvalidInput(
            f"{path} is not JSON: {error}. Mend it, or remove it to call genres by codes.", code="bad_dataset"
        ) from error

    if not isinstance(genres, dict) or not all(isinstance(name, str) for name in genres.values()):
        raise InvalidInput(
            f"{path} must hold a JSON object of genre names by code. Mend it, or remove it to call genres by codes.",
            code="bad_dataset",
        )
    return genres


def read_songs(source: Path, dirt: Dirt, advance: Callable[[int], None]) -> Iterator[SongRecord]:
    """Read every song; none where a folder has no `song_meta`.

    Args:
        source: A folder of the format, or a file like its `song_meta`; genres' names come from the same folder.
        dirt: Collects what is wrong.
        advance: Receives the number of bytes that were read since its last call.
    """
    path = source if source.is_file() else find_file(source, SONGS)
    genres = read_genres(source.parent if source.is_file() else source)
    if path is None:
        return

    codes_are_melons = has_melon_codes(genres)
    for song_id, record in _records(path, dirt, advance):
        # Faults are noted in the order in which the fields are read.
        name = record.text("song_name", "missing_name")
        artists = record.texts("artist_name_basket", "missing_artists")
        genre_codes = record.texts("song_gn_gnr_basket")
        genre_names = [record.genre(code, genres) for code in genre_codes]
        issued = record.issue_date("issue_date")
        country = record.country("country") or (country_of(genre_codes) if codes_are_melons else None)
        yield SongRecord(song_id, name, artists, genre_names, issued, country=country)


def read_playlists(
    source: Path, dirt: Dirt, advance: Callable[[int], None], song_ids: set[int] | None
) -> Iterator[PlaylistRecord]:
    """Read every playlist.

    Args:
        source: A folder of the format, or a file of playlists.
        dirt: Collects what is wrong.
        advance: Receives the number of bytes that were read since its last call.
        song_ids: Ids of the songs to keep, those of `song_meta`; others are left out. None keeps every song.
    """
    for playlist_id, record in _records(require_playlists(source), dirt, advance):
        title = record.text("plylst_title", "missing_name")
        tags = record.texts("tags")
        songs = record.songs(song_ids)
        likes = record.likes()
        updated = record.updated()
        yield PlaylistRecord(playlist_id, title, tags, songs, likes, updated)


def _records(path: Path, dirt: Dirt, advance: Callable[[int], None]) -> Iterator[tuple[int, Record]]:
    """Read (id, record) of every record that has an id of its own."""
    earlier_ids: set[int] = set()
    for value in ElementReader(path, dirt, advance):
        record = Record(value, dirt)
        record_id = record.take_id(earlier_ids)
        if record_id is not None:
            yield record_id, record
