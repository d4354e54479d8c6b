"""Single values of a table: names, dates, durations."""

import html
import re
import unicodedata
from contextlib import suppress
from datetime import date, datetime

from training.dataset.dirt import Dirt
from training.dataset.record import EARLIEST_YEAR
from training.dataset.table.columns import unit_of

CHARACTER_REFERENCE = re.compile(r"&(?:#\d+|#x[\da-fA-F]+|[A-Za-z]\w*);")
CONTROL_CHARACTERS = re.compile("[\x00-\x1f\x7f-\x9f]")
# 1971, 1971-06, 1971-06-22, 1971.6.22, 1971. 6. 22., 1971/6/22, 1971년 6월 22일; a time of day may follow.
RELEASE_DATE = re.compile(r"(\d{4})(?:[-./년]\s*(?:(\d\d?)(?:[-./월]\s*(?:(\d\d?)[일.]?)?)?)?)?(?:[T ]\s*\d\d?:.*)?")

CLOCK = re.compile(r"(?:(\d+):)?(\d{1,3}):(\d\d(?:\.\d+)?)")
WRITTEN_TIME = re.compile(
    r"(?:PT)?(?:(\d+)\s*(?:h|시간))?\s*(?:(\d+)\s*(?:m|min|분))?\s*(?:(\d+(?:\.\d+)?)\s*(?:s|sec|초))?", re.IGNORECASE
)
NUMBER = re.compile(r"\d+(?:\.\d+)?")
# No song lasts 2.8 hours, and none 10 seconds: so a number from here on counts milliseconds.
FEWEST_MILLISECONDS = 10_000
LONGEST_SONG_MS = 24 * 60 * 60 * 1000


def one_line(text: str) -> str:
    """A text on one line, of composed letters: white space within it is one blank, around it none.

    What a web page has written as "&amp;" is "&" again.
    """
    plain = CHARACTER_REFERENCE.sub(lambda reference: html.unescape(reference[0]), text)
    composed = unicodedata.normalize("NFC", plain)
    return " ".join(CONTROL_CHARACTERS.sub(" ", composed).split())


def release_date(text: str, dirt: Dirt) -> date | None:
    """Read a date, or a year, or a year and month, of which the first day is taken.

    Args:
        text: The value; empty means unknown.
        dirt: Learns of what is no date.
    """
    if not text:
        return None

    match = RELEASE_DATE.fullmatch(text)
    if match:
        year, month, day = (int(part or 1) for part in match.groups())
        if year >= EARLIEST_YEAR:
            with suppress(ValueError):
                return date(year, month, day)

    dirt.add("bad_date", f"released {text}")
    return None


def moment(text: str, dirt: Dirt) -> datetime | None:
    """Read when a song was added to its playlist, without zone and fractions of a second.

    Args:
        text: The value, in ISO 8601; empty means unknown.
        dirt: Learns of what is no date.
    """
    if not text:
        return None

    try:
        added = datetime.fromisoformat(text)
    except ValueError:
        dirt.add("bad_date", f"added {text}")
        return None
    return added.replace(tzinfo=None, microsecond=0)


def durations_ms(header: str, column: list[str]) -> list[int | None]:
    """Read a column of durations: "225000", "225", "3:45", "PT3M45S", "3분 45초".

    Args:
        header: The column's header, which may name the unit of plain numbers. Where it names none, they are
            milliseconds if half of them are too many for seconds.
        column: The values.

    Returns:
        Milliseconds; None where the duration is unknown or cannot be read.
    """
    numbers = sorted(float(value) for value in column if NUMBER.fullmatch(value))
    looks_like_ms = bool(numbers) and numbers[len(numbers) // 2] >= FEWEST_MILLISECONDS
    unit = unit_of(header) or ("ms" if looks_like_ms else "s")
    return [_duration_ms(value, unit) for value in column]


def _duration_ms(text: str, unit: str) -> int | None:
    """Read one duration; plain numbers count this unit."""
    if NUMBER.fullmatch(text):
        milliseconds = float(text) * (1 if unit == "ms" else 1000)
    else:
        match = CLOCK.fullmatch(text) or WRITTEN_TIME.fullmatch(text)
        if match is None:
            return None
        hours, minutes, seconds = (float(part or 0) for part in match.groups())
        milliseconds = ((hours * 60 + minutes) * 60 + seconds) * 1000

    is_possible = 0 < milliseconds <= LONGEST_SONG_MS
    return round(milliseconds) if is_possible else None
