"""Captions say what is true of their scenes."""

import re

import numpy as np
import pytest

from aiplayer.thumbnails.painting import Scene
from aiplayer.thumbnails.scene_words import ATTRIBUTES, ELEMENTS, SYNONYMS, phrase_of
from training.diffusion.captions import ART_FORM, DETAILS, ENGLISH, KOREAN, caption, prompt_of, unwanted_word
from training.diffusion.scenes import scene_of

SCENES = [scene_of(number, seed=1) for number in range(200)]


@pytest.fixture(scope="module")
def captions():
    random = np.random.default_rng(0)
    return [(caption(scene, random), scene) for scene in SCENES]


def shows(scene: Scene, attribute: str, choice: str) -> bool:
    if attribute == "elements":
        return choice in scene.elements
    return getattr(scene, attribute) == choice


def words_for(attribute: str, choice: str) -> list[str]:
    return [choice, *SYNONYMS[attribute].get(choice, "").split()]


def test_prompts_say_what_is_true(captions):
    prompts = [(text, scene) for text, scene in captions if text.startswith(ART_FORM)]
    assert 95 < len(prompts) < 145
    for text, scene in prompts:
        for attribute, choice in KOREAN:
            word = phrase_of(attribute, choice)
            pattern = rf"\bwith {word}\b" if attribute == "elements" else rf"\b{word}\b"
            if re.search(pattern, text):
                assert shows(scene, attribute, choice)


def test_titles_and_words_hold_nothing_of_another_scene(captions):
    for text, scene in captions:
        if text.startswith(ART_FORM):
            continue

        true_phrases = set()
        for (attribute, choice), phrases in (*KOREAN.items(), *ENGLISH.items()):
            if shows(scene, attribute, choice):
                true_phrases.update(phrases, words_for(attribute, choice))
        for phrase in sorted(true_phrases, key=len, reverse=True):
            text = text.replace(phrase, "")
        assert not text.strip()


def test_what_is_unwanted_is_not_there():
    choice_by_word = {}
    for attribute, choices in {**ATTRIBUTES, "elements": ELEMENTS}.items():
        for choice in choices:
            for word in words_for(attribute, choice):
                choice_by_word[word] = (attribute, choice)

    random = np.random.default_rng(1)
    element_count = 0
    for scene in SCENES:
        attribute, choice = choice_by_word[unwanted_word(scene, random)]
        assert not shows(scene, attribute, choice)
        element_count += attribute == "elements"
    # Seven in ten words ask for an element, and three in four of these find one that the scene lacks: 105 of 200, +- 7.
    assert 84 < element_count < 126


def test_both_languages_are_spoken(captions):
    korean = sum(not text.isascii() for text, _ in captions)
    assert 15 < korean < 45


def test_no_phrase_names_another_attribute():
    assert "여름 바다" not in KOREAN["place", "sea"]
    assert "푸른 바다" in KOREAN["place", "sea"]
    assert all(KOREAN[attribute, choice] for attribute, choices in ATTRIBUTES.items() for choice in choices)


def test_a_prompt_says_all_choices_and_then_the_title():
    choices = {"place": "cafe", "hour": "night", "weather": "rain", "season": "winter"}
    assert prompt_of(choices) == f"{ART_FORM}, a cafe window at night in the rain, winter, {DETAILS}"
    assert prompt_of(choices, "jazz") == f"{ART_FORM}, a cafe window at night in the rain, winter, jazz, {DETAILS}"
