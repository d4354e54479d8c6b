"""The request that is being answered, wherever its id or its facts are needed."""

from contextvars import ContextVar, Token
from dataclasses import dataclass, field
from time import perf_counter

from aiplayer.telemetry.instruments import instruments

# What a person who left is logged as; nginx does the same.
CALLER_LEFT = 499


@dataclass(slots=True)
class RequestRecord:
    """What is known of a request while it is answered.

    Attributes:
        request_id: What its caller, the logs and the runners call it.
        method: GET, POST and so on.
        route: The template of its path.
        began: When it began, on the clock of `perf_counter`.
        is_read: Whether its body was read and checked.
        status: Of the answer, once there is one.
        error_code: The code of the error that the answer tells.
    """

    request_id: str
    method: str
    route: str
    began: float = field(default_factory=perf_counter)
    is_read: bool = False
    status: int = CALLER_LEFT
    error_code: str = ""


_current: ContextVar[RequestRecord | None] = ContextVar("request", default=None)


def current_request() -> RequestRecord | None:
    """The request that is being answered here; None where nothing is, or where it is for several."""
    return _current.get()


def begin_request(request: RequestRecord) -> Token[RequestRecord | None]:
    """Let all that is done from now on be done for a request, until `end_request`."""
    return _current.set(request)


def end_request(token: Token[RequestRecord | None]) -> None:
    """The end of it."""
    _current.reset(token)


def current_request_id() -> str:
    """The id of the request that is being answered here, empty where none is."""
    request = _current.get()
    return request.request_id if request else ""


def note_error(code: str) -> None:
    """Count an answer that tells an error, and keep its code for the line of the request in the log."""
    instruments().errors.labels(code).inc()
    request = _current.get()
    if request is not None:
        request.error_code = code
