"""Lines of the log, for a person or as JSON for a program; each says for which request it was written.

A line is one line whatever it holds: what is not printed, such as a line break in a path that a caller has sent, is
spelled as Python spells it. Only an error's traceback has lines of its own, and only in the form for a person.
"""

import logging
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from aiplayer.telemetry.requests import current_request

TIME_FORMAT = "%Y-%m-%dT%H:%M:%S%z"
# What a line of JSON may tell besides its message; a field that another package gives is left out.
FIELDS = (
    "route",
    "method",
    "status",
    "code",
    "milliseconds",
    "request_type",
    "request_bytes",
    "answer_type",
    "answer_bytes",
    "work",
    "batch_size",
    "requests",
)
# These packages write handlers of their own.
OTHERS = ("bentoml", "circus", "uvicorn.error")
OWN = ("aiplayer", "gateway", "runners", "service")
# Whose messages are tracebacks.
SERVER_LOGGER = "uvicorn.error"
EXPORT_LOGGER = "opentelemetry"
SELDOM_S = 60.0

logger = logging.getLogger(__name__)

ProcessName = Callable[[], str]


class TextLines(logging.Formatter):
    """`2026-11-30T12:00:00+0000 [INFO] [thumbnail:1] message (request=4f1c…)`.

    Args:
        process_name: Names this process.
    """

    def __init__(self, process_name: ProcessName) -> None:
        super().__init__(datefmt=TIME_FORMAT)
        self._process_name = process_name

    def format(self, record: logging.LogRecord) -> str:
        """The line, and the lines of an error's traceback."""
        message = record.getMessage()
        if record.name != SERVER_LOGGER:
            message = one_line(message)
        request = current_request()
        requests = [request.request_id] if request else getattr(record, "requests", ())

        tail = f" (request={','.join(requests)})" if requests else ""
        when = self.formatTime(record, self.datefmt)
        line = f"{when} [{record.levelname}] [{self._process_name()}] {message}{tail}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


class JsonLines(JsonFormatter):
    """One JSON object a line, in ASCII: time, level, logger, process, message, and what of `FIELDS` is known.

    Args:
        process_name: Names this process.
    """

    def __init__(self, process_name: ProcessName) -> None:
        super().__init__()
        self._process_name = process_name

    def add_fields(self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]) -> None:
        """Fill `log_data` with what a record says."""
        log_data["time"] = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        log_data["level"] = record.levelname.lower()
        log_data["logger"] = record.name
        log_data["process"] = self._process_name()
        log_data["message"] = record.message

        request = current_request()
        if request is not None:
            log_data["request_id"] = request.request_id
            log_data["route"] = request.route
        for field in FIELDS:
            value = record.__dict__.get(field)
            if value is not None:
                log_data[field] = value
        if message_dict.get("exc_info"):
            log_data["exception"] = message_dict["exc_info"]


class Seldom(logging.Filter):
    """Lets a record pass where none has passed within `SELDOM_S`.

    Args:
        clock: Seconds that pass.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._silent_until = -SELDOM_S

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether it passes."""
        now = self._clock()
        if now < self._silent_until:
            return False
        self._silent_until = now + SELDOM_S
        return True


def configure_logs(log_format: str, level: str, process_name: ProcessName) -> None:
    """Let all lines of this process be written in one form, to its standard output.

    Args:
        log_format: "text" or "json".
        level: The least level of our own lines that are written: "debug", "info", "warning" or "error".
        process_name: Names this process.
    """
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLines(process_name) if log_format == "json" else TextLines(process_name))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)

    for name in OTHERS:
        other = logging.getLogger(name)
        other.handlers.clear()
        other.propagate = True
    for name in OWN:
        logging.getLogger(name).setLevel(level.upper())
    # The server would prepare a line of its own for each request.
    logging.getLogger("uvicorn.access").propagate = False

    # A collector that is away is told of once a minute, whatever waits for it.
    handler.addFilter(_seldom_of_exports(Seldom()))
    logging.captureWarnings(True)
    sys.excepthook = _log_the_end


def one_line(message: str) -> str:
    """The message with every character that is not printed as Python spells it."""
    return message if message.isprintable() else "".join(map(_printable, message))


def _printable(character: str) -> str:
    if character.isprintable():
        return character
    return character.encode("unicode_escape").decode("ascii")


def _seldom_of_exports(seldom: Seldom) -> Callable[[logging.LogRecord], bool]:
    """A filter that is `seldom` for what the exporter of traces says, and lets everything else pass."""

    def is_told(record: logging.LogRecord) -> bool:
        return not record.name.startswith(EXPORT_LOGGER) or seldom.filter(record)

    return is_told


def _log_the_end(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    """Write the error that ends this process as a line of the log."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, traceback)
    else:
        logger.critical("this process ends by an error", exc_info=(kind, error, traceback))
