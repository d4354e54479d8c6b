"""Batches are what came in meanwhile: nobody waits for company, and nobody pays for another's fault."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from runners.batching import Batches, QueueFull, TimeIsUp

MOST_ITEMS, MOST_WAITING = 4, 6


class Model:
    """Doubles numbers, each batch when it is let; fails at 13."""

    def __init__(self) -> None:
        self.may_compute = threading.Event()
        self.computed: list[list[int]] = []

    def compute(self, items: list[int]) -> list[int]:
        assert self.may_compute.wait(timeout=60)
        self.computed.append(items)
        if 13 in items:
            raise ValueError("13 cannot be computed")
        return [2 * item for item in items]


def run(scene: Callable) -> Model:
    """A scene of a model and callers of its batches."""
    model = Model()
    with ThreadPoolExecutor(1) as thread:
        batches = Batches("double", model.compute, thread, MOST_ITEMS, MOST_WAITING)
        try:
            asyncio.run(scene(model, batches))
        finally:
            model.may_compute.set()
    return model


async def begin(batches: Batches, *calls: list[int], patience_s: float = 60) -> list[asyncio.Task]:
    """Callers who wait for results; the first one's batch is begun."""
    tasks = []
    for items in calls:
        tasks.append(asyncio.create_task(batches.results(items, patience_s)))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    return tasks


def test_a_lone_caller_is_served_at_once_also_after_a_burst():
    async def scene(model, batches):
        model.may_compute.set()
        await asyncio.gather(*(batches.results([number], 60) for number in range(6)))
        assert await batches.results([20], 60) == [40]

    assert run(scene).computed[-1] == [20]


def test_what_comes_while_a_batch_is_computed_is_the_next_batch_in_order():
    async def scene(model, batches):
        callers = await begin(batches, [1], [2], [3, 4], [5, 6], [7])
        model.may_compute.set()
        assert await asyncio.gather(*callers) == [[2], [4], [6, 8], [10, 12], [14]]

    assert run(scene).computed == [[1], [2, 3, 4], [5, 6, 7]]


def test_a_call_of_more_items_than_a_batch_holds_is_a_batch_of_its_own():
    async def scene(model, batches):
        callers = await begin(batches, [1], [2, 3, 4, 5, 6], [7])
        model.may_compute.set()
        await asyncio.gather(*callers)

    assert run(scene).computed == [[1], [2, 3, 4, 5, 6], [7]]


def test_an_item_that_cannot_be_computed_costs_its_own_caller_alone():
    async def scene(model, batches):
        callers = await begin(batches, [1], [2], [13], [3])
        model.may_compute.set()
        _, second, faulty, fourth = await asyncio.gather(*callers, return_exceptions=True)
        assert (second, str(faulty), fourth) == ([4], "13 cannot be computed", [6])

    run(scene)


def test_whoever_has_left_is_not_computed():
    async def scene(model, batches):
        first, leaver, third = await begin(batches, [1], [2], [3])
        leaver.cancel()
        model.may_compute.set()
        assert await asyncio.gather(first, third) == [[2], [6]]

    assert run(scene).computed == [[1], [3]]


def test_whose_time_is_up_is_told_and_not_computed():
    async def scene(model, batches):
        (first,) = await begin(batches, [1])
        (second,) = await begin(batches, [2], patience_s=0.01)
        await asyncio.sleep(0.05)
        model.may_compute.set()
        assert await first == [2]
        with pytest.raises(TimeIsUp):
            await second

    assert run(scene).computed == [[1]]


def test_more_than_may_wait_is_refused_at_once_and_what_waits_is_served():
    async def scene(model, batches):
        callers = await begin(batches, [0], *([number] for number in range(1, 7)))
        with pytest.raises(QueueFull, match="6 items are waiting already"):
            await batches.results([7], 60)
        model.may_compute.set()
        assert await asyncio.gather(*callers) == [[2 * number] for number in range(7)]
        assert await batches.results([7], 60) == [14]

    run(scene)


def test_what_would_not_be_begun_in_time_is_refused_at_once():
    async def scene(model, batches):
        (slow,) = await begin(batches, [1])
        await asyncio.sleep(0.2)
        model.may_compute.set()
        await slow

        model.may_compute.clear()
        callers = await begin(batches, [2], [3], [4])
        with pytest.raises(QueueFull):
            await batches.results([5], patience_s=0.1)
        model.may_compute.set()
        await asyncio.gather(*callers)

    run(scene)


def test_what_is_known_of_a_model_counts_before_its_first_batch():
    async def scene(model, _):
        with ThreadPoolExecutor(1) as thread:
            minutes = Batches("double", model.compute, thread, MOST_ITEMS, MOST_WAITING, item_s=100)
            (first,) = await begin(minutes, [1], patience_s=1)
            with pytest.raises(QueueFull):
                await minutes.results([2], patience_s=60)
            (third,) = await begin(minutes, [3], patience_s=150)
            model.may_compute.set()
            assert await asyncio.gather(first, third) == [[2], [6]]
            # The batches took no time, and that is known now.
            assert await minutes.results([5], patience_s=1) == [10]

    run(scene)


def test_another_number_of_results_is_an_error_and_never_another_callers():
    async def scene(batches):
        with pytest.raises(RuntimeError, match="1 items were computed to 2 results"):
            await batches.results([1], 60)

    with ThreadPoolExecutor(1) as thread:
        asyncio.run(scene(Batches("double", lambda _: [1, 2], thread, MOST_ITEMS, MOST_WAITING)))
