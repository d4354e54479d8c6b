import asyncio

import pytest
from starlette.responses import PlainTextResponse

from gateway.leaving import EndWithCaller

GET = {"type": "http", "method": "GET", "path": "/", "headers": []}


def serve(app, leaves_after_s: float = 60.0, ends_after_s: float = 60.0) -> list[dict]:
    """What is sent to a caller who hangs up after a while; the request may be ended before."""
    sent = []
    body = [{"type": "http.request", "body": b"a", "more_body": True}, {"type": "http.request", "body": b"b"}]

    async def receive() -> dict:
        if body:
            return body.pop(0)
        await asyncio.sleep(leaves_after_s)
        return {"type": "http.disconnect"}

    async def send(message: dict) -> None:
        sent.append(message)

    asyncio.run(asyncio.wait_for(EndWithCaller(app)(GET, receive, send), ends_after_s))
    return sent


async def read_all(receive) -> bytes:
    whole = b""
    while True:
        message = await receive()
        whole += message["body"]
        if not message.get("more_body"):
            return whole


def slow_app(ended: list[bool]):
    """An app that reads its request, computes for a minute, and notes when it is ended."""

    async def app(scope, receive, send):
        await read_all(receive)
        try:
            await asyncio.sleep(60)
        finally:
            ended.append(True)

    return app


def test_what_is_answered_in_time_is_answered_as_ever():
    async def app(scope, receive, send):
        await PlainTextResponse(await read_all(receive))(scope, receive, send)

    start, body = serve(app)
    assert (start["status"], body["body"]) == (200, b"ab")


def test_a_caller_who_hangs_up_ends_the_request():
    ended: list[bool] = []
    assert serve(slow_app(ended), leaves_after_s=0.01) == []
    assert ended == [True]


def test_a_failure_of_the_app_is_told_as_it_is():
    async def app(scope, receive, send):
        raise KeyError("its own")

    with pytest.raises(KeyError, match="its own"):
        serve(app)


def test_whoever_ends_the_request_ends_the_app_with_it():
    ended: list[bool] = []
    with pytest.raises(TimeoutError):
        serve(slow_app(ended), ends_after_s=0.01)
    assert ended == [True]
