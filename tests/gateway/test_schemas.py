import unicodedata

import pytest
from pydantic import ValidationError

from gateway.schemas import RecommendRequest, ThumbnailRequest


def test_every_text_is_composed():
    title, artist, words = "비 오는 날", "아이유", "café"
    decomposed = {
        name: unicodedata.normalize("NFD", text) for name, text in (("a", artist), ("t", title), ("w", words))
    }
    assert RecommendRequest(title=decomposed["t"], exclude_artists=[decomposed["a"]]).exclude_artists == [artist]
    assert ThumbnailRequest(title=decomposed["t"], negative_prompt=decomposed["w"]).negative_prompt == words


def test_characters_are_counted_as_a_person_counts_them():
    assert ThumbnailRequest(title="x", negative_prompt=unicodedata.normalize("NFD", "각" * 1_000))
    with pytest.raises(ValidationError, match="at most 1000 characters"):
        ThumbnailRequest(title="x", negative_prompt=unicodedata.normalize("NFD", "각" * 1_001))


@pytest.mark.parametrize("text", ["\u3164", " \u200b", "\ufeff", "\u2800"])
def test_a_negative_prompt_that_shows_nothing_is_none(text):
    assert ThumbnailRequest(title="x", negative_prompt=text).negative_prompt == ""


def test_a_title_that_was_copied_with_a_byte_order_mark_is_the_same_title():
    assert RecommendRequest(title="\ufeff비 오는 날\u200b").title == "비 오는 날"


def test_joiners_and_variation_selectors_inside_a_title_stay():
    for title in ("👩\u200d🎤 밤", "❤\ufe0f", "나\u200b의"):
        assert RecommendRequest(title=title).title == title
