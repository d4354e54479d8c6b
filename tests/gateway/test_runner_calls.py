"""A cut connection is tried once more; a runner that is away is a 503 that names it, and nobody waits for it."""

import asyncio
from http import HTTPStatus

import aiohttp
import pytest
from bentoml.exceptions import BentoMLException, ServiceUnavailable

from aiplayer.crossing import Answered, Asked
from aiplayer.errors import AIPlayerError, InvalidInput, TooBusy, TooSlow, Unavailable
from aiplayer.telemetry.requests import RequestRecord, begin_request, end_request
from gateway.patience import wait_at_most
from gateway.runner_calls import RunnerCalls
from tests.support.metrics import measured


class Present:
    """Is there until it is not."""

    def __init__(self) -> None:
        self.there = True

    def is_there(self) -> bool:
        return self.there


class Runner:
    """Gives one answer a call, or raises it; doubles numbers where nothing is given."""

    def __init__(self, *answers: object) -> None:
        self.answers = list(answers)
        self.asked: list[Asked] = []

    async def send(self, asked: Asked) -> Answered:
        self.asked.append(asked)
        await asyncio.sleep(0)
        if not self.answers:
            return Answered([2 * item for item in asked.items])
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return Answered(answer)


def answer(runner: Runner, item: int = 1) -> int:
    return asyncio.run(RunnerCalls("recommender", Present(), "recommend", runner.send).result(item))


def test_what_is_asked_at_one_time_is_one_call_and_each_gets_its_own():
    runner = Runner()

    async def scene():
        calls = RunnerCalls("recommender", Present(), "recommend", runner.send)
        return await asyncio.gather(*map(calls.result, range(5)))

    assert asyncio.run(scene()) == [0, 2, 4, 6, 8]
    assert [len(asked.items) for asked in runner.asked] == [5]


def test_what_comes_while_two_calls_are_under_way_is_the_third_call():
    runner = Runner()

    async def scene():
        calls = RunnerCalls("recommender", Present(), "recommend", runner.send)
        callers = []
        for item in range(6):
            callers.append(asyncio.create_task(calls.result(item)))
            await asyncio.sleep(0)
        return await asyncio.gather(*callers)

    assert asyncio.run(scene()) == [0, 2, 4, 6, 8, 10]
    assert len(runner.asked) < 6


def test_an_item_without_a_result_costs_its_own_caller_alone():
    async def scene():
        calls = RunnerCalls("recommender", Present(), "recommend", Runner([InvalidInput("no"), 7]).send)
        return await calls.outcomes([1, 2])

    refused, answered = asyncio.run(scene())
    assert isinstance(refused, InvalidInput)
    assert answered == 7


@pytest.mark.parametrize("cut", [aiohttp.ClientOSError(32, "Broken pipe"), aiohttp.ServerDisconnectedError()])
def test_a_connection_that_was_cut_is_tried_once_more(cut):
    assert answer(Runner(cut, [7])) == 7


@pytest.mark.parametrize(
    "failures",
    [
        [aiohttp.ClientOSError(32, "Broken pipe")] * 2,
        [aiohttp.ServerDisconnectedError(), ServiceUnavailable("overloaded")],
        [ServiceUnavailable("overloaded")],
        [aiohttp.ClientPayloadError()],
        [FileNotFoundError("no such socket")],
    ],
)
def test_a_runner_that_is_away_is_named(failures):
    with pytest.raises(Unavailable) as raised:
        answer(Runner(*failures))
    assert raised.value.message == "The recommender does not answer. Try again in a moment."
    assert raised.value.code == "runner_away"


def test_a_runner_that_is_not_there_is_not_asked():
    runner, presence = Runner(), Present()
    presence.there = False
    with pytest.raises(Unavailable) as raised:
        asyncio.run(RunnerCalls("recommender", presence, "recommend", runner.send).result(1))
    assert raised.value.code == "runner_away"
    assert not runner.asked


def test_nobody_waits_for_a_runner_that_went_away():
    async def scene():
        presence, cancelled = Present(), asyncio.Event()

        async def hang(asked: Asked) -> Answered:
            try:
                await asyncio.sleep(60)
            finally:
                cancelled.set()

        waiting = asyncio.create_task(RunnerCalls("recommender", presence, "recommend", hang).result(1))
        await asyncio.sleep(0.05)
        presence.there = False
        async with asyncio.timeout(1):
            with pytest.raises(Unavailable, match="The recommender does not answer"):
                await waiting
        assert cancelled.is_set()

    asyncio.run(scene())


