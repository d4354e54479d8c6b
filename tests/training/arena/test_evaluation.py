"""Answers held against what was hidden, and models against each other, on cases whose figures are known."""

from math import isclose, isnan, log

import numpy as np

from training.arena.cases import Case
from training.arena.corpus import Question
from training.arena.evaluation import ALL, SONG, TAG, TOTAL, Result, compare, evaluate, scores


def case(name, ids, songs=None, tags=None):
    questions = [Question(id, "", [], []) for id in ids]
    songs, tags = songs or [()] * len(ids), tags or [()] * len(ids)
    return Case(name, questions, [frozenset(hidden) for hidden in songs], [frozenset(hidden) for hidden in tags])


def result(*songs, tags=None):
    """A result with these nDCGs."""
    return Result(np.column_stack([songs, tags or [np.nan] * len(songs)]), 0.0, 0.0, 0.0)


def test_answers_are_held_against_what_was_hidden():
    asked = case("song_tag", [1, 2], songs=[{1, 2}, {3}], tags=[{"a"}, ()])
    answers = [
        {"id": 1, "songs": [9, 1, *range(100, 198), 2], "tags": ["b", "a"]},
        {"id": 2, "songs": [3], "tags": ["a"]},
    ]
    artists = {9: ["Nina"], 1: ["Ray"], 100: ["Nina"], 118: ["Ella"], 3: ["Ray", "Ella"]}
    reached = evaluate(asked, answers, 200, artists)
    # Song 2 stands at rank 101, and song 118 at rank 21.
    first = (1 / log(3)) / (1 / log(2) + 1 / log(3))
    assert np.allclose(reached.ndcg[:, 0], [first, 1], atol=1e-12)
    assert isclose(reached.ndcg[0, 1], log(2) / log(3), abs_tol=1e-12)
    assert isnan(reached.ndcg[1, 1])
    assert (reached.recall, reached.coverage, reached.artists) == (0.75, 101 / 200, 2.0)
    assert isnan(evaluate(asked, answers, 200).artists)


def test_scores_are_means_of_each_case_and_of_their_mix():
    cases = [case("song_only", [1, 2]), case("title_only", [1, 2])]
    found = scores(cases, [result(0.2, 0.4, tags=[np.nan, 0.5]), result(0.1, 0.1, tags=[0.3, 0.7])])
    assert isclose(found["song_only", SONG], 0.3, abs_tol=1e-12)
    assert isclose(found["song_only", TAG], 0.5, abs_tol=1e-12)
    assert isclose(found[ALL, SONG], (0.42 * 0.3 + 0.08 * 0.1) / 0.5, abs_tol=1e-12)
    assert isclose(found[ALL, TOTAL], 0.85 * found[ALL, SONG] + 0.15 * 0.5, abs_tol=1e-12)


def test_a_gain_in_most_questions_is_certain_and_one_in_half_of_them_is_not():
    cases = [case("song_only", range(5)), case("title_only", range(5))]
    better, worse = (
        [result(1, 1, 1, 1, 0), result(0.5, 0.2, 0.5, 0.2, 0.5)],
        [result(0, 0, 0, 0, 0), result(*[0.35] * 5)],
    )
    found = compare(cases, better, worse)
    gain, doubtful = found["song_only", SONG], found["title_only", SONG]
    assert (gain.mean, gain.low, gain.high) == (0.8, 0.4, 1.0)
    assert gain.is_certain
    assert isclose(doubtful.mean, 0.03, abs_tol=1e-12)
    assert doubtful.low < 0 < doubtful.high
    assert not doubtful.is_certain
    loss = compare(cases, worse, better)["song_only", SONG]
    assert (loss.mean, loss.low, loss.high, loss.is_certain) == (-0.8, -1.0, -0.4, True)
    assert isnan(found["song_only", TAG].low)
    assert not found["song_only", TAG].is_certain
    assert compare(cases, better, worse)[ALL, SONG] == found[ALL, SONG]


def test_playlists_are_resampled_once_for_all_cases_that_ask_about_them():
    gains = np.random.default_rng(1).normal(0, 0.1, 60)
    better, worse = [result(*gains), result(*-gains * 0.42 / 0.39)], [result(*[0] * 60)] * 2
    same = compare([case("song_only", range(60)), case("song_tag", range(60))], better, worse)[ALL, SONG]
    assert np.allclose([same.low, same.mean, same.high], 0, atol=1e-12)
    others = compare([case("song_only", range(60)), case("song_tag", range(60, 120))], better, worse)[ALL, SONG]
    # Two independent means, each weighted by 0.42 / 0.81 of the first one's spread.
    error = 2**0.5 * 0.42 / 0.81 * gains.std() / 60**0.5
    assert np.allclose([others.low, others.high], [-1.96 * error, 1.96 * error], atol=0.15 * error)


def test_cases_of_other_playlists_may_have_other_numbers_of_questions():
    cases = [case("song_only", [1, 2]), case("title_only", [3])]
    found = compare(cases, [result(1, 1), result(1)], [result(0, 0), result(0.5)])
    assert (found["title_only", SONG].low, found["title_only", SONG].high) == (0.5, 0.5)
    assert isclose(found[ALL, SONG].low, (0.42 + 0.08 * 0.5) / 0.5, abs_tol=1e-12)
