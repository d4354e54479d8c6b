"""A playlist as it is taken away: its songs in order, with what the creator knows of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from aiplayer.errors import InvalidInput
from aiplayer.playlist.exports.plain_text import file_stem, is_writable

# YouTube takes no longer video.
LONGEST_S = 12 * 60 * 60
NOTHING_KNOWN: Mapping[int, float] = MappingProxyType({})


@dataclass(frozen=True)
class Track:
    """A song of a playlist that is taken away.

    Attributes:
        song_id: The catalogue's number of the song.
        name: The song's name.
        artists: Who plays it; empty where nobody is known.
        duration_s: How long it plays in the creator's video, in seconds; None where that is not known.
        file: The creator's own audio file, a path with "/" within the creator's folder; None where there is none.

    Raises:
        InvalidInput: the duration cannot be one of a song, or the path holds what cannot be written on a line.
    """

    song_id: int
    name: str
    artists: tuple[str, ...]
    duration_s: float | None = None
    file: str | None = None

    def __post_init__(self) -> None:
        # Written so that it refuses NaN as well.
        if self.duration_s is not None and not 0 < self.duration_s <= LONGEST_S:
            raise InvalidInput(
                f"A song's duration is {self.duration_s}. Give seconds above 0 and up to {LONGEST_S:,}.",
                field="duration_s",
            )
        if self.file is not None and not is_writable(self.file):
            raise InvalidInput(
                f"A file's name holds what is no letter or sign: {self.file!r}. Rename the file.", field="file"
            )

    @property
    def artist_line(self) -> str:
        """The artists in one line; empty where nobody is known."""
        return ", ".join(self.artists)

    @property
    def label(self) -> str:
        """The song and its artists: `밤편지 - 아이유`."""
        return " - ".join(text for text in (self.name, self.artist_line) if text)


@dataclass(frozen=True)
class ExportedPlaylist:
    """A playlist that is taken away.

    Attributes:
        title: The playlist's title.
        tags: Its hashtags, without the #.
        tracks: Its songs in order.
    """

    title: str
    tags: Sequence[str]
    tracks: Sequence[Track]

    @property
    def stem(self) -> str:
        """The exported files' common name, without a suffix."""
        return file_stem(self.title) or "playlist"


def tracks_of(songs: Iterable[Mapping[str, Any]], durations_s: Mapping[int, float] = NOTHING_KNOWN) -> list[Track]:
    """The songs as the service answers them.

    Args:
        songs: Each with `song_id`, `name` and `artists`.
        durations_s: Seconds by the song's id, above 0; songs may be missing.

    Raises:
        InvalidInput: a duration cannot be one of a song.
    """
    tracks = []
    for song in songs:
        song_id = song["song_id"]
        tracks.append(Track(song_id, song["name"], tuple(song["artists"]), durations_s.get(song_id)))
    return tracks


def with_durations(tracks: Iterable[Track], known: Iterable[Track]) -> list[Track]:
    """The songs with the durations and files that another list knows of them.

    Args:
        tracks: The songs in order.
        known: Such as `frontend.durations` has written, in any order; what it does not know stays as it is.
    """
    of_id = {track.song_id: track for track in known if track.duration_s is not None}
    filled = []
    for track in tracks:
        source = of_id.get(track.song_id, track)
        filled.append(replace(track, duration_s=source.duration_s, file=source.file))
    return filled
