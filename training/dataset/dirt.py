"""Dirty records: what was wrong with each, where it stands, and what was done about it."""

import csv
from collections import Counter, defaultdict
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Self, TextIO

from rich.console import Console
from rich.text import Text

# Every reason of a finding, and what is done about the record.
REASONS = {
    "broken_json": "skipped",
    "broken_row": "skipped",
    "truncated_file": "what stands before the end can be read",
    "broken_utf8": "kept, with � for what cannot be read",
    "guessed_encoding": "kept; save the file as UTF-8 where names look wrong",
    "wrong_type": "the value is left out, and the record where it cannot be without",
    "missing_name": "kept without a name",
    "missing_artists": "kept without artists",
    "too_long": "cut",
    "duplicate_id": "the first one is kept",
    "bad_date": "kept, date unknown",
    "bad_duration": "kept, duration unknown",
    "partial_date": "kept, dated the first of the year or month",
    "unknown_genre": "kept, under the genre's code",
    "unknown_song": "left out of the playlist",
    "repeated_song": "kept once",
}

REASONS_A_SUMMARY = 5


@dataclass(frozen=True)
class Place:
    """The place of a record.

    Attributes:
        file: Name of the file.
        line: Line of the file on which the record begins, from 1.
        record: Number of the record within the file, from 1.
    """

    file: str
    line: int
    record: int


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with one record.

    Attributes:
        file: Name of the file.
        line: Line of the file on which the record begins, from 1.
        record: Number of the record within the file, from 1.
        id: The record's id; empty where it has none that can be read.
        reason: A key of REASONS.
        detail: What is wrong, with the value.
    """

    file: str
    line: int
    record: int
    id: str
    reason: str
    detail: str


def summary(counts: Counter[str]) -> str:
    """Say how many findings of which reasons there are, the most frequent first; "" without any."""
    return ", ".join(f"{count:,} {reason}" for reason, count in counts.most_common(REASONS_A_SUMMARY))


class Dirt:
    """The findings of one reading: counted, and each listed in a CSV file at once.

    Args:
        path: The CSV file. The list of an earlier reading is removed when this one begins, and there is no file where
            all is clean. None only counts.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self.counts: Counter[str] = Counter()
        self.counts_by_file: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.examples: dict[str, Finding] = {}
        self._place: Place | None = None
        self._record_id: object = ""
        self._file: TextIO | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file:
            self._file.close()

    @property
    def place(self) -> Place:
        """The place of the record that is being read.

        Raises:
            RuntimeError: none is, because `at` has not been called.
        """
        if self._place is None:
            raise RuntimeError("No record is being read.")
        return self._place

    def at(self, place: Place, record_id: object = "") -> None:
        """Say which record is being read; findings that follow belong to it."""
        is_first_record = self._place is None
        if self.path and is_first_record:
            self.path.unlink(missing_ok=True)

        self._place = place
        self._record_id = record_id

    def add(self, reason: str, detail: str) -> None:
        """Note one finding about the present record.

        Args:
            reason: A key of REASONS.
            detail: What is wrong, with the value.
        """
        place = self.place
        finding = Finding(place.file, place.line, place.record, str(self._record_id), reason, detail)
        self.counts[reason] += 1
        self.counts_by_file[place.file][reason] += 1
        self.examples.setdefault(reason, finding)
        if self.path:
            self._list(finding, self.path)

    def show(self, console: Console) -> None:
        """Print for each reason the count, what was done and one example; then where the list is."""
        for reason, count in self.counts.most_common():
            console.print(f"[yellow]{count:,}[/] {reason}: {REASONS[reason]}", soft_wrap=True)

            example = self.examples[reason]
            line = f"   {example.file}, line {example.line}, record {example.record}: {example.detail}"
            printable = line.encode("utf-8", "replace").decode()
            console.print(Text(printable, style="dim"), soft_wrap=True)

        if self.counts and self.path:
            console.print(f"Each is listed in {self.path}.", soft_wrap=True)

    def _list(self, finding: Finding, path: Path) -> None:
        """Append a finding to the CSV file, which begins with the first one."""
        if self._file is None:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("w", encoding="utf-8", errors="replace", newline="")
            self._writer = csv.writer(self._file)
            self._writer.writerow([field.name for field in fields(Finding)])

        self._writer.writerow(astuple(finding))
