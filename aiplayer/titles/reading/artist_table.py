"""The table of artists' names in both scripts, `artists.csv`, and the common words that some of the names are.

The table holds facts that we wrote ourselves, one artist a line, under four columns; `|` stands between several forms:

- `latin`: the usual forms in Latin letters, first the one that catalogues write;
- `hangul`: the usual forms in Hangul, first the one that Korean sites write;
- `also`: short forms, nicknames, former names, and names in other scripts;
- `words`: which of these forms mean something else as well ("Air", "비"), so that a title may hold them by chance.
"""

import csv
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path

from aiplayer.errors import InvalidInput
from aiplayer.text import name_key, name_words

ARTISTS = Path(__file__).with_name("artists.csv")
COMMON_WORDS = Path(__file__).with_name("common_words.txt")
COLUMNS = ["latin", "hangul", "also", "words"]


@dataclass(frozen=True, slots=True)
class ArtistRow:
    """An artist of the table.

    Args:
        latin: Forms in Latin letters; the first one names the artist.
        hangul: Forms in Hangul.
        also: Other forms, in any script.
        words: Those of the forms that are words as well.
    """

    latin: tuple[str, ...]
    hangul: tuple[str, ...]
    also: tuple[str, ...]
    words: tuple[str, ...]

    @property
    def name(self) -> str:
        """The artist's name as catalogues usually write it."""
        return self.latin[0]

    @property
    def forms(self) -> tuple[str, ...]:
        """All forms, the usual ones first."""
        return self.latin + self.hangul + self.also


@cache
def known_artists() -> tuple[ArtistRow, ...]:
    """The artists of the table that comes with the product; it is read once a process."""
    return tuple(read_artists(ARTISTS))


def read_artists(path: Path) -> list[ArtistRow]:
    """Read a table of artists.

    Args:
        path: A CSV file in UTF-8 with the columns of `artists.csv`.

    Returns:
        Its artists, in the order of the file.

    Raises:
        InvalidInput: The file is no such table; the message names the line and what to write there.
    """
    lines = csv.reader(path.read_text(encoding="utf-8").splitlines())
    header = next(lines, [])
    if header != COLUMNS:
        raise InvalidInput(f"{path.name}, line 1: the columns are {header}; write {','.join(COLUMNS)}.")

    return [_artist_row(cells, f"{path.name}, line {lines.line_num}") for cells in lines]


def _artist_row(cells: list[str], place: str) -> ArtistRow:
    """One line of the table, checked; `place` names it in errors."""
    if len(cells) != len(COLUMNS):
        raise InvalidInput(f"{place}: {len(cells)} columns, not {len(COLUMNS)}; quote a name that holds a comma.")

    row = ArtistRow(*(tuple(cell.split("|")) if cell else () for cell in cells))
    if not row.latin:
        raise InvalidInput(f"{place}: no name in the column latin; write how catalogues write the artist.")

    keys: set[str] = set()
    for form in row.forms:
        key = name_key(form)
        if not key or key in keys:
            raise InvalidInput(f"{place}: {form!r} is empty, or the same name as another of the line; remove it.")
        keys.add(key)

    for word in row.words:
        if word not in row.forms:
            raise InvalidInput(f"{place}: {word!r} is among the words, but no form; write it as one of the forms.")
    return row


@cache
def common_words() -> frozenset[str]:
    """Words that say nothing by themselves about an artist: those of `common_words.txt`, as `name_words` reads them."""
    lines = COMMON_WORDS.read_text(encoding="utf-8").splitlines()
    return frozenset(chain.from_iterable(name_words(line) for line in lines if not line.startswith("#")))


@cache
def word_keys() -> frozenset[str]:
    """The keys of the forms of known artists that are words as well."""
    return frozenset(name_key(word) for row in known_artists() for word in row.words)


def is_common(name: str) -> bool:
    """Whether a name that no table has could stand in a title by chance.

    It could where each of its words is a common one ("Morning Coffee"), where a known artist's name of that spelling is
    a word, and where it is as short as one syllable or two letters, or nothing but digits ("1975").
    """
    key = name_key(name)
    shortest = 3 if key.isascii() else 2
    if len(key) < shortest or key.isdigit() or key in word_keys() or key in common_words():
        return True
    return all(word in common_words() or word.isdigit() for word in name_words(name))
