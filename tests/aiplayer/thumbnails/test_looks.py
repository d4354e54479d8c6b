"""Looks say what suits a mood or a genre, in words that both models read."""

import pytest

from aiplayer.thumbnails.looks import look_phrase, look_weight, looks_by_name, split_looks
from aiplayer.thumbnails.painting.scene import read_scene
from aiplayer.thumbnails.scene_words import ATTRIBUTES, ELEMENTS, go_together

# What pictures of a genre or an occasion have to be, whatever the seed.
ALWAYS = {
    "electronic": {"hour": {"night"}, "palette": {"neon", "vivid"}},
    "drive": {"place": {"road"}},
    "christmas": {"season": {"winter"}, "weather": {"snow"}},
    "reggae": {"place": {"sea"}, "season": {"summer"}},
    "nostalgic": {"palette": {"vintage", "warm"}},
    "coffee": {"place": {"cafe"}},
}


def test_every_look_uses_the_painters_words():
    for name, look in looks_by_name().items():
        assert name == name.lower()
        assert look.light
        assert "," not in look.light
        assert set(look.things) <= set(ELEMENTS)
        for attribute, weights in look.weights.items():
            assert set(weights) <= set(ATTRIBUTES[attribute])


def test_a_phrase_reads_back_as_its_looks():
    phrase = look_phrase(["nostalgic", "jazz", "polka"])
    assert phrase == "nostalgic jazz mood of faded film colors and warm lamplight and old records"
    rest, looks = split_looks(f"photography, a lake in the rain, {phrase}, 8K uhd")
    assert rest == "photography, a lake in the rain, 8K uhd"
    assert [look.name for look in looks] == ["nostalgic", "jazz"]


def test_the_first_looks_are_said_and_each_once():
    assert look_phrase(["edm", "techno"]).startswith("electronic mood of")
    assert look_phrase(["sad", "jazz", "folk", "rock"]).startswith("sad jazz folk mood of")
    assert look_phrase(["polka"]) == ""


@pytest.mark.parametrize("name", sorted({look.name for look in looks_by_name().values()}))
def test_pictures_of_a_look_suit_it_and_are_consistent(name):
    prompt = f"photography, a scenic landscape, {look_phrase([name])}"
    scenes = [read_scene(prompt, seed=seed) for seed in range(30)]
    for scene in scenes:
        shown = [getattr(scene, attribute) for attribute in ATTRIBUTES] + sorted(scene.elements)
        for number, first in enumerate(shown):
            assert all(go_together(first, second) for second in shown[number + 1 :])
        for attribute, choices in ALWAYS.get(name, {}).items():
            assert getattr(scene, attribute) in choices
    assert len(set(scenes)) > 10


def test_things_of_a_look_stand_in_every_picture_where_they_belong_to_it():
    for name, element in (("christmas", "christmas tree"), ("new year", "fireworks"), ("drive", "car")):
        scenes = [read_scene(f"a scenic landscape, {look_phrase([name])}", seed=seed) for seed in range(20)]
        assert all(element in scene.elements for scene in scenes)


def test_what_the_prompt_names_comes_before_the_looks():
    for seed in range(20):
        scene = read_scene(
            f"a cafe window in the morning in the rain, {look_phrase(['electronic', 'christmas'])}", seed=seed
        )
        assert (scene.place, scene.hour, scene.weather) == ("cafe", "morning", "rain")


def test_what_is_refused_is_not_drawn_for_a_look_either():
    for seed in range(20):
        scene = read_scene(f"a scenic landscape, {look_phrase(['christmas'])}", "snow, lanterns, street", seed)
        assert scene.weather != "snow"
        assert scene.place != "street"
        assert "lanterns" not in scene.elements


def test_several_looks_agree_where_they_can():
    looks = [looks_by_name()[name] for name in ("jazz", "study")]
    weights = {place: look_weight(looks, "place", place) for place in ATTRIBUTES["place"]}
    assert max(weights, key=weights.__getitem__) == "cafe"
    assert weights["sea"] == 0
    assert look_weight([], "place", "sea") == 1
