"""A playlist taken away: YouTube's description with chapters, CSV, M3U8, JSPF and JSON, and search links.
Every function is given an `ExportedPlaylist` or its tracks; nothing here asks the network or the catalogue."""

from aiplayer.playlist.exports.chapters import Lack, NoChapters, chapter_starts
from aiplayer.playlist.exports.clock import as_clock, parse_duration
from aiplayer.playlist.exports.description import MAX_DESCRIPTION_BYTES, Description, description, track_list
from aiplayer.playlist.exports.formats import ExportFormat
from aiplayer.playlist.exports.hashtags import hashtags
from aiplayer.playlist.exports.plain_text import file_stem
from aiplayer.playlist.exports.playlist_json import as_json, read_json
from aiplayer.playlist.exports.search_links import youtube_search_url
from aiplayer.playlist.exports.tracks import ExportedPlaylist, Track, tracks_of, with_durations
from aiplayer.playlist.exports.wording import Language

__all__ = [
    "MAX_DESCRIPTION_BYTES",
    "Description",
    "ExportFormat",
    "ExportedPlaylist",
    "Lack",
    "Language",
    "NoChapters",
    "Track",
    "as_clock",
    "as_json",
    "chapter_starts",
    "description",
    "file_stem",
    "hashtags",
    "parse_duration",
    "read_json",
    "track_list",
    "tracks_of",
    "with_durations",
    "youtube_search_url",
]
