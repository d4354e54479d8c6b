import math
from collections import Counter

import pytest

from aiplayer.titles.reading.artist_table import ArtistRow
from training.titles.sounds import Alignment, align, count_pieces, joined_pieces, piece_costs

VOWEL_A, VOWEL_O = "\u1161", "\u1169"
ONSET_K, ONSET_T = "\u110f", "\u1110"


def table_cost(costs):
    return lambda latin, hangul: costs.get((latin, hangul))


def test_the_cheapest_alignment_is_found():
    costs = {("k", ONSET_K): 1.0, ("a", VOWEL_A): 1.0, ("ka", ONSET_K + VOWEL_A): 1.5, ("_", ""): 0.5}
    assert align("ka_", ONSET_K + VOWEL_A, table_cost(costs)) == Alignment(
        2.0 / 5, [("ka", ONSET_K + VOWEL_A), ("_", "")]
    )
    assert align("kk_", ONSET_K + VOWEL_A, table_cost(costs)) == Alignment(math.inf, [])


def test_neighbouring_pieces_are_joined():
    pieces = [("k", ONSET_K), ("a", VOWEL_A), ("_", "")]
    joined = [
        ("k", ONSET_K),
        ("ka", ONSET_K + VOWEL_A),
        ("ka_", ONSET_K + VOWEL_A),
        ("a", VOWEL_A),
        ("a_", VOWEL_A),
        ("_", ""),
    ]
    assert list(joined_pieces(pieces)) == joined


def test_long_runs_are_not_joined():
    pieces = [("k", ONSET_K), ("a", VOWEL_A)] * 4
    assert max(len(hangul) for _, hangul in joined_pieces(pieces)) == 4


def test_a_cost_is_the_mean_surprise_of_both_sides():
    costs = piece_costs(Counter({("k", ONSET_K): 6, ("c", ONSET_K): 2, ("c", ONSET_T): 1, ("_", ""): 4}))
    assert costs["k", ONSET_K] == pytest.approx((math.log(7.5 / 6) + math.log(9.5 / 6)) / 2)
    assert costs["_", ""] == pytest.approx(math.log(5.5 / 4) + 0.5)
    assert ("c", ONSET_T) not in costs


def test_what_stands_for_what_is_learned_from_names():
    names = {"Kata": "카타", "Tako": "타코", "Koto": "코토", "Tokata": "토카타", "Kotaka": "코타카", "Kato": "카토"}
    rows = [ArtistRow(latin=(latin,), hangul=(hangul,), also=(), words=()) for latin, hangul in names.items()]
    counts = count_pieces(rows, rounds=2)
    letters = {latin: hangul for latin, hangul in counts if len(latin) == len(hangul) == 1}
    assert letters.items() <= {("k", ONSET_K), ("t", ONSET_T), ("a", VOWEL_A), ("o", VOWEL_O)}
    assert len(letters) >= 3
