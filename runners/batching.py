"""Batches of what waits while a model is at work.

BentoML's own batching learns how long to wait for company, and after a burst it waits for most of a minute though
nobody comes. Here nobody waits for company: a batch is what came in while the one before was computed.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import Any, Generic, NamedTuple, TypeVar

from bentoml._internal.configuration.containers import BentoMLContainer
from bentoml.exceptions import BentoMLException

Item = TypeVar("Item")
Result = TypeVar("Result")

# Where the histograms of /metrics part.
SIZES = (1, 2, 4, 8, 16, 32, 64)
SECONDS = (0.001, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60, 600)


class QueueFull(BentoMLException):
    """More is waiting already than will be computed in time."""

    error_code = HTTPStatus.TOO_MANY_REQUESTS


class TimeIsUp(BentoMLException):
    """The caller's time was up before its turn came."""

    error_code = HTTPStatus.GATEWAY_TIMEOUT


@dataclass(eq=False)
class Call(Generic[Item, Result]):
    """One caller's items, the times of the event loop when it came and when it gives up, and its results to be."""

    items: Sequence[Item]
    came: float
    deadline: float
    results: asyncio.Future[Sequence[Result]]


class Instruments(NamedTuple):
    """What /metrics tells of all batches of this process, by the kind of work."""

    batch_items: Any
    waiting_s: Any
    refused: Any


@cache
def instruments() -> Instruments:
    """The instruments, made when a runner starts: only then BentoML has said where its processes measure."""
    client = BentoMLContainer.metrics_client.get()
    return Instruments(
        client.Histogram(
            name="aiplayer_batch_items", documentation="Items computed together", labelnames=["work"], buckets=SIZES
        ),
        client.Histogram(
            name="aiplayer_waiting_seconds",
            documentation="Seconds until a call was begun",
            labelnames=["work"],
            buckets=SECONDS,
        ),
        client.Counter(
            name="aiplayer_refused",
            documentation="Calls that were not begun, because the queue was full or their time was up",
            labelnames=["work", "reason"],
        ),
    )


class Batches(Generic[Item, Result]):
    """Computes the items of many callers together, one batch at a time, in the order in which they came.

    What nobody waits for any more is not begun: a caller may have left, or its time may be up.

    Args:
        work: What /metrics calls it.
        compute: Items -> as many results, in order.
        thread: Where they are computed; models that must not compute at once share one.
        most_items: Of one batch; a call of more is a batch of its own.
        most_waiting: Items that may wait; a call that would make it more is refused at once.
        item_s: How long an item takes, in seconds, as far as it is known before the first batch.
    """

    def __init__(
        self,
        work: str,
        compute: Callable[[list[Item]], Sequence[Result]],
        thread: ThreadPoolExecutor,
        most_items: int,
        most_waiting: int,
        item_s: float = 0.0,
    ) -> None:
        self._work = work
        self._compute = compute
        self._thread = thread
        self._most_items = most_items
        self._most_waiting = most_waiting
        self._waiting: deque[Call[Item, Result]] = deque()
        self._item_s = item_s
        self._busy_until = 0.0
        self._computing: asyncio.Task[None] | None = None

    async def results(self, items: list[Item], patience_s: float) -> Sequence[Result]:
        """The results of some items, in order.

        Args:
            items: One or more.
            patience_s: How long the caller waits until they are begun, in seconds.

        Raises:
            QueueFull: so much is waiting that they would not be begun in time.
            TimeIsUp: they were not begun in time.
        """
        loop = asyncio.get_running_loop()
        now = loop.time()
        ahead = sum(len(call.items) for call in self._waiting if not call.results.done())
        begins_in_s = max(0.0, self._busy_until - now) + ahead * self._item_s
        if begins_in_s > patience_s or (ahead and ahead + len(items) > self._most_waiting):
            instruments().refused.labels(self._work, "queue_full").inc()
            raise QueueFull(f"{ahead} items are waiting already.")

        call = Call(items, now, now + patience_s, loop.create_future())
        self._waiting.append(call)
        if self._computing is None or self._computing.done():
            self._computing = loop.create_task(self._compute_all())
        return await call.results

    async def _compute_all(self) -> None:
        """Compute batch after batch until nothing waits."""
        while calls := self._next_batch():
            await self._answer(calls)
            self._busy_until = 0.0

    async def _answer(self, calls: list[Call[Item, Result]]) -> None:
        """Compute calls together; where that fails each by itself, so that none costs the others their results."""
        items = [item for call in calls for item in call.items]
        loop = asyncio.get_running_loop()
        begun = loop.time()
        self._busy_until = begun + self._item_s * len(items)
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
                instruments().refused.labels(self._work, "time_is_up").inc()
                _fail(call, TimeIsUp("The caller's time was up."))
            elif not call.results.done():
                instruments().waiting_s.labels(self._work).observe(now - call.came)
                batch.append(call)
                count += len(call.items)
        if batch:
            instruments().batch_items.labels(self._work).observe(count)
        return batch


def _fail(call: Call[Item, Result], error: Exception) -> None:
    """Tell a caller, unless it has left."""
    if not call.results.done():
        call.results.set_exception(error)
