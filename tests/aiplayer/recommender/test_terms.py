"""The terms of titles, as the reader reads them."""

import pytest

from aiplayer.recommender.terms import is_thing, title_terms
from aiplayer.titles.reading.artist_names import ArtistNames
from aiplayer.titles.reading.reader import TitleReader

READER = TitleReader(ArtistNames(catalogue=["IU"]))


def terms(title):
    return title_terms(title, READER.read(title))


def things(title):
    return {term for term in terms(title) if is_thing(term)}


@pytest.mark.parametrize("other", ["a rainy night", "장마철 밤", "🌧 at night"])
def test_titles_in_other_words_and_languages_have_terms_in_common(other):
    assert things("비 오는 밤") >= {"weather:rain", "hour:night"}
    assert things(other) >= {"weather:rain", "hour:night"}


def test_what_is_refused_is_another_thing():
    assert things("no ballads") == {"-genre:ballad"}


def test_artists_are_things_in_either_script():
    assert things("아이유 노래모음") == things("IU songs") == {"artist:IU"}


def test_korean_words_are_compared_without_their_endings():
    assert {" 듣 ", " 음악 "} <= set(terms("음악을 듣다"))


def test_a_title_of_nothing_known_has_n_grams_alone_and_an_empty_one_none():
    assert terms("zzyzx")
    assert not things("zzyzx")
    assert terms("") == []
