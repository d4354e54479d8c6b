"""A creator's own playlists from CSV: the exports of Spotify's playlists that Exportify writes, or a plain table.

Columns, in any order and case; only the song's is required:

    playlist     Playlist Name, Playlist, Title    without it, the file's name is the title
    song         Track Name, Song, Name
    artists      Artist Name(s), Artists, Artist   several separated by ";", else by ", "
    tags         Tags, Tag                         of the playlist, separated by "," or ";"
    genres       Genres, Artist Genres             of the song
    released     Release Date, Album Release Date  YYYY, YYYY-MM or YYYY-MM-DD
    added        Added At
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from aiplayer.errors import InvalidInput
from training.dataset.dirt import Dirt, Place
from training.dataset.own import OwnPlaylist, OwnSong
from training.dataset.record import EARLIEST_YEAR, LONGEST_NAME

COLUMNS = {
    "playlist": ("playlist name", "playlist", "playlist title", "title"),
    "song": ("track name", "song", "song name", "name"),
    "artists": ("artist name(s)", "artists", "artist name", "artist"),
    "tags": ("tags", "tag"),
    "genres": ("genres", "artist genres", "genre"),
    "released": ("release date", "album release date"),
    "added": ("added at",),
}
# Korean spreadsheets save CSV in cp949.
ENCODINGS = ("utf-8-sig", "cp949")
RELEASED = re.compile(r"(\d{4})(?:-(\d\d?))?(?:-(\d\d?))?")
SEVERAL = re.compile(r"\s*[,;]\s*")
# In Exportify's older exports a comma that belongs to a name is written "\,".
ARTISTS = re.compile(r"(?<!\\),\s+")


@dataclass
class _Draft:
    songs: dict[OwnSong, None] = field(default_factory=dict)
    tags: dict[str, None] = field(default_factory=dict)
    updated: datetime | None = None


def read_csv(path: Path, dirt: Dirt) -> list[OwnPlaylist]:
    """The playlists of one file.

    Args:
        path: The CSV, in UTF-8 or cp949.
        dirt: Told of rows that cannot be used, by line.

    Raises:
        InvalidInput: the file cannot be read, or no column names songs.
    """
    drafts: dict[str, _Draft] = {}
    for title, row in _rows(path, dirt):
        draft = drafts.setdefault(title, _Draft())
        draft.tags.update(dict.fromkeys(filter(None, SEVERAL.split(row.get("tags", "")))))
        song = _song(row, dirt)
        if song is None:
            continue
        if song in draft.songs:
            dirt.add("repeated_song", f"{song.name} stands in the playlist before")
        draft.songs[song] = None
        draft.updated = max(filter(None, (draft.updated, _added(row, dirt))), default=None)
    return [OwnPlaylist(title, tuple(d.tags), tuple(d.songs), d.updated) for title, d in drafts.items() if d.songs]


def _rows(path: Path, dirt: Dirt) -> Iterator[tuple[str, dict[str, str]]]:
    """(playlist title, values by the names of COLUMNS) of every row that has as many values as the header."""
    reader = csv.reader(io.StringIO(_text(path, dirt), newline=""))
    columns = _columns(path, next(reader, []))
    fallback = path.stem.replace("_", " ").strip()
    width = max(columns.values()) + 1
    try:
        for record, values in enumerate(reader, start=1):
            dirt.at(Place(path.name, reader.line_num, record))
            if len(values) >= width:
                row = {name: values[column].strip() for name, column in columns.items()}
                yield (row.get("playlist") or fallback)[:LONGEST_NAME], row
            elif values:
                dirt.add("wrong_type", f"the row has {len(values)} values, its header more: skipped")
    except csv.Error as error:
        dirt.add("truncated_file", str(error))


def _text(path: Path, dirt: Dirt) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read: {error.strerror}.", code="missing_dataset") from error
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    dirt.at(Place(path.name, 0, 0))
    dirt.add("broken_utf8", f"the file is neither of {', '.join(ENCODINGS)}")
    return content.decode("utf-8-sig", "replace")


def _columns(path: Path, header: list[str]) -> dict[str, int]:
    """Where each kind of value stands."""
    given = [name.strip().casefold() for name in header]
    columns = {
        kind: next(given.index(name) for name in names if name in given)
        for kind, names in COLUMNS.items()
        if not {*names}.isdisjoint(given)
    }
    if "song" not in columns:
        allowed = ", ".join(name.title() for name in COLUMNS["song"])
        raise InvalidInput(f"{path} has no column of songs. Name one of its columns {allowed}.", code="bad_dataset")
    return columns


def _song(row: dict[str, str], dirt: Dirt) -> OwnSong | None:
    name, artists = row["song"][:LONGEST_NAME], row.get("artists", "")
    if not name:
        dirt.add("missing_name", "the row names no song: skipped")
        return None
    names = artists.split(";") if ";" in artists else ARTISTS.split(artists)
    singers = tuple(dict.fromkeys(filter(None, (singer.replace("\\,", ",").strip() for singer in names))))
    if not singers:
        dirt.add("missing_artists", f"{name} has no artist")
    genres = tuple(dict.fromkeys(filter(None, SEVERAL.split(row.get("genres", "")))))
    return OwnSong(name, singers, genres, _released(row.get("released", ""), dirt))


def _released(text: str, dirt: Dirt) -> date | None:
    if not text:
        return None
    try:
        year, month, day = (int(part or 1) for part in RELEASED.fullmatch(text).groups())
        if year >= EARLIEST_YEAR:
            return date(year, month, day)
    except (AttributeError, ValueError):
        pass
    dirt.add("bad_date", f"released {text}")
    return None


def _added(row: dict[str, str], dirt: Dirt) -> datetime | None:
    text = row.get("added", "")
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None, microsecond=0)
    except ValueError:
        dirt.add("bad_date", f"added {text}")
        return None
