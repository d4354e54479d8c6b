"""A title as it is compared: letters and digits alone, each of which knows where in the title it stands."""

import re
import unicodedata
from dataclasses import dataclass

from aiplayer.text import name_words

# "punk's not dead": what owns is a word by itself.
POSSESSIVE = re.compile(r"['’]s(?!\w)", re.IGNORECASE)


@dataclass(frozen=True)
class Spelling:
    """The key of a title (`aiplayer.text.name_key`), character by character.

    Attributes:
        key: Letters and digits, normalised.
        places: For each character of the key its place in the title.
        starts: Where the words of the title begin in the key, and where the last one ends.
    """

    key: str
    places: tuple[int, ...]
    starts: frozenset[int]

    def span(self, start: int, stop: int) -> tuple[int, int]:
        """The characters of the title that a stretch of the key stands for, from and to."""
        return self.places[start], self.places[stop - 1] + 1

    def place_of(self, position: int) -> int:
        """Where a place of the title stands in the key: how many characters of the key stand before it."""
        return sum(place < position for place in self.places)


def spell(title: str) -> Spelling:
    """Read a title character by character.

    Args:
        title: A title in composed form.
    """
    key: list[str] = []
    places: list[int] = []
    starts = {0}
    is_in_word = False
    for place, character in enumerate(title):
        letters = "".join(name_words(character))
        if not letters and (not _is_part_of_word(character) or POSSESSIVE.match(title, place)):
            is_in_word = False
            continue

        if not is_in_word:
            starts.add(len(key))
        is_in_word = character != "&"
        key += letters
        places += [place] * len(letters)

    starts.add(len(key))
    return Spelling("".join(key), tuple(places), frozenset(starts))


def _is_part_of_word(character: str) -> bool:
    """Whether a character without a letter parts no word: an apostrophe, a mark, or one that shows nothing."""
    return character in "'’`" or unicodedata.category(character) in ("Mn", "Me", "Mc", "Cf")
