import pytest

from tests.support.tiny_encoder import WORLDS, frame, two_worlds
from training.titles.encoder import pairs
from training.titles.encoder.overlap import split
from training.titles.encoder.pairs import mine_pairs


def test_each_title_is_paired_with_those_that_share_the_most(monkeypatch):
    monkeypatch.setattr(pairs, "PARTNERS", 1)
    rows = [
        ("비 오는 날", [1, 2, 3], []),
        ("rainy day", [1, 2, 9], []),
        ("여름 바다", [4, 9], ["여름"]),
        ("summer", [4, 5], ["여름"]),
        ("alone", [77], []),
        ("", [1, 2, 3], []),
    ]
    found = mine_pairs(frame(rows), 100, seed=0)
    assert sorted(found) == [
        ("rainy day", "비 오는 날"),
        ("summer", "여름 바다"),
        ("비 오는 날", "rainy day"),
        ("여름 바다", "summer"),
    ]


def test_titles_that_are_equal_but_for_case_teach_nothing():
    assert mine_pairs(frame([("Jazz", [1, 2], []), ("jazz", [1, 2], []), ("other", [3], [])]), 100, seed=0) == []


def test_a_title_in_two_languages_gives_one_of_its_parts():
    rows = [("비 | rain", [1, 2], []), ("wet", [1, 2], []), ("other", [3], [])] * 2
    seen = {title for seed in range(20) for pair in mine_pairs(frame(rows), 100, seed) for title in pair}
    assert seen == {"비", "rain", "wet"}


def test_a_long_title_is_cut():
    rows = [("long " * 40, [1], []), ("short", [1], []), ("other", [2], [])]
    assert {len(title) for pair in mine_pairs(frame(rows), 9, seed=0) for title in pair} == {5, pairs.LONGEST}


def test_pairs_stay_within_their_world_and_their_count():
    told = []
    found = mine_pairs(frame(two_worlds()), 150, seed=3, advance=told.append)
    assert (len(found), sum(told)) == (150, 200)
    for pair in found:
        words = {word for title in pair for word in title.split()}
        assert words <= set(WORLDS[0]) or words <= set(WORLDS[1])


def test_held_out_playlists_are_in_no_pair():
    playlists = frame([(f"title {n}", [n % 7, n % 3], []) for n in range(200)])
    learned, held_out = split(playlists)
    seen = {title for pair in mine_pairs(learned, 10_000, seed=0) for title in pair}
    assert seen == set(learned["title"])
    assert seen.isdisjoint(held_out["title"])


def test_equal_seeds_give_equal_pairs():
    playlists = frame(two_worlds())
    assert (
        mine_pairs(playlists, 100, seed=1) == mine_pairs(playlists, 100, seed=1) != mine_pairs(playlists, 100, seed=2)
    )


@pytest.mark.parametrize("most", [1, 5])
def test_a_frequent_item_leads_to_a_bounded_number_of_playlists(most, monkeypatch):
    monkeypatch.setattr(pairs, "MOST_USES", most)
    monkeypatch.setattr(pairs, "PARTNERS", 100)
    rows = [(f"title {n}", [1], []) for n in range(50)] + [("other", [2], [])]
    partners = {second for _, second in mine_pairs(frame(rows), 10_000, seed=0)}
    assert len(partners) == most
