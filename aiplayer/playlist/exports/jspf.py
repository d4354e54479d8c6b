"""A playlist as JSPF, the JSON form of XSPF (xspf.org/jspf), which ListenBrainz among others reads."""

import json
from typing import Any
from urllib.parse import quote

from aiplayer.playlist.exports.search_links import youtube_search_url
from aiplayer.playlist.exports.tracks import ExportedPlaylist, Track

CREATOR = "AI Player"
MS_A_SECOND = 1_000


def as_jspf(playlist: ExportedPlaylist) -> bytes:
    """Title and songs, each with its name, its artists, its number, and what else is known.

    Durations are whole milliseconds. `info` is YouTube's search for the song, `identifier` holds the catalogue's number
    as a URN, `location` the creator's file as a relative URI.
    """
    tracks = [_track(number, track) for number, track in enumerate(playlist.tracks, start=1)]
    jspf = {"playlist": {"title": playlist.title, "creator": CREATOR, "track": tracks}}
    return (json.dumps(jspf, ensure_ascii=False, indent=2) + "\n").encode()


def _track(number: int, track: Track) -> dict[str, Any]:
    """A track of JSPF; what is not known is left out."""
    fields = {
        "title": track.name,
        "creator": track.artist_line,
        "trackNum": number,
        "identifier": [f"urn:aiplayer:song:{track.song_id}"],
        "info": youtube_search_url(track),
    }
    if track.duration_s is not None:
        fields["duration"] = round(track.duration_s * MS_A_SECOND)
    if track.file is not None:
        fields["location"] = [quote(track.file)]
    return fields
