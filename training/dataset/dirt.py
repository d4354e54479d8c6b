"""Dirty records: what was wrong with each, where it stands, and what was done about it."""

import csv
from collections import Counter
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Self

from rich.console import Console
from rich.text import Text

REASONS = {
    "broken_json": "skipped",
    "truncated_file": "what stood before the end is kept",
    "broken_utf8": "kept, with � for what cannot be read",
    "wrong_type": "the value is left out, and the record where it cannot be without",
    "missing_name": "kept without a name",
    "missing_artists": "kept without artists",
    "too_long": "cut",
    "duplicate_id": "the first one is kept",
    "bad_date": "kept, date unknown",
    "partial_date": "kept, dated the first of the year or month",
    "unknown_genre": "kept, under the genre's code",
    "unknown_song": "left out of the playlist",
    "repeated_song": "kept once",
}


@dataclass(frozen=True)
class Place:
    """Where a record stands: its file, its line, and which record of the file it is, both from 1."""

    file: str
    line: int
    record: int


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with one record; `id` is empty where the record has none that can be read."""

    file: str
    line: int
    record: int
    id: str
    reason: str
    detail: str


class Dirt:
    """Counts findings, and lists each in a CSV file as it is found.

    Args:
        path: The CSV; the list of an earlier reading goes when this one begins, and there is none where all is clean.
            None counts only.
    """

    def __init__(self, path: Path | None = None):
        self.path = path
        self.counts: Counter[str] = Counter()
        self.examples: dict[str, Finding] = {}
        self.place: Place | None = None
        self._file = None
        self._id = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_) -> None:
        if self._file:
            self._file.close()

    def at(self, place: Place, id: object = "") -> None:
        """Say which record is being read; findings that follow belong to it."""
        if self.path and self.place is None:
            self.path.unlink(missing_ok=True)
        self.place, self._id = place, id

    def add(self, reason: str, detail: str) -> None:
        """Note one finding; `reason` is a key of REASONS."""
        place = self.place
        finding = Finding(place.file, place.line, place.record, str(self._id), reason, detail)
        self.counts[reason] += 1
        self.examples.setdefault(reason, finding)
        if self.path:
            self._list(finding)

    def _list(self, finding: Finding) -> None:
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.path.open("w", encoding="utf-8", errors="replace", newline="")
            self._writer = csv.writer(self._file)
            self._writer.writerow([field.name for field in fields(Finding)])
        self._writer.writerow(astuple(finding))

    def show(self, console: Console) -> None:
        """Print how many of each, what was done, one example, and where the list is; nothing where all is clean."""
        for reason, count in self.counts.most_common():
            first = self.examples[reason]
            console.print(f"[yellow]{count:,}[/] {reason}: {REASONS[reason]}", soft_wrap=True)
            where = f"   {first.file}, line {first.line}, record {first.record}: {first.detail}"
            console.print(Text(where.encode("utf-8", "replace").decode(), style="dim"), soft_wrap=True)
        if self.counts and self.path:
            console.print(f"Each is listed in {self.path}.", soft_wrap=True)
