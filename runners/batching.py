"""What all runners share: batches computed in a thread, what /metrics tells of them, and results that cross to the
gateway beside the reasons why there is none.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any, Generic, NamedTuple, TypeVar

from bentoml._internal.configuration.containers import BentoMLContainer

from aiplayer.batching import Batches, Ticket, Watcher
from aiplayer.crossing import Answered, Asked
from aiplayer.errors import AIPlayerError

Item = TypeVar("Item")
Result = TypeVar("Result")

# Where the histograms of /metrics part.
SIZES = (1, 2, 4, 8, 16, 32, 64)
SECONDS = (0.001, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60, 600)

# BentoML prints what its own loggers tell, of others only warnings.
logger = logging.getLogger("bentoml.aiplayer")


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
            documentation="Seconds until an item was begun",
            labelnames=["work"],
            buckets=SECONDS,
        ),
        client.Counter(
            name="aiplayer_refused",
            documentation="Items that were not begun, because the queue was full or their time was up",
            labelnames=["work", "reason"],
        ),
    )


class Measured(Watcher):
    """Tells /metrics of one kind of work."""

    def __init__(self, work: str) -> None:
        self._work = work

    def begun(self, waited_s: Sequence[float]) -> None:
        """A batch was begun."""
        instruments().batch_items.labels(self._work).observe(len(waited_s))
        waiting = instruments().waiting_s.labels(self._work)
        for seconds in waited_s:
            waiting.observe(seconds)

    def refused(self, reason: str) -> None:
        """An item was not begun."""
        instruments().refused.labels(self._work, reason).inc()


class ModelBatches(Generic[Item, Result]):
    """What a runner computes for the gateway, in batches, in a thread.

    Args:
        work: What /metrics calls it.
        what: What a person calls the runner.
        compute: Items -> as many results, in order, or errors in their places. `WatchedBatches` gives it more.
        thread: Where they are computed; models that must not compute at once share one.
        most_items: Of one batch.
        most_waiting: Items that may wait.
        item_s: How long an item takes, in seconds, as far as it is known before the first batch.
    """

    def __init__(
        self,
        work: str,
        what: str,
        compute: Callable[..., Sequence[Result | AIPlayerError]],
        thread: ThreadPoolExecutor,
        most_items: int,
        most_waiting: int,
        item_s: float = 0.0,
    ) -> None:
        self._what = what
        self._compute = compute
        self._thread = thread
        self._batches: Batches[Item, Result] = Batches(
            what, self._computed, most_items, most_waiting, item_s=item_s, watcher=Measured(work)
        )

    async def result(self, item: Item, ticket: Ticket) -> Result:
        """The result of an item.

        Raises:
            AIPlayerError: there is none; the error says why.
        """
        return await self._batches.result(item, ticket)

    async def answer(self, asked: Asked) -> Answered:
        """For each item its result, or the error that says why there is none."""
        return await answer_of(map(self.result, asked.items, asked.tickets))

    async def _computed(self, items: list[Item], tickets: list[Ticket]) -> Sequence[Result | Exception]:
        """A batch; where it fails each item by itself, so that none costs the others their results."""
        try:
            return await self._in_thread(items)
        except Exception as error:
            if len(items) == 1:
                return [self._failure(error)]

        results: list[Result | Exception] = []
        for item in items:
            try:
                results.extend(await self._in_thread([item]))
            except Exception as error:
                results.append(self._failure(error))
        return results

    async def _in_thread(self, items: list[Item], *arguments: object) -> Sequence[Result | AIPlayerError]:
        results = await asyncio.get_running_loop().run_in_executor(self._thread, self._compute, items, *arguments)
        if len(results) != len(items):
            raise RuntimeError(f"{len(items)} items were computed to {len(results)} results.")
        return results

    def _failure(self, error: Exception) -> AIPlayerError:
        """What an item's caller is told; the log tells the reason."""
        logger.error("the %s failed at an item", self._what, exc_info=error)
        return AIPlayerError(f"The {self._what} failed at this. The operator finds the reason in the log.")


async def answer_of(results: Iterable[Awaitable[object]]) -> Answered:
    """What each returns, or the error of ours that it raises; the gateway tells it to the one whom it concerns."""
    outcomes = await asyncio.gather(*results, return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, BaseException) and not isinstance(outcome, AIPlayerError):
            raise outcome
    return Answered(outcomes)
