"""Lists of names within one value of a table: what separates them is a property of the whole column.

Where any value of a column has a semicolon, its commas belong to names ("Tyler, The Creator;Kali Uchis"); so with "|".
Else a comma without a blank separates, where the column has one ("Tyler, The Creator,Kali Uchis"), and a comma and a
blank where it has none; a name's own comma may be written "\\,". What the catalogue knows as one artist is one.
"""

import ast
import re
from collections.abc import Callable, Iterable

from aiplayer.text import is_unseen, name_key

# Chooses those of some artists' keys (`name_key`) that the catalogue knows.
KnownArtists = Callable[[set[str]], set[str]]

STRONG_SEPARATORS = (";", "|")
# Neither the comma of "10,000 Maniacs" nor one that a backslash gives to a name separates.
BARE_COMMA = re.compile(r"(?<!\\)(?:(?<!\d),(?=\S)|,(?=[^\d\s]))")
COMMA_AND_BLANK = re.compile(r"(?<!\\),\s+")
ANY_COMMA = re.compile(r"(?<!\\)(?:(?<!\d),|,(?!\d))")
BETWEEN_TAGS = re.compile(r"[,;|]|\s+(?=#)")
# More parts than these are not tried as one name: the commas of a name are few.
MOST_PARTS_OF_A_NAME = 4


def split_artists(column: list[str], known_artists: KnownArtists) -> list[tuple[str, ...]]:
    """Split every value of a column of artists.

    Args:
        column: The values.
        known_artists: Asked once, and only where commas separate.

    Returns:
        The artists of each value, each once.
    """
    plain_values = [value for value in column if _written_list(value) is None]
    has_bare_comma = any(BARE_COMMA.search(value) for value in plain_values)
    comma = BARE_COMMA if has_bare_comma else COMMA_AND_BLANK
    lists = _split(column, comma)

    if _strong_separator(plain_values) is None:
        known = known_artists({key for parts in lists for key in _keys_of_possible_names(parts)})
        lists = [_names_as_known(parts, known) for parts in lists]
    return [_different(parts) for parts in lists]


def split_genres(column: list[str]) -> list[tuple[str, ...]]:
    """Split every value of a column of genres; without a semicolon or "|" in the column, every comma separates."""
    return [_different(parts) for parts in _split(column, ANY_COMMA)]


def split_tags(value: str) -> tuple[str, ...]:
    """Split tags: no tag holds a comma or a semicolon, so each separates, and so does the # of a hashtag."""
    written = _written_list(value)
    tags = BETWEEN_TAGS.split(value) if written is None else written
    return _different([tag.strip().lstrip("#") for tag in tags])


def _split(column: list[str], comma: re.Pattern[str]) -> list[list[str]]:
    """Split each value by the column's strong separator, or by this kind of comma where it has none."""
    written_lists = [_written_list(value) for value in column]
    plain_values = [value for value, written in zip(column, written_lists, strict=True) if written is None]
    separator = _strong_separator(plain_values)

    lists = []
    for value, written in zip(column, written_lists, strict=True):
        if written is not None:
            lists.append(written)
        elif separator:
            lists.append(value.split(separator))
        else:
            lists.append(comma.split(value))
    return lists


def _strong_separator(values: list[str]) -> str | None:
    """Find the separator that no name holds, if any value has one."""
    for separator in STRONG_SEPARATORS:
        if any(separator in value for value in values):
            return separator
    return None


def _written_list(value: str) -> list[str] | None:
    """Read a list of texts as Python and JSON write it; None where the value is none."""
    if not (value.startswith("[") and value.endswith("]")):
        return None
    try:
        elements = ast.literal_eval(value)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
    return elements if all(isinstance(element, str) for element in elements) else None


def _keys_of_possible_names(parts: list[str]) -> Iterable[str]:
    """Give the keys of every name that neighbouring parts, or the pieces of one part, may be."""
    for start, part in enumerate(parts):
        for piece in COMMA_AND_BLANK.split(part):
            yield name_key(piece)
        for end in range(start + 1, min(start + MOST_PARTS_OF_A_NAME, len(parts)) + 1):
            yield name_key(", ".join(parts[start:end]))


def _names_as_known(parts: list[str], known: set[str]) -> list[str]:
    """Join neighbouring parts that are one known artist, and separate a part whose pieces are all known."""
    names: list[str] = []
    start = 0
    while start < len(parts):
        for end in range(min(start + MOST_PARTS_OF_A_NAME, len(parts)), start, -1):
            name = ", ".join(parts[start:end])
            if name_key(name) in known:
                names.append(name)
                break
        else:
            end = start + 1
            pieces = COMMA_AND_BLANK.split(parts[start])
            pieces_are_known = all(name_key(piece) in known for piece in pieces)
            names += pieces if pieces_are_known else [parts[start]]
        start = end
    return names


def _different(names: list[str]) -> tuple[str, ...]:
    """Give each name once, without space around it, and with the commas that a backslash gave to it."""
    plain_names = (name.replace("\\,", ",").strip(" ,") for name in names)
    return tuple(dict.fromkeys(name for name in plain_names if not is_unseen(name)))
