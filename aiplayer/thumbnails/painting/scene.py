"""A scene: what a thumbnail shows, in a handful of words; how to say it in English and how to read it back."""

import itertools
import re
import zlib
from dataclasses import dataclass

import numpy as np

from aiplayer.errors import InvalidInput
from aiplayer.thumbnails.painting.scene_words import ATTRIBUTES, ELEMENTS, HINTS, PHRASES, SYNONYMS

# How likely an attribute the prompt leaves open is, given what is already settled.
LIKELY_WEATHER = {
    "spring": {"clear": 5, "cloudy": 3, "rain": 2, "fog": 1},
    "summer": {"clear": 6, "cloudy": 3, "rain": 2},
    "autumn": {"clear": 4, "cloudy": 3, "rain": 2, "fog": 2},
    "winter": {"clear": 3, "cloudy": 2, "snow": 5, "fog": 1},
}
LIKELY_PALETTE = {
    "dawn": {"warm": 3, "pastel": 4, "cool": 2, "vivid": 2, "vintage": 1},
    "morning": {"warm": 2, "pastel": 3, "cool": 2, "vivid": 2, "vintage": 1},
    "day": {"vivid": 3, "warm": 2, "cool": 2, "pastel": 2, "vintage": 1},
    "sunset": {"warm": 4, "vivid": 2, "pastel": 2, "neon": 2, "vintage": 1, "cool": 1},
    "night": {"cool": 4, "neon": 3, "warm": 2, "vivid": 2, "pastel": 1},
}
LIKELY_HOUR = {"dawn": 2, "morning": 2, "day": 3, "sunset": 4, "night": 5}
EXTRAS = {
    "sea": {"boat": 0.4, "birds": 0.3, "lighthouse": 0.25},
    "lake": {"boat": 0.35, "birds": 0.2, "tent": 0.15},
    "city": {"birds": 0.15, "ferris wheel": 0.15},
    "street": {"lanterns": 0.4, "cat": 0.25},
    "cafe": {"steam cup": 0.85, "lanterns": 0.35, "cat": 0.15},
    "room": {"vinyl": 0.6, "cat": 0.35, "steam cup": 0.4},
    "road": {"car": 0.7},
    "fields": {"birds": 0.3, "balloons": 0.15, "train": 0.1},
    "mountain": {"birds": 0.3, "tent": 0.15},
    "forest": {"campfire": 0.1},
}


@dataclass(frozen=True)
class Scene:
    """What a picture shows: one choice of each vocabulary, and any number of extra elements.

    Raises InvalidInput for a word outside `aiplayer.thumbnails.painting.scene_words`.
    """

    place: str
    hour: str
    weather: str
    season: str
    palette: str
    elements: frozenset[str] = frozenset()

    def __post_init__(self):
        for attribute, allowed in ATTRIBUTES.items():
            _require(getattr(self, attribute), allowed, attribute)
        for element in self.elements:
            _require(element, ELEMENTS, "elements")


def _require(word: str, allowed: tuple[str, ...], field: str) -> None:
    if word not in allowed:
        raise InvalidInput(
            code="unknown_scene_word", message=f"{field} {word!r} is not one of {', '.join(allowed)}", field=field
        )


def describe(scene: Scene) -> str:
    """Return the English prompt of a scene; `read_scene` turns it back into the same scene."""
    place, hour, weather = (PHRASES[name][getattr(scene, name)] for name in ("place", "hour", "weather"))
    phrase = f"{place} {hour} {weather}, {scene.season}, {scene.palette} palette"
    if scene.elements:
        phrase += ", with " + " and ".join(sorted(scene.elements))
    return phrase


def read_scene(prompt: str, negative_prompt: str = "", seed: int = 0) -> Scene:
    """Read a scene out of a free English prompt.

    Whole words count, and "no ..." or "without ..." move a word to the negative prompt. What the prompt leaves open is
    drawn from a generator seeded with (prompt, seed), among choices that go together; a prompt that names all five
    attributes gets no element it does not name. Raises InvalidInput when the negative prompt forbids every choice.
    """
    prompt, refused = _split_refusals(prompt)
    banned = _find_words(f"{negative_prompt} . {refused}")
    named = {attribute: words - banned[attribute] for attribute, words in _find_words(prompt).items()}
    generator = np.random.default_rng([zlib.crc32(prompt.lower().encode()), seed % 2**32])
    chosen = {name: _first(words) for name, words in named.items() if name != "elements" and words}
    complete = len(chosen) == len(ATTRIBUTES)
    for attribute in ("place", "season", "hour", "weather", "palette"):
        if attribute not in chosen:
            weights = _weights(attribute, chosen, named, banned)
            chosen[attribute] = str(generator.choice(list(weights), p=_shares(weights)))
    if "snow" in banned["weather"] and chosen["season"] == "winter" and chosen["weather"] in ("clear", "cloudy"):
        chosen["weather"] = "fog" if "fog" not in banned["weather"] else "rain"
    extras = set() if complete else _extras(chosen, generator)
    return Scene(**chosen, elements=frozenset(set(named["elements"]) | extras - banned["elements"].keys()))


