"""Batches of what waits while a model is at work.

BentoML's own batching learns how long to wait for company, and after a burst it waits for most of a minute though
nobody comes. Here nobody waits for company: a batch is what came in while the one before was computed.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from typing import Generic, TypeVar

from bentoml.exceptions import BentoMLException

Item = TypeVar("Item")
Result = TypeVar("Result")


class QueueFull(BentoMLException):
    """More is waiting already than will be computed in time."""

    error_code = HTTPStatus.TOO_MANY_REQUESTS


class TimeIsUp(BentoMLException):
    """The caller's time was up before its turn came."""

    error_code = HTTPStatus.GATEWAY_TIMEOUT


@dataclass(eq=False)
class Call(Generic[Item, Result]):
    """One caller's items, the time of the event loop until which they are worth computing, and its results to be."""

    items: Sequence[Item]
    deadline: float
    results: asyncio.Future[Sequence[Result]]


class Batches(Generic[Item, Result]):
    """Computes the items of many callers together, one batch at a time, in the order in which they came.

    What nobody waits for any more is not begun: a caller may have left, or its time may be up.

    Args:
        compute: Items -> as many results, in order.
        thread: Where they are computed; models that must not compute at once share one.
        most_items: Of one batch; a call of more is a batch of its own.
        most_waiting: Items that may wait; a call that would make it more is refused at once.
    """

    def __init__(
        self,
        compute: Callable[[list[Item]], Sequence[Result]],
        thread: ThreadPoolExecutor,
        most_items: int,
        most_waiting: int,
    ) -> None:
        self._compute = compute
        self._thread = thread
        self._most_items = most_items
        self._most_waiting = most_waiting
        self._waiting: deque[Call[Item, Result]] = deque()
        self._item_s = 0.0
        self._work: asyncio.Task[None] | None = None

    async def results(self, items: list[Item], patience_s: float) -> Sequence[Result]:
        """The results of some items, in order.

        Args:
            items: One or more.
            patience_s: How long the caller waits until they are begun, in seconds.

        Raises:
            QueueFull: so much is waiting that they would not be begun in time.
            TimeIsUp: they were not begun in time.
        """
        ahead = sum(len(call.items) for call in self._waiting if not call.results.done())
        if ahead and (ahead + len(items) > self._most_waiting or ahead * self._item_s > patience_s):
            raise QueueFull(f"{ahead} items are waiting already.")

        loop = asyncio.get_running_loop()
        call = Call(items, loop.time() + patience_s, loop.create_future())
        self._waiting.append(call)
        if self._work is None or self._work.done():
            self._work = loop.create_task(self._compute_all())
        return await call.results

    async def _compute_all(self) -> None:
        """Compute batch after batch until nothing waits."""
        while calls := self._next_batch():
            await self._answer(calls)

    async def _answer(self, calls: list[Call[Item, Result]]) -> None:
        """Compute calls together; where that fails each by itself, so that none costs the others their results."""
        items = [item for call in calls for item in call.items]
        loop = asyncio.get_running_loop()
        begun = loop.time()
        try:
            results = await loop.run_in_executor(self._thread, self._compute, items)
            if len(results) != len(items):
                raise RuntimeError(f"{len(items)} items were computed to {len(results)} results.")
        except Exception as error:
            if len(calls) == 1:
                _fail(calls[0], error)
                return
            for call in calls:
                await self._answer([call])
            return

        self._item_s = (loop.time() - begun) / len(items)
        start = 0
        for call in calls:
            stop = start + len(call.items)
            # Whoever has left meanwhile has cancelled it.
            if not call.results.done():
                call.results.set_result(results[start:stop])
            start = stop

    def _next_batch(self) -> list[Call[Item, Result]]:
        """The first calls of the queue that fit into one batch; empty where none waits."""
        now = asyncio.get_running_loop().time()
        batch: list[Call[Item, Result]] = []
        count = 0
        while self._waiting and (not batch or count + len(self._waiting[0].items) <= self._most_items):
            call = self._waiting.popleft()
            if call.deadline < now:
                _fail(call, TimeIsUp("The caller's time was up."))
            elif not call.results.done():
                batch.append(call)
                count += len(call.items)
        return batch


def _fail(call: Call[Item, Result], error: Exception) -> None:
    """Tell a caller, unless it has left."""
    if not call.results.done():
        call.results.set_exception(error)
