"""Where a song can be looked for."""

from urllib.parse import quote_plus

from aiplayer.playlist.exports.plain_text import one_line
from aiplayer.playlist.exports.tracks import Track

YOUTUBE_SEARCH = "https://www.youtube.com/results?search_query="


def youtube_search_url(track: Track) -> str:
    """YouTube's search for a song by its name and its first artist, as a URL of ASCII alone."""
    query = one_line(" ".join((track.name, *track.artists[:1])))
    return YOUTUBE_SEARCH + quote_plus(query)
