"""Percent shares of a list: how many whole songs each is, and to which share a song counts."""

from collections.abc import Mapping, Set
from typing import NamedTuple

from aiplayer.catalogue import Song
from aiplayer.catalogue.tables import ABROAD
from aiplayer.playlist.wishes.wish import OTHER

KOREA = "KR"


class Bounds(NamedTuple):
    """How many songs a share may have."""

    least: int
    most: int


def share_of(song: Song, named: Set[str]) -> str | None:
    """The share to which a song counts: its country where that is named, OTHER where another is known, or None.

    Args:
        song: The song. Of one that is only known not to be Korean nobody can tell whether it is from a named country
            other than Korea; it counts to no share then.
        named: The shares, ISO 3166 codes and perhaps OTHER.
    """
    if song.country in named:
        return song.country
    countries = set(named) - {OTHER}
    is_doubtful = song.country == ABROAD and bool(countries - {KOREA})
    if OTHER not in named or song.country is None or is_doubtful:
        return None
    return OTHER


def whole_songs(percents: Mapping[str, int], song_count: int) -> dict[str, Bounds]:
    """How many songs each share is: by largest remainders, so each is less than one song from its exact number.

    Where the shares leave a rest, that is for songs that count to none of them; where OTHER is among the shares it is
    for any song, for few songs count to none.

    Args:
        percents: Percent by name, at most 100 in all.
        song_count: How many songs the list has.
    """
    # The rest is a share of its own; of equal remainders the first is rounded up.
    free = 100 - sum(percents.values())
    parts = [*percents.values(), free]
    counts = [song_count * percent // 100 for percent in parts]
    by_remainder = sorted(range(len(parts)), key=lambda part: -(song_count * parts[part] % 100))
    for part in by_remainder[: song_count - sum(counts)]:
        counts[part] += 1

    *of_shares, of_rest = counts
    room = of_rest if OTHER in percents else 0
    return {name: Bounds(count, count + room) for name, count in zip(percents, of_shares, strict=True)}


def chosen_count(song_count: int, similarity: int) -> int:
    """How many of so many songs come from the chosen playlists, at a similarity in percent."""
    return (song_count * similarity + 50) // 100
