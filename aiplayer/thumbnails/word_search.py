"""Find the words of `scene_words` in a free English text, and take them out of it."""

import re
from collections.abc import Collection, Iterator

from aiplayer.thumbnails.scene_words import ATTRIBUTES, ELEMENTS, SYNONYMS


def find_choices(text: str) -> dict[str, list[str]]:
    """Find the choices that a text names, by their own names or by synonyms.

    Args:
        text: English; only whole words count, in either case.

    Returns:
        Each attribute, and "elements", with its choices in the order in which they stand in the text.
    """
    positions: dict[str, dict[str, int]] = {attribute: {} for attribute in (*ATTRIBUTES, "elements")}
    for attribute, choice, match in _matches(text):
        positions[attribute].setdefault(choice, match.start())

    return {attribute: sorted(places, key=places.__getitem__) for attribute, places in positions.items()}


def without_choices(text: str, kept: Collection[str]) -> str:
    """A text without the words that name choices, but for those that name the kept ones.

    Args:
        text: English, such as a translated title.
        kept: Choices and elements whose words stay, such as "rain" and "moon".
    """
    spans = [match.span() for _, choice, match in _matches(text) if choice not in kept]
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + text[end:]
    return " ".join(text.split())


def _matches(text: str) -> Iterator[tuple[str, str, re.Match[str]]]:
    """Each attribute and choice that a text names with the place of its word, those with the longest words first."""
    for attribute, choice, pattern in _PATTERNS:
        longer_than_a_word = False
        for match in pattern.finditer(text):
            longer_than_a_word |= " " in match.group()
            yield attribute, choice, match
        # A longer phrase keeps its words to itself: the tree of a christmas tree makes no forest.
        if longer_than_a_word:
            text = pattern.sub(lambda match: "#" * len(match.group()), text)


def _word_patterns() -> list[tuple[str, str, re.Pattern[str]]]:
    """Return (attribute, choice, pattern) for every word and synonym, the longest patterns first."""
    patterns = []
    for attribute, choices in {**ATTRIBUTES, "elements": ELEMENTS}.items():
        for choice in choices:
            synonyms = SYNONYMS[attribute].get(choice, "").split()
            for word in [choice, *synonyms]:
                patterns.append((attribute, choice, _whole_word(word)))
    return sorted(patterns, key=lambda entry: -len(entry[2].pattern))


def _whole_word(word: str) -> re.Pattern[str]:
    """Compile a pattern of one word or phrase, whose parts a space or a hyphen may join."""
    pattern = re.escape(word).replace(r"\-", r"[\s-]").replace(r"\ ", r"[\s-]+")
    return re.compile(rf"(?<![\w-]){pattern}(?![\w])", re.IGNORECASE)


_PATTERNS = _word_patterns()
