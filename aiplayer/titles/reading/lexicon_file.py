"""How `lexicon.toml` is read: its entries and lists of words, with an error for each mistake that it could hold.

The head of the file describes its format.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiplayer.errors import InvalidInput
from aiplayer.text import name_key
from aiplayer.titles.reading.mentions import Kind, Meaning

KINDS = tuple(kind.value for kind in Kind if kind is not Kind.ARTIST)
PHRASES, INTENTS, REFUSALS = "phrase", "intent", "refusal"
INTENT_NAMES = ("own", "like")
# Sections that are one list of words.
FILLERS = ("filler", "misleading")
SECTIONS = (*KINDS, PHRASES, *FILLERS, INTENTS, REFUSALS)

WORD_FIELDS = ("ko", "en", "emoji")
REFUSAL_FIELDS = ("before_ko", "after_ko", "before_en", "after_en")
# The values of these kinds have a form; those of every other kind are the entries of the file.
FORMS = {Kind.ERA: re.compile(r"\d{4}-\d{4}"), Kind.COUNTRY: re.compile("[A-Z]{2}")}


@dataclass(frozen=True)
class Entry:
    """A value of a kind, a phrase, or a list of words that name nothing.

    Attributes:
        place: Section and name: "genre.britpop".
        keys: The keys of its words (`aiplayer.text.name_key`), in the order of the file.
        doubtful: Those of them that often mean something else.
        meaning: What it stands for; None for a phrase and for words that name nothing.
        others: What it implies, or what a phrase means.
    """

    place: str
    keys: tuple[str, ...]
    doubtful: tuple[str, ...] = ()
    meaning: Meaning | None = None
    others: tuple[Meaning, ...] = ()


def read_entries(path: Path) -> list[Entry]:
    """Read all entries of a lexicon.

    Raises:
        InvalidInput: the file is no TOML, a word stands in it twice, or an entry names a kind or a value that does not
            exist; the message names the entry.
    """
    sections = _sections(path)
    entries = [*_meaningful(sections), *_meaningless(sections)]
    _refuse_repeated_words(entries)
    _refuse_unknown_values(entries)
    return entries


def _sections(path: Path) -> dict[str, Any]:
    try:
        sections = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeError) as error:
        raise _bad(path.name, f"cannot be read: {error}. Correct the file.") from error

    for section in sections:
        if section not in SECTIONS:
            raise _bad(section, f"is no section. Use one of: {', '.join(SECTIONS)}.")
    return sections


def _meaningful(sections: dict[str, Any]) -> Iterator[Entry]:
    """The entries of the kinds and the phrases."""
    for section, fields_by_name in sections.items():
        for name, fields in fields_by_name.items():
            place = f"{section}.{name}"
            if section in KINDS:
                _refuse_other_fields(place, fields, (*WORD_FIELDS, "doubtful", "implies"))
                yield _entry(place, fields, _meaning(place, f"{section}:{name}"), fields.get("implies", []))
            elif section == PHRASES:
                _refuse_other_fields(place, fields, (*WORD_FIELDS, "doubtful", "means"))
                if not fields.get("means"):
                    raise _bad(place, 'means nothing. Add what it names, as in means = ["genre:rock", "country:KR"].')
                yield _entry(place, fields, None, fields["means"])


def _meaningless(sections: dict[str, Any]) -> Iterator[Entry]:
    """The words that name nothing by themselves: fillers, intents and refusals."""
    for section in FILLERS:
        fields = sections.get(section, {})
        _refuse_other_fields(section, fields, WORD_FIELDS)
        yield _entry(section, fields)

    intents = sections.get(INTENTS, {})
    _refuse_other_fields(INTENTS, intents, INTENT_NAMES)
    for intent, fields in intents.items():
        place = f"{INTENTS}.{intent}"
        _refuse_other_fields(place, fields, (*WORD_FIELDS, "doubtful"))
        yield _entry(place, fields)

    refusals = sections.get(REFUSALS, {})
    _refuse_other_fields(REFUSALS, refusals, REFUSAL_FIELDS)
    for field, words in refusals.items():
        place = f"{REFUSALS}.{field}"
        yield Entry(place, _keys(place, words))


def _entry(
    place: str, fields: dict[str, Any], meaning: Meaning | None = None, others: list[str] | None = None
) -> Entry:
    keys = tuple(key for field in WORD_FIELDS for key in _keys(place, fields.get(field, [])))
    doubtful = _keys(place, fields.get("doubtful", []))
    for key in doubtful:
        if key not in keys:
            raise _bad(place, f"doubts '{key}', which is none of its words. Add it to ko, en or emoji.")
    return Entry(place, keys, doubtful, meaning, tuple(_meaning(place, text) for text in others or ()))


def _keys(place: str, words: list[str]) -> tuple[str, ...]:
    keys = tuple(name_key(word) for word in words)
    if "" in keys:
        raise _bad(place, "has a word that shows nothing. Remove it.")
    return keys


def _meaning(place: str, text: str) -> Meaning:
    """Read "genre:hip hop", or "country:!KR" for what is not wanted."""
    kind, _, value = text.partition(":")
    if kind not in KINDS:
        raise _bad(place, f"names '{text}', whose kind does not exist. Use one of: {', '.join(KINDS)}.")

    wanted = not value.startswith("!")
    value = value.removeprefix("!")
    form = FORMS.get(Kind(kind))
    if form and not form.fullmatch(value):
        raise _bad(place, f"names '{text}'. Write an era as era:1990-1999 and a country as country:KR.")
    return Meaning(Kind(kind), value, wanted)


def _refuse_other_fields(place: str, fields: dict[str, Any], allowed: tuple[str, ...]) -> None:
    for field in fields:
        if field not in allowed:
            raise _bad(place, f"has a field '{field}'. Use one of: {', '.join(allowed)}.")


def _refuse_repeated_words(entries: list[Entry]) -> None:
    places: dict[str, str] = {}
    for entry in entries:
        for key in entry.keys:
            if key in places:
                raise _bad(entry.place, f"has the word '{key}', which {places[key]} has already. Remove one of them.")
            places[key] = entry.place


def _refuse_unknown_values(entries: list[Entry]) -> None:
    """Refuse a meaning that no entry stands for, but of the kinds whose values have a form."""
    known = {entry.meaning for entry in entries}
    for entry in entries:
        for other in entry.others:
            if other.kind not in FORMS and Meaning(other.kind, other.value) not in known:
                raise _bad(entry.place, f"names '{other.kind}:{other.value}', which has no entry. Add that entry.")


def _bad(place: str, problem: str) -> InvalidInput:
    return InvalidInput(f"lexicon.toml, {place}: {problem}", code="bad_lexicon")
