"""Whether an answer is what was asked for: the right number of playlists or songs, and none of them twice."""

from typing import Any

PLAYLISTS = 3
SONGS = 20


def fault_of_similar(answer: Any, count: int = PLAYLISTS) -> str:
    """What is wrong with an answer of POST /similar; "" where nothing is.

    Args:
        answer: The JSON.
        count: How many playlists were asked for; a catalogue must have as many.
    """
    try:
        ids = [playlist["playlist_id"] for playlist in answer["playlists"]]
        lengths = [len(playlist["songs"]) for playlist in answer["playlists"]]
    except (KeyError, TypeError):
        return "its JSON is no list of playlists with songs"

    if len(ids) != count:
        return f"{len(ids)} playlists in place of {count}"
    if len(set(ids)) < count:
        return "a playlist comes twice"
    return "" if all(lengths) else "a playlist has no songs"


def fault_of_recommendation(answer: Any, count: int = SONGS) -> str:
    """What is wrong with an answer of POST /recommend; "" where nothing is.

    Args:
        answer: The JSON.
        count: How many songs were asked for; the chosen playlists must hold enough.
    """
    try:
        ids = [song["song_id"] for song in answer["songs"]]
        has_id = bool(answer["generation_id"])
    except (KeyError, TypeError):
        return "its JSON is no list of songs"

    if len(ids) != count:
        return f"{len(ids)} songs in place of {count}"
    if len(set(ids)) < count:
        return "a song comes twice"
    return "" if has_id else "it has no generation_id"


def playlist_ids(answer: Any) -> list[int]:
    """The ids of the playlists in a well-formed answer of POST /similar."""
    return [playlist["playlist_id"] for playlist in answer["playlists"]]
