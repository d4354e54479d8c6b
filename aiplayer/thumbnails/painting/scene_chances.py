"""What a prompt leaves open: how likely each choice is beside what is settled, and the draw itself."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from aiplayer.errors import InvalidInput
from aiplayer.thumbnails.looks import Look, look_weight
from aiplayer.thumbnails.scene_words import ATTRIBUTES, HINTS, go_together

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
# The share of drawn moons that are crescents.
CRESCENT_CHANCE = 0.35
BLOSSOMS_IN_SPRING = 0.6
LEAVES_IN_AUTUMN = 0.5


@dataclass(frozen=True)
class Wishes:
    """What a prompt says of a scene.

    Attributes:
        elements: The elements that it names.
        refused: The choices of each attribute, and the elements, that may not be drawn.
        looks: The looks that it names.
    """

    elements: Collection[str]
    refused: Mapping[str, Collection[str]]
    looks: Sequence[Look] = ()


def draw_choice(attribute: str, settled: Mapping[str, str], wishes: Wishes, generator: np.random.Generator) -> str:
    """Draw a choice for an attribute that the prompt leaves open.

    Args:
        attribute: The open attribute.
        settled: The choice for each attribute that is settled by now; the season before the weather, the hour before
            the palette.
        wishes: What the prompt says.
        generator: It draws one number.

    Returns:
        The choice.

    Raises:
        InvalidInput: Every choice of the attribute is refused.
    """
    weights = _weights(attribute, settled, wishes)
    probabilities = np.array(list(weights.values()), dtype=float)
    probabilities /= probabilities.sum()
    return str(generator.choice(list(weights), p=probabilities))


def _weights(attribute: str, settled: Mapping[str, str], wishes: Wishes) -> dict[str, float]:
    """Return the weight of each choice that may be drawn.

    A choice has to go with what is settled, to be hinted at by it, and to suit the looks; where no choice does all of
    that, the looks give way first.
    """
    likely = _likely_choices(attribute, settled)
    if attribute == "season" and "snow" in wishes.refused["weather"]:
        likely.pop("winter")

    suited = {choice: look_weight(wishes.looks, attribute, choice) for choice in ATTRIBUTES[attribute]}
    fitting = {choice: _fits(choice, settled, wishes.elements) for choice in ATTRIBUTES[attribute]}
    hinted = dict.fromkeys(ATTRIBUTES[attribute], 0.0) | dict.fromkeys(_hinted_choices(attribute, settled, wishes), 1.0)
    every = dict.fromkeys(ATTRIBUTES[attribute], 1.0)

    # A look says better how likely its choices are than the hour or the season does.
    chances = suited if set(suited.values()) != {1.0} else likely
    attempts = ((chances, hinted, fitting), (likely, hinted, fitting), (hinted,), (likely, fitting), (every,))
    for factors in attempts:
        allowed = {}
        for choice in ATTRIBUTES[attribute]:
            weight = float(np.prod([factor.get(choice, 0.0) for factor in factors]))
            if weight and choice not in wishes.refused[attribute]:
                allowed[choice] = weight
        if allowed:
            return allowed
    raise InvalidInput(
        f"The negative prompt forbids every {attribute}: {', '.join(ATTRIBUTES[attribute])}. "
        "Leave out at least one of these words.",
        code="nothing_left_to_paint",
        field="negative_prompt",
    )


def _fits(word: str, settled: Mapping[str, str], elements: Collection[str]) -> float:
    """Return 1 where a choice or an element goes together with all that is settled and named, else 0."""
    return float(all(go_together(word, other) for other in (*settled.values(), *elements)))


def _hinted_choices(attribute: str, settled: Mapping[str, str], wishes: Wishes) -> Collection[str]:
    """Return the choices for an attribute that all clues agree on: what is settled, and the named elements.

    Where they do not agree, every choice that one of them suggests counts; without clues, every choice there is.
    """
    clues = [*settled.items(), *(("elements", element) for element in sorted(wishes.elements))]
    suggestions = [HINTS[clue][attribute] for clue in clues if attribute in HINTS.get(clue, {})]
    if not suggestions:
        return ATTRIBUTES[attribute]

    common = set(suggestions[0]).intersection(*suggestions[1:])
    return common or set().union(*suggestions)


def _likely_choices(attribute: str, settled: Mapping[str, str]) -> dict[str, float]:
    """Return the weights of the choices for an attribute, as far as the season or the hour makes some likelier."""
    if attribute == "weather":
        return dict(LIKELY_WEATHER[settled["season"]])
    if attribute == "palette":
        return dict(LIKELY_PALETTE[settled["hour"]])
    if attribute == "hour":
        return dict(LIKELY_HOUR)
    return dict.fromkeys(ATTRIBUTES[attribute], 1)


def draw_elements(settled: Mapping[str, str], wishes: Wishes, generator: np.random.Generator) -> set[str]:
    """Draw elements that suit a scene.

    Args:
        settled: The choice for each of the five attributes.
        wishes: What the prompt says; its looks make some elements likelier.
        generator: It draws one number for each element that is possible.

    Returns:
        The elements; often none.
    """
    chances = _element_chances(settled)
    for look in wishes.looks:
        for element, chance in look.things.items():
            if element in chances or _belongs(element, settled["place"]):
                chances[element] = max(chance, chances.get(element, 0.0))

    # The likeliest come first; those that do not go with them are left out.
    elements: set[str] = set()
    for element, chance in sorted(chances.items(), key=lambda item: (-item[1], item[0])):
        is_drawn = generator.random() < chance
        fits = _fits(element, settled, {*wishes.elements, *elements})
        if is_drawn and fits and element not in wishes.refused["elements"]:
            elements.add(element)

    is_crescent = generator.random() < CRESCENT_CHANCE and "crescent" not in wishes.refused["elements"]
    if is_crescent and "moon" in elements - set(wishes.elements):
        elements.add("crescent")
    return elements


def _element_chances(settled: Mapping[str, str]) -> dict[str, float]:
    """Return the probability of each element beside the choices of a scene, whatever the looks."""
    chances = dict(LIKELY_ELEMENTS[settled["place"]])
    weather = settled["weather"]
    if settled["hour"] == "night":
        chances["moon"] = MOONRISE.get(weather, 0.0)
        chances["stars"] = STARS_IN_CLEAR_NIGHT if weather == "clear" else 0.0
    if settled["season"] == "spring":
        chances["blossoms"] = BLOSSOMS_IN_SPRING
    if settled["season"] == "autumn":
        chances["leaves"] = LEAVES_IN_AUTUMN
    return chances


def _belongs(element: str, place: str) -> bool:
    """Tell whether an element may be drawn at a place where it does not stand by itself."""
    places = HINTS.get(("elements", element), {}).get("place")
    return places is None or place in places
