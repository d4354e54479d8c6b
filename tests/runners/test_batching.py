"""What a runner computes in a thread: an item that fails costs its own caller alone, and errors cross as they are."""

import asyncio
import logging
import pickle
import time
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


def answer(compute, *items: int, slow_s: float | None = None) -> list:
    """What callers called `caller-ITEM` are answered."""

    async def scene() -> Answered:
        batches = ModelBatches("double", "doubler", compute, thread, most_items=4, most_waiting=8, slow_s=slow_s)
        return await batches.answer(Asked(items, [Ticket(request_id=f"caller-{item}") for item in items]))

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


def lines(caplog: pytest.LogCaptureFixture) -> list[tuple[str, list[str]]]:
    """What was logged: the level and the requests."""
    told = [record for record in caplog.records if record.name == "runners.batching"]
    return [(record.levelname, record.requests) for record in told]


def test_the_log_names_the_request_of_an_item_that_fails(caplog):
    answer(double, 1, 13, 2)
    assert lines(caplog) == [("ERROR", ["caller-13"])]
    assert "13 cannot be computed" in caplog.text


def test_the_log_tells_of_every_batch_where_it_is_asked_to(caplog):
    caplog.set_level(logging.DEBUG, "runners")
    answer(double, 1, 2)
    assert lines(caplog) == [("DEBUG", ["caller-1", "caller-2"])]
    (record,) = [record for record in caplog.records if record.name == "runners.batching"]
    assert (record.work, record.batch_size) == ("double", 2)
    assert record.getMessage().startswith("a batch of 2 of double took ")


def test_the_log_tells_of_a_batch_that_is_slow(caplog):
    def slow(items: list[int]) -> list[int]:
        time.sleep(0.35)
        return items

    answer(double, 1, slow_s=0.3)
    answer(slow, 1, slow_s=0.3)
    assert lines(caplog) == [("WARNING", ["caller-1"])]
