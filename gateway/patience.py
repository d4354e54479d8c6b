"""How long the caller of a request waits for its answer, wherever it is asked."""

import asyncio
import math
from contextvars import ContextVar
from typing import Annotated

from fastapi import Header
from starlette.datastructures import Headers
from starlette.types import Scope

HEADER = "X-Timeout-S"
LONGEST_S = 86_400

# The time of the event loop at which the caller of this request gives up.
_deadline: ContextVar[float] = ContextVar("deadline", default=math.inf)


def declare_header(
    x_timeout_s: Annotated[
        float | None,
        Header(gt=0, le=LONGEST_S, description="Seconds that you wait for an answer; 504 where none has begun then."),
    ] = None,
) -> None:
    """A dependency that puts the header into the schema, and refuses what it does not allow."""


def wait_at_most(scope: Scope, default_s: float) -> float:
    """Note how long the caller of a request waits, for all that is done for it.

    Args:
        scope: The request; where its header makes no sense, `declare_header` refuses it.
        default_s: The service's own limit, which no caller extends.

    Returns:
        The seconds.
    """
    try:
        wanted_s = float(Headers(scope=scope).get(HEADER, default_s))
    except ValueError:
        wanted_s = default_s
    timeout_s = min(wanted_s, default_s) if wanted_s > 0 else default_s
    _deadline.set(asyncio.get_running_loop().time() + timeout_s)
    return timeout_s


def patience_s() -> float:
    """How long the caller of this request still waits, in seconds; without end outside a request."""
    return max(0.0, _deadline.get() - asyncio.get_running_loop().time())
