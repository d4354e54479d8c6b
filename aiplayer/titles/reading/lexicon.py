"""The lexicon: which words of a title name what, in both languages.

Every word stands as its key (`aiplayer.text.name_key`), so case, accents, spaces and hyphens do not matter; emoji are
compared as they are.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from aiplayer.titles.reading.lexicon_file import FILLERS, Entry, read_entries
from aiplayer.titles.reading.mentions import Kind, Meaning

FILE = Path(__file__).with_name("lexicon.toml")


@dataclass(frozen=True)
class Refusals:
    """Words that refuse what stands after them ("no ballads") or before them ("발라드 말고")."""

    before_ko: frozenset[str]
    after_ko: frozenset[str]
    before_en: frozenset[str]
    after_en: frozenset[str]


@dataclass(frozen=True)
class Lexicon:
    """The words that name something, and those that do not.

    Attributes:
        words: What each word names: first what its entry stands for, then what that implies.
        doubtful: Words, also of `own` and `like`, that often mean something else.
        fillers: Words that name nothing in a title, or only seem to.
        own: Words that ask for an artist's own songs.
        like: Words that ask for songs like an artist's.
        refusals: Words that refuse what stands beside them.
        words_by_meaning: The words of each value.
    """

    words: dict[str, tuple[Meaning, ...]]
    doubtful: frozenset[str]
    fillers: frozenset[str]
    own: frozenset[str]
    like: frozenset[str]
    refusals: Refusals
    words_by_meaning: dict[Meaning, tuple[str, ...]]

    @cached_property
    def keys(self) -> frozenset[str]:
        """Every word that is known."""
        sides = vars(self.refusals).values()
        return frozenset(self.words).union(self.fillers, self.own, self.like, *sides)

    def synonyms(self, kind: Kind, value: str) -> tuple[str, ...]:
        """All words for a value, in the order of the file; none for a value that has no entry."""
        return self.words_by_meaning.get(Meaning(kind, value), ())


@lru_cache(maxsize=2)
def load_lexicon(path: Path = FILE) -> Lexicon:
    """Read the lexicon.

    Raises:
        InvalidInput: the file has a mistake; the message names the entry and says what to do.
    """
    entries = read_entries(path)
    words = _words(entries)
    by_place = {entry.place: frozenset(entry.keys) for entry in entries}

    def keys(place: str) -> frozenset[str]:
        return by_place.get(place, frozenset())

    return Lexicon(
        words=words,
        doubtful=frozenset(key for entry in entries for key in entry.doubtful),
        fillers=frozenset().union(*(keys(section) for section in FILLERS)),
        own=keys("intent.own"),
        like=keys("intent.like"),
        refusals=Refusals(
            before_ko=keys("refusal.before_ko"),
            after_ko=keys("refusal.after_ko"),
            before_en=keys("refusal.before_en"),
            after_en=keys("refusal.after_en"),
        ),
        words_by_meaning={entry.meaning: entry.keys for entry in entries if entry.meaning},
    )


def _words(entries: list[Entry]) -> dict[str, tuple[Meaning, ...]]:
    implied = {entry.meaning: entry.others for entry in entries if entry.meaning}
    words = {}
    for entry in entries:
        meanings = _with_implied(entry, implied)
        if meanings:
            words.update(dict.fromkeys(entry.keys, meanings))
    return words


def _with_implied(entry: Entry, implied: dict[Meaning, tuple[Meaning, ...]]) -> tuple[Meaning, ...]:
    """What an entry stands for, then what that implies, then what this implies in turn."""
    meanings = [entry.meaning] if entry.meaning else []
    waiting = list(entry.others)
    while waiting:
        meaning = waiting.pop(0)
        if meaning not in meanings:
            meanings.append(meaning)
            waiting.extend(implied.get(meaning, ()))
    return tuple(meanings)
