"""Batches of what waits while the ones before are computed.

Batching that learns how long to wait for company, as BentoML's does, goes on waiting for most of a minute after a
burst, though nobody comes. Here nobody waits for company: a batch is what came in while the one before was computed.
"""

import asyncio
import math
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from aiplayer.errors import TooBusy, TooSlow

Item = TypeVar("Item")
Result = TypeVar("Result")

# In whole seconds, as HTTP tells it.
SHORTEST_RETRY_S, LONGEST_RETRY_S = 1, 600


@dataclass(frozen=True)
class Ticket:
    """Who waits for an item.

    Attributes:
        patience_s: How long the caller waits until the item is begun, in seconds.
        request_id: What the logs call the request.
        traceparent: The span that waits, as W3C spells it; empty where the request is not traced.
    """

    patience_s: float = math.inf
    request_id: str = ""
    traceparent: str = ""


def request_ids(tickets: Sequence[Ticket]) -> list[str]:
    """The ids of the requests that wait, each once; a request may wait for several items."""
    return list(dict.fromkeys(ticket.request_id for ticket in tickets if ticket.request_id))


# Computes items together: for each its result, in order, or the error that its caller gets.
Compute = Callable[[list[Item], list[Ticket]], Awaitable[Sequence[Result | Exception]]]


class Watcher:
    """Is told of batches as they happen; this one looks away."""

    def came(self, waiting: int) -> None:
        """Items came or went: so many wait now."""

    def begun(self, waited_s: Sequence[float]) -> None:
        """A batch was begun; for each item, how long it has waited, in seconds."""

    def computed(self, items: int, seconds: float) -> None:
        """A batch of so many items was computed in so many seconds."""

    def refused(self, reason: str, items: int = 1) -> None:
        """Items were not begun: "queue_full" or "time_is_up"."""


@dataclass(eq=False)
class Call(Generic[Item, Result]):
    """One item, who waits for it, the times of the event loop when it came and when its caller gives up, its result."""

    item: Item
    ticket: Ticket
    came: float
    result: asyncio.Future[Result]

    @property
    def deadline(self) -> float:
        """When the caller gives up."""
        return self.came + self.ticket.patience_s


