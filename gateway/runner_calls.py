"""Asking a runner over its connection, which may be cut."""

import logging
from collections.abc import Awaitable, Callable, Sized
from http import HTTPStatus
from typing import TypeVar

import aiohttp
from bentoml.exceptions import BentoMLException

from aiplayer.errors import TooBusy, TooSlow, Unavailable
from gateway.patience import patience_s

T = TypeVar("T", bound=Sized)
RETRY_AFTER_S = 2

logger = logging.getLogger(__name__)


async def ask(name: str, call: Callable[..., Awaitable[T]], count: int) -> T:
    """What a runner answers to a batch that it begins while the caller of this request waits.

    A runner closes a connection that was idle for five seconds, at times just when a request is on its way. Runners
    keep nothing of a request, so it is sent once more.

    Args:
        name: How a person calls the runner.
        call: Sends the request, and takes `patience_s`: how long it may wait until it is begun.
        count: How many items the batch has, and so its answer.

    Raises:
        TooBusy: so much waits for the runner that it would not begin in time.
        TooSlow: it did not begin in time.
        Unavailable: it did not answer as it must.
    """
    try:
        try:
            answer = await call(patience_s=patience_s())
        except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError):
            answer = await call(patience_s=patience_s())
    except (BentoMLException, aiohttp.ClientError, OSError) as error:
        status = getattr(error, "error_code", None)
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            raise TooBusy(f"Too much waits for the {name}. Try again later.", RETRY_AFTER_S) from error
        if status == HTTPStatus.GATEWAY_TIMEOUT:
            raise TooSlow(f"The {name} did not come to this in time. Try again later.") from error
        logger.warning("%s did not answer: %s %s", name, type(error).__name__, status and int(status))
        raise Unavailable(f"The {name} does not answer. Try again in a moment.", code="runner_away") from error
    if len(answer) != count:
        raise Unavailable(f"The {name} answered {len(answer)} of {count} items.", code="runner_confused")
    return answer
