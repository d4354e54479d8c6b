"""What people would call a scene: prompts, titles in Korean and English, and single words.

A caption mentions some of a scene and leaves the rest open, as a title does; what it mentions is true of the scene.
"""

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from aiplayer.settings import Settings
from aiplayer.thumbnails.painting import Scene
from aiplayer.thumbnails.prompts import ANCHORS, joined, scene_phrase
from aiplayer.thumbnails.scene_words import ATTRIBUTES, ELEMENTS, SYNONYMS
from training.diffusion.scenes import suitable_elements

# An attribute and one of its choices, such as ("place", "sea") or ("elements", "moon").
Choice = tuple[str, str]

# How often a caption mentions each attribute, where there is a phrase for it.
MENTION_SHARES = {"place": 0.75, "hour": 0.6, "weather": 0.6, "season": 0.6, "palette": 0.3, "elements": 0.75}
# What captions are; the rest are single words.
PROMPT_SHARE = 0.6
KOREAN_TITLE_SHARE = 0.15
ENGLISH_TITLE_SHARE = 0.1
# The share of the prompts that hold an English title.
TITLED_PROMPT_SHARE = 0.5
# How much likelier a single word names an element than any other choice.
ELEMENT_WEIGHT = 5
# How often an unwanted thing is an element, and how often such an element would suit the scene.
UNWANTED_ELEMENT_SHARE = 0.7
SUITABLE_SHARE = 0.6
ART_FORM = Settings.model_fields["thumbnail_art_form"].default
DETAILS = Settings.model_fields["thumbnail_details"].default


def caption(scene: Scene, random: np.random.Generator) -> str:
    """A prompt, a title or a word of the scene; a title is "" where it leaves everything open.

    Prompts are as `aiplayer.thumbnails.prompts` writes them, half of them with an English title. Single words are
    what people write into a negative prompt.

    Args:
        scene: The scene to write of.
        random: The generator to draw with.
    """
    choices = _choices(scene, random)
    mentioned = [choice for choice in choices if random.random() < MENTION_SHARES[choice[0]]]
    kind = random.random()

    if kind < PROMPT_SHARE:
        has_title = random.random() < TITLED_PROMPT_SHARE
        title = _title(mentioned, ENGLISH, random) if has_title else ""
        return prompt_of(dict(mentioned), title)
    if kind < PROMPT_SHARE + KOREAN_TITLE_SHARE:
        return _title(mentioned, KOREAN, random)
    if kind < PROMPT_SHARE + KOREAN_TITLE_SHARE + ENGLISH_TITLE_SHARE:
        return _title(mentioned, ENGLISH, random)

    weights = np.array([ELEMENT_WEIGHT if attribute == "elements" else 1 for attribute, _ in choices])
    number = random.choice(len(choices), p=weights / weights.sum())
    attribute, choice = choices[number]
    return _word(attribute, choice, random)


def unwanted_word(scene: Scene, random: np.random.Generator) -> str:
    """A word for something that the scene does not show, though others like it may: what a negative prompt says.

    Args:
        scene: The scene that does not show it.
        random: The generator to draw with.
    """
    if random.random() < UNWANTED_ELEMENT_SHARE:
        elements = suitable_elements(vars(scene)) if random.random() < SUITABLE_SHARE else ELEMENTS
        absent = [element for element in nameable(elements) if element not in scene.elements]
        if absent:
            element = str(random.choice(absent))
            return _word("elements", element, random)

    attribute = str(random.choice(list(ATTRIBUTES)))
    others = [choice for choice in ATTRIBUTES[attribute] if choice != getattr(scene, attribute)]
    other = str(random.choice(others))
    return _word(attribute, other, random)


def prompt_of(choices: Mapping[str, str], title: str = "") -> str:
    """The prompt that names some choices, and then a title.

    Args:
        choices: A choice for each attribute that the prompt names, and an element under "elements".
        title: A title in English; "" for none.
    """
    attributes = {name: choice for name, choice in choices.items() if name != "elements"}
    elements = [choice for name, choice in choices.items() if name == "elements"]
    return joined(ART_FORM, scene_phrase(attributes, elements), title, DETAILS)


def nameable(elements: Iterable[str]) -> list[str]:
    """Those of some elements that prompts and titles have words for, in the same order."""
    return [element for element in elements if element in ANCHORS["elements"]]


def _word(attribute: str, choice: str, random: np.random.Generator) -> str:
    synonyms = SYNONYMS[attribute].get(choice, "").split()
    return str(random.choice([choice, *synonyms]))


def _title(
    mentioned: Iterable[Choice], phrases_by_choice: Mapping[Choice, list[str]], random: np.random.Generator
) -> str:
    """A phrase for each choice that has phrases, in random order."""
    phrases = []
    for choice in mentioned:
        alternatives = phrases_by_choice[choice]
        if alternatives:
            phrases.append(random.choice(alternatives))
    return " ".join(random.permutation(phrases))


def _choices(scene: Scene, random: np.random.Generator) -> list[Choice]:
    """What can be mentioned of a scene: every attribute, and one of its elements where it has any with a name."""
    choices = [(attribute, getattr(scene, attribute)) for attribute in ATTRIBUTES]
    elements = nameable(sorted(scene.elements))
    if elements:
        element = elements[random.integers(len(elements))]
        choices.append(("elements", element))
    return choices


def _title_phrases() -> dict[Choice, list[str]]:
    """The phrases that titles have for each choice that prompts can name, in both languages."""
    title_phrases = {}
    for attribute, anchors_by_choice in ANCHORS.items():
        phrases_of_others = list(_anchor_phrases_without(attribute))
        for choice, anchors in anchors_by_choice.items():
            # "여름 바다" names the sea, but also a summer that the scene may not have.
            title_phrases[attribute, choice] = [
                anchor for anchor in anchors if not _holds_any(anchor, phrases_of_others)
            ]
    return title_phrases


def _anchor_phrases_without(attribute: str) -> Iterator[str]:
    """The phrases of all attributes but one."""
    for other, words in ANCHORS.items():
        if other != attribute:
            for phrases in words.values():
                yield from phrases


def _holds_any(text: str, phrases: Iterable[str]) -> bool:
    return any(phrase in text for phrase in phrases)


TITLE_PHRASES = _title_phrases()
KOREAN = {choice: [text for text in phrases if not text.isascii()] for choice, phrases in TITLE_PHRASES.items()}
ENGLISH = {choice: [text for text in phrases if text.isascii()] for choice, phrases in TITLE_PHRASES.items()}
