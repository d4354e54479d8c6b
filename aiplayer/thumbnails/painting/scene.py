"""A scene: what a thumbnail shows, in a handful of words; how to say it in English and how to read it back."""

import re
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from aiplayer.errors import InvalidInput
from aiplayer.thumbnails.looks import split_looks
from aiplayer.thumbnails.painting.scene_chances import Wishes, draw_choice, draw_elements
from aiplayer.thumbnails.scene_words import ATTRIBUTES, ELEMENTS, INDOOR_PLACES, PLACES, phrase_of
from aiplayer.thumbnails.word_search import find_choices

# An open attribute is drawn after those that make some of its choices likelier.
DRAWING_ORDER = ("place", "season", "hour", "weather", "palette")
OUTDOOR_PLACES = tuple(place for place in PLACES if place not in INDOOR_PLACES)
REFUSAL = re.compile(r"\b(?:no|without|not)\s+((?:a|any|the)\s+)?([\w-]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Scene:
    """What a picture shows: one choice for each attribute, and any number of extra elements.

    Attributes:
        place: One of `scene_words.PLACES`.
        hour: One of `scene_words.HOURS`.
        weather: One of `scene_words.WEATHERS`.
        season: One of `scene_words.SEASONS`.
        palette: One of `scene_words.PALETTES`.
        elements: Any of `scene_words.ELEMENTS`.
        view: What an indoor place has before its window, an outdoor one of `PLACES`; None leaves it to the seed.

    Raises:
        InvalidInput: A word is not in the vocabulary of its attribute.
    """

    place: str
    hour: str
    weather: str
    season: str
    palette: str
    elements: frozenset[str] = frozenset()
    view: str | None = None

    def __post_init__(self) -> None:
        for attribute, choices in ATTRIBUTES.items():
            _require_word(getattr(self, attribute), choices, noun=attribute, field=attribute)
        for element in self.elements:
            _require_word(element, ELEMENTS, noun="element", field="elements")
        if self.view is not None:
            _require_word(self.view, OUTDOOR_PLACES, noun="view", field="view")


def _require_word(word: str, choices: Collection[str], noun: str, field: str) -> None:
    if word not in choices:
        raise InvalidInput(
            f"The {noun} {word!r} is not in the scene's vocabulary. Use one of {', '.join(choices)}.",
            code="unknown_scene_word",
            field=field,
        )


def describe(scene: Scene) -> str:
    """Return the English prompt of a scene; `read_scene` turns it back into the same scene."""
    place = phrase_of("place", scene.place)
    hour = phrase_of("hour", scene.hour)
    weather = phrase_of("weather", scene.weather)
    prompt = f"{place} {hour} {weather}, {scene.season}, {scene.palette} palette"

    if scene.view is not None:
        prompt += f", view of {phrase_of('place', scene.view)}"
    if scene.elements:
        prompt += ", with " + " and ".join(sorted(scene.elements))
    return prompt


def read_scene(prompt: str, negative_prompt: str = "", seed: int = 0) -> Scene:
    """Read a scene out of a free English prompt.

    Only whole words count. What the prompt leaves open is drawn, from choices that go together; the same prompts and
    seed always give the same scene. A prompt that names all five attributes gets no element that it does not name.

    Args:
        prompt: What the picture shows. A word after "no", "not" or "without" is refused as if it stood in the negative
            prompt, as long as that leaves something to paint.
        negative_prompt: What the picture must not show.
        seed: Any integer; together with the prompt it seeds the generator of what is drawn.

    Returns:
        The scene: first what the prompt names, else what is drawn, and nothing that is refused.

    Raises:
        InvalidInput: The negative prompt refuses every choice of an attribute.
    """
    # What is refused, in either prompt, counts as not named.
    rest, looks = split_looks(prompt)
    wanted, unwanted = _split_refusals(rest)
    refused = _refused_choices(negative_prompt, unwanted)
    named = _without(find_choices(wanted), refused)
    wishes = Wishes(_with_moon(named["elements"], refused), refused, looks)

    # Of several choices that the prompt names for one attribute, the first in the text counts.
    settled = {attribute: named[attribute][0] for attribute in ATTRIBUTES if named[attribute]}
    is_complete = len(settled) == len(ATTRIBUTES)

    generator = np.random.default_rng([zlib.crc32(prompt.lower().encode()), seed % 2**32])
    for attribute in DRAWING_ORDER:
        if attribute not in settled:
            settled[attribute] = draw_choice(attribute, settled, wishes, generator)
    if "snow" in refused["weather"]:
        settled["weather"] = _weather_without_snow(settled, refused)

    elements = set(wishes.elements)
    if not is_complete:
        elements |= draw_elements(settled, wishes, generator)
    view = _view(settled["place"], named["place"])
    return Scene(**settled, elements=frozenset(elements), view=view)


def _with_moon(elements: Collection[str], refused: Mapping[str, Collection[str]]) -> frozenset[str]:
    """Return named elements; a crescent is a moon too, so without a moon there is none."""
    if "crescent" not in elements:
        return frozenset(elements)
    if "moon" in refused["elements"]:
        return frozenset(elements) - {"crescent"}
    return frozenset(elements) | {"moon"}


def _view(place: str, named_places: Collection[str]) -> str | None:
    """Return what lies before the window of an indoor place: the first outdoor place that the prompt names too."""
    if place not in INDOOR_PLACES:
        return None
    return next((name for name in named_places if name in OUTDOOR_PLACES), None)


def _split_refusals(prompt: str) -> tuple[str, str]:
    """Split a prompt into the text of its wishes and the words that stand after "no", "not" and "without"."""
    refused_words = [match.group(2) for match in REFUSAL.finditer(prompt)]
    wishes = REFUSAL.sub(" ", prompt)
    return wishes, " . ".join(refused_words)


def _refused_choices(negative_prompt: str, refusals: str) -> dict[str, list[str]]:
    """Find what may not be painted: what the negative prompt names, and the words that the prompt itself refuses.

    Where these leave no choice of an attribute, the prompt's own refusals of that attribute do not count.
    """
    unwanted = find_choices(negative_prompt)
    refused = find_choices(f"{negative_prompt} . {refusals}")
    for attribute, choices in ATTRIBUTES.items():
        if set(choices) <= set(refused[attribute]):
            refused[attribute] = unwanted[attribute]
    return refused


def _without(choices: dict[str, list[str]], others: dict[str, list[str]]) -> dict[str, list[str]]:
    """Take the choices of each attribute that others hold out of a dictionary, keeping the order of the rest."""
    kept = {}
    for attribute, names in choices.items():
        kept[attribute] = [name for name in names if name not in others[attribute]]
    return kept


def _weather_without_snow(settled: dict[str, str], refused_choices: dict[str, list[str]]) -> str:
    """Return weather in which no snow lies: on a dry winter day the ground is painted white, in fog and rain not."""
    if settled["season"] != "winter" or settled["weather"] not in ("clear", "cloudy"):
        return settled["weather"]
    return "rain" if "fog" in refused_choices["weather"] else "fog"
