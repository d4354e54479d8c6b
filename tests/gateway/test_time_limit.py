import asyncio

import pytest
from bentoml._internal.server.base_app import BaseAppFactory
from starlette.responses import PlainTextResponse

from gateway.time_limit import TimeLimit, install_time_limit

GET = {"type": "http", "method": "GET", "path": "/", "headers": []}


async def receive() -> dict:
    return {"type": "http.request", "body": b""}


async def answer_to(app, timeout_s: float) -> tuple[int, int]:
    """The status of an answer, and how many timers still run then."""
    messages = []

    async def send(message: dict) -> None:
        messages.append(message)

    await TimeLimit(app, timeout_s)(GET, receive, send)
    running = [timer for timer in asyncio.get_running_loop()._scheduled if not timer.cancelled()]
    return messages[0]["status"], len(running)


def test_no_timer_is_left_of_a_request_that_was_answered():
    assert asyncio.run(answer_to(PlainTextResponse("here"), 3_600)) == (200, 0)


def test_what_takes_too_long_is_ended_and_told():
    ended = []

    async def never(scope, receive, send):
        try:
            await asyncio.sleep(60)
        finally:
            ended.append(True)

    assert asyncio.run(answer_to(never, 0.05)) == (504, 0)
    assert ended == [True]


def test_an_answer_that_has_begun_may_take_longer():
    async def slow(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await asyncio.sleep(0.1)
        await send({"type": "http.response.body", "body": b"here"})

    assert asyncio.run(answer_to(slow, 0.05)) == (200, 0)


def test_a_timeout_of_the_app_itself_is_no_late_answer():
    async def fails(scope, receive, send):
        raise TimeoutError("its own")

    with pytest.raises(TimeoutError, match="its own"):
        asyncio.run(answer_to(fails, 60))


def test_bentoml_uses_it(monkeypatch):
    monkeypatch.setattr("bentoml._internal.server.http.traffic.TimeoutMiddleware", None)
    install_time_limit()
    (middleware, *_) = BaseAppFactory.middlewares.fget(type("App", (), {"timeout": 5, "max_concurrency": None})())
    assert middleware.cls is TimeLimit
