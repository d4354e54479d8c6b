"""Asking a runner over its connection, which may be cut."""

import logging
from collections.abc import Awaitable, Callable, Sized
from typing import TypeVar

import aiohttp
from bentoml.exceptions import BentoMLException

from aiplayer.errors import Unavailable

T = TypeVar("T", bound=Sized)

logger = logging.getLogger(__name__)


async def ask(name: str, call: Callable[[], Awaitable[T]], count: int) -> T:
    """What a runner answers to a batch.

    A runner closes a connection that was idle for five seconds, at times just when a request is on its way. Runners
    keep nothing of a request, so it is sent once more.

    Args:
        name: How a person calls the runner.
        call: Sends the request.
        count: How many items the batch has, and so its answer.

    Raises:
        Unavailable: the runner did not answer as it must.
    """
    try:
        try:
            answer = await call()
        except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError):
            answer = await call()
    except (BentoMLException, aiohttp.ClientError, OSError) as error:
        status = getattr(error, "error_code", None)
        logger.warning("%s did not answer: %s %s", name, type(error).__name__, status and int(status))
        raise Unavailable(f"The {name} does not answer. Try again in a moment.", code="runner_away") from error
    if len(answer) != count:
        raise Unavailable(f"The {name} answered {len(answer)} of {count} items.", code="runner_confused")
    return answer
