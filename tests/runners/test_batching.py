"""What a runner computes in a thread: an item that fails costs its own caller alone, and errors cross as they are."""

import asyncio
import pickle
from concurrent.futures import ThreadPoolExecutor

import pytest

from aiplayer.batching import Ticket
from aiplayer.crossing import Answered, Asked
from aiplayer.errors import AIPlayerError, InvalidInput, NotPainted, TooBusy, TooSlow, Unavailable
from runners.batching import ModelBatches


def double(items: list[int]) -> list[int | AIPlayerError]:
    """Doubles numbers; fails at 13, and has no result for 7."""
    if 13 in items:
        raise ValueError("13 cannot be computed")
    return [InvalidInput("not 7", field="item") if item == 7 else 2 * item for item in items]


def answer(compute, *items: int) -> list:
    async def scene() -> Answered:
        batches = ModelBatches("double", "doubler", compute, thread, most_items=4, most_waiting=8)
        return await batches.answer(Asked(items, [Ticket()] * len(items)))

    with ThreadPoolExecutor(1) as thread:
        return asyncio.run(scene()).outcomes


def test_results_come_in_order():
    assert answer(double, *range(6)) == [0, 2, 4, 6, 8, 10]


def test_an_item_that_fails_costs_its_own_caller_alone():
    first, failed, last = answer(double, 1, 13, 2)
    assert (first, last) == (2, 4)
    assert (failed.status, failed.code) == (500, "internal_error")
    assert failed.message == "The doubler failed at this. The operator finds the reason in the log."


def test_an_item_without_a_result_is_an_error_of_its_own():
    without, second = answer(double, 7, 2)
    assert (without.code, without.field) == ("invalid_input", "item")
    assert second == 4


def test_another_number_of_results_is_never_another_callers():
    for outcome in answer(lambda items: [0] * (len(items) + 1), 1, 2):
        assert outcome.code == "internal_error"


@pytest.mark.parametrize(
    "error",
    [
        InvalidInput("no", code="nothing_left", field="title"),
        NotPainted("dark"),
        TooBusy("full", retry_after_s=7),
        TooSlow("late"),
        Unavailable("away", code="runner_away"),
    ],
)
def test_errors_cross_to_the_gateway_as_they_are(error):
    (crossed,) = pickle.loads(pickle.dumps(Answered([error]))).outcomes
    assert type(crossed) is type(error)
    assert vars(crossed) == vars(error)
    assert crossed.as_dict() == error.as_dict()
