"""A tiny app beside the outermost part of the service: an answer says whose it is, and a request has its line."""

import asyncio
import logging

import httpx
import pytest
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.testclient import TestClient

from aiplayer.errors import TooBusy, Unavailable
from aiplayer.telemetry.requests import current_request_id
from gateway.error_shape import ErrorShape
from gateway.errors import install_error_handlers
from gateway.observed import Observed
from gateway.tickets import ticket
from tests.support.metrics import measured

app = FastAPI(openapi_url="/docs.json")
install_error_handlers(app)


@app.get("/songs/{number}")
async def song(number: int) -> dict[str, str]:
    return {"inside": current_request_id(), "ticket": ticket().request_id}


@app.post("/busy")
async def busy() -> None:
    raise TooBusy("Try again later.")


@app.get("/away")
async def away() -> None:
    raise Unavailable("away", code="database_away")


@app.get("/fails")
async def fails() -> None:
    raise KeyError("a secret")


@app.get("/teapot")
async def teapot() -> None:
    raise HTTPException(418)


@app.get("/slow")
async def slow() -> None:
    await asyncio.sleep(60)


@app.get("/healthz")
async def healthz() -> None: ...


served = Observed(ErrorShape(app, timeout_s=60), api=app, model_set="b5ef9d7306f0")
client = TestClient(served, raise_server_exceptions=False)


@pytest.mark.parametrize("given", ["mine-1", "A.b_c-9", "7", "x" * 64])
def test_the_id_of_a_caller_comes_back_and_is_known_inside(given):
    answer = client.get("/songs/7", headers={"X-Request-Id": given})
    assert answer.headers["X-Request-Id"] == given
    assert answer.json() == {"inside": given, "ticket": given}


@pytest.mark.parametrize("given", ["", "x" * 65, "two words", "a;b", "비", "a\tb", "<script>"])
def test_what_is_no_id_is_replaced(given):
    answer = client.get("/songs/7", headers={"X-Request-Id": given.encode()})
    made = answer.headers["X-Request-Id"]
    assert made != given
    assert len(made) == 16
    assert int(made, 16) >= 0


def test_ids_that_are_made_differ():
    assert len({client.get("/songs/7").headers["X-Request-Id"] for _ in range(20)}) == 20


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/songs/7", 200),
        ("HEAD", "/songs/7", 200),
        ("GET", "/songs/x", 422),
        ("GET", "/nowhere", 404),
        ("DELETE", "/songs/7", 405),
        ("OPTIONS", "/songs/7", 204),
        ("POST", "/busy", 429),
        ("GET", "/away", 503),
        ("GET", "/fails", 500),
        ("GET", "/teapot", 418),
        ("GET", "/healthz", 200),
        ("GET", "/docs.json", 200),
    ],
)
def test_every_answer_says_whose_it_is_and_of_which_models(method, path, status):
    answer = client.request(method, path, headers={"X-Request-Id": "mine"})
    assert answer.status_code == status
    assert answer.headers.get_list("X-Request-Id") == ["mine"]
    assert answer.headers.get_list("X-Model-Set") == ["b5ef9d7306f0"]


def line_of(caplog: pytest.LogCaptureFixture) -> logging.LogRecord:
    (line,) = [record for record in caplog.records if record.name == "gateway.observed"]
    return line


def test_a_request_has_one_line_that_holds_nothing_of_what_was_typed(caplog):
    caplog.set_level(logging.INFO)
    client.get("/songs/a-title?title=x", headers={"Content-Type": "text/a-title", "Authorization": "Bearer secret"})
    line = line_of(caplog)
    facts = {name: getattr(line, name) for name in ("method", "status", "code", "request_type", "answer_type")}
    assert facts == {
        "method": "GET",
        "status": 422,
        "code": "wrong_type",
        "request_type": "other",
        "answer_type": "application/json",
    }
    assert line.answer_bytes > 0
    assert 0 < line.milliseconds < 10_000
    assert line.getMessage().startswith("GET /songs/{number} 422 wrong_type in ")
    told = repr(vars(line)) + line.getMessage()
    assert "a-title" not in told
    assert "secret" not in told


def test_sizes_and_types_stand_in_the_line(caplog):
    caplog.set_level(logging.INFO)
    client.post("/busy", content=b"12345", headers={"Content-Type": "application/json; charset=utf-8"})
    line = line_of(caplog)
    assert (line.request_type, line.request_bytes, line.status) == ("application/json", 5, 429)
    assert f"ms, application/json 5 bytes in, application/json {line.answer_bytes} bytes out" in line.getMessage()


@pytest.mark.parametrize("method", ["BREW", "get"])
def test_a_method_that_nobody_knows_is_no_word_of_the_log(caplog, method):
    caplog.set_level(logging.INFO)
    client.request(method, "/songs/7")
    assert line_of(caplog).method in ("other", "GET")


def test_what_watches_the_service_leaves_no_lines(caplog):
    caplog.set_level(logging.INFO)
    client.get("/healthz")
    assert not [record for record in caplog.records if record.name == "gateway.observed"]


def test_errors_are_counted_by_their_codes():
    before = measured("aiplayer_errors_total", code="database_away")
    client.get("/away")
    assert measured("aiplayer_errors_total", code="database_away") == before + 1


def test_whoever_leaves_is_told_of_as_499(caplog):
    caplog.set_level(logging.INFO)

    async def scene() -> None:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(served), base_url="http://service") as leaver:
            asked = asyncio.create_task(leaver.get("/slow"))
            await asyncio.sleep(0.05)
            asked.cancel()
            await asyncio.gather(asked, return_exceptions=True)

    asyncio.run(scene())
    assert line_of(caplog).status == 499


def test_requests_at_one_time_keep_their_ids():
    async def scene() -> list[dict]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(served), base_url="http://service") as both:
            headers = [{"X-Request-Id": f"id-{number}"} for number in range(20)]
            answers = await asyncio.gather(*(both.get("/songs/7", headers=header) for header in headers))
            return [answer.json()["inside"] for answer in answers]

    assert asyncio.run(scene()) == [f"id-{number}" for number in range(20)]
