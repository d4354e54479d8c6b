"""A playlist as JSON of our own: everything that is known, in a form that is read back."""

import json
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from aiplayer.errors import InvalidInput
from aiplayer.playlist.exports.search_links import youtube_search_url
from aiplayer.playlist.exports.tracks import LONGEST_S, ExportedPlaylist, Track

FORMAT: Literal["aiplayer-playlist"] = "aiplayer-playlist"
# Goes up where a field is removed or means something else; a new field leaves it.
VERSION: Literal[1] = 1


class SongEntry(BaseModel):
    """A song of the file; fields that are not listed here are passed over."""

    model_config = ConfigDict(strict=True)

    song_id: int = Field(ge=0)
    name: str
    artists: list[str]
    duration_s: float | None = Field(default=None, gt=0, le=LONGEST_S)
    file: str | None = None


class PlaylistFile(BaseModel):
    """The file. What the service answers and `make demo` writes has neither format nor version, and is read as well."""

    model_config = ConfigDict(strict=True)

    format: Literal["aiplayer-playlist"] = FORMAT
    version: Literal[1] = VERSION
    title: str = ""
    tags: list[str] = []
    songs: list[SongEntry]


def as_json(playlist: ExportedPlaylist) -> bytes:
    """Title, tags and songs with a search link each; null where a duration or a file is not known."""
    songs = []
    for track in playlist.tracks:
        entry = {
            "song_id": track.song_id,
            "name": track.name,
            "artists": list(track.artists),
            "duration_s": track.duration_s,
            "file": track.file,
            "search_url": youtube_search_url(track),
        }
        songs.append(entry)

    whole = {"format": FORMAT, "version": VERSION, "title": playlist.title, "tags": list(playlist.tags), "songs": songs}
    return (json.dumps(whole, ensure_ascii=False, indent=2) + "\n").encode()


def read_json(text: str | bytes) -> ExportedPlaylist:
    """The playlist of a file that `as_json` or `make demo` has written, or of an answer of the service.

    Raises:
        InvalidInput: it is no such file, or one of a newer version.
    """
    try:
        file = PlaylistFile.model_validate_json(text)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in fault["loc"]) or "the file"
        raise InvalidInput(
            f"This is no playlist of AI Player that can be read: {place}: {fault['msg']}. "
            "Take the JSON that the page exports, or the playlist.json of `make demo`.",
            field="playlist",
        ) from error

    tracks = [Track(song.song_id, song.name, tuple(song.artists), song.duration_s, song.file) for song in file.songs]
    return ExportedPlaylist(file.title, file.tags, tracks)
