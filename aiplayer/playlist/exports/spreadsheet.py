"""A playlist as a table for spreadsheets: CSV (RFC 4180).

It is UTF-8 with a byte order mark: without one Excel reads a CSV in the machine's old code page, and Korean falls
apart. Other readers know the mark for what it is.
"""

import csv
import io

from aiplayer.playlist.exports.plain_text import one_line
from aiplayer.playlist.exports.search_links import youtube_search_url
from aiplayer.playlist.exports.tracks import ExportedPlaylist

COLUMNS = ("number", "name", "artists", "duration_s", "song_id", "search_url")
# A cell that begins with one of these is a formula to a spreadsheet, also in their wide form.
FORMULA_SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def as_csv(playlist: ExportedPlaylist) -> bytes:
    """A line a song, below a line of COLUMNS; durations are seconds, and empty where they are not known.

    A text that a spreadsheet would compute has an apostrophe before it, and every text is in quotes: a name with a
    semicolon stays one cell also where the semicolon parts them.
    """
    table = io.StringIO(newline="")
    writer = csv.writer(table, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for number, track in enumerate(playlist.tracks, start=1):
        name, artists = _cell(track.name), _cell(track.artist_line)
        duration_s = "" if track.duration_s is None else track.duration_s
        writer.writerow((number, name, artists, duration_s, track.song_id, youtube_search_url(track)))
    return table.getvalue().encode("utf-8-sig")


def _cell(text: str) -> str:
    """A text on one line that is no formula."""
    line = one_line(text)
    return f"'{line}" if line.startswith(FORMULA_SIGNS) else line
