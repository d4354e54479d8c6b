import pytest

from aiplayer.settings import Settings
from aiplayer.thumbnails.painting import read_scene
from aiplayer.thumbnails.prompts import (
    OPEN_SUBJECT,
    SceneReader,
    anchor_phrases,
    joined,
    negative_title_prompt,
    scene_phrase,
    title_prompt,
)
from aiplayer.thumbnails.title_scene import TitleScene

SETTINGS = Settings(thumbnail_art_form="oil", thumbnail_details="8K")


@pytest.fixture(scope="module")
def subject(served_use):
    anchors = {name: served_use.embed(phrases) for name, phrases in anchor_phrases().items()}
    reader = SceneReader(anchors)
    return lambda title: scene_phrase(reader.read(title, served_use.embed([title])[0]))


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
    scene = TitleScene({"place": "cafe", "weather": "rain"}, looks=("jazz",))
    said = title_prompt(scene, "Jazz for a rainy day at the cafe", SETTINGS)
    jazz = "jazz mood of warm lamplight and old records"
    assert said == f"oil, a cafe window in the rain, {jazz}, Jazz for a rainy at the cafe, 8K"
    assert title_prompt(scene, None, SETTINGS) == f"oil, a cafe window in the rain, {jazz}, 8K"


def test_words_of_the_english_title_that_name_another_scene_are_left_out():
    scene = TitleScene({"hour": "night"})
    assert (
        title_prompt(scene, "Snow Patrol at night", SETTINGS) == "oil, a scenic landscape at night, Patrol at night, 8K"
    )


def test_a_view_and_things_stand_in_the_prompt_and_read_back():
    scene = TitleScene({"place": "cafe", "weather": "rain"}, ("umbrella", "moon"), view="sea")
    prompt = title_prompt(scene, None, SETTINGS)
    assert prompt == "oil, a cafe window in the rain, view of the sea, with umbrella and moon, 8K"
    for seed in range(5):
        painted = read_scene(prompt, seed=seed)
        assert (painted.place, painted.view, painted.weather) == ("cafe", "sea", "rain")
        assert painted.elements >= {"umbrella", "moon"}


def test_what_the_title_refuses_goes_into_the_negative_prompt():
    settings = Settings(thumbnail_negative_prompt="people")
    scene = TitleScene(refused=("rain", "moon"))
    assert negative_title_prompt(scene, "cat", settings) == "people, rain, moon, cat"
    assert negative_title_prompt(TitleScene(), "", settings) == "people"


def test_a_title_and_a_caller_who_together_refuse_everything_leave_something_to_paint():
    settings = Settings(thumbnail_negative_prompt="people")
    scene = TitleScene(refused=("spring", "summer", "moon"))
    assert negative_title_prompt(scene, "autumn, winter", settings) == "people, moon, autumn, winter"


def test_a_title_that_is_only_an_artist_still_names_a_scene(subject):
    assert subject("아이유").startswith(OPEN_SUBJECT)


def test_parts_of_a_prompt_are_joined_without_empty_ones():
    assert joined("photography", " a lake ", "", "8K uhd") == "photography, a lake, 8K uhd"
