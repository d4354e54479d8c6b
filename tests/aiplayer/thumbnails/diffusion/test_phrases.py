"""A prompt as the small model reads it."""

import numpy as np
import pytest

from aiplayer.thumbnails.diffusion.phrases import phrases_of, tokens_of
from aiplayer.thumbnails.diffusion.sizes import PhraseSizes

pytestmark = pytest.mark.heavy

SIZES = PhraseSizes(embedding=1, width=32, tokens=3)


@pytest.mark.parametrize(
    ("prompt", "phrases"),
    [
        (
            "photography, a lake at night in the snow, winter",
            ["photography", "a lake", "at night", "in the snow", "winter"],
        ),
        ("비 오는 날 카페에서", ["비 오는 날 카페에서"]),
        ("Indie by the sea", ["Indie", "by the sea"]),
        (" , in the rain,,", ["in the rain"]),
        ("", []),
    ],
)
def test_a_phrase_ends_with_a_comma_or_before_when_where_and_how(prompt, phrases):
    assert phrases_of(prompt) == phrases


@pytest.mark.parametrize(
    ("prompt", "unwanted", "tokens"),
    [
        ("a lake, at night", "moon", [6, 8, -4]),
        ("a lake", "moon, snow", [6, -4, -4]),
        ("", "moon", [-4, 0, 0]),
        ("a lake, at night, winter", "moon", [6, 8, 6]),
        ("a lake, at night, winter, snow", "moon", [6, 8, 6]),
        ("", "", [0, 0, 0]),
    ],
)
def test_what_is_unwanted_follows_as_its_opposite_where_there_is_room(prompt, unwanted, tokens):
    def lengths(phrases: list[str]) -> np.ndarray:
        return np.array([[len(phrase)] for phrase in phrases], np.float32)

    np.testing.assert_array_equal(tokens_of([prompt], [unwanted], lengths, SIZES)[0, :, 0], tokens)
