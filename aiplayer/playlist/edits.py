"""What a creator has changed of a list of songs: what was kept, added, replaced, moved and dropped."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple


class Replacement(NamedTuple):
    """A song that was shown, and the new one that stands in its place."""

    song_id: int
    by: int


class Move(NamedTuple):
    """A kept song with its position, from 1 on, in the list that was shown and in the creator's."""

    song_id: int
    from_position: int
    to_position: int


@dataclass(frozen=True)
class Edits:
    """The difference between a list that was shown and what its creator made of it.

    Attributes:
        kept: Songs that were shown and are in the creator's list, in its order.
        added: All songs of the creator's list that were not shown, in its order, those that replace others among them.
        replaced: Songs that were shown and are gone, each with the new one in its place.
        moved: The fewest kept songs whose moves explain the order of the others.
        dropped: Songs that were shown and are gone, replaced or not, in the order shown.
    """

    kept: list[int]
    added: list[int]
    replaced: list[Replacement]
    moved: list[Move]
    dropped: list[int]


def edits_of(shown: Sequence[int], final: Sequence[int] | None, removed: Sequence[int]) -> Edits:
    """Compare a list that was shown with what its creator made of it.

    A new song stands in the place of a dropped one where the same songs are around both, of those that were not moved.
    Of several at one place the first replaces the first.

    Args:
        shown: Ids of the songs that were shown, each once, in order.
        final: Ids of the creator's list, each once, in order; None where only `removed` is known.
        removed: Ids of songs that were struck out, shown or not.
    """
    if final is None:
        return Edits([], [], [], [], [song for song in shown if song in set(removed)])

    known, left = set(shown), set(final)
    kept = [song for song in final if song in known]
    place = {song: number for number, song in enumerate(shown, start=1)}
    new_place = {song: number for number, song in enumerate(final, start=1)}
    in_order = _longest_rise(kept, place)
    unmoved = set(in_order)

    return Edits(
        kept=kept,
        added=[song for song in final if song not in known],
        replaced=_replaced(shown, final, in_order, set(removed)),
        moved=[Move(song, place[song], new_place[song]) for song in kept if song not in unmoved],
        dropped=[song for song in shown if song not in left],
    )


def _replaced(
    shown: Sequence[int], final: Sequence[int], in_order: Sequence[int], removed: set[int]
) -> list[Replacement]:
    """The dropped songs in whose places new ones stand.

    Args:
        shown: The songs that were shown.
        final: The creator's list.
        in_order: The songs of both that were not moved.
        removed: The songs that were struck out.
    """
    known, left = set(shown), set(final)
    replaced: list[Replacement] = []
    for before, after in zip(_gaps(shown, in_order), _gaps(final, in_order), strict=True):
        gone = [song for song in before if song not in left]
        new = [song for song in after if song not in known]
        if len(new) < len(gone):
            # What was struck out needs no other in its place.
            gone = [song for song in gone if song not in removed]
        replaced += [Replacement(*pair) for pair in zip(gone, new, strict=False)]
    return replaced


def _gaps(songs: Sequence[int], in_order: Sequence[int]) -> list[Sequence[int]]:
    """What stands before, between and behind some songs of a list."""
    fixed = set(in_order)
    places = [number for number, song in enumerate(songs) if song in fixed]
    return [songs[start + 1 : end] for start, end in pairwise([-1, *places, len(songs)])]


def _longest_rise(songs: Sequence[int], place: dict[int, int]) -> list[int]:
    """The most of these songs whose places rise from each to the next; of as many those with the lowest places.

    So of two neighbours that have changed places, the one that came up has moved.
    """
    lowest_ends: list[int] = []
    last_of: list[int] = []
    before: dict[int, int | None] = {}
    for song in songs:
        # Rises of each length are told by the lowest place at which one of them ends.
        length = bisect_left(lowest_ends, place[song])
        before[song] = last_of[length - 1] if length else None
        lowest_ends[length : length + 1] = [place[song]]
        last_of[length : length + 1] = [song]

    rise: list[int] = []
    song_before = last_of[-1] if last_of else None
    while song_before is not None:
        rise.append(song_before)
        song_before = before[song_before]
    return rise[::-1]
