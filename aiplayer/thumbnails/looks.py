"""The looks of moods, genres, activities, occasions and decades, as `looks.toml` lists them.

A prompt says them as "nostalgic jazz mood of warm lamplight", which Stable Diffusion understands as it stands; the
scene painter reads the names before "mood" and draws what the prompt leaves open by their weights.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from aiplayer.errors import InvalidInput
from aiplayer.thumbnails.scene_words import ATTRIBUTES

FILE = Path(__file__).with_name("looks.toml")
# What one of several looks does not list is still possible where another lists it.
SELDOM = 0.02
# More looks than this say too much for one picture.
MOST_LOOKS = 3
PHRASE = re.compile(r"(?:^|,)([^,]*)\bmood\b([^,]*)", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class Look:
    """What suits a mood, a genre, an activity, an occasion or a decade.

    Attributes:
        name: What prompts call it.
        light: What an English prompt adds for it.
        weights: By attribute, the weights of the choices that suit it; attributes that it leaves open are not listed.
        things: How often each thing stands in the picture, 0 to 1.
    """

    name: str
    light: str
    weights: Mapping[str, Mapping[str, float]]
    things: Mapping[str, float]


@cache
def looks_by_name() -> dict[str, Look]:
    """Every look of `looks.toml`, under its own name and under its other names.

    Raises:
        InvalidInput: Two looks have one name.
    """
    looks = {}
    for name, entry in tomllib.loads(FILE.read_text(encoding="utf-8")).items():
        weights = {attribute: entry[attribute] for attribute in ATTRIBUTES if attribute in entry}
        look = Look(name, entry["light"], weights, entry.get("things", {}))
        for other_name in (name, *entry.get("also", ())):
            if other_name in looks:
                raise InvalidInput(f"Two looks of {FILE.name} are called {other_name!r}. Rename one of them.")
            looks[other_name] = look
    return looks


def look_phrase(names: Sequence[str]) -> str:
    """How a prompt says looks: "nostalgic jazz mood of faded film colors and warm lamplight"; "" without any.

    Args:
        names: Names of looks; what is no look is left out, and so is whatever comes after the first few.
    """
    known = looks_by_name()
    looks = list(dict.fromkeys(known[name] for name in names if name in known))[:MOST_LOOKS]
    if not looks:
        return ""
    return " ".join(look.name for look in looks) + " mood of " + " and ".join(look.light for look in looks)


def split_looks(prompt: str) -> tuple[str, list[Look]]:
    """Take the phrases of looks out of a prompt.

    Returns:
        The rest of the prompt, and the looks in the order in which they stand in it.
    """
    found: list[Look] = []
    for match in PHRASE.finditer(prompt):
        for name in _NAMES.findall(match.group(1).lower()):
            look = looks_by_name()[name]
            if look not in found:
                found.append(look)
    return PHRASE.sub("", prompt), found


def look_weight(looks: Iterable[Look], attribute: str, choice: str) -> float:
    """How well a choice suits looks: 1 where none of them minds, 0 where none of those that do lists it."""
    listed = [look.weights[attribute] for look in looks if attribute in look.weights]
    if not listed:
        return 1.0
    if not any(choice in weights for weights in listed):
        return 0.0

    product = 1.0
    for weights in listed:
        product *= weights.get(choice, SELDOM)
    return product


def _name_pattern() -> re.Pattern[str]:
    """One pattern of all names, the longest first."""
    names = sorted(looks_by_name(), key=len, reverse=True)
    return re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, names)) + r")(?![\w-])")


_NAMES = _name_pattern()
