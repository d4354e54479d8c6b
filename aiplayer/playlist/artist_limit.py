"""How many songs of one artist an answer may hold, for artists whom the title does not name."""

from collections.abc import Iterable
from dataclasses import dataclass

from aiplayer.artists import artist_keys
from aiplayer.catalogue import Song

FEWEST = 3
PER_SONGS = 20


@dataclass(frozen=True)
class ArtistLimit:
    """At most `most` songs of one artist; those of whom a key (`artist_keys`) is `free` may have any number."""

    most: int
    free: frozenset[str] = frozenset()

    def counted(self, song: Song) -> set[str]:
        """The keys of the song's artists for whom the limit holds."""
        keys: set[str] = set()
        for artist in song.artists:
            if self.free.isdisjoint(artist_keys(artist)):
                keys.update(artist_keys(artist))
        return keys


def artist_limit(named_artists: Iterable[str], song_count: int, asked: int | None = None) -> ArtistLimit:
    """What a request asks for: `asked` for every artist, else the usual limit for all whom the title does not name.

    Args:
        named_artists: The artists whom the title names.
        song_count: How many songs are wanted.
        asked: Most songs of one artist, where the request says it.
    """
    if asked is not None:
        return ArtistLimit(asked)
    free = frozenset(key for artist in named_artists for key in artist_keys(artist))
    return ArtistLimit(usual_limit(song_count), free)


def usual_limit(song_count: int) -> int:
    """3 songs of one artist in up to 20, and in the same proportion, rounded up, in more."""
    return max(FEWEST, -(-song_count * FEWEST // PER_SONGS))
