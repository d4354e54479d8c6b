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
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from aiplayer.errors import InvalidInput
from aiplayer.text import compose, is_unseen, trim
from training.dataset.dirt import Dirt, Place
from training.dataset.own import OwnPlaylist, OwnSong
from training.dataset.record import EARLIEST_YEAR, LONGEST_NAME

# Kinds of value, and the headers under which each may stand, the preferred first.
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
RELEASE_DATE = re.compile(r"(\d{4})(?:-(\d\d?))?(?:-(\d\d?))?")
SEPARATOR = re.compile(r"\s*[,;]\s*")
# In Exportify's older exports a comma that belongs to a name is written "\,".
ARTIST_SEPARATOR = re.compile(r"(?<!\\),\s+")


@dataclass
class _OpenPlaylist:
    """A playlist while its rows are read; the dictionaries are sets that keep their order."""

    songs: dict[OwnSong, None] = field(default_factory=dict)
    tags: dict[str, None] = field(default_factory=dict)
    updated: datetime | None = None


def read_csv(path: Path, dirt: Dirt) -> list[OwnPlaylist]:
    """Read the playlists of one file.

    Args:
        path: The CSV, in UTF-8 or cp949.
        dirt: Collects the rows that cannot be used, by line.

    Returns:
        The playlists that have a song, in the order of their first rows.

    Raises:
        InvalidInput: the file cannot be read, or no column names songs.
    """
    open_playlists: dict[str, _OpenPlaylist] = {}
    for title, row in _rows(path, dirt):
        playlist = open_playlists.setdefault(title, _OpenPlaylist())
        _add_row(playlist, row, dirt)

    playlists = []
    for title, playlist in open_playlists.items():
        if playlist.songs:
            playlists.append(OwnPlaylist(title, tuple(playlist.tags), tuple(playlist.songs), playlist.updated))
    return playlists


def _add_row(playlist: _OpenPlaylist, row: dict[str, str], dirt: Dirt) -> None:
    """Add the song and the tags of a row to its playlist."""
    tags = _different_words(row.get("tags", ""))
    playlist.tags.update(tags)

    song = _song(row, dirt)
    if song is None:
        return
    if song in playlist.songs:
        dirt.add("repeated_song", f"{song.name} stands in the playlist before")
    playlist.songs[song] = None

    added = _added(row, dirt)
    if added and (playlist.updated is None or added > playlist.updated):
        playlist.updated = added


def _rows(path: Path, dirt: Dirt) -> Iterator[tuple[str, dict[str, str]]]:
    """Read (playlist title, values by the kinds of COLUMNS) of every row that has as many values as the header."""
    text = _text(path, dirt)
    reader = csv.reader(io.StringIO(text, newline=""))
    header = next(reader, [])
    columns = _columns(path, header)
    width = max(columns.values()) + 1
    title_of_file = _seen(path.stem.replace("_", " "))

    try:
        for record, values in enumerate(reader, start=1):
            dirt.at(Place(path.name, reader.line_num, record))
            if len(values) >= width:
                row = {kind: _seen(values[column]) for kind, column in columns.items()}
                title = row.get("playlist") or title_of_file
                yield title[:LONGEST_NAME], row
            elif values:
                dirt.add("wrong_type", f"the row has {len(values)} values, its header more: skipped")
    except csv.Error as error:
        dirt.add("truncated_file", str(error))


def _seen(text: str) -> str:
    """What a text shows, trimmed and composed (NFC); empty where that is nothing."""
    return "" if is_unseen(text) else compose(trim(text), len(text))


def _text(path: Path, dirt: Dirt) -> str:
    """Read a file in the first of ENCODINGS that fits."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InvalidInput(
            f"{path} cannot be read: {error.strerror}. Give a CSV file that can be.", code="missing_dataset"
        ) from error

    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue

    dirt.at(Place(path.name, 0, 0))
    dirt.add("broken_utf8", f"the file is neither of {', '.join(ENCODINGS)}")
    return content.decode("utf-8-sig", "replace")


def _columns(path: Path, header: list[str]) -> dict[str, int]:
    """Find the position of each kind of value in the rows; a kind without a column is left out."""
    header_names = [name.strip().casefold() for name in header]
    columns = {}
    for kind, names in COLUMNS.items():
        matches = [name for name in names if name in header_names]
        if matches:
            columns[kind] = header_names.index(matches[0])

    if "song" not in columns:
        allowed = ", ".join(name.title() for name in COLUMNS["song"])
        raise InvalidInput(f"{path} has no column of songs. Name one of its columns {allowed}.", code="bad_dataset")
    return columns


def _song(row: dict[str, str], dirt: Dirt) -> OwnSong | None:
    """Read the song of a row; None where the row names none."""
    name = row["song"][:LONGEST_NAME]
    if not name:
        dirt.add("missing_name", "the row names no song: skipped")
        return None

    artists = _artists(row.get("artists", ""))
    if not artists:
        dirt.add("missing_artists", f"{name} has no artist")
    genres = tuple(_different_words(row.get("genres", "")))
    issued = _release_date(row.get("released", ""), dirt)
    return OwnSong(name, artists, genres, issued)


def _artists(text: str) -> tuple[str, ...]:
    """Split the artists of a song, each once."""
    names = text.split(";") if ";" in text else ARTIST_SEPARATOR.split(text)
    plain_names = [name.replace("\\,", ",").strip() for name in names]
    return tuple(dict.fromkeys(name for name in plain_names if not is_unseen(name)))


def _different_words(text: str) -> dict[str, None]:
    """Split words at commas and semicolons, each once, in their order."""
    return dict.fromkeys(word for word in SEPARATOR.split(text) if not is_unseen(word))


def _release_date(text: str, dirt: Dirt) -> date | None:
    """Read YYYY, YYYY-MM or YYYY-MM-DD; parts that are left out are the first of the year or month."""
    if not text:
        return None

    match = RELEASE_DATE.fullmatch(text)
    if match:
        year, month, day = (int(part or 1) for part in match.groups())
        if year >= EARLIEST_YEAR:
            with suppress(ValueError):
                return date(year, month, day)

    dirt.add("bad_date", f"released {text}")
    return None


def _added(row: dict[str, str], dirt: Dirt) -> datetime | None:
    """Read when the song was added to its playlist, without zone and fractions of a second."""
    text = row.get("added", "")
    if not text:
        return None

    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        dirt.add("bad_date", f"added {text}")
        return None
    return moment.replace(tzinfo=None, microsecond=0)
