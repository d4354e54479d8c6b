"""Which songs keep what a title names, counted by hand on five songs."""

import numpy as np
import pytest

from aiplayer.errors import ModelMissing
from aiplayer.recommender.facts import PARTLY, UNKNOWN, SongFact, SongFacts, best_kept, lead
from aiplayer.titles.reading.mentions import Kind, Mention, Reading

# A song of which nobody knows what the title names.
HALF = UNKNOWN + (1 - UNKNOWN) * PARTLY * UNKNOWN
FACTS = {
    1: SongFact(["jazz", "soul"], 1959, "US"),
    2: SongFact(["랩/힙합"], 2015, "KR"),
    3: SongFact(["hip hop"], 1995, "US"),
    4: SongFact(["rock"], None, None),
    5: SongFact(["rock"], 1997, "XX"),
}


@pytest.fixture
def facts() -> SongFacts:
    return SongFacts.of_songs([1, 2, 3, 4, 5], FACTS)


def naming(*things: tuple[Kind, str, bool]) -> Reading:
    """A reading whose every thing has a word of its own."""
    mentions = [
        Mention(kind, value, (place, place + 1), wanted=wanted) for place, (kind, value, wanted) in enumerate(things)
    ]
    return Reading(tuple(mentions))


def kept(facts: SongFacts, *things: tuple[Kind, str, bool]) -> list[float]:
    return facts.kept(naming(*things), None).tolist()


def test_a_genre_is_found_in_every_language_and_in_parts_of_a_name(facts):
    assert kept(facts, (Kind.GENRE, "hip hop", True)) == [0, 1, 1, 0, 0]
    assert kept(facts, (Kind.GENRE, "jazz", True), (Kind.GENRE, "rock", True)) == [1, 0, 0, 1, 1]


def test_of_what_one_word_names_the_first_counts_that_the_catalogue_has(facts):
    mentions = [Mention(Kind.GENRE, value, (0, 6)) for value in ("grunge", "rock", "jazz")]
    assert facts.kept(Reading(tuple(mentions)), None).tolist() == [0, 0, 0, 1, 1]


def test_an_unknown_year_is_half_kept(facts):
    assert kept(facts, (Kind.ERA, "1990-1999", True)) == [0, 0, 1, HALF, 1]


def test_a_song_from_abroad_may_be_from_anywhere_but_korea(facts):
    assert kept(facts, (Kind.COUNTRY, "KR", True)) == [0, 1, 0, HALF, 0]
    assert kept(facts, (Kind.COUNTRY, "KR", False)) == [1, 0, 1, HALF, 1]
    assert kept(facts, (Kind.COUNTRY, "US", True)) == [1, 0, 1, HALF, HALF]


def test_what_is_refused_is_not_kept(facts):
    assert kept(facts, (Kind.GENRE, "rock", False)) == [1, 1, 1, 0, 0]


def test_a_song_that_has_not_all_that_is_named_keeps_little(facts):
    both = kept(facts, (Kind.GENRE, "hip hop", True), (Kind.ERA, "1990-1999", True))
    assert (both[0], both[2]) == (0, 1)
    # Two songs are hip hop, two and a half of those years: the rarer says more.
    assert PARTLY > both[1] > both[4] > both[3] > 0
    assert both[1] + both[4] == pytest.approx(PARTLY)
    own = np.array([True, False, False, False, False])
    assert facts.kept(naming(), own).tolist() == [1, 0, 0, 0, 0]


def test_a_title_that_names_nothing_known_keeps_nothing(facts):
    assert facts.kept(naming((Kind.MOOD, "sad", True)), None) is None
    assert facts.kept(naming((Kind.GENRE, "trot", True)), None) is None


def test_songs_that_keep_everything_are_proposed_and_lead(facts):
    keeps = facts.kept(naming((Kind.GENRE, "hip hop", True)), None)
    assert set(best_kept(keeps, np.array([9, 1, 2, 9, 9], np.float32))) == {1, 2}
    assert not len(best_kept(None, np.zeros(5, np.float32)))
    factors = lead(np.array([0, 0.5, 1], np.float32))
    assert factors[0] < factors[1] < factors[2] == 1


def test_facts_are_read_back(facts, tmp_path):
    facts.save(tmp_path)
    again = SongFacts.load(tmp_path, song_count=5)
    things = [(Kind.GENRE, "rock", True), (Kind.ERA, "1990-1999", True), (Kind.COUNTRY, "KR", False)]
    assert kept(again, *things) == kept(facts, *things)
    with pytest.raises(ModelMissing, match="facts and songs differ"):
        SongFacts.load(tmp_path, song_count=4)
    nothing = SongFacts.of_songs([1], {})
    nothing.save(tmp_path)
    assert SongFacts.load(tmp_path, song_count=1).kept(naming(*things), None) is None
