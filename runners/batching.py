"""What all runners share: batches computed in a thread, what is told of them, and results that cross to the gateway
beside the reasons why there is none.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

from aiplayer.batching import Batches, Ticket, request_ids
from aiplayer.crossing import Answered, Asked, answer_of
from aiplayer.errors import AIPlayerError
from aiplayer.telemetry.batches import MeasuredBatches
from aiplayer.telemetry.instruments import RUNNER
from aiplayer.telemetry.tracing import record_batch

Item = TypeVar("Item")
Result = TypeVar("Result")

# A batch is slow that takes longer than this.
SLOW_S = 1.0

logger = logging.getLogger(__name__)


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
        slow_s: A batch that takes longer has a line in the log, in seconds; default: `SLOW_S`.
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
        slow_s: float | None = None,
    ) -> None:
        self._work = work
        self._what = what
        self._compute = compute
        self._thread = thread
        self._slow_s = SLOW_S if slow_s is None else slow_s
        self._batches: Batches[Item, Result] = Batches(
            what, self._observed, most_items, most_waiting, item_s=item_s, watcher=MeasuredBatches(RUNNER, work)
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

    async def _observed(self, items: list[Item], tickets: list[Ticket]) -> Sequence[Result | Exception]:
        """A batch, and its line in the log and its spans in the traces of its requests."""
        began_ns = time.time_ns()
        results = await self._computed(items, tickets)

        seconds = (time.time_ns() - began_ns) / 1e9
        level = logging.WARNING if seconds > self._slow_s else logging.DEBUG
        if logger.isEnabledFor(level):
            self._log_batch(level, seconds, tickets)
        record_batch(self._work, [ticket.traceparent for ticket in tickets], began_ns, _first_fault(results))
        return results

    async def _computed(self, items: list[Item], tickets: list[Ticket]) -> Sequence[Result | Exception]:
        """A batch; where it fails each item by itself, so that none costs the others their results."""
        try:
            return await self._in_thread(items)
        except Exception as error:
            if len(items) == 1:
                return [self._failure(error, tickets[0])]

        results: list[Result | Exception] = []
        for item, ticket in zip(items, tickets, strict=True):
            try:
                results.extend(await self._in_thread([item]))
            except Exception as error:
                results.append(self._failure(error, ticket))
        return results

    async def _in_thread(self, items: list[Item], *arguments: object) -> Sequence[Result | AIPlayerError]:
        results = await asyncio.get_running_loop().run_in_executor(self._thread, self._compute, items, *arguments)
        if len(results) != len(items):
            raise RuntimeError(f"{len(items)} items were computed to {len(results)} results.")
        return results

    def _log_batch(self, level: int, seconds: float, tickets: Sequence[Ticket]) -> None:
        facts = {
            "work": self._work,
            "batch_size": len(tickets),
            "milliseconds": round(seconds * 1000, 1),
            "requests": request_ids(tickets),
        }
        logger.log(level, "a batch of %d of %s took %.1f ms", len(tickets), self._work, seconds * 1000, extra=facts)

    def _failure(self, error: Exception, ticket: Ticket) -> AIPlayerError:
        """What an item's caller is told; the log tells the reason."""
        facts = {"work": self._work, "requests": request_ids([ticket])}
        logger.error("the %s failed at an item", self._what, exc_info=error, extra=facts)
        return AIPlayerError(f"The {self._what} failed at this. The operator finds the reason in the log.")


def _first_fault(results: Iterable[object]) -> AIPlayerError | None:
    """The first result that could not be computed, by a fault of ours."""
    faults = (result for result in results if isinstance(result, AIPlayerError) and result.status >= 500)
    return next(faults, None)
