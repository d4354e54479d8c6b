"""A prompt as the small model reads it."""

import pytest

from aiplayer.diffusion.phrases import phrases_of


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
