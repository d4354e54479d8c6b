"""How long the stages of a request take, for /metrics and for its trace."""

from functools import cache
from time import perf_counter
from types import TracebackType
from typing import TYPE_CHECKING

from aiplayer.telemetry import tracing
from aiplayer.telemetry.instruments import instruments
from aiplayer.telemetry.requests import RequestRecord, current_request

if TYPE_CHECKING:
    from prometheus_client import Histogram

# From the first byte until the first of the other stages: the body is read, and checked.
READING = "reading"
DATABASE, MIXING, JSON, TRANSLATION = "database", "mixing", "json", "translation"
# Calls to runners are called after their work.
RUNNER_CALLS = ("encode", "search", "recommend", "read_scenes", "paint", "shares", "picture_times")
STAGES = (READING, DATABASE, *RUNNER_CALLS, MIXING, JSON, TRANSLATION)


class Stage:
    """Measures what is done in its context; a stage that fails counts too.

    Args:
        name: One of `STAGES`.
    """

    __slots__ = ("_began", "_name", "_span")

    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> None:
        request = current_request()
        if request is not None and not request.is_read:
            _end_reading(request)
        self._span = tracing.begin_span(self._name)
        self._began = perf_counter()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        stage_seconds()[self._name].observe(perf_counter() - self._began)
        if self._span is not None:
            self._span.end(error)


@cache
def stage_seconds() -> dict[str, "Histogram"]:
    """The instrument of each stage; made for all, so that /metrics tells of those that have not been yet."""
    return {name: instruments().stage_s.labels(name) for name in STAGES}


def _end_reading(request: RequestRecord) -> None:
    request.is_read = True
    seconds = perf_counter() - request.began
    stage_seconds()[READING].observe(seconds)
    tracing.record_span(READING, seconds)
