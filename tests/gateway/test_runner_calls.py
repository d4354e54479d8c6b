"""A cut connection is tried once more; a runner that is away is a 503 that names it."""

import asyncio

import aiohttp
import pytest
from bentoml.exceptions import ServiceUnavailable

from aiplayer.errors import Unavailable
from gateway.runner_calls import ask


def answer(call, count: int = 1):
    """What is answered."""
    return asyncio.run(ask("recommender", call, count))


def runner(*answers: object):
    """Gives one answer a call, or raises it; and the calls so far."""
    calls = iter(answers)

    async def call() -> list[int]:
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


def test_another_number_of_items_is_not_passed_on():
    with pytest.raises(Unavailable, match=r"The recommender answered 2 of 1 items\.") as raised:
        answer(runner([7, 8]))
    assert raised.value.code == "runner_confused"
