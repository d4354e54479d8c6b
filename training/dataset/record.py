"""One record of the Melon format, read field by field: what is wrong is noted, and replaced by what means unknown."""

import json
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from aiplayer.catalogue.tables import OWN_IDS_FROM
from aiplayer.text import compose, is_unseen, trim
from training.dataset.dirt import Dirt

LONGEST_NAME = 500
MOST_LIKES = 2**31 - 1
# Lone surrogates, which stand for bytes that are not UTF-8.
UNREADABLE = re.compile("[\ud800-\udfff]+")
# No id has more digits.
WHOLE_NUMBER = re.compile(r"\s*(-?\d{1,18})(?:\.0+)?\s*", re.ASCII)
ISSUE_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
COUNTRY = re.compile("[A-Z]{2}")
EARLIEST_YEAR = 1000
LONGEST_ECHO = 40


class Record:
    """A JSON object, read field by field.

    Args:
        value: The parsed JSON, which may be no object.
        dirt: Collects the record's faults.
    """

    def __init__(self, value: object, dirt: Dirt) -> None:
        self.value = value
        self._fields: dict[str, Any] = value if isinstance(value, dict) else {}
        self.dirt = dirt

    def take_id(self, earlier_ids: set[int]) -> int | None:
        """Read the record's id, which joins those of earlier records; None where the record cannot be used."""
        if not isinstance(self.value, dict):
            self.dirt.add("wrong_type", f"the record is {_echo(self.value)}, not an object")
            return None

        record_id = whole_number(self._fields.get("id"))
        if record_id is None or not 0 <= record_id < OWN_IDS_FROM:
            given = _echo(self._fields.get("id"))
            self.dirt.add("wrong_type", f"id is {given}, not a number from 0 to {OWN_IDS_FROM - 1}")
            return None

        self.dirt.at(self.dirt.place, record_id)
        if record_id in earlier_ids:
            self.dirt.add("duplicate_id", f"id {record_id} stands twice")
            return None
        earlier_ids.add(record_id)
        return record_id

    def text(self, name: str, reason_if_empty: str | None = None) -> str:
        """Read a string in composed form (NFC), without unreadable characters, at most LONGEST_NAME long.

        Args:
            name: The field.
            reason_if_empty: Reason of the finding where the string is empty; None notes nothing.
        """
        value = self._fields.get(name)
        if value is not None and not isinstance(value, str):
            self.dirt.add("wrong_type", f"{name} is {_echo(value)}, not text")
            value = ""

        text = self._readable(name, value or "")
        if not text and reason_if_empty:
            self.dirt.add(reason_if_empty, f"{name} is empty")
        return text

    def texts(self, name: str, reason_if_empty: str | None = None) -> list[str]:
        """Read a list of different strings that are not empty, each like `text`.

        Args:
            name: The field.
            reason_if_empty: Reason of the finding where the list is empty; None notes nothing.
        """
        texts = [self._readable(name, text) for text in self._elements(name, str)]
        different_texts = list(dict.fromkeys(text for text in texts if text))
        if not different_texts and reason_if_empty:
            self.dirt.add(reason_if_empty, f"{name} is empty")
        return different_texts

    def songs(self, song_ids: set[int] | None) -> list[int]:
        """Read the playlist's songs, each once.

        Args:
            song_ids: The songs to keep; others are noted. None keeps every song that can be a dataset's.
        """
        entries = self._elements("songs", int, whole_number)
        songs = list(dict.fromkeys(entries))
        if len(songs) < len(entries):
            self.dirt.add("repeated_song", f"{len(entries) - len(songs)} songs stand in the playlist before")

        if song_ids is None:
            return [song_id for song_id in songs if self._is_song_id(song_id)]

        for song_id in songs:
            if song_id not in song_ids:
                self.dirt.add("unknown_song", f"song {song_id} is not in song_meta")
        return [song_id for song_id in songs if song_id in song_ids]

    def likes(self) -> int:
        """Read how often the playlist was liked; 0 where it is unknown."""
        likes = self._fields.get("like_cnt")
        if likes is None:
            return 0
        if type(likes) is not int or not 0 <= likes <= MOST_LIKES:
            self.dirt.add("wrong_type", f"like_cnt is {_echo(likes)}, not a number from 0 to {MOST_LIKES}")
            return 0
        return likes

    def updated(self) -> datetime | None:
        """Read when the playlist was changed, as `YYYY-MM-DD HH:MM:SS.mmm`; empty means unknown."""
        text = self._fields.get("updt_date")
        if text in (None, ""):
            return None

        with suppress(TypeError, ValueError):
            moment = datetime.fromisoformat(text)
            if moment.year >= EARLIEST_YEAR:
                return moment.replace(tzinfo=None, microsecond=0)

        self.dirt.add("bad_date", f"updt_date is {_echo(text)}")
        return None

    def issue_date(self, name: str) -> date | None:
        """Read a date, as `YYYYMMDD`; the dataset writes zeros for an unknown month or day, which become the first."""
        text = self._fields.get(name)
        if text in (None, ""):
            return None

        parts = _date_parts(text)
        if parts is None:
            self.dirt.add("bad_date", f"{name} is {_echo(text)}")
            return None

        year, month, day = parts
        if not (month and day):
            self.dirt.add("partial_date", f"{name} is {_echo(text)}")
        return date(year, month or 1, day or 1)

    def country(self, name: str) -> str | None:
        """Read a country's code, two capital letters; a missing one is unknown."""
        value = self._fields.get(name)
        if value in (None, ""):
            return None
        if isinstance(value, str) and COUNTRY.fullmatch(value):
            return value
        self.dirt.add("wrong_type", f"{name} is {_echo(value)}, not the code of a country such as KR")
        return None

    def genre(self, code: str, genres: dict[str, str]) -> str:
        """Translate a genre's code to its name; it stays where the dataset names genres, but not this one."""
        if genres and code not in genres:
            self.dirt.add("unknown_genre", f"{code} is not in genre_gn_all")
        return genres.get(code, code)

    def _elements(self, name: str, kind: type, read: Callable[[object], Any] = lambda element: None) -> list:
        """Read the elements of that type, and those of others of which `read` makes one; a missing list is empty."""
        value = self._fields.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            self.dirt.add("wrong_type", f"{name} is {_echo(value)}, not a list")
            return []

        # Nearly every list is clean, and one look at its types is quicker than a loop.
        types = {type(element) for element in value}
        if types <= {kind}:
            return value

        elements = []
        for element in value:
            usable = element if type(element) is kind else read(element)
            if usable is None:
                self.dirt.add("wrong_type", f"{name} holds {_echo(element)}, which is not {kind.__name__}")
            else:
                elements.append(usable)
        return elements

    def _is_song_id(self, song_id: int) -> bool:
        if 0 <= song_id < OWN_IDS_FROM:
            return True
        self.dirt.add("wrong_type", f"songs holds {song_id}, not a number from 0 to {OWN_IDS_FROM - 1}")
        return False

    def _readable(self, name: str, text: str) -> str:
        """Trim, compose and cut; put a sign in place of what cannot be read, and nothing where a text shows nothing."""
        if not text.isascii():
            if UNREADABLE.search(text):
                text = UNREADABLE.sub("�", text)
                self.dirt.add("broken_utf8", f"{name} is {_echo(text)}")
            text = "" if is_unseen(text) else compose(trim(text), LONGEST_NAME)

        text = text.strip()
        if len(text) > LONGEST_NAME:
            self.dirt.add("too_long", f"{name} has more than {LONGEST_NAME} characters")
            text = text[:LONGEST_NAME]
        return text


def whole_number(value: object) -> int | None:
    """Read a whole number, also where another program has written it as 1.0, "1" or "1.0"; None where it is none."""
    if type(value) is int:
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    match = WHOLE_NUMBER.fullmatch(value) if isinstance(value, str) else None
    return int(match[1]) if match else None


def _date_parts(text: object) -> tuple[int, int, int] | None:
    """Split `YYYYMMDD` into numbers; None where there is no such date, whatever an unknown month or day may be."""
    match = ISSUE_DATE.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        return None

    year, month, day = (int(part) for part in match.groups())
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        return None
    return (year, month, day) if year >= EARLIEST_YEAR else None


def _echo(value: object) -> str:
    """Show a value as JSON, cut where it is long."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= LONGEST_ECHO else f"{text[:LONGEST_ECHO]}…"
