"""A playlist for players: M3U in UTF-8, with the names and durations of its songs."""

from aiplayer.playlist.exports.plain_text import one_line
from aiplayer.playlist.exports.search_links import youtube_search_url
from aiplayer.playlist.exports.tracks import ExportedPlaylist, Track

UNKNOWN = -1


def as_m3u8(playlist: ExportedPlaylist) -> bytes:
    """Two lines a song: its duration and name, then the creator's audio file, else YouTube's search for it.

    Durations are whole seconds as players expect them, UNKNOWN where there is none. Files are named as `Track.file`
    has them, so the M3U belongs into the folder that they were read from.
    """
    lines = ["#EXTM3U", f"#PLAYLIST:{one_line(playlist.title)}"]
    for track in playlist.tracks:
        duration_s = UNKNOWN if track.duration_s is None else round(track.duration_s)
        name = one_line(" - ".join(text for text in (track.artist_line, track.name) if text))
        lines += [f"#EXTINF:{duration_s},{name}", _place(track)]
    return "".join(f"{line}\n" for line in lines).encode()


def _place(track: Track) -> str:
    """Where the song is; a file that begins with a # would be a remark."""
    if track.file is None:
        return youtube_search_url(track)
    return f"./{track.file}" if track.file.startswith("#") else track.file
