"""The rows of a table: which character parts its values, which line is the header, and where each row stands.

A quotation mark that is never closed, or stands amid a value, costs its own row; the lines that follow are read.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from aiplayer.errors import InvalidInput
from training.dataset.dirt import Dirt, Place
from training.dataset.table.columns import COLUMNS, find_columns
from training.dataset.table.values import one_line

DELIMITERS = ",;\t|"
LINE_END = re.compile("\r\n|\n|\r")
# Programs write a line or two of their own above the header.
MOST_LINES_ABOVE_HEADER = 10
# A value that reaches over more lines than this is an unclosed quotation mark.
MOST_LINES_A_ROW = 100
UNCLOSED = "unexpected end of data"
# Without these a row is of no use; others may be left out at its end.
NEEDED = ("playlist", "song", "artists")


@dataclass(frozen=True)
class Row:
    """One row of a table.

    Attributes:
        place: Where it begins.
        values: Its values by the kinds of COLUMNS; "" where the row ends before.
    """

    place: Place
    values: dict[str, str]


@dataclass(frozen=True)
class Table:
    """A table.

    Attributes:
        headers: What the column of each kind of value is called in it.
        rows: Its rows that can be used.
    """

    headers: dict[str, str]
    rows: list[Row]

    def column(self, kind: str) -> list[str]:
        """List the values of one kind, "" where the table has no such column."""
        return [row.values.get(kind, "") for row in self.rows]


@dataclass(frozen=True)
class Header:
    """The header of a table.

    Attributes:
        line: The index of its line, from 0.
        delimiter: The character between values.
        names: The names of all columns.
        columns: The position of each kind of value.
    """

    line: int
    delimiter: str
    names: list[str]
    columns: dict[str, int]

    @property
    def width(self) -> int:
        """The number of columns."""
        return len(self.names)


def read_table(path: Path, text: str, dirt: Dirt) -> Table:
    """Read a table; rows that cannot be used are noted and left out.

    Args:
        path: The file, to name it.
        text: Its text.
        dirt: Collects what is wrong with rows.

    Raises:
        InvalidInput: no column names songs.
    """
    lines = LINE_END.split(text)
    header = _find_header(path, lines)
    headers = {kind: header.names[column] for kind, column in header.columns.items()}
    return Table(headers, list(_rows(path, lines, header, dirt)))


def _rows(path: Path, lines: list[str], header: Header, dirt: Dirt) -> Iterator[Row]:
    """Read the rows that can be used."""
    needed = max(header.columns.get(kind, 0) for kind in NEEDED) + 1
    for record, (line, values) in enumerate(_records(lines, header), start=1):
        place = Place(path.name, line + 1, record)
        dirt.at(place)
        if isinstance(values, str):
            dirt.add("broken_row", values)
        elif _fits(values, header) and len(values) >= needed:
            padded = values + [""] * (header.width - len(values))
            yield Row(place, {kind: one_line(padded[column]) for kind, column in header.columns.items()})
        else:
            dirt.add("wrong_type", f"the row has {len(values)} values, its header {header.width}: skipped")


def _find_header(path: Path, lines: list[str]) -> Header:
    """Find the first line that names a column of songs, and the delimiter by which it names most columns."""
    filled_lines = [number for number, line in enumerate(lines) if line.strip()]
    for line in filled_lines[:MOST_LINES_ABOVE_HEADER]:
        headers = []
        for delimiter in DELIMITERS:
            cells = _values(lines[line], delimiter)
            if isinstance(cells, str):
                continue
            columns = find_columns(cells)
            if "song" in columns:
                headers.append(Header(line, delimiter, cells, columns))

        # What stands above a header is no row of a song called "Title".
        is_first = line == filled_lines[0]
        usable = [header for header in headers if is_first or len(header.columns) > 1]
        if usable:
            return max(usable, key=lambda header: len(header.columns))

    first_line = lines[filled_lines[0]][:80]
    allowed = ", ".join(COLUMNS["song"][:3])
    raise InvalidInput(
        f'{path} has no column of songs; it begins with "{first_line}". Let its first line name the columns, and call '
        f"that of the songs {allowed}, Title or 곡명. Of exports in another language, switch the exporter to English.",
        code="bad_dataset",
    )


def _records(lines: list[str], header: Header) -> Iterator[tuple[int, list[str] | str]]:
    """Read what follows the header: (index of the first line, values), or in place of values what is wrong."""
    line = header.line + 1
    while line < len(lines):
        count, values = _record(lines, line, header)
        is_blank = not any(value.strip() for value in values)
        if not is_blank:
            yield line, values
        line += count


def _record(lines: list[str], start: int, header: Header) -> tuple[int, list[str] | str]:
    """Read the record that begins with a line: (number of its lines, its values or what is wrong with it)."""
    values = _values(lines[start], header.delimiter)
    if values != UNCLOSED:
        return 1, values

    # The value goes on in the next line, unless what would be swallowed is a row by itself.
    for end in range(start + 2, min(start + MOST_LINES_A_ROW, len(lines)) + 1):
        values = _values("\n".join(lines[start:end]), header.delimiter)
        if isinstance(values, list) and _fits(values, header):
            return end - start, values
        if values != UNCLOSED:
            break

        last_line = _values(lines[end - 1], header.delimiter)
        if isinstance(last_line, list) and len(last_line) >= header.width and _fits(last_line, header):
            break
    return 1, "a quotation mark is not closed"


def _fits(values: list[str], header: Header) -> bool:
    """Say whether a row has no value beyond its header's."""
    return not any(value.strip() for value in values[header.width :])


def _values(text: str, delimiter: str) -> list[str] | str:
    """Read the values of one record; what is wrong where it is malformed."""
    reader = csv.reader([text], delimiter=delimiter, strict=True, skipinitialspace=True)
    try:
        return next(reader, [])
    except csv.Error as error:
        if UNCLOSED in str(error):
            return UNCLOSED

        # Tables with tabs are often written without quotation marks: then each is a part of a name.
        if delimiter == "\t":
            return text.split(delimiter)
        return "a quotation mark stands amid a value"