def _split_refusals(prompt: str) -> tuple[str, str]:
    pattern = re.compile(r"\b(?:no|without|not)\s+((?:a|any|the)\s+)?([\w-]+)", re.IGNORECASE)
    return pattern.sub(" ", prompt), " . ".join(match.group(2) for match in pattern.finditer(prompt))


def _find_words(text: str) -> dict[str, "_Found"]:
    """Map each attribute to the choices whose words stand in the text, in the order they stand there."""
    text = text.lower().replace("lo-fi", " ")
    found = {attribute: _Found() for attribute in (*ATTRIBUTES, "elements")}
    for attribute, choice, pattern in _PATTERNS:
        match = pattern.search(text)
        if match:
            found[attribute][choice] = match.start()
            # A longer phrase keeps its words to itself: the tree of a christmas tree makes no forest.
            if " " in match.group():
                text = text[: match.start()] + "#" * len(match.group()) + text[match.end() :]
    return found


class _Found(dict):
    """Choice -> position in the text; `-` takes out the choices of another."""

    def __sub__(self, other: dict) -> "_Found":
        return _Found({choice: place for choice, place in self.items() if choice not in other})


def _first(words: dict[str, int]) -> str:
    return min(words, key=words.get)


def _patterns() -> list[tuple[str, str, re.Pattern]]:
    patterns = []
    for attribute, choices in {**ATTRIBUTES, "elements": ELEMENTS}.items():
        for choice in choices:
            for word in [choice, *SYNONYMS[attribute].get(choice, "").split()]:
                pattern = re.escape(word).replace(r"\-", r"[\s-]").replace(r"\ ", r"[\s-]+")
                patterns.append((attribute, choice, re.compile(rf"(?<![\w-]){pattern}(?![\w])")))
    return sorted(patterns, key=lambda entry: -len(entry[2].pattern))


_PATTERNS = _patterns()


def _weights(attribute: str, chosen: dict[str, str], named: dict, banned: dict) -> dict[str, float]:
    """Return how likely each allowed choice of an open attribute is, given what is settled."""
    base = {
        "weather": LIKELY_WEATHER.get(chosen.get("season"), {}),
        "palette": LIKELY_PALETTE.get(chosen.get("hour"), {}),
        "hour": LIKELY_HOUR,
    }.get(attribute) or dict.fromkeys(ATTRIBUTES[attribute], 1)
    settled = itertools.chain(chosen.items(), (("elements", element) for element in sorted(named["elements"])))
    hinted = [choice for key in settled for choice in HINTS.get(key, {}).get(attribute, ())]
    if attribute == "season" and "snow" in banned["weather"]:
        base = {season: weight for season, weight in base.items() if season != "winter"}
    for options in (dict.fromkeys(hinted, 1), base, dict.fromkeys(ATTRIBUTES[attribute], 1)):
        allowed = {choice: weight for choice, weight in options.items() if choice not in banned[attribute]}
        if allowed:
            return allowed
    raise InvalidInput(
        code="nothing_left_to_paint",
        field="negative_prompt",
        message=f"the negative prompt forbids every {attribute}; leave out at least one of its words",
    )


def _shares(weights: dict[str, float]) -> np.ndarray:
    values = np.array(list(weights.values()), dtype=float)
    return values / values.sum()


def _extras(chosen: dict[str, str], generator: np.random.Generator) -> set[str]:
    """Draw elements that suit the settled attributes."""
    chances = dict(EXTRAS[chosen["place"]])
    if chosen["hour"] == "night":
        open_sky = {"clear": 0.75, "cloudy": 0.4}.get(chosen["weather"], 0.0)
        chances |= {"moon": open_sky, "stars": open_sky if chosen["weather"] == "clear" else 0.0, "birds": 0.0}
        chances["balloons"] = 0.0
    if chosen["weather"] in ("rain", "snow", "fog"):
        chances |= {"birds": 0.0, "balloons": 0.0, "campfire": 0.0}
    chances["blossoms"] = 0.6 if chosen["season"] == "spring" else 0.0
    chances["leaves"] = 0.5 if chosen["season"] == "autumn" else 0.0
    return {name for name, chance in sorted(chances.items()) if generator.random() < chance}
