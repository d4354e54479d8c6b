"""The bounds of texts as /docs.json declares them: regular expressions that all programs read alike.

They name every character, for the classes of Unicode that `aiplayer.text` uses have no name in many programs.
"""

import sys
from functools import lru_cache
from typing import Any

import regex

from aiplayer.text import AROUND_CHARACTER, UNSEEN_CHARACTER

CONTROL = r"\u0000-\u001f\u007f-\u009f"


def declare_text(schema: dict[str, Any]) -> None:
    """Say in the schema of a text that it shows something, and holds no control characters."""
    schema |= {"pattern": text_pattern(), "minLength": 1}


def declare_empty_or_text(schema: dict[str, Any]) -> None:
    """The same for a text that may as well show nothing."""
    schema["pattern"] = empty_or_text_pattern()


@lru_cache(maxsize=1)
def text_pattern() -> str:
    """A text that shows something; control characters may stand where they are trimmed off."""
    return f"^{_text()}$"


@lru_cache(maxsize=1)
def empty_or_text_pattern() -> str:
    """A text, or what shows nothing."""
    return f"^([{_characters(UNSEEN_CHARACTER)}]*|{_text()})$"


def _text() -> str:
    around, unseen = _characters(AROUND_CHARACTER), _characters(UNSEEN_CHARACTER)
    edge = f"[^{around}{CONTROL}]"
    inner = f"[^{CONTROL}]*"
    visible = f"[^{unseen}{CONTROL}]"
    return f"[{around}]*({edge}{inner})?{visible}({inner}{edge})?[{around}]*"


@lru_cache(maxsize=2)
def _characters(character_class: str) -> str:
    """The characters of a class as ranges; halves of surrogate pairs are none."""
    surrogates = range(0xD800, 0xE000)
    everything = "".join(chr(code) for code in range(sys.maxunicode + 1) if code not in surrogates)
    ranges = []
    for run in regex.finditer(f"(?V1){character_class}+", everything):
        first, last = run.group()[0], run.group()[-1]
        ranges.append(f"{_spelled(first)}-{_spelled(last)}" if first != last else _spelled(first))
    return "".join(ranges)


def _spelled(character: str) -> str:
    """A character as it stands in a range: those of few bytes as their numbers, all others as they are."""
    return rf"\u{ord(character):04x}" if ord(character) < 0x10000 else character
