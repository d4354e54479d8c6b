"""A batch tells how far it is while it is computed, and ends when all who wait for it have left."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

from aiplayer.batching import Ticket
from aiplayer.thumbnails.progress import Progress, Stopped
from runners.watched_batches import WatchedBatches

STEPS = 100
STEP_S = 0.02


class Model:
    """Doubles numbers in many steps.

    Attributes:
        batches: What was begun.
        steps: How many steps were taken.
        is_stopped: Set when a batch has ended before its last step.
    """

    def __init__(self, steps: int = STEPS) -> None:
        self._steps = steps
        self.batches: list[list[int]] = []
        self.steps = 0
        self.is_stopped = threading.Event()

    def compute(self, items: list[int], progress: Progress) -> list[int]:
        self.batches.append(items)
        try:
            for step in range(self._steps):
                progress.tell(step / self._steps)
                self.steps += 1
                threading.Event().wait(STEP_S)
        except Stopped:
            self.is_stopped.set()
            raise
        return [2 * item for item in items]


def play(model: Model, scene: Callable[[WatchedBatches], Awaitable[None]]) -> None:
    async def whole() -> None:
        batches = WatchedBatches(
            "double",
            "doubler",
            model.compute,
            thread,
            most_items=4,
            most_waiting=8,
            item_s=0,
            slow_s=1,
            key_of=str,
        )
        await scene(batches)

    with ThreadPoolExecutor(1) as thread:
        asyncio.run(asyncio.wait_for(whole(), 30))


async def until(condition: Callable[[], bool]) -> None:
    while not condition():
        await asyncio.sleep(0.005)


def test_the_share_rises_while_an_item_is_computed_and_is_told_at_once():
    async def scene(batches):
        waiting = asyncio.create_task(batches.result(3, Ticket()))
        await until(lambda: batches.share(3) > 0.1)
        second = asyncio.create_task(batches.result(4, Ticket()))
        await until(lambda: batches.share(3) > 0.2)
        assert batches.share(4) == batches.share(5) == 0
        assert await asyncio.gather(waiting, second) == [6, 8]
        assert batches.share(3) == 0

    play(Model(steps=20), scene)


def test_a_batch_that_all_have_left_ends_at_its_next_step_and_the_next_one_is_computed():
    model = Model()

    async def scene(batches):
        leavers = [asyncio.create_task(batches.result(number, Ticket())) for number in (1, 2)]
        await until(lambda: batches.share(1) > 0)
        for leaver in leavers:
            leaver.cancel()
        await until(model.is_stopped.is_set)
        assert model.steps < STEPS / 2
        model._steps = 1
        assert await batches.result(3, Ticket()) == 6

    play(model, scene)
    assert model.batches == [[1, 2], [3]]


def test_a_batch_goes_on_while_one_of_its_callers_is_left():
    model = Model(steps=20)

    async def scene(batches):
        leaver, stayer = (asyncio.create_task(batches.result(number, Ticket())) for number in (1, 2))
        await until(lambda: batches.share(1) > 0)
        leaver.cancel()
        assert await stayer == 4

    play(model, scene)
    assert (model.batches, model.steps, model.is_stopped.is_set()) == ([[1, 2]], 20, False)
