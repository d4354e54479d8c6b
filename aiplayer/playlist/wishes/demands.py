"""What the wishes demand of a list, as rows of an integer program.

A demand that cannot be met is missed by as little as possible: its rows have slacks, whose sum is its cost. How many
songs the list has is a choice too (`Counts`), for shares and limits depend on it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from aiplayer.playlist.artist_limit import ArtistLimit
from aiplayer.playlist.wishes.candidates import Candidate, by_artist
from aiplayer.playlist.wishes.program import Program, Row
from aiplayer.playlist.wishes.shares import Bounds, share_of, whole_songs
from aiplayer.playlist.wishes.wish import Length, Wishes


@dataclass(frozen=True)
class Demand:
    """A sum that is to be as small as possible, at best 0.

    Attributes:
        cost: By how much it is missed.
        may_shorten: Whether the list may become shorter, down to half, where that meets it wholly.
    """

    cost: Row
    may_shorten: bool = False


@dataclass(frozen=True)
class Crowd:
    """Songs of artists with several that cannot be kept apart in a list of so many songs."""

    song_ids: frozenset[int]
    song_count: int


@dataclass(frozen=True)
class Counts:
    """The choice of how many songs a list has.

    Attributes:
        songs: The variables of the candidates.
        numbers: Variables of which one is 1, by the number of songs that it stands for.
    """

    songs: range
    numbers: dict[int, int]

    @classmethod
    def add_to(cls, program: Program, candidates: Sequence[Candidate], fewest: int, most: int) -> "Counts":
        """A list of `fewest` to `most` songs, in which all kept ones are."""
        songs = program.choices(len(candidates))
        numbers = dict(zip(range(fewest, most + 1), program.choices(most - fewest + 1), strict=True))
        program.bound(dict.fromkeys(numbers.values(), 1), 1, 1)
        program.bound(dict.fromkeys(songs, 1) | {column: -number for number, column in numbers.items()}, 0, 0)
        for column, candidate in zip(songs, candidates, strict=True):
            if candidate.is_kept:
                program.bound({column: 1}, 1, 1)
        return cls(songs, numbers)

    def row_of(self, positions: Sequence[int], limit: Callable[[int], int]) -> dict[int, float]:
        """The number of these candidates in the list, less a limit that depends on the number of all songs."""
        row: dict[int, float] = {self.songs[position]: 1 for position in positions}
        return row | {column: -limit(number) for number, column in self.numbers.items() if limit(number)}

    @property
    def total(self) -> dict[int, float]:
        """How many songs the list has."""
        return {column: number for number, column in self.numbers.items()}


def long_enough_for_places(program: Program, counts: Counts, last_place: int) -> Demand:
    """The list reaches to the last place that a kept song has to take."""
    (missing,) = program.slacks(1)
    program.bound(counts.total | {missing: 1}, low=last_place)
    return Demand({missing: 1})


def of_length(program: Program, counts: Counts, candidates: Sequence[Candidate], length: Length) -> Demand:
    """The known durations sum up to the length, within its tolerance; what is missed counts in seconds."""
    missing, over = program.slacks(2)
    durations: dict[int, float] = {
        column: candidate.song.duration_ms / 1000
        for column, candidate in zip(counts.songs, candidates, strict=True)
        if candidate.song.duration_ms is not None
    }
    program.bound(
        durations | {missing: 1, over: -1},
        length.seconds - length.tolerance_s,
        length.seconds + length.tolerance_s,
    )
    return Demand({missing: 1, over: 1})


def of_countries(program: Program, counts: Counts, candidates: Sequence[Candidate], wishes: Wishes) -> Demand:
    """Each share has its whole number of songs."""
    shares = [share_of(candidate.song, wishes.countries.keys()) for candidate in candidates]
    bounds = {number: whole_songs(wishes.countries, number) for number in counts.numbers}

    cost: dict[int, float] = {}
    for name in wishes.countries:
        positions = [position for position, share in enumerate(shares) if share == name]
        missing, over = program.slacks(2)
        cost |= {missing: 1, over: 1}

        def least(number: int, name: str = name) -> int:
            return bounds[number][name].least

        def most(number: int, name: str = name) -> int:
            return bounds[number][name].most

        program.bound(counts.row_of(positions, least) | {missing: 1}, low=0)
        program.bound(counts.row_of(positions, most) | {over: -1}, high=0)
    return Demand(cost, may_shorten=True)


def of_similarity(
    program: Program, counts: Counts, candidates: Sequence[Candidate], chosen: Callable[[int], Bounds]
) -> Demand:
    """Neither side, chosen and new songs, has more than its share.

    Args:
        program: The program.
        counts: How many songs the list has.
        candidates: The candidates.
        chosen: The most chosen (first) and new songs (second) in a list of so many songs.
    """
    excess = program.slacks(2)
    for side, source in enumerate(("seed", "new")):
        positions = [position for position, candidate in enumerate(candidates) if candidate.source == source]

        def most(number: int, side: int = side) -> int:
            return chosen(number)[side]

        program.bound(counts.row_of(positions, most) | {excess[side]: -1}, high=0)
    return Demand(dict.fromkeys(excess, 1))


def within_artist_limit(
    program: Program, counts: Counts, candidates: Sequence[Candidate], limit_of: Callable[[int], ArtistLimit]
) -> Demand:
    """No artist has more songs than the limit for a list of so many songs."""
    counted = [limit_of(1).counted(candidate.song) for candidate in candidates]
    artists = sorted(set().union(*counted))
    cost: dict[int, float] = {}
    rows: set[tuple[int, ...]] = set()
    for artist in artists:
        rows.add(tuple(position for position, keys in enumerate(counted) if artist in keys))
    for positions in sorted(row for row in rows if len(row) > 1):
        (excess,) = program.slacks(1)
        cost[excess] = 1
        program.bound(counts.row_of(positions, lambda number: limit_of(number).most) | {excess: -1}, high=0)
    return Demand(cost)


def apart(
    program: Program, counts: Counts, candidates: Sequence[Candidate], gap: int, crowded: Sequence[Crowd] = ()
) -> Demand:
    """The songs of no artist are too many to have `gap` others between each two.

    In q (gap + 1) + r songs every artist can have q, and r artists one more: the songs of those stand at the same
    distance, from one of the first r places on. Where kept songs have places that may still be too many.

    Args:
        program: The program.
        counts: How many songs the list has.
        candidates: The candidates.
        gap: The songs between two of one artist.
        crowded: Lists that have turned out to have no order with this gap.
    """
    several = by_artist(candidates)
    has_one_more = program.choices(len(several))
    cost: dict[int, float] = {}
    for positions, one_more in zip(several, has_one_more, strict=True):
        (excess,) = program.slacks(1)
        cost[excess] = 1
        too_many = counts.row_of(positions, lambda number: number // (gap + 1))
        program.bound(too_many | {one_more: -1, excess: -1}, high=0)
    with_more: dict[int, float] = dict.fromkeys(has_one_more, 1)
    rest = {column: -(number % (gap + 1)) for number, column in counts.numbers.items()}
    program.bound(with_more | rest, high=0)

    for crowd in crowded:
        (excess,) = program.slacks(1)
        cost[excess] = 1
        row: dict[int, float] = {
            column: 1
            for column, candidate in zip(counts.songs, candidates, strict=True)
            if candidate.song.song_id in crowd.song_ids
        }
        row |= {counts.numbers[crowd.song_count]: 1, excess: -1}
        program.bound(row, high=len(crowd.song_ids))
    return Demand(cost, may_shorten=True)
