"""The order of small lists against every order that there is."""

from itertools import permutations
from random import Random

import pytest

from aiplayer.playlist.wishes.arrangement import place_energies, steps_against
from aiplayer.playlist.wishes.energy import energy_of
from aiplayer.playlist.wishes.order import keeps_gap, ordered
from aiplayer.playlist.wishes.program import Deadline
from aiplayer.playlist.wishes.turns import in_turn
from aiplayer.playlist.wishes.wish import Order, Wishes
from tests.support.wishes import candidate

GENRES = ("new age", "ballad", "pop", "rock", "metal")
UNTIL_FOUND = 60.0


def in_order(songs, wishes):
    return ordered(songs, wishes, Deadline(UNTIL_FOUND))


def ids(songs) -> list[int]:
    return [song.song.song_id for song in songs]


def smallest_gap(songs) -> int:
    """The fewest songs between two of one artist; as many as there are songs where nobody plays twice."""
    gaps = [
        later - earlier - 1
        for later in range(len(songs))
        for earlier in range(later)
        if set(songs[later].song.artists) & set(songs[earlier].song.artists)
    ]
    return min(gaps, default=len(songs))


def missed(songs, order: Order) -> float:
    """How far the energies of songs without a place are from those of the order that is wished."""
    energies = {place: energy_of(song.song) for place, song in enumerate(songs) if song.place is None}
    wanted = place_energies(list(energies.values()), order, list(energies), len(songs))
    return sum(abs(energies[place] - wanted[place]) for place in energies)


def at_their_places(songs) -> bool:
    return all(song.place in (None, place) for place, song in enumerate(songs, start=1))


def random_list(random: Random):
    """Six songs of three artists, some sung by two, of which some have a place."""
    places = random.sample(range(1, 7), 6)
    songs = []
    for song_id in range(6):
        artists = random.sample("abc", 2) if random.random() < 0.2 else [random.choice("abcde")]
        place = places[song_id] if random.random() < 0.2 else None
        songs.append(candidate(song_id, random.random(), place=place, artists=artists, genres=[random.choice(GENRES)]))
    return songs


@pytest.mark.parametrize("seed", range(25))
def test_no_order_has_a_greater_gap_or_comes_nearer_to_the_energies(seed):
    random = Random(seed)
    songs, gap = random_list(random), random.randint(0, 4)
    order = random.choice([Order.CALM_TO_LIVELY, Order.LIVELY_TO_CALM, Order.ARC])
    got = in_order(songs, Wishes(artist_gap=gap, order=order))
    assert sorted(ids(got)) == list(range(6))
    assert at_their_places(got)

    every = [line for line in permutations(songs) if at_their_places(line)]
    greatest = max(min(smallest_gap(line), gap) for line in every)
    assert min(smallest_gap(got), gap) == greatest
    nearest = min(missed(line, order) for line in every if smallest_gap(line) >= greatest)
    assert missed(got, order) == pytest.approx(nearest, abs=1e-6)


@pytest.mark.parametrize("seed", range(25))
def test_a_ranked_list_has_the_greatest_gap_as_well(seed):
    random = Random(seed)
    songs, gap = random_list(random), random.randint(1, 4)
    got = in_order(songs, Wishes(artist_gap=gap))
    greatest = max(min(smallest_gap(line), gap) for line in permutations(songs) if at_their_places(line))
    assert (at_their_places(got), min(smallest_gap(got), gap)) == (True, greatest)


@pytest.mark.parametrize("seed", range(60))
def test_songs_in_turn_keep_a_gap_wherever_one_can_be_kept(seed):
    random = Random(seed)
    artists = [random.choice([0, 0, 0, 1, 1, 2, None]) for _ in range(6)]
    gap = random.randint(1, 3)

    def keeps(line) -> bool:
        return all(
            artists[line[place]] is None
            or artists[line[place]] not in [artists[song] for song in line[place - d : place]]
            for place in range(6)
            for d in [min(gap, place)]
        )

    turns = in_turn(artists, gap)
    possible = [line for line in permutations(range(6)) if keeps(line)]
    # Lexicographically the first: each song stands as far forward as those before it allow.
    assert turns == (list(possible[0]) if possible else None)


def test_songs_stand_by_rank_but_for_kept_ones_with_a_place():
    songs = [candidate(0, 0.9), candidate(1, 0.8), candidate(2, 0.7, place=1), candidate(3, 0.1)]
    assert ids(in_order(songs, Wishes())) == [2, 0, 1, 3]


def test_a_place_behind_the_end_is_anywhere():
    assert ids(in_order([candidate(0, 0.9), candidate(1, 0.1, place=9)], Wishes())) == [0, 1]


def test_a_long_list_keeps_a_gap_and_the_arc():
    random = Random(3)
    songs = [
        candidate(number, random.random(), artists=[f"artist {number % 20}"], genres=[random.choice(GENRES)])
        for number in range(50)
    ]
    got = in_order(songs, Wishes(artist_gap=5, order=Order.ARC))
    assert keeps_gap(got, 5)
    energies = [energy_of(song.song) for song in got]
    assert steps_against(energies, Order.ARC) == 0
    assert max(energies[24:33]) == max(energies)
    assert energies[0] == energies[-1] == min(energies)


@pytest.mark.parametrize(
    ("energies", "order", "against"),
    [
        ([0.1, 0.1, 0.5, 0.9], Order.CALM_TO_LIVELY, 0),
        ([0.1, 0.5, 0.2, 0.9], Order.CALM_TO_LIVELY, 1),
        ([0.9, 0.5, 0.5, 0.1], Order.LIVELY_TO_CALM, 0),
        ([0.1, 0.3, 0.6, 0.9, 0.4, 0.1], Order.ARC, 0),
        # Its peak comes too early.
        ([0.1, 0.9, 0.6, 0.5, 0.4, 0.1], Order.ARC, 1),
        ([0.1, 0.2, 0.3, 0.4, 0.5, 0.6], Order.ARC, 1),
        ([], Order.ARC, 0),
    ],
)
def test_steps_against_an_order_are_counted(energies, order, against):
    assert steps_against(energies, order) == against
