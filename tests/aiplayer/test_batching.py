"""Batches are what came in meanwhile: nobody waits for company, and what nobody waits for is not computed."""

import asyncio
from collections.abc import Callable
from contextvars import ContextVar

import pytest

from aiplayer.batching import Batches, Ticket, Watcher
from aiplayer.errors import InvalidInput, TooBusy, TooSlow

MOST_ITEMS, MOST_WAITING = 4, 6


class Model:
    """Doubles numbers, each batch when it is let; has no result for 13."""

    def __init__(self) -> None:
        self.may_compute = asyncio.Event()
        self.batches: list[list[int]] = []
        self.ended: list[list[int]] = []

    async def compute(self, items: list[int], tickets: list[Ticket]) -> list[int | Exception]:
        assert len(items) == len(tickets)
        self.batches.append(items)
        await asyncio.wait_for(self.may_compute.wait(), 60)
        self.ended.append(items)
        return [InvalidInput("13 cannot be doubled") if item == 13 else 2 * item for item in items]


class Notes(Watcher):
    """Notes what it is told."""

    def __init__(self) -> None:
        self.sizes: list[int] = []
        self.reasons: list[str] = []

    def begun(self, waited_s) -> None:
        self.sizes.append(len(waited_s))

    def refused(self, reason) -> None:
        self.reasons.append(reason)


def run(scene: Callable, **options) -> Model:
    """A scene of a model and its batches."""

    async def play() -> Model:
        model = Model()
        await scene(model, Batches("doubler", model.compute, MOST_ITEMS, MOST_WAITING, **options))
        return model

    return asyncio.run(play())


async def begin(batches: Batches, *items: int, patience_s: float = 60) -> list[asyncio.Task]:
    """Callers who wait for results; what comes first is begun, if a lane is free."""
    tasks = []
    for item in items:
        tasks.append(asyncio.create_task(batches.result(item, Ticket(patience_s))))
        for _ in range(4):
            await asyncio.sleep(0)
    return tasks


def test_a_lone_caller_is_served_at_once_also_after_a_burst():
    async def scene(model, batches):
        model.may_compute.set()
        await asyncio.gather(*(batches.result(number, Ticket()) for number in range(6)))
        assert await batches.result(20, Ticket()) == 40

    assert run(scene).batches[-1] == [20]


def test_who_asks_again_as_soon_as_it_is_answered_is_answered_again():
    async def scene(model, batches):
        model.may_compute.set()

        async def ask_three_times() -> list[int]:
            return [await batches.result(number, Ticket()) for number in (1, 2, 3)]

        assert await asyncio.wait_for(ask_three_times(), 10) == [2, 4, 6]

    run(scene)


def test_what_comes_while_a_batch_is_computed_is_the_next_batch_in_order():
    async def scene(model, batches):
        callers = await begin(batches, 1, 2, 3, 4, 5, 6)
        model.may_compute.set()
        assert await asyncio.gather(*callers) == [2, 4, 6, 8, 10, 12]

    assert run(scene).batches == [[1], [2, 3, 4, 5], [6]]


def test_what_comes_at_one_time_is_one_batch():
    async def scene(model, batches):
        model.may_compute.set()
        await asyncio.gather(*(batches.result(number, Ticket()) for number in range(3)))

    assert run(scene).batches == [[0, 1, 2]]


def test_with_two_lanes_a_batch_is_on_its_way_while_another_is_computed():
    async def scene(model, batches):
        callers = await begin(batches, 1, 2, 3, 4)
        assert model.batches == [[1], [2]]
        model.may_compute.set()
        assert await asyncio.gather(*callers) == [2, 4, 6, 8]

    assert run(scene, lanes=2).batches == [[1], [2], [3, 4]]


def test_an_item_without_a_result_costs_its_own_caller_alone():
    async def scene(model, batches):
        callers = await begin(batches, 1, 2, 13, 3)
        model.may_compute.set()
        _, second, faulty, fourth = await asyncio.gather(*callers, return_exceptions=True)
        assert (second, fourth) == (4, 6)
        assert isinstance(faulty, InvalidInput)

    run(scene)


def test_an_error_of_the_batch_is_told_to_each_and_the_next_batch_is_computed():
    async def fail(items, tickets):
        if len(items) > 1:
            raise OSError("gone")
        return items

    async def scene():
        batches = Batches("failer", fail, MOST_ITEMS, MOST_WAITING)
        both = await asyncio.gather(*(batches.result(n, Ticket()) for n in (1, 2)), return_exceptions=True)
        assert [str(error) for error in both] == ["gone", "gone"]
        assert await batches.result(3, Ticket()) == 3

    asyncio.run(scene())


