"""How long the caller of a request waits for its answer, wherever it is asked."""

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar

from starlette.datastructures import Headers
from starlette.types import Scope

from aiplayer.errors import InvalidInput, TooSlow

HEADER = "X-Timeout-S"
LONGEST_S = 86_400
LONGEST_ECHO = 40

# The time of the event loop at which the caller of this request gives up.
_deadline: ContextVar[float] = ContextVar("deadline", default=math.inf)


def wait_at_most(scope: Scope, default_s: float) -> float:
    """Note how long the caller of a request waits, for all that is done for it.

    Args:
        scope: The request, whose header may name a time.
        default_s: The service's own limit, which no caller extends.

    Returns:
        The seconds.

    Raises:
        InvalidInput: the header names no time.
    """
    given = Headers(scope=scope).get(HEADER)
    timeout_s = default_s if given is None else min(_seconds(given), default_s)
    _deadline.set(asyncio.get_running_loop().time() + timeout_s)
    return timeout_s


def patience_s() -> float:
    """How long the caller of this request still waits, in seconds; without end outside a request."""
    return max(0.0, _deadline.get() - asyncio.get_running_loop().time())


@asynccontextmanager
async def at_most(seconds: float) -> AsyncIterator[None]:
    """Give up what is done within after so many seconds; a caller who waits shorter still does.

    Raises:
        TooSlow: it was not done in time.
    """
    deadline = asyncio.get_running_loop().time() + seconds
    before = _deadline.set(min(_deadline.get(), deadline))
    limit = asyncio.timeout_at(deadline)
    try:
        async with limit:
            yield
    except TimeoutError as error:
        if not limit.expired():
            raise
        raise TooSlow(f"There was no answer within {seconds:g} s. Try again later.") from error
    finally:
        _deadline.reset(before)


def _seconds(given: str) -> float:
    """The time that a header names."""
    try:
        seconds = float(given)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds <= LONGEST_S:
        raise InvalidInput(
            f"{HEADER} is {given[:LONGEST_ECHO]!a}: give seconds, more than 0 and at most {LONGEST_S:,}.",
            code="invalid_value",
            field=HEADER,
        )
    return seconds
