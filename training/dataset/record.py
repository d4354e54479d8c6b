"""One record of the Melon format, read field by field: what is wrong is noted, and replaced by what means unknown."""

import json
import re
from datetime import date, datetime

from aiplayer.catalogue.tables import OWN_IDS_FROM
from training.dataset.dirt import Dirt

LONGEST_NAME = 500
MOST_LIKES = 2**31 - 1
UNREADABLE = re.compile("[\ud800-\udfff]+")
ISSUE_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
EARLIEST_YEAR = 1000
LONGEST_ECHO = 40


class Record:
    """A JSON object and where to note its faults."""

    def __init__(self, value: object, dirt: Dirt):
        self.value = value
        self.dirt = dirt

    def id(self, seen: set[int]) -> int | None:
        """The record's id, which joins `seen`; None where the record cannot be used."""
        if not isinstance(self.value, dict):
            self.dirt.add("wrong_type", f"the record is {_echo(self.value)}, not an object")
            return None
        id = self.value.get("id")
        if type(id) is not int or not 0 <= id < OWN_IDS_FROM:
            self.dirt.add("wrong_type", f"id is {_echo(id)}, not a number from 0 to {OWN_IDS_FROM - 1}")
            return None
        self.dirt.at(self.dirt.place, id)
        if id in seen:
            self.dirt.add("duplicate_id", f"id {id} stands twice")
            return None
        seen.add(id)
        return id

    def text(self, name: str, missing: str | None = None) -> str:
        """A string without unreadable characters, at most LONGEST_NAME long; `missing` is noted where it is empty."""
        value = self.value.get(name)
        if value is not None and not isinstance(value, str):
            self.dirt.add("wrong_type", f"{name} is {_echo(value)}, not text")
            value = ""
        text = self._readable(name, value or "").strip()
        if not text and missing:
            self.dirt.add(missing, f"{name} is empty")
        if len(text) > LONGEST_NAME:
            self.dirt.add("too_long", f"{name} has {len(text)} characters, more than {LONGEST_NAME}")
            text = text[:LONGEST_NAME]
        return text

    def texts(self, name: str, missing: str | None = None) -> list[str]:
        """A list of different strings that are not empty."""
        kept = [self._readable(name, text).strip() for text in self._list(name, str)]
        kept = list(dict.fromkeys(filter(None, kept)))
        if not kept and missing:
            self.dirt.add(missing, f"{name} is empty")
        return kept

    def songs(self, known: set[int] | None) -> list[int]:
        """The playlist's songs that are `known`, each once."""
        given = self._list("songs", int)
        songs = list(dict.fromkeys(given))
        if len(songs) < len(given):
            self.dirt.add("repeated_song", f"{len(given) - len(songs)} songs stand in the playlist before")
        if known is None:
            return [song_id for song_id in songs if self._is_song_id(song_id)]
        if unknown := [song_id for song_id in songs if song_id not in known]:
            for song_id in unknown:
                self.dirt.add("unknown_song", f"song {song_id} is not in song_meta")
            songs = [song_id for song_id in songs if song_id in known]
        return songs

    def likes(self) -> int:
        """How often the playlist was liked; 0 where it is not known."""
        likes = self.value.get("like_cnt")
        if likes is not None and (type(likes) is not int or not 0 <= likes <= MOST_LIKES):
            self.dirt.add("wrong_type", f"like_cnt is {_echo(likes)}, not a number from 0 to {MOST_LIKES}")
            return 0
        return likes or 0

    def updated(self) -> datetime | None:
        """When the playlist was changed; `YYYY-MM-DD HH:MM:SS.mmm`, empty for unknown."""
        text = self.value.get("updt_date")
        if text in (None, ""):
            return None
        try:
            moment = datetime.fromisoformat(text)
            if moment.year >= EARLIEST_YEAR:
                return moment.replace(tzinfo=None, microsecond=0)
        except (TypeError, ValueError):
            pass
        self.dirt.add("bad_date", f"updt_date is {_echo(text)}")
        return None

    def issue_date(self, name: str) -> date | None:
        """`YYYYMMDD`; the dataset writes zeros for what it does not know of a date."""
        text = self.value.get(name)
        if text in (None, ""):
            return None
        parts = ISSUE_DATE.fullmatch(text) if isinstance(text, str) else None
        try:
            year, month, day = map(int, parts.groups())
            issued = date(year, month or 1, day or 1)
        except (AttributeError, ValueError):
            issued = None
        if issued is None or issued.year < EARLIEST_YEAR:
            self.dirt.add("bad_date", f"{name} is {_echo(text)}")
            return None
        if not (month and day):
            self.dirt.add("partial_date", f"{name} is {_echo(text)}")
        return issued

    def genre(self, code: str, genres: dict[str, str]) -> str:
        """The name of a genre; its code where the dataset names genres, but not this one."""
        if genres and code not in genres:
            self.dirt.add("unknown_genre", f"{code} is not in genre_gn_all")
        return genres.get(code, code)

    def _list(self, name: str, kind: type) -> list:
        """The elements of that type; a missing list is empty."""
        value = self.value.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            self.dirt.add("wrong_type", f"{name} is {_echo(value)}, not a list")
            return []
        if set(map(type, value)) <= {kind}:
            return value
        for element in value:
            if type(element) is not kind:
                self.dirt.add("wrong_type", f"{name} holds {_echo(element)}, which is not {kind.__name__}")
        return [element for element in value if type(element) is kind]

    def _is_song_id(self, song_id: int) -> bool:
        if 0 <= song_id < OWN_IDS_FROM:
            return True
        self.dirt.add("wrong_type", f"songs holds {song_id}, not a number from 0 to {OWN_IDS_FROM - 1}")
        return False

    def _readable(self, name: str, text: str) -> str:
        if text.isascii() or not UNREADABLE.search(text):
            return text
        readable = UNREADABLE.sub("�", text)
        self.dirt.add("broken_utf8", f"{name} is {_echo(readable)}")
        return readable


def _echo(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= LONGEST_ECHO else f"{text[:LONGEST_ECHO]}…"
