"""Captions say what is true of their scenes."""

import re

import numpy as np
import pytest

from aiplayer.thumbnails.painting.scene_words import ATTRIBUTES, ELEMENTS, SYNONYMS
from training.diffusion.captions import ART_FORM, DETAILS, ENGLISH, KOREAN, WORDS, caption, prompt_of, unwanted
from training.diffusion.scenes import scene_of

SCENES = [scene_of(number, seed=1) for number in range(200)]


@pytest.fixture(scope="module")
def captions():
    random = np.random.default_rng(0)
    return [(caption(scene, random), scene) for scene in SCENES]


def test_prompts_say_what_is_true(captions):
    prompts = [(said, scene) for said, scene in captions if said.startswith(ART_FORM)]
    assert 95 < len(prompts) < 145
    for said, scene in prompts:
        for (attribute, choice), word in WORDS.items():
            if re.search(rf"\bwith {word}\b" if attribute == "elements" else rf"\b{word}\b", said):
                assert choice in (scene.elements if attribute == "elements" else {getattr(scene, attribute)})


def test_titles_and_words_hold_nothing_of_another_scene(captions):
    for said, scene in captions:
        if said.startswith(ART_FORM):
            continue
        true = {
            phrase
            for (attribute, choice), phrases in (*KOREAN.items(), *ENGLISH.items())
            for phrase in (*phrases, choice, *SYNONYMS[attribute].get(choice, "").split())
            if (attribute == "elements" and choice in scene.elements) or getattr(scene, attribute, None) == choice
        }
        for phrase in sorted(true, key=len, reverse=True):
            said = said.replace(phrase, "")
        assert not said.strip()


def test_what_is_unwanted_is_not_there():
    random = np.random.default_rng(1)
    named = {
        word: (attribute, choice)
        for attribute, choices in {**ATTRIBUTES, "elements": ELEMENTS}.items()
        for choice in choices
        for word in (choice, *SYNONYMS[attribute].get(choice, "").split())
    }
    said = [(unwanted(scene, random), scene) for scene in SCENES]
    for word, scene in said:
        attribute, choice = named[word]
        assert choice not in (scene.elements if attribute == "elements" else {getattr(scene, attribute)})
    assert 100 < sum(named[word][0] == "elements" for word, _ in said) < 160


def test_both_languages_are_spoken(captions):
    korean = sum(not said.isascii() for said, _ in captions)
    assert 15 < korean < 45


def test_no_phrase_names_another_attribute():
    assert "여름 바다" not in KOREAN["place", "sea"]
    assert "푸른 바다" in KOREAN["place", "sea"]
    assert all(KOREAN[attribute, choice] for attribute, choices in ATTRIBUTES.items() for choice in choices)


def test_a_prompt_says_all_choices_and_then_the_title():
    choices = {"place": "cafe", "hour": "night", "weather": "rain", "season": "winter"}
    assert prompt_of(choices) == f"{ART_FORM}, a cafe window at night in the rain, winter, {DETAILS}"
    assert prompt_of(choices, "jazz") == f"{ART_FORM}, a cafe window at night in the rain, winter, jazz, {DETAILS}"
