"""What people would call a scene: prompts, titles in Korean and English, and single words.

A caption says some of a scene and leaves the rest open, as a title does; what it says is true of the scene.
"""

from collections.abc import Iterator, Mapping

import numpy as np

from aiplayer.settings import Settings
from aiplayer.thumbnails.painting import Scene, read_scene
from aiplayer.thumbnails.painting.scene_words import ATTRIBUTES, ELEMENTS, SYNONYMS
from aiplayer.thumbnails.prompts import ANCHORS, joined, scene_phrase
from training.diffusion.scenes import suiting

# How often a caption says each attribute, where there is a phrase for it.
SAID = {"place": 0.75, "hour": 0.6, "weather": 0.6, "season": 0.6, "palette": 0.3, "elements": 0.75}
PROMPTS, KOREAN_TITLES, ENGLISH_TITLES = 0.6, 0.15, 0.1
# How much likelier a single word names an element than any other choice.
OFTENER = 5
# How often an unwanted thing is an element, and then one that would suit the scene.
UNWANTED_ELEMENTS, FITTING = 0.7, 0.6
ART_FORM, DETAILS = (Settings.model_fields[name].default for name in ("thumbnail_art_form", "thumbnail_details"))


def caption(scene: Scene, random: np.random.Generator) -> str:
    """A prompt, a title or a word of the scene; a title is "" where it leaves everything open.

    Prompts are as `aiplayer.thumbnails.prompts` writes them, half of them with an English title. Single words are
    what people write into a negative prompt.
    """
    choices = _choices(scene, random)
    said = [choice for choice in choices if random.random() < SAID[choice[0]]]
    kind = random.random()
    if kind < PROMPTS:
        return prompt_of(dict(said), _title(said, ENGLISH, random) if random.random() < 0.5 else "")
    if kind < PROMPTS + KOREAN_TITLES + ENGLISH_TITLES:
        return _title(said, KOREAN if kind < PROMPTS + KOREAN_TITLES else ENGLISH, random)
    likely = np.array([OFTENER if attribute == "elements" else 1 for attribute, _ in choices])
    return _word(*choices[random.choice(len(choices), p=likely / likely.sum())], random)


def unwanted(scene: Scene, random: np.random.Generator) -> str:
    """A word for something that the scene does not show, though others like it may: what a negative prompt says."""
    if random.random() < UNWANTED_ELEMENTS:
        fitting = suiting(vars(scene)) if random.random() < FITTING else ELEMENTS
        absent = [element for element in fitting if element not in scene.elements and ("elements", element) in WORDS]
        if absent:
            return _word("elements", str(random.choice(absent)), random)
    attribute = str(random.choice(list(ATTRIBUTES)))
    others = [choice for choice in ATTRIBUTES[attribute] if choice != getattr(scene, attribute)]
    return _word(attribute, str(random.choice(others)), random)


def _word(attribute: str, choice: str, random: np.random.Generator) -> str:
    return str(random.choice([choice, *SYNONYMS[attribute].get(choice, "").split()]))


def prompt_of(choices: Mapping[str, str], title: str = "") -> str:
    """The prompt that names these choices, by attribute, and then a title in English."""
    subject = scene_phrase({attribute: WORDS[attribute, choice] for attribute, choice in choices.items()})
    return joined(ART_FORM, subject, title, DETAILS)


def _title(said: list[tuple[str, str]], language: dict, random: np.random.Generator) -> str:
    phrases = [random.choice(language[choice]) for choice in said if language[choice]]
    return " ".join(random.permutation(phrases))


def _choices(scene: Scene, random: np.random.Generator) -> list[tuple[str, str]]:
    """What there is to say of a scene, as (attribute, choice); one of its elements, where it has any with a name."""
    choices = [(attribute, getattr(scene, attribute)) for attribute in ATTRIBUTES]
    elements = [("elements", element) for element in sorted(scene.elements) if ("elements", element) in WORDS]
    return choices + ([elements[random.integers(len(elements))]] if elements else [])


def _named() -> Iterator[tuple[tuple[str, str], str, tuple[str, ...]]]:
    """Each choice that titles can name, with the word that prompts have for it and the phrases of titles."""
    for attribute, words in ANCHORS.items():
        for word, phrases in words.items():
            scene = read_scene(word)
            choice = word if attribute == "elements" else getattr(scene, attribute)
            others = [phrase for name, named in ANCHORS.items() if name != attribute for phrase in _phrases(named)]
            # "여름 바다" names the sea, and a summer that the scene may not have.
            yield (attribute, choice), word, tuple(p for p in phrases if not any(other in p for other in others))


def _phrases(words: dict[str, tuple[str, ...]]) -> list[str]:
    return [phrase for phrases in words.values() for phrase in phrases]


WORDS = {choice: word for choice, word, _ in _named()}
KOREAN = {choice: [phrase for phrase in phrases if not phrase.isascii()] for choice, _, phrases in _named()}
ENGLISH = {choice: [phrase for phrase in phrases if phrase.isascii()] for choice, _, phrases in _named()}
