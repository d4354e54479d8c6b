"""Calls to the runners, in batches of what waits; that a runner is away is told within a second."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus
from typing import Any, Generic, Protocol, TypeVar

import aiohttp
from bentoml.exceptions import BentoMLException

from aiplayer.batching import Batches, Ticket, request_ids
from aiplayer.crossing import Answered, Asked
from aiplayer.errors import TooBusy, TooSlow, Unavailable
from aiplayer.telemetry.batches import MeasuredBatches
from aiplayer.telemetry.instruments import GATEWAY
from aiplayer.telemetry.stages import Stage
from gateway.tickets import ticket

Item = TypeVar("Item")
Result = TypeVar("Result")
Send = Callable[[Asked], Awaitable[Answered]]

MOST_ITEMS, MOST_WAITING = 32, 512
RETRY_AFTER_S = 2
# One batch is computed while the next is on its way.
LANES = 2
# Of items by themselves, so many are with the runner at most.
SINGLE_LANES = 64
# How often it is seen whether a runner is there that has not answered yet.
LOOK_EVERY_S = 0.25
RUNNER_AWAY = "runner_away"
CUT_CONNECTION = (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError)

logger = logging.getLogger(__name__)


class SaysWhetherThere(Protocol):
    """Knows of a runner."""

    def is_there(self) -> bool:
        """Whether it is there, as far as is known."""


class RunnerCalls(Generic[Item, Result]):
    """One kind of work of a runner.

    What waits while two batches are under way goes in the next one: the fewer calls for so many items, the less each
    costs. What takes long is better sent by itself (`one_by_one`): then none waits for another's end, and the runner
    learns of each whose caller has left.

    Args:
        name: How a person calls the runner.
        presence: Whether the runner is there.
        work: What /metrics and traces call the work, one of `RUNNER_CALLS`.
        send: Sends a batch to it.
        one_by_one: Whether each item is a call of its own.
    """

    def __init__(self, name: str, presence: SaysWhetherThere, work: str, send: Send, one_by_one: bool = False) -> None:
        self._name = name
        self._presence = presence
        self._work = work
        self._send = send
        self._watcher = MeasuredBatches(GATEWAY, work, [RUNNER_AWAY])
        most_items, lanes = (1, SINGLE_LANES) if one_by_one else (MOST_ITEMS, LANES)
        self._batches: Batches[Item, Result] = Batches(
            self._name, self._ask, most_items, MOST_WAITING, lanes, watcher=self._watcher
        )

    async def result(self, item: Item) -> Result:
        """What the runner answers to an item that it begins while the caller of this request waits.

        Raises:
            TooBusy: so much waits for the runner that it would not begin in time.
            TooSlow: it did not begin in time.
            Unavailable: it did not answer as it must.
            AIPlayerError: it has no result for this item.
        """
        with Stage(self._work):
            return await self._batches.result(item, ticket())

    async def outcomes(self, items: Sequence[Item]) -> list[Result | BaseException]:
        """For each item what the runner answers, or what `result` would raise."""
        return await asyncio.gather(*map(self.result, items), return_exceptions=True)

    async def _ask(self, items: list[Item], tickets: list[Ticket]) -> Sequence[Result | Exception]:
        """What the runner answers to a batch.

        Where a process of the runner is killed meanwhile, another may be there. Runners keep nothing of a request, so
        it is sent once more.
        """
        asked = Asked(items, tickets)
        try:
            try:
                results = await self._while_there(asked)
            except CUT_CONNECTION:
                results = await self._while_there(asked)
        except (BentoMLException, aiohttp.ClientError, OSError) as error:
            raise self._told(error, asked) from error
        if len(results) != len(items):
            raise Unavailable(
                f"The {self._name} answered {len(results)} of {len(items)} items.", code="runner_confused"
            )
        return results

    async def _while_there(self, asked: Asked) -> Sequence[Result | Exception]:
        """The answer to a batch, waited for as long as the runner says that it is there."""
        answering = asyncio.ensure_future(self._send(asked))
        try:
            while not answering.done():
                if not self._presence.is_there():
                    raise self._away(asked)
                await asyncio.wait({answering}, timeout=LOOK_EVERY_S)
            return answering.result().outcomes
        finally:
            answering.cancel()

    def _away(self, asked: Asked) -> Unavailable:
        self._watcher.refused(RUNNER_AWAY, len(asked.items))
        return Unavailable(f"The {self._name} does not answer. Try again in a moment.", code=RUNNER_AWAY)

    def _told(self, error: Exception, asked: Asked) -> Exception:
        """The error that a call's failure stands for."""
        status: Any = getattr(error, "error_code", None)
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            return TooBusy(f"Too much waits for the {self._name}. Try again later.", RETRY_AFTER_S)
        if status == HTTPStatus.GATEWAY_TIMEOUT:
            return TooSlow(f"The {self._name} did not come to this in time. Try again later.")
        facts = {"work": self._work, "requests": request_ids(asked.tickets)}
        reason = f"{type(error).__name__}, status {int(status)}" if status else type(error).__name__
        logger.warning("%s did not answer: %s", self._name, reason, extra=facts)
        return self._away(asked)
