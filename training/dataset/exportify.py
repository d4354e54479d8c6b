"""A creator's own playlists from tables of songs: what Exportify and other services export, or one made by hand.

Columns, in any order; `training.dataset.table.columns` lists what each may be called, in which languages:

    playlist     Playlist Name, or Title or Name beside a song's column; without it, the file's name is the title
    song         Track Name, Song, 곡명; Name or Title where no other column names the song
    artists      several in one value, as `training.dataset.table.lists` separates them
    tags         of the playlist
    genres, released, added, duration
"""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from aiplayer.errors import InvalidInput
from aiplayer.text import is_unseen
from training.dataset.dirt import Dirt, summary
from training.dataset.own import OwnPlaylist, OwnSong, without_case
from training.dataset.record import LONGEST_NAME
from training.dataset.table.contents import read_text
from training.dataset.table.lists import KnownArtists, split_artists, split_genres, split_tags
from training.dataset.table.rows import Row, read_table
from training.dataset.table.values import durations_ms, moment, one_line, release_date


@dataclass
class _OpenPlaylist:
    """A playlist while its rows are read; the dictionaries are sets that keep their order."""

    title: str
    songs: dict[OwnSong, None] = field(default_factory=dict)
    tags: dict[str, None] = field(default_factory=dict)
    updated: datetime | None = None


def _none_known(keys: set[str]) -> set[str]:
    return set()


def read_csv(path: Path, dirt: Dirt, known_artists: KnownArtists = _none_known) -> list[OwnPlaylist]:
    """Read the playlists of one file.

    Args:
        path: The table.
        dirt: Collects the rows that cannot be used, by line.
        known_artists: Says which artists the catalogue knows, where a comma may belong to a name.

    Returns:
        The playlists that have a song, in the order of their first rows.

    Raises:
        InvalidInput: the file cannot be read, is no table, names no songs, or its playlist has no title.
    """
    table = read_table(path, read_text(path, dirt), dirt)
    artists = split_artists(table.column("artists"), known_artists)
    genres = split_genres(table.column("genres"))
    durations = durations_ms(table.headers.get("duration", ""), table.column("duration"))

    playlists: dict[str, _OpenPlaylist] = {}
    for row, row_artists, row_genres, duration_ms in zip(table.rows, artists, genres, durations, strict=True):
        dirt.at(row.place)
        title = _title(row, path, dirt)
        playlist = playlists.setdefault(without_case(title), _OpenPlaylist(title))
        song = _song(row, row_artists, row_genres, duration_ms, dirt)
        _add_row(playlist, row, song, dirt)

    filled_playlists = [playlist for playlist in playlists.values() if playlist.songs]
    if not filled_playlists:
        findings = summary(dirt.counts_by_file[path.name]) or "it has no rows"
        raise InvalidInput(
            f"No song could be read from {path}: {findings}. Give a table with a row for each song.", code="bad_dataset"
        )
    return [_closed(playlist) for playlist in filled_playlists]


def _title(row: Row, path: Path, dirt: Dirt) -> str:
    """Read the title of a row's playlist: its own, else the file's name."""
    title_of_file = one_line(path.stem.replace("_", " "))
    titles = (row.values.get("playlist", ""), title_of_file)
    title = next((title for title in titles if not is_unseen(title)), None)
    if title is None:
        raise InvalidInput(
            f'The playlist in {path} has no title: nothing is left of the file\'s name "{path.stem}". '
            "Name the file as the playlist, or add a column Playlist Name.",
            code="untitled_playlist",
        )
    return _cut(title, "the playlist's title", dirt)


def _song(
    row: Row, artists: tuple[str, ...], genres: tuple[str, ...], duration_ms: int | None, dirt: Dirt
) -> OwnSong | None:
    """Make the song of a row; None where the row names none."""
    name = _cut(row.values["song"], "the song's name", dirt)
    if is_unseen(name):
        dirt.add("missing_name", "the row names no song: skipped")
        return None
    if not artists:
        dirt.add("missing_artists", f"{name} has no artist")

    written_duration = row.values.get("duration", "")
    is_unknown = not written_duration.strip("0:.")
    if duration_ms is None and not is_unknown:
        dirt.add("bad_duration", f"duration {written_duration}")

    issued = release_date(row.values.get("released", ""), dirt)
    return OwnSong(name, artists, genres, issued, duration_ms)


def _add_row(playlist: _OpenPlaylist, row: Row, song: OwnSong | None, dirt: Dirt) -> None:
    """Add the tags of a row and its song to its playlist."""
    playlist.tags.update(dict.fromkeys(split_tags(row.values.get("tags", ""))))
    if song is None:
        return
    if song in playlist.songs:
        dirt.add("repeated_song", f"{song.name} stands in the playlist before")
    playlist.songs.setdefault(song)

    added = moment(row.values.get("added", ""), dirt)
    if added and (playlist.updated is None or added > playlist.updated):
        playlist.updated = added


def _closed(playlist: _OpenPlaylist) -> OwnPlaylist:
    """Make a playlist of what was read."""
    return OwnPlaylist(playlist.title, tuple(playlist.tags), tuple(playlist.songs), playlist.updated)


def _cut(name: str, what: str, dirt: Dirt) -> str:
    """Cut a name where it is too long, and note that."""
    if len(name) > LONGEST_NAME:
        dirt.add("too_long", f"{what} has {len(name)} characters, more than {LONGEST_NAME}")
    return name[:LONGEST_NAME]
