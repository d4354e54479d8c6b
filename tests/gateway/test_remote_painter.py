"""The client of a painter elsewhere, against a small server that answers whatever the test says."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest
from aiohttp import web

from aiplayer.batching import Ticket
from aiplayer.crossing import Answered, Asked
from aiplayer.errors import AIPlayerError, InvalidInput, NotPainted, TooBusy, TooSlow, Unavailable
from aiplayer.thumbnails.request import PictureWish
from gateway.painter_calls import PainterCalls
from gateway.remote_painter import RemotePainter
from tests.support.ports import silent_port

WISH = PictureWish("photography of rain", "people", 7, {"weather": ["rain"]}, title="비")
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


def problem(code: str, **more: str) -> dict:
    return {"error": {"code": code, "message": "so it is.", **more}}


def ask(answer: Answer, asked: Asked) -> Answered:
    """What the client makes of a painter that answers so."""

    async def whole() -> Answered:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", answer)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = site._server.sockets[0].getsockname()[1]
        painter = RemotePainter(f"http://127.0.0.1:{port}/", "secret")
        try:
            return await painter.paint(asked)
        finally:
            await painter.close()
            await runner.cleanup()

    return asyncio.run(asyncio.wait_for(whole(), 10))


def test_the_wish_goes_with_the_key_the_time_and_the_ids_of_its_request():
    seen = {}

    async def answer(request: web.Request) -> web.Response:
        seen.update(headers=request.headers, path=request.path, wish=await request.json())
        return web.json_response(problem("not_painted"), status=500)

    ask(answer, Asked([WISH], [Ticket(12.5, "abc", "00-1-2-01")]))
    headers = seen["headers"]
    assert (seen["path"], headers["Authorization"]) == ("/pictures", "Bearer secret")
    assert (headers["X-Timeout-S"], headers["X-Request-Id"], headers["traceparent"]) == ("12.500", "abc", "00-1-2-01")
    assert PictureWish(**seen["wish"]) == WISH


@pytest.mark.parametrize(
    ("status", "body", "kind", "code"),
    [
        (500, problem("not_painted"), NotPainted, "not_painted"),
        (500, problem("internal_error"), AIPlayerError, "internal_error"),
        (422, problem("invalid_value", field="negative_prompt"), InvalidInput, "invalid_value"),
        (429, problem("too_many_under_way"), TooBusy, "too_busy"),
        (503, problem("runner_away"), Unavailable, "runner_away"),
        (504, problem("too_slow"), TooSlow, "too_slow"),
        (401, problem("key_unknown"), Unavailable, "runner_confused"),
        (404, ["no such page"], Unavailable, "runner_confused"),
        (302, {}, Unavailable, "runner_confused"),
        (200, {"share": 1}, Unavailable, "runner_confused"),
    ],
)
def test_each_answer_becomes_the_error_that_a_runner_here_would_raise(status, body, kind, code):
    async def answer(_: web.Request) -> web.Response:
        return web.json_response(body, status=status, headers={"Retry-After": "9", "Location": "/elsewhere"})

    (outcome,) = ask(answer, Asked([WISH], [Ticket()])).outcomes
    assert (type(outcome), outcome.code) == (kind, code)
    assert "secret" not in outcome.message
    if kind is TooBusy:
        assert outcome.retry_after_s == 9


@pytest.mark.parametrize("takes_connections", [True, False])
def test_a_painter_that_is_away_is_told_within_a_second(takes_connections):
    async def whole(port: int) -> float:
        painter = RemotePainter(f"http://127.0.0.1:{port}", "")
        calls = PainterCalls(painter, painter.presence)
        began = time.monotonic()
        with pytest.raises(Unavailable) as caught:
            await calls.pictures.result(WISH)
        await painter.close()
        assert caught.value.code == "runner_away"
        return time.monotonic() - began

    with silent_port(takes_connections) as port:
        assert asyncio.run(whole(port)) < 1.0