def test_whoever_has_left_is_not_computed():
    async def scene(model, batches):
        first, leaver, third = await begin(batches, 1, 2, 3)
        leaver.cancel()
        model.may_compute.set()
        assert await asyncio.gather(first, third) == [2, 6]

    assert run(scene).batches == [[1], [3]]


def test_a_batch_that_all_have_left_is_cancelled_and_one_with_a_caller_is_not():
    async def scene(model, batches):
        (only,) = await begin(batches, 1)
        left, stayed = await begin(batches, 2, 3)
        only.cancel()
        await asyncio.sleep(0.01)
        left.cancel()
        model.may_compute.set()
        assert await stayed == 6

    model = run(scene)
    assert (model.batches, model.ended) == ([[1], [2, 3]], [[2, 3]])


def test_whose_time_is_up_is_told_and_not_computed():
    async def scene(model, batches):
        (first,) = await begin(batches, 1)
        (second,) = await begin(batches, 2, patience_s=0.01)
        await asyncio.sleep(0.05)
        model.may_compute.set()
        assert await first == 2
        with pytest.raises(TooSlow, match="The doubler did not come to this in time"):
            await second

    assert run(scene).batches == [[1]]


def test_more_than_may_wait_is_refused_at_once_and_what_waits_is_served():
    notes = Notes()

    async def scene(model, batches):
        callers = await begin(batches, *range(7))
        with pytest.raises(TooBusy, match="Too much waits for the doubler"):
            await batches.result(7, Ticket())
        model.may_compute.set()
        assert await asyncio.gather(*callers) == [2 * number for number in range(7)]
        assert await batches.result(7, Ticket()) == 14

    run(scene, watcher=notes)
    assert (notes.sizes, notes.reasons) == ([1, 4, 2, 1], ["queue_full"])


def test_who_has_left_takes_nobodys_place():
    async def scene(model, batches):
        _, *leavers = await begin(batches, *range(7))
        for leaver in leavers:
            leaver.cancel()
        await asyncio.sleep(0)
        (late,) = await begin(batches, 7)
        model.may_compute.set()
        assert await late == 14

    assert run(scene).batches == [[0], [7]]


def test_what_would_not_be_begun_in_time_is_refused_with_the_time_to_come_again():
    async def scene(model, batches):
        (first,) = await begin(batches, 1, patience_s=1)
        with pytest.raises(TooBusy) as refused:
            await batches.result(2, Ticket(patience_s=60))
        assert refused.value.retry_after_s == 100
        (third,) = await begin(batches, 3, patience_s=150)
        model.may_compute.set()
        assert await asyncio.gather(first, third) == [2, 6]
        # The batches took no time, and that is known now.
        assert await batches.result(5, Ticket(patience_s=1)) == 10

    run(scene, item_s=100)


def test_a_ticket_tells_how_long_the_caller_still_waits():
    told = []

    async def note(items, tickets):
        await asyncio.sleep(0.1)
        told.extend(tickets)
        return items

    async def scene():
        batches = Batches("noter", note, MOST_ITEMS, MOST_WAITING)
        (first,) = await begin(batches, 1)
        (second,) = await begin(batches, 2, patience_s=5)
        await asyncio.gather(first, second)

    asyncio.run(scene())
    assert 4 < told[1].patience_s < 4.95


def test_another_number_of_results_is_an_error_and_never_another_callers():
    async def scene():
        async def too_many(items, tickets):
            return [1, 2]

        with pytest.raises(RuntimeError, match="1 items were computed to 2 results"):
            await Batches("doubler", too_many, MOST_ITEMS, MOST_WAITING).result(1, Ticket())

    asyncio.run(scene())


def test_a_lane_knows_nothing_of_the_request_that_it_begins_with():
    request = ContextVar("request", default="none")
    known = []

    async def scene() -> None:
        async def compute(items: list[int], tickets: list[Ticket]) -> list[int]:
            known.append(request.get())
            return items

        request.set("first")
        assert await Batches("model", compute, MOST_ITEMS, MOST_WAITING).result(1, Ticket()) == 1

    asyncio.run(scene())
    assert known == ["none"]


def test_what_is_computed_is_told_who_waits_for_it():
    told = []

    async def scene() -> None:
        async def compute(items: list[int], tickets: list[Ticket]) -> list[int]:
            told.extend(tickets)
            return items

        await Batches("model", compute, MOST_ITEMS, MOST_WAITING).result(1, Ticket(60, "id-7", "00-1-2-01"))

    asyncio.run(scene())
    (ticket,) = told
    assert (ticket.request_id, ticket.traceparent) == ("id-7", "00-1-2-01")
    assert 59 < ticket.patience_s <= 60
