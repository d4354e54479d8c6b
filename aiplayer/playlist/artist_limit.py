"""How many songs of one artist an answer may hold, and which artists the title asks for."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from aiplayer.artists import artist_keys
from aiplayer.catalogue import Song
from aiplayer.text import name_key
from aiplayer.titles.names import NameIndex

FEWEST = 3
PER_SONGS = 20
# "U2" and "비" (Rain) may be anything in a title.
SHORT_NAME = 2


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


def artist_limit(
    title: str, songs: Sequence[Song], song_count: int, tags: Iterable[str], asked: int | None = None
) -> ArtistLimit:
    """What a request asks for: `asked` for every artist, else the usual limit for all whom the title does not name.

    Arguments as for `named_artists`.
    """
    if asked is not None:
        return ArtistLimit(asked)
    return ArtistLimit(usual_limit(song_count), named_artists(title, songs, song_count, tags))


def usual_limit(song_count: int) -> int:
    """3 songs of one artist in up to 20, and in the same proportion, rounded up, in more."""
    return max(FEWEST, -(-song_count * FEWEST // PER_SONGS))


def named_artists(title: str, songs: Sequence[Song], song_count: int, tags: Iterable[str]) -> frozenset[str]:
    """The keys of the artists that a title names in so many words.

    The name must be whole words of the title, at most with a Korean particle (`NameIndex`). A name of one or two
    characters, and one that is a tag too ("노을" is a singer and a sunset), counts only where the recommender took it
    for the artist: where no artist sings more of the best `song_count` songs.

    Args:
        title: The title of the playlist.
        songs: All songs that may be recommended, best first.
        song_count: How many songs are wanted.
        tags: Tags that the title names.
    """
    song_counts: Counter[str] = Counter()
    for song in songs[:song_count]:
        song_counts.update({key for artist in song.artists for key in artist_keys(artist)})
    most_songs = max(song_counts.values(), default=0)

    artists = list(dict.fromkeys(artist for song in songs for artist in song.artists))
    tag_keys = set(map(name_key, tags))
    named: set[str] = set()
    for position, spellings in NameIndex(artists).find(title).items():
        keys = artist_keys(artists[position])
        is_clear = any(len(spelling) > SHORT_NAME and spelling not in tag_keys for spelling in spellings)
        if is_clear or max(song_counts[key] for key in keys) == most_songs:
            named.update(keys)
    return frozenset(named)
