"""A cut connection is tried once more; a runner that is away is a 503 that names it."""

import asyncio
from http import HTTPStatus

import aiohttp
import pytest
from bentoml.exceptions import BentoMLException, ServiceUnavailable

from aiplayer.errors import TooBusy, TooSlow, Unavailable
from gateway.patience import wait_at_most
from gateway.runner_calls import ask


def answer(call, count: int = 1):
    """What is answered."""
    return asyncio.run(ask("recommender", call, count))


def runner(*answers: object):
    """Gives one answer a call, or raises it; and the calls so far."""
    calls = iter(answers)

    async def call(patience_s: float) -> list[int]:
        given = next(calls)
        if isinstance(given, Exception):
            raise given
        return given

    return call


@pytest.mark.parametrize("cut", [aiohttp.ClientOSError(32, "Broken pipe"), aiohttp.ServerDisconnectedError()])
def test_a_connection_that_was_closed_while_idle_is_tried_once_more(cut):
    assert answer(runner(cut, [7])) == [7]


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
        answer(runner(*failures))
    assert raised.value.message == "The recommender does not answer. Try again in a moment."
    assert raised.value.code == "runner_away"


@pytest.mark.parametrize(
    ("status", "error", "message"),
    [
        (HTTPStatus.TOO_MANY_REQUESTS, TooBusy, "Too much waits for the recommender. Try again later."),
        (HTTPStatus.GATEWAY_TIMEOUT, TooSlow, "The recommender did not come to this in time. Try again later."),
    ],
)
def test_a_runner_that_refuses_for_its_load_is_not_called_away(status, error, message):
    with pytest.raises(error) as raised:
        answer(runner(BentoMLException("", error_code=status)))
    assert (raised.value.status, raised.value.message) == (status, message)


def test_a_runner_is_told_how_long_the_caller_still_waits():
    told = []

    async def call(patience_s: float) -> list[int]:
        told.append(patience_s)
        return [7]

    async def request() -> None:
        wait_at_most({"headers": [(b"x-timeout-s", b"5")]}, default_s=60)
        await asyncio.sleep(0.1)
        await ask("recommender", call, 1)

    asyncio.run(request())
    assert 4 < told[0] < 4.95


def test_another_number_of_items_is_not_passed_on():
    with pytest.raises(Unavailable, match=r"The recommender answered 2 of 1 items\.") as raised:
        answer(runner([7, 8]))
    assert raised.value.code == "runner_confused"
