"""The songs among which a list with wishes is chosen."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from aiplayer.artists import artist_keys
from aiplayer.catalogue import Song
from aiplayer.playlist.mixing import MixRequest, UsableSongs, next_count
from aiplayer.playlist.wishes.shares import share_of, whole_songs
from aiplayer.playlist.wishes.wish import Wishes
from aiplayer.recommender.request import RankedSong, Recommendation

# So many new songs are ranked at first; of a playlist without wishes some eighty are enough.
RANKED = 500
LENGTHS_TO_CHOOSE_FROM = 2


@dataclass(frozen=True)
class Candidate:
    """A song that the list may hold.

    Attributes:
        song: The song.
        ranked: What the recommender says of it.
        source: "seed" where it is of a chosen playlist, else "new".
        is_kept: Whether it has to be in the list.
        place: Where it has to stand, from 1 on; None for anywhere.
    """

    song: Song
    ranked: RankedSong
    source: Literal["seed", "new"]
    is_kept: bool = False
    place: int | None = None

    @property
    def artist_keys(self) -> set[str]:
        """The keys of its artists; songs that share one are of one artist."""
        return {key for artist in self.song.artists for key in artist_keys(artist)}


def is_of_years(song: Song, wishes: Wishes) -> bool:
    """Whether it was issued in the years that are wished."""
    if wishes.years is None:
        return True
    return wishes.years.hold(song.issued.year if song.issued else None)


def is_of_genres(song: Song, wishes: Wishes) -> bool:
    """Whether it has one of the genres that are wished."""
    return not wishes.genres_only or not set(wishes.genres_only).isdisjoint(song.genres)


def fits(song: Song, wishes: Wishes) -> bool:
    """Whether the list may hold a song by what that is alone: by its years and genres."""
    return is_of_years(song, wishes) and is_of_genres(song, wishes)


def fitting(candidates: Iterable[Candidate], wishes: Wishes) -> list[Candidate]:
    """The candidates that fit, and those that must be kept.

    Of a list with a length each song needs a known duration. Where no candidate has one, the length cannot be met, and
    those without stay.
    """
    candidates = [candidate for candidate in candidates if candidate.is_kept or fits(candidate.song, wishes)]
    if not has_durations(candidates, wishes):
        return candidates
    return [candidate for candidate in candidates if candidate.is_kept or candidate.song.duration_ms is not None]


def has_durations(candidates: Iterable[Candidate], wishes: Wishes) -> bool:
    """Whether a length is wished and the duration of a candidate is known."""
    return wishes.length is not None and any(candidate.song.duration_ms is not None for candidate in candidates)


def by_artist(candidates: Sequence[Candidate]) -> list[list[int]]:
    """For each artist of several candidates, their positions; artists of the same candidates are one."""
    positions: dict[str, list[int]] = {}
    for position, candidate in enumerate(candidates):
        for key in candidate.artist_keys:
            positions.setdefault(key, []).append(position)
    several = {tuple(same) for same in positions.values() if len(same) > 1}
    return sorted(list(same) for same in several)


def more_for_wishes(
    asked: int,
    request: MixRequest,
    recommendation: Recommendation,
    usable: UsableSongs,
    catalogue: Mapping[int, Song],
) -> int | None:
    """How many new songs to ask for in place of `asked`; None where enough fit, or no more are to be had.

    Args:
        asked: How many new songs the recommender was asked for.
        request: How the playlist is mixed, with the wishes.
        recommendation: The recommender's songs.
        usable: Those of them that can be used.
        catalogue: All these songs by their ids.
    """
    new = [catalogue[song.song_id] for song in usable.new]
    return None if are_enough(new, request.wishes, request.song_count) else next_count(asked, recommendation)


def are_enough(songs: Sequence[Song], wishes: Wishes, song_count: int) -> bool:
    """Whether enough of the songs fit, for the list as a whole and for the share of each country.

    Args:
        songs: New songs.
        wishes: The wishes.
        song_count: How many songs are wanted, where that does not follow from a length.
    """
    able = [song for song in songs if fits(song, wishes)]
    seconds = [song.duration_ms / 1000 for song in able if song.duration_ms is not None]
    if wishes.length and seconds and sum(seconds) < LENGTHS_TO_CHOOSE_FROM * wishes.length.seconds:
        return False

    # Where no duration is known at all, more songs would not help.
    shares = [share_of(song, wishes.countries.keys()) for song in able]
    bounds = whole_songs(wishes.countries, song_count)
    return len(able) >= song_count and all(shares.count(name) >= least for name, (least, _) in bounds.items())
