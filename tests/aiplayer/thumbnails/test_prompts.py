import pytest

from aiplayer.settings import Settings
from aiplayer.thumbnails.painting import read_scene
from aiplayer.thumbnails.prompts import OPEN_SUBJECT, SceneReader, anchor_phrases, joined, scene_phrase, title_prompt
from aiplayer.titles.encoder import encode_titles

SETTINGS = Settings(thumbnail_art_form="oil", thumbnail_details="8K")


@pytest.fixture(scope="module")
def subject(multilingual_use):
    anchors = {name: encode_titles(multilingual_use, phrases) for name, phrases in anchor_phrases().items()}
    reader = SceneReader(anchors)
    return lambda title: scene_phrase(reader.read(title, encode_titles(multilingual_use, [title])[0]))


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
def test_a_title_is_painted_as_what_it_names(subject, title, said):
    scene = read_scene(subject(title))
    assert {name: getattr(scene, name) for name in said} == said


@pytest.mark.parametrize("title", ["1234", "🎧🎵", "!!! ???"])
def test_a_title_without_words_leaves_the_scene_open(subject, title):
    assert subject(title) == OPEN_SUBJECT


def test_the_title_follows_in_english_where_it_is_known():
    choices = {"place": "cafe", "weather": "rain"}
    said = title_prompt(choices, "Jazz for a rainy day at the cafe", SETTINGS)
    assert said == "oil, a cafe window in the rain, Jazz for a rainy day at the cafe, 8K"
    assert title_prompt(choices, None, SETTINGS) == "oil, a cafe window in the rain, 8K"


def test_a_title_that_is_only_an_artist_still_names_a_scene(subject):
    assert subject("아이유").startswith(OPEN_SUBJECT)


def test_parts_of_a_prompt_are_joined_without_empty_ones():
    assert joined("photography", " a lake ", "", "8K uhd") == "photography, a lake, 8K uhd"