class Batches(Generic[Item, Result]):
    """Computes the items of many callers together, in the order in which they came.

    What nobody waits for any more is not begun: a caller may have left, or its time may be up. A batch that all its
    callers have left is cancelled.

    Args:
        what: What a person calls it, "recommender" for example.
        compute: Computes a batch.
        most_items: Of one batch.
        most_waiting: Items that may wait; one more is refused at once.
        lanes: How many batches are under way at once.
        item_s: How long an item takes, in seconds, as far as it is known before the first batch.
        watcher: Is told of every batch.
    """

    def __init__(
        self,
        what: str,
        compute: Compute[Item, Result],
        most_items: int,
        most_waiting: int,
        lanes: int = 1,
        item_s: float = 0.0,
        watcher: Watcher | None = None,
    ) -> None:
        self._what = what
        self._compute = compute
        self._most_items = most_items
        self._most_waiting = most_waiting
        self._lane_count = lanes
        self._item_s = item_s
        self._watcher = watcher or Watcher()
        self._waiting: deque[Call[Item, Result]] = deque()
        # When each lane's batch is expected to end, by the lane's task.
        self._lanes: dict[asyncio.Task[None], float] = {}

    async def result(self, item: Item, ticket: Ticket) -> Result:
        """The result of an item.

        Raises:
            TooBusy: so much waits that it would not be begun in time.
            TooSlow: it was not begun in time.
            Exception: what was computed in place of its result, or why nothing was.
        """
        loop = asyncio.get_running_loop()
        self._forget_who_left()
        begins_in_s = self._begins_in_s(loop.time())
        if len(self._waiting) >= self._most_waiting or begins_in_s > ticket.patience_s:
            self._watcher.refused("queue_full")
            raise self._too_busy(begins_in_s)

        call: Call[Item, Result] = Call(item, ticket, loop.time(), loop.create_future())
        self._waiting.append(call)
        self._watcher.came(len(self._waiting))
        if len(self._lanes) < self._lane_count:
            # A lane works for many requests, so it knows nothing of the one that it begins with.
            lane = loop.create_task(self._work(), context=Context())
            self._lanes[lane] = loop.time()
            lane.add_done_callback(self._close)
        return await call.result

    def _forget_who_left(self) -> None:
        """Drop those at the head of the queue who wait no more; those behind them are dropped when their turn comes."""
        while self._waiting and self._waiting[0].result.done():
            self._waiting.popleft()

    def _begins_in_s(self, now: float) -> float:
        """When one more item would be begun, by how long the last ones took."""
        if len(self._lanes) < self._lane_count:
            return 0.0
        ahead = sum(not call.result.done() for call in self._waiting)
        first_end = min(self._lanes.values())
        return max(0.0, first_end - now) + ahead * self._item_s / self._lane_count

    def _too_busy(self, begins_in_s: float) -> TooBusy:
        retry_after_s = math.ceil(min(max(begins_in_s, SHORTEST_RETRY_S), LONGEST_RETRY_S))
        return TooBusy(f"Too much waits for the {self._what}. Try again later.", retry_after_s)

    async def _work(self) -> None:
        """Compute batch after batch until nothing waits."""
        # All that comes in this turn of the event loop comes into one batch.
        await asyncio.sleep(0)
        while calls := self._next_batch():
            await self._answer(calls)

        # At once: until the event loop tells that a task has ended, others may come, and would wait for this lane.
        self._close(asyncio.current_task())

    def _close(self, lane: asyncio.Task[None] | None) -> None:
        """Let another lane take the place of this one; done twice, nothing happens."""
        if lane is not None:
            self._lanes.pop(lane, None)

    async def _answer(self, calls: list[Call[Item, Result]]) -> None:
        """Compute calls together; an error of the whole batch is told to each caller."""
        loop = asyncio.get_running_loop()
        begun = loop.time()
        lane = asyncio.current_task()
        if lane is not None:
            self._lanes[lane] = begun + self._item_s * len(calls)
        results: Sequence[Result | Exception]
        try:
            results = await self._computed(calls)
        except asyncio.CancelledError:
            if all(call.result.done() for call in calls):
                return
            raise
        except Exception as error:
            results = [error] * len(calls)
        else:
            self._item_s = (loop.time() - begun) / len(calls)

        self._watcher.computed(len(calls), loop.time() - begun)
        for call, result in zip(calls, results, strict=True):
            if isinstance(result, Exception):
                _fail(call, result)
            # Whoever has left meanwhile has cancelled it.
            elif not call.result.done():
                call.result.set_result(result)

    async def _computed(self, calls: list[Call[Item, Result]]) -> Sequence[Result | Exception]:
        """The results of calls; cancelled where all their callers have left."""
        now = asyncio.get_running_loop().time()
        tickets = [replace(call.ticket, patience_s=call.deadline - now) for call in calls]
        computing = asyncio.ensure_future(self._compute([call.item for call in calls], tickets))

        def note_who_left(_: asyncio.Future[Result]) -> None:
            if all(call.result.done() for call in calls):
                computing.cancel()

        for call in calls:
            call.result.add_done_callback(note_who_left)
        results = await computing
        if len(results) != len(calls):
            raise RuntimeError(f"{len(calls)} items were computed to {len(results)} results.")
        return results

    def _next_batch(self) -> list[Call[Item, Result]]:
        """The first calls of the queue that fit into one batch; empty where none waits."""
        now = asyncio.get_running_loop().time()
        batch: list[Call[Item, Result]] = []
        while self._waiting and len(batch) < self._most_items:
            call = self._waiting.popleft()
            if call.result.done():
                continue
            if call.deadline < now:
                self._watcher.refused("time_is_up")
                _fail(call, TooSlow(f"The {self._what} did not come to this in time. Try again later."))
            else:
                batch.append(call)

        self._watcher.came(len(self._waiting))
        if batch:
            self._watcher.begun([now - call.came for call in batch])
        return batch


def _fail(call: Call[Item, Result], error: Exception) -> None:
    """Tell a caller, unless it has left."""
    if not call.result.done():
        call.result.set_exception(error)
