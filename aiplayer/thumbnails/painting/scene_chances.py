"""What a prompt leaves open: how likely each choice is beside what is settled, and the draw itself."""

from collections.abc import Collection

import numpy as np

from aiplayer.errors import InvalidInput
from aiplayer.thumbnails.scene_words import ATTRIBUTES, HINTS

# Weights of the choices for an open attribute: the weather by season, the palette by hour, the hour by itself.
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
# The probability of each extra element that suits a place.
LIKELY_ELEMENTS = {
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
# The probability of the moon at night, and of stars in a clear one.
MOONRISE = {"clear": 0.75, "cloudy": 0.4}
STARS_IN_CLEAR_NIGHT = 0.75
BLOSSOMS_IN_SPRING = 0.6
LEAVES_IN_AUTUMN = 0.5


def draw_choice(
    attribute: str,
    settled: dict[str, str],
    elements: Collection[str],
    refused_choices: dict[str, list[str]],
    generator: np.random.Generator,
) -> str:
    """Draw a choice for an attribute that the prompt leaves open.

    Args:
        attribute: The open attribute.
        settled: The choice for each attribute that is settled by now; the season before the weather, the hour before
            the palette.
        elements: The elements that the prompt names.
        refused_choices: The choices of each attribute that may not be drawn.
        generator: It draws one number.

    Returns:
        The choice.

    Raises:
        InvalidInput: Every choice of the attribute is refused.
    """
    weights = _weights(attribute, settled, elements, refused_choices)
    probabilities = np.array(list(weights.values()), dtype=float)
    probabilities /= probabilities.sum()
    return str(generator.choice(list(weights), p=probabilities))


def _weights(
    attribute: str, settled: dict[str, str], elements: Collection[str], refused_choices: dict[str, list[str]]
) -> dict[str, float]:
    """Return the weight of each choice that may be drawn: of those hinted at, else of likely ones, else of all."""
    hinted = dict.fromkeys(_hinted_choices(attribute, settled, elements), 1)
    likely = _likely_choices(attribute, settled)
    if attribute == "season" and "snow" in refused_choices["weather"]:
        likely.pop("winter")
    every = dict.fromkeys(ATTRIBUTES[attribute], 1)

    for weights in (hinted, likely, every):
        allowed = {choice: weight for choice, weight in weights.items() if choice not in refused_choices[attribute]}
        if allowed:
            return allowed
    raise InvalidInput(
        f"The negative prompt forbids every {attribute}: {', '.join(ATTRIBUTES[attribute])}. "
        "Leave out at least one of these words.",
        code="nothing_left_to_paint",
        field="negative_prompt",
    )


def _hinted_choices(attribute: str, settled: dict[str, str], elements: Collection[str]) -> list[str]:
    """Return the choices for an attribute that the settled ones and the named elements suggest."""
    clues = list(settled.items())
    clues += [("elements", element) for element in sorted(elements)]

    choices: list[str] = []
    for clue in clues:
        choices += HINTS.get(clue, {}).get(attribute, ())
    return choices


def _likely_choices(attribute: str, settled: dict[str, str]) -> dict[str, float]:
    """Return the weights of the choices for an attribute, as far as the season or the hour makes some likelier."""
    if attribute == "weather":
        return dict(LIKELY_WEATHER[settled["season"]])
    if attribute == "palette":
        return dict(LIKELY_PALETTE[settled["hour"]])
    if attribute == "hour":
        return dict(LIKELY_HOUR)
    return dict.fromkeys(ATTRIBUTES[attribute], 1)


def draw_elements(settled: dict[str, str], generator: np.random.Generator) -> set[str]:
    """Draw elements that suit a scene.

    Args:
        settled: The choice for each of the five attributes.
        generator: It draws one number for each element that is possible.

    Returns:
        The elements; often none.
    """
    chances = dict(LIKELY_ELEMENTS[settled["place"]])
    weather = settled["weather"]

    if settled["hour"] == "night":
        chances["moon"] = MOONRISE.get(weather, 0.0)
        chances["stars"] = STARS_IN_CLEAR_NIGHT if weather == "clear" else 0.0
        chances["birds"] = 0.0
        chances["balloons"] = 0.0
    if weather in ("rain", "snow", "fog"):
        chances["birds"] = 0.0
        chances["balloons"] = 0.0
        chances["campfire"] = 0.0
    chances["blossoms"] = BLOSSOMS_IN_SPRING if settled["season"] == "spring" else 0.0
    chances["leaves"] = LEAVES_IN_AUTUMN if settled["season"] == "autumn" else 0.0

    elements = set()
    for element, chance in sorted(chances.items()):
        if generator.random() < chance:
            elements.add(element)
    return elements
