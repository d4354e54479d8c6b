"""What all runners share: batches computed in a thread, what /metrics tells of them, and results that cross to the
gateway beside the reasons why there is none.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

from aiplayer.batching import Batches, Ticket
from aiplayer.crossing import Answered, Asked
from aiplayer.errors import AIPlayerError
from aiplayer.telemetry.batches import MeasuredBatches
from aiplayer.telemetry.instruments import RUNNER

Item = TypeVar("Item")
Result = TypeVar("Result")

# BentoML prints what its own loggers tell, of others only warnings.
logger = logging.getLogger("bentoml.aiplayer")


class ModelBatches(Generic[Item, Result]):
    """What a runner computes for the gateway, in batches, in a thread.

    Args:
        work: What /metrics calls it.
        what: What a person calls the runner.
        compute: Items -> as many results, in order, or errors in their places.
        thread: Where they are computed; models that must not compute at once share one.
        most_items: Of one batch.
        most_waiting: Items that may wait.
        item_s: How long an item takes, in seconds, as far as it is known before the first batch.
    """

    def __init__(
        self,
        work: str,
        what: str,
        compute: Callable[[list[Item]], Sequence[Result | AIPlayerError]],
        thread: ThreadPoolExecutor,
        most_items: int,
        most_waiting: int,
        item_s: float = 0.0,
    ) -> None:
        self._what = what
        self._compute = compute
        self._thread = thread
        self._batches: Batches[Item, Result] = Batches(
            what, self._computed, most_items, most_waiting, item_s=item_s, watcher=MeasuredBatches(RUNNER, work)
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

    async def _in_thread(self, items: list[Item]) -> Sequence[Result | AIPlayerError]:
        results = await asyncio.get_running_loop().run_in_executor(self._thread, self._compute, items)
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
