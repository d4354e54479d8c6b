"""Durations and times as people type and read them: 3:45, 1:02:03."""

import re

from aiplayer.errors import InvalidInput
from aiplayer.playlist.exports.tracks import LONGEST_S

# Minutes and seconds, perhaps with hours before and decimals behind; behind hours the minutes have two digits.
TYPED = re.compile(
    r"(?:(?P<hours>[0-9]{1,2}):(?=[0-9]{2}:))?(?P<minutes>[0-9]{1,3}):(?P<seconds>[0-5][0-9](?:\.[0-9]{1,3})?)"
)
MINUTES_AN_HOUR = SECONDS_A_MINUTE = 60
LONGEST_ECHO = 40


def parse_duration(typed: str) -> float:
    """The seconds of a duration as a person types it.

    Args:
        typed: Minutes and seconds such as "3:45" or "75:30", or hours, minutes and seconds such as "1:02:03"; the
            seconds have two digits and may have decimals ("3:45.25").

    Returns:
        Seconds, above 0 and up to LONGEST_S.

    Raises:
        InvalidInput: it is written otherwise, or is no duration of a song.
    """
    found = TYPED.fullmatch(typed.strip())
    if not found:
        raise _refused(typed)

    hours, minutes = int(found["hours"] or 0), int(found["minutes"])
    if found["hours"] and minutes >= MINUTES_AN_HOUR:
        raise _refused(typed)

    seconds = (hours * MINUTES_AN_HOUR + minutes) * SECONDS_A_MINUTE + float(found["seconds"])
    if not 0 < seconds <= LONGEST_S:
        raise _refused(typed)
    return seconds


def as_clock(seconds: int) -> str:
    """Whole seconds as a video's clock shows them: 0:00, 3:45, and 1:02:03 from an hour on."""
    minutes, seconds = divmod(seconds, SECONDS_A_MINUTE)
    hours, minutes = divmod(minutes, MINUTES_AN_HOUR)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


def _refused(typed: str) -> InvalidInput:
    given = typed if len(typed) <= LONGEST_ECHO else f"{typed[:LONGEST_ECHO]}…"
    return InvalidInput(
        f"The duration is {given!r}. Write minutes and seconds such as 3:45, or hours too such as 1:02:03; "
        f"above 0:00 and up to {as_clock(LONGEST_S)}, decimals as in 3:45.25.",
        field="duration",
    )
