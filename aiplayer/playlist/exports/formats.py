"""The files that a playlist can be taken away as."""

from collections.abc import Callable
from enum import Enum
from typing import NamedTuple

from aiplayer.playlist.exports.jspf import as_jspf
from aiplayer.playlist.exports.m3u8 import as_m3u8
from aiplayer.playlist.exports.playlist_json import as_json
from aiplayer.playlist.exports.spreadsheet import as_csv
from aiplayer.playlist.exports.tracks import ExportedPlaylist


class FileKind(NamedTuple):
    """A kind of file: the suffix of its name, its media type, and what writes it."""

    suffix: str
    media_type: str
    write: Callable[[ExportedPlaylist], bytes]


class ExportFormat(Enum):
    """Every kind; the same playlist gives the same bytes."""

    CSV = FileKind("csv", "text/csv; charset=utf-8", as_csv)
    M3U8 = FileKind("m3u8", "audio/x-mpegurl; charset=utf-8", as_m3u8)
    JSPF = FileKind("jspf", "application/jspf+json", as_jspf)
    JSON = FileKind("json", "application/json", as_json)

    def file_name(self, playlist: ExportedPlaylist) -> str:
        """The file's name from the playlist's title, fit for every file system."""
        return f"{playlist.stem}.{self.value.suffix}"