@pytest.mark.parametrize(
    ("status", "error", "message"),
    [
        (HTTPStatus.TOO_MANY_REQUESTS, TooBusy, "Too much waits for the recommender. Try again later."),
        (HTTPStatus.GATEWAY_TIMEOUT, TooSlow, "The recommender did not come to this in time. Try again later."),
    ],
)
def test_a_runner_that_refuses_for_its_load_is_not_called_away(status, error, message):
    with pytest.raises(error) as raised:
        answer(Runner(BentoMLException("", error_code=status)))
    assert (raised.value.status, raised.value.message) == (status, message)


def test_a_runner_is_told_how_long_each_caller_still_waits():
    runner = Runner()

    async def request() -> None:
        wait_at_most({"headers": [(b"x-timeout-s", b"5")]}, default_s=60)
        await asyncio.sleep(0.1)
        await RunnerCalls("recommender", Present(), "recommend", runner.send).result(1)

    asyncio.run(request())
    assert 4 < runner.asked[0].tickets[0].patience_s < 4.95


def test_a_call_that_its_caller_has_left_is_ended():
    async def scene():
        ended = asyncio.Event()

        async def hang(asked: Asked) -> Answered:
            try:
                await asyncio.sleep(60)
            finally:
                ended.set()

        leaver = asyncio.create_task(RunnerCalls("recommender", Present(), "recommend", hang).result(1))
        await asyncio.sleep(0.05)
        leaver.cancel()
        async with asyncio.timeout(1):
            await ended.wait()

    asyncio.run(scene())


def test_another_number_of_items_is_not_passed_on():
    with pytest.raises(AIPlayerError, match=r"The recommender answered 2 of 1 items\.") as raised:
        answer(Runner([7, 8]))
    assert raised.value.code == "runner_confused"


def test_items_that_a_runner_who_is_away_has_not_answered_are_counted():
    labels = {"place": "gateway", "work": "recommend", "reason": "runner_away"}
    before = measured("aiplayer_refused_total", **labels)

    async def scene() -> list:
        calls = RunnerCalls("recommender", Present(), "recommend", Runner(aiohttp.ClientPayloadError()).send)
        return await calls.outcomes([1, 2, 3])

    assert {type(outcome) for outcome in asyncio.run(scene())} == {Unavailable}
    assert measured("aiplayer_refused_total", **labels) == before + 3


def test_a_call_is_a_stage_of_its_request_and_its_batch_is_measured():
    stage, batch = {"stage": "recommend"}, {"place": "gateway", "work": "recommend"}
    stages, batches = measured("aiplayer_stage_seconds_count", **stage), measured("aiplayer_batch_items_count", **batch)

    async def scene() -> None:
        calls = RunnerCalls("recommender", Present(), "recommend", Runner().send)
        await asyncio.gather(*map(calls.result, range(5)))

    asyncio.run(scene())
    assert measured("aiplayer_stage_seconds_count", **stage) == stages + 5
    assert measured("aiplayer_batch_items_count", **batch) == batches + 1


def test_a_runner_is_told_which_request_waits():
    runner = Runner()

    async def scene() -> None:
        token = begin_request(RequestRecord("id-7", "POST", "/recommend"))
        await RunnerCalls("recommender", Present(), "recommend", runner.send).result(1)
        end_request(token)

    asyncio.run(scene())
    assert runner.asked[0].tickets[0].request_id == "id-7"


def test_the_log_names_the_requests_that_a_runner_has_not_answered_each_once(caplog):
    async def scene() -> None:
        calls = RunnerCalls("recommender", Present(), "recommend", Runner(aiohttp.ClientPayloadError()).send)
        token = begin_request(RequestRecord("id-7", "POST", "/recommend"))
        await calls.outcomes([1, 2])
        end_request(token)

    asyncio.run(scene())
    (line,) = [record for record in caplog.records if record.name == "gateway.runner_calls"]
    assert (line.work, line.requests) == ("recommend", ["id-7"])
    assert line.getMessage() == "recommender did not answer: ClientPayloadError"
