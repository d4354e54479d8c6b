"""Which songs a list holds: those of the best scores among all lists that meet the demands, in the order in which they
give way.

What cannot be met gives way from the end: the artist limit, the number of songs, the artist gap, the share of the
chosen playlists, the countries, the length. Years and genres never give way, but to kept songs.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from aiplayer.playlist.artist_limit import ArtistLimit, artist_limit
from aiplayer.playlist.mixing import MixRequest
from aiplayer.playlist.wishes.candidates import Candidate, has_durations
from aiplayer.playlist.wishes.demands import (
    Counts,
    Crowd,
    Demand,
    apart,
    long_enough_for_places,
    of_countries,
    of_length,
    of_similarity,
    within_artist_limit,
)
from aiplayer.playlist.wishes.program import ROUNDING, Deadline, Program, total
from aiplayer.playlist.wishes.shares import Bounds, chosen_count, share_of
from aiplayer.playlist.wishes.wish import MOST_SONGS, Length, Wishes

# So many candidates, and so many of each share of a country, are weighed; a program of more takes longer than it helps.
WEIGHED = 500
WEIGHED_OF_SHARE = 100


class Weighing(NamedTuple):
    """What a selection is made of.

    Attributes:
        program: All rows.
        counts: How many songs the list has.
        demands: From the one that gives way last to the one that gives way first.
        natural_counts: How many songs the list should have, the best number first.
    """

    program: Program
    counts: Counts
    demands: list[Demand]
    natural_counts: list[int]


def select(
    candidates: Sequence[Candidate],
    mixing: MixRequest,
    named_artists: Sequence[str],
    deadline: Deadline,
    crowded: Sequence[Crowd] = (),
) -> list[Candidate]:
    """The songs of the list, in no order.

    Args:
        candidates: Songs that fit, and all kept ones.
        mixing: How the playlist is mixed, with its wishes.
        named_artists: The artists whom the title names, who are free of the usual limit.
        deadline: When the best that was found until then is taken.
        crowded: Lists that have turned out to have no order with the artist gap.
    """
    candidates = shortlist(candidates, mixing.wishes)
    weighing = weigh(candidates, mixing, named_artists, deadline, crowded)
    values = best_values(weighing, [candidate.ranked.score for candidate in candidates])
    if values is None:
        return best_alone(candidates, mixing.song_count)
    return [
        candidate for candidate, column in zip(candidates, weighing.counts.songs, strict=True) if values[column] > 0.5
    ]


def shortlist(candidates: Sequence[Candidate], wishes: Wishes) -> list[Candidate]:
    """The kept songs, the best of all, and the best of each share of a country, in the order of scores."""
    in_order = sorted(candidates, key=lambda candidate: (not candidate.is_kept, -candidate.ranked.score))
    of_share: dict[str | None, int] = {}
    weighed = []
    for number, candidate in enumerate(in_order):
        share = share_of(candidate.song, wishes.countries.keys())
        of_share[share] = of_share.get(share, 0) + 1
        is_wanted = share is not None and of_share[share] <= WEIGHED_OF_SHARE
        if candidate.is_kept or number < WEIGHED or is_wanted:
            weighed.append(candidate)
    return weighed


def weigh(
    candidates: Sequence[Candidate],
    mixing: MixRequest,
    named_artists: Sequence[str],
    deadline: Deadline,
    crowded: Sequence[Crowd],
) -> Weighing:
    """The program for a list; its arguments are those of `select`."""
    wishes = mixing.wishes
    follows_length = has_durations(candidates, wishes)
    kept = sum(candidate.is_kept for candidate in candidates)
    wanted = MOST_SONGS if follows_length else mixing.song_count
    most = min(max(wanted, kept), len(candidates))

    program = Program(deadline, share=0.5)
    counts = Counts.add_to(program, candidates, kept, most)

    def full(number: int) -> int:
        # Without a length, one side that has too few songs leaves the list shorter, as without wishes.
        return number if follows_length else mixing.song_count

    def sides(number: int) -> Bounds:
        chosen = chosen_count(full(number), mixing.similarity)
        return Bounds(chosen, full(number) - chosen)

    def limit_of(number: int) -> ArtistLimit:
        return artist_limit(named_artists, full(number), mixing.songs_per_artist)

    demands = []
    if wishes.last_place:
        demands.append(long_enough_for_places(program, counts, wishes.last_place))
    if wishes.length and follows_length:
        demands.append(of_length(program, counts, candidates, wishes.length))
    if wishes.countries:
        demands.append(of_countries(program, counts, candidates, wishes))
    demands.append(of_similarity(program, counts, candidates, sides))
    if wishes.artist_gap:
        demands.append(apart(program, counts, candidates, wishes.artist_gap, crowded))
    if not follows_length:
        # Every number but the greatest costs what it lacks.
        demands.append(Demand({column: most - number for number, column in counts.numbers.items()}))
    demands.append(within_artist_limit(program, counts, candidates, limit_of))
    natural = natural_counts(candidates, wishes.length) if wishes.length and follows_length else [most]
    return Weighing(program, counts, demands, [number for number in natural if number in counts.numbers])


def natural_counts(candidates: Sequence[Candidate], length: Length) -> list[int]:
    """How many of the best songs fill a length, and the numbers beside that: the sum of scores alone would choose many
    short songs.

    Args:
        candidates: Songs of known durations, the best first.
        length: The length.
    """
    durations_s = np.array([(candidate.song.duration_ms or 0) / 1000 for candidate in candidates])
    filled = int(np.abs(np.cumsum(durations_s) - length.seconds).argmin()) + 1
    return [filled, filled + 1, filled - 1]


def best_values(weighing: Weighing, scores: Sequence[float]) -> np.ndarray | None:
    """The best list that meets all demands; where there is none, each is met in turn as well as those before allow.

    Returns:
        The values of the program's variables, of the demands that were met in time; None where none was.
    """
    program = weighing.program
    worth = {column: -score for column, score in zip(weighing.counts.songs, scores, strict=True)}
    all_met = [(demand.cost, -np.inf, 0.0) for demand in weighing.demands]
    for number in weighing.natural_counts:
        best = program.least(worth, beside=[*all_met, ({weighing.counts.numbers[number]: 1}, 1, 1)])
        if best is not None:
            return best

    found = None
    for demand in weighing.demands:
        values = meet(weighing, demand)
        if values is None:
            return found
        found = values
    best = program.least(worth)
    return found if best is None else best


def meet(weighing: Weighing, demand: Demand) -> np.ndarray | None:
    """Meet a demand as well as those before it allow, and keep to that from now on."""
    program = weighing.program
    song_count = weighing.counts.total
    if demand.may_shorten:
        longest = program.least({column: -number for column, number in song_count.items()})
        if longest is None:
            return None
        most = round(total(song_count, longest))
        shorter = program.least(
            {column: -number for column, number in song_count.items()},
            beside=[(demand.cost, -np.inf, 0), (song_count, most / 2, np.inf)],
        )
        if shorter is not None:
            program.bound(demand.cost, high=0)
            return shorter
        program.bound(song_count, low=most)

    values = program.least(demand.cost)
    if values is not None:
        program.bound(demand.cost, high=total(demand.cost, values) + ROUNDING)
    return values


def best_alone(candidates: Sequence[Candidate], song_count: int) -> list[Candidate]:
    """The kept songs and the best others, for when the time was too short for more."""
    kept = [candidate for candidate in candidates if candidate.is_kept]
    others = [candidate for candidate in candidates if not candidate.is_kept]
    others.sort(key=lambda candidate: -candidate.ranked.score)
    return kept + others[: max(song_count - len(kept), 0)]
