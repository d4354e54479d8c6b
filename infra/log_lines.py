"""What a service says while it starts, read from its log: as lines for a person, or as JSON lines (`log_format`)."""

import json
import re
from typing import Any

from aiplayer.errors import InvalidInput, ModelMissing
from aiplayer.starting import STARTING

# A path or a message from elsewhere does not stand at these places.
NEWS = re.compile(rf"^\S+ \[INFO\] \[[\w:]+\] {STARTING}(.+)", re.MULTILINE)
REFUSAL = re.compile(
    rf"^{ModelMissing.__module__}\.(?:{ModelMissing.__name__}|{InvalidInput.__name__}): (.+)", re.MULTILINE
)
# The server tells as its message why a part of the service did not start.
SERVER = "uvicorn.error"


def news(lines: str) -> list[str]:
    """What parts of the service say that they are doing, in order.

    Args:
        lines: Whole lines of a log.
    """
    words = []
    for line in lines.split("\n"):
        entry = _entry(line)
        if entry is None:
            words += NEWS.findall(line)
        elif entry.get("level") == "info" and _text(entry, "message").startswith(STARTING):
            words.append(_text(entry, "message").removeprefix(STARTING))
    return words


def refusal(lines: str) -> str | None:
    """Why a part of the service cannot start, where one says so.

    Args:
        lines: Whole lines of a log.
    """
    for line in lines.split("\n"):
        entry = _entry(line)
        found = REFUSAL.search(line if entry is None else _traceback(entry))
        if found:
            return found[1]
    return None


def _traceback(entry: dict[str, Any]) -> str:
    """The error that an entry tells, "" where it tells none."""
    told = _text(entry, "message") if entry.get("logger") == SERVER else ""
    return f"{told}\n{_text(entry, 'exception')}"


def _text(entry: dict[str, Any], field: str) -> str:
    return str(entry.get(field, ""))


def _entry(line: str) -> dict[str, Any] | None:
    """What a line of JSON says; None where it is another line."""
    if not line.startswith("{"):
        return None
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None
