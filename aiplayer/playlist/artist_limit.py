"""How many songs of one artist an answer may hold, and which artists the title asks for."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from aiplayer.catalogue import Song
from aiplayer.catalogue.store import artist_key
from aiplayer.titles.names import NameIndex, spell

FEWEST = 3
PER_SONGS = 20
# "U2" and "비" (Rain) may be anything in a title.
SHORT_NAME = 2


@dataclass(frozen=True)
class ArtistLimit:
    """At most `most` songs of one artist; artists whose keys are `free` may have any number."""

    most: int
    free: frozenset[str] = frozenset()

    def counted(self, song: Song) -> set[str]:
        """The keys of the song's artists for whom the limit holds."""
        return set(map(artist_key, song.artists)) - self.free


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

    Case, width, spaces and punctuation do not matter, and "&" is "and"; but the name must be whole words of the title,
    at most with a Korean particle. A name such as "태연 (TAEYEON)" is named by either half. A name of one or two
    characters, and one that is a tag too ("노을" is a singer and a sunset), counts only where the recommender took it
    for the artist: where no artist sings more of the best `song_count` songs.

    Args:
        title: The title of the playlist.
        songs: All songs that may be recommended, best first.
        song_count: How many songs are wanted.
        tags: Tags that the title names.
    """
    songs_by_artist: Counter[str] = Counter()
    for song in songs[:song_count]:
        songs_by_artist.update(set(map(artist_key, song.artists)))
    most_songs = max(songs_by_artist.values(), default=0)

    artists = list(dict.fromkeys(artist for song in songs for artist in song.artists))
    tag_spellings = set(map(spell, tags))
    named = set()
    for position, spellings in NameIndex(artists).find(title).items():
        key = artist_key(artists[position])
        is_clear = any(len(spelling) > SHORT_NAME and spelling not in tag_spellings for spelling in spellings)
        if is_clear or songs_by_artist[key] == most_songs:
            named.add(key)
    return frozenset(named)
