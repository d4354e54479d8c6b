"""A scene survives the way to English and back, and negative words stay out of it."""

import itertools

import pytest

from aiplayer.errors import InvalidInput
from aiplayer.thumbnails.painting.scene import Scene, describe, read_scene
from aiplayer.thumbnails.scene_words import (
    ATTRIBUTES,
    ELEMENTS,
    HOURS,
    INDOOR_PLACES,
    PALETTES,
    PLACES,
    SEASONS,
    WEATHERS,
)


@pytest.mark.heavy
def test_every_combination_reads_back_as_itself():
    for index, choice in enumerate(itertools.product(PLACES, HOURS, WEATHERS, SEASONS, PALETTES)):
        elements = frozenset(ELEMENTS[position] for position in (index % 20, index * 7 % 20) if index % 3)
        scene = Scene(*choice, elements=elements)
        assert read_scene(describe(scene), seed=index) == scene


def test_a_scene_is_described_in_english():
    scene = Scene("city", "night", "rain", "autumn", "neon", frozenset({"moon", "lanterns"}))
    assert describe(scene) == "a city skyline at night in the rain, autumn, neon palette, with lanterns and moon"


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("Sunny beach with palm trees", {"place": "sea", "weather": "clear", "hour": "day"}),
        ("snowy village street", {"place": "street", "weather": "snow", "season": "winter"}),
        ("rainy evening in a coffee shop", {"place": "cafe", "weather": "rain", "hour": "sunset"}),
        ("late-night drive on the highway", {"place": "road", "hour": "night"}),
        ("cherry blossom by the lake", {"place": "lake", "season": "spring"}),
        ("a starry sky over the ocean", {"place": "sea", "hour": "night", "weather": "clear"}),
        ("misty woods in October", {"place": "forest", "weather": "fog", "season": "autumn"}),
        ("retro synthwave city", {"place": "city", "palette": "vintage"}),
    ],
)
def test_synonyms_are_found_by_whole_words(prompt, expected):
    scene = read_scene(prompt)
    assert {name: getattr(scene, name) for name in expected} == expected


def test_a_word_inside_another_word_is_not_found():
    scenes = [read_scene("seaside restaurant decoration", seed=seed) for seed in range(20)]
    assert {scene.place for scene in scenes} == {"sea"}
    assert not any(
        "cat" in read_scene("vacation scatter education", seed=seed).elements
        for seed in range(5)
        if read_scene("vacation scatter education", seed=seed).place in ("sea", "lake")
    )


def test_a_view_reads_back_from_its_prompt():
    for place in INDOOR_PLACES:
        scene = Scene(place, "night", "rain", "autumn", "neon", frozenset({"umbrella"}), view="sea")
        assert ", view of the sea, with umbrella" in describe(scene)
        assert read_scene(describe(scene)) == scene


def test_a_crescent_is_a_moon_and_a_refused_moon_no_crescent():
    assert read_scene("a crescent over the sea").elements >= {"moon", "crescent"}
    for seed in range(20):
        assert not read_scene("a crescent over the sea", "moon", seed).elements & {"moon", "crescent"}


@pytest.mark.parametrize(
    ("prompt", "attribute", "expected"),
    [
        ("in the rain", "season", {"summer", "autumn"}),
        ("fields at sunset", "weather", {"clear", "cloudy"}),
        ("with campfire", "place", {"forest", "lake", "mountain"}),
        ("with boat and ferris wheel", "place", {"sea"}),
        ("with balloons", "hour", {"dawn", "morning", "day", "sunset"}),
        ("with umbrella", "weather", {"rain"}),
        ("with blossoms", "season", {"spring"}),
    ],
)
def test_what_is_open_goes_with_what_is_named(prompt, attribute, expected):
    assert {getattr(read_scene(prompt, seed=seed), attribute) for seed in range(60)} <= expected


def test_a_christmas_tree_makes_no_forest():
    assert "christmas tree" in read_scene("cosy room with a christmas tree").elements
    assert read_scene("cosy room with a christmas tree").place == "room"


def test_open_attributes_follow_the_seed_and_go_together():
    scenes = {read_scene("music to relax to", seed=seed) for seed in range(200)}
    assert len(scenes) > 100
    assert {scene.place for scene in scenes} == set(PLACES)
    assert not any(scene.weather == "snow" and scene.season == "summer" for scene in scenes)
    assert read_scene("music to relax to", seed=3) == read_scene("music to relax to", seed=3)


def test_negative_words_are_never_drawn():
    negative = "moon, stars, snow, rainy, neon, cafe, winter"
    for seed in range(100):
        scene = read_scene("a night of quiet songs with moon", negative, seed)
        assert not scene.elements & {"moon", "stars"}
        assert scene.weather not in ("snow", "rain")
        assert scene.palette != "neon"
        assert scene.place != "cafe"
        assert scene.season != "winter"


def test_a_negative_word_replaces_what_the_prompt_names():
    scene = read_scene("city at night in the rain", "rain")
    assert (scene.place, scene.hour) == ("city", "night")
    assert scene.weather != "rain"


def test_without_inside_the_prompt_refuses_too():
    for seed in range(40):
        assert "moon" not in read_scene("clear night over the city without a moon", seed=seed).elements


def test_no_snow_lies_where_snow_is_refused():
    assert read_scene("winter mountain under a clear sky", "snow").weather == "fog"


def test_forbidding_every_choice_says_so():
    with pytest.raises(InvalidInput) as caught:
        read_scene("a road", " ".join(SEASONS))
    assert caught.value.message == (
        "The negative prompt forbids every season: spring, summer, autumn, winter. "
        "Leave out at least one of these words."
    )
    assert caught.value.code == "nothing_left_to_paint"
    assert caught.value.field == "negative_prompt"


@pytest.mark.parametrize("attribute", ATTRIBUTES)
def test_a_prompt_that_refuses_every_choice_is_painted_all_the_same(attribute):
    prompt = " ".join(f"no {choice}," for choice in ATTRIBUTES[attribute])
    for seed in range(10):
        assert getattr(read_scene(prompt, seed=seed), attribute) in ATTRIBUTES[attribute]


def test_the_negative_prompt_holds_where_the_prompt_refuses_all_that_it_leaves():
    for seed in range(40):
        scene = read_scene("no summer, no autumn, no winter, no night", "spring", seed)
        assert scene.season != "spring"
        assert scene.hour != "night"


def test_a_word_outside_the_vocabulary_is_refused():
    with pytest.raises(InvalidInput) as caught:
        Scene("moonbase", "night", "clear", "summer", "warm")
    assert caught.value.message == (
        "The place 'moonbase' is not in the scene's vocabulary. "
        "Use one of city, street, sea, mountain, forest, road, cafe, room, fields, lake."
    )
    assert caught.value.code == "unknown_scene_word"
    assert caught.value.field == "place"


def test_an_element_outside_the_vocabulary_is_refused():
    with pytest.raises(InvalidInput, match="element 'dragon' is not in the scene's vocabulary") as caught:
        Scene("sea", "night", "clear", "summer", "warm", frozenset({"dragon"}))
    assert caught.value.code == "unknown_scene_word"
    assert caught.value.field == "elements"


def test_vocabularies_do_not_share_a_word():
    words = [word for choices in (*ATTRIBUTES.values(), ELEMENTS) for word in choices]
    assert len(words) == len(set(words))
