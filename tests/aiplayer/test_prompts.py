import asyncio

import pytest

from aiplayer.models import title_encoder
from aiplayer.painting import read_scene
from aiplayer.prompts import OPEN_PROMPT, prompt_writer
from aiplayer.title_search import encode_titles


@pytest.fixture(scope="module")
def prompt():
    encoder = title_encoder.create()

    async def encode(titles):
        return encode_titles(encoder, titles)

    writer = asyncio.run(prompt_writer(encode))
    return lambda title: writer.prompt(title, encode_titles(encoder, [title])[0])


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("비 오는 날 카페에서 듣는 재즈", {"place": "cafe", "weather": "rain"}),
        ("late night city drive", {"place": "city", "hour": "night"}),
        ("신나는 여름 바다", {"place": "sea", "season": "summer"}),
        ("first snow of the winter", {"weather": "snow", "season": "winter"}),
        ("새벽 감성 발라드", {"hour": "dawn"}),
        ("morning coffee acoustic", {"place": "cafe", "hour": "morning"}),
        ("summer road trip rock", {"place": "road", "season": "summer"}),
    ],
)
def test_a_title_is_painted_as_what_it_names(prompt, title, said):
    scene = read_scene(prompt(title))
    assert {name: getattr(scene, name) for name in said} == said


@pytest.mark.parametrize("title", ["1234", "🎧🎵", "!!! ???"])
def test_a_title_without_words_leaves_the_scene_open(prompt, title):
    assert prompt(title) == OPEN_PROMPT
