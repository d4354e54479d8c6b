"""What is accepted, in which form it arrives, and that /docs.json declares it."""

import re
import sys
import unicodedata

import pytest
from pydantic import ValidationError

from gateway.patterns import empty_or_text_pattern, text_pattern
from gateway.picture_schemas import ThumbnailRequest
from gateway.request_fields import MAX_ID
from gateway.schemas import RecommendRequest, SimilarRequest


def is_accepted(model: type, **body: object) -> bool:
    try:
        model.model_validate(body)
    except ValidationError:
        return False
    return True


@pytest.fixture(scope="module")
def tried_characters() -> list[str]:
    """Every control character and space of Unicode, and few of the others, which are alike; no surrogates."""
    categories = ((chr(code), unicodedata.category(chr(code))) for code in range(sys.maxunicode + 1))
    # No JSON text should hold halves of surrogate pairs.
    characters = [(character, category) for character, category in categories if category != "Cs"]
    return [
        character
        for number, (character, category) in enumerate(characters)
        if number % 100 == 0 or category in {"Cc", "Zs", "Zl", "Zp"}
    ]


@pytest.mark.parametrize("text", ["{}", "a{}", "{}a", "a{}b"])
def test_the_declared_patterns_accept_exactly_what_the_service_does(tried_characters, text):
    for character in tried_characters:
        given = text.format(character)
        assert is_accepted(SimilarRequest, title=given) == bool(re.search(text_pattern(), given)), ascii(given)
        assert is_accepted(ThumbnailRequest, title="a", negative_prompt=given) == bool(
            re.search(empty_or_text_pattern(), given)
        ), ascii(given)


def test_no_text_at_all_is_a_negative_prompt_and_no_title():
    assert not is_accepted(SimilarRequest, title="")
    assert not re.search(text_pattern(), "")
    assert is_accepted(ThumbnailRequest, title="a", negative_prompt="")
    assert re.search(empty_or_text_pattern(), "")


def test_white_space_around_a_negative_prompt_is_removed():
    assert ThumbnailRequest(title="a", negative_prompt=" rain, fog\n").negative_prompt == "rain, fog"


def test_a_number_without_a_fraction_is_whole_however_it_is_spelled():
    request = RecommendRequest(title="x", song_count=7.0, playlist_ids=[3.0], songs_per_artist=2.0)
    assert (request.song_count, request.playlist_ids, request.songs_per_artist) == (7, [3], 2)
    for number in (7.5, 1e400, float("nan"), True, "7"):
        assert not is_accepted(RecommendRequest, title="x", song_count=number)


def test_the_largest_id_is_declared_exactly():
    largest = RecommendRequest.model_json_schema()["properties"]["playlist_ids"]
    assert float(largest["items"]["maximum"]) == MAX_ID
    assert is_accepted(RecommendRequest, title="x", playlist_ids=[MAX_ID])
    assert not is_accepted(RecommendRequest, title="x", playlist_ids=[MAX_ID + 1])


@pytest.mark.parametrize(
    ("model", "body", "field"),
    [
        (SimilarRequest, {"title": "x", **{f"field_{n}": n for n in range(75_000)}}, ("field_0",)),
        (RecommendRequest, {"title": "x", "playlist_ids": ["a"] * 75_000}, ("playlist_ids", 0)),
        (RecommendRequest, {"title": "x", "exclude_song_ids": [7, *["a"] * 75_000]}, ("exclude_song_ids", 1)),
        (RecommendRequest, {"title": "x", "exclude_artists": [3] * 75_000}, ("exclude_artists", 0)),
    ],
)
def test_of_many_faults_one_is_looked_for(model, body, field):
    with pytest.raises(ValidationError) as raised:
        model.model_validate(body)
    (fault,) = raised.value.errors()
    assert fault["loc"] == field


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
