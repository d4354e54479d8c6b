"""A tiny app beside the outermost part of the service: whatever happens, the answer has the one shape."""

import asyncio
import logging

import pytest
from fastapi import APIRouter, FastAPI
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Match, Route
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from gateway.error_shape import ErrorShape
from gateway.errors import install_error_handlers

TIMEOUT_S = 0.2

app = FastAPI()
install_error_handlers(app)
# BentoML includes the routes of a service in this way.
routes = APIRouter()


@routes.get("/songs/{number}")
async def song(number: int) -> dict[str, int]:
    return {"number": number}


@routes.put("/songs/{number}")
async def keep_song(number: int) -> dict[str, int]:
    return {"number": number}


app.include_router(routes)


@app.post("/fails")
async def fails() -> None:
    raise KeyError("a secret")


@app.get("/slow")
async def slow() -> None:
    await asyncio.sleep(60)


@app.get("/slow-stream")
async def slow_stream() -> Response:
    async def parts():
        yield b"begun "
        await asyncio.sleep(2 * TIMEOUT_S)
        yield b"ended"

    return StreamingResponse(parts(), media_type="text/plain")


@app.get("/broken-stream")
async def broken_stream() -> Response:
    async def parts():
        yield b"begun "
        raise KeyError("a secret")

    return StreamingResponse(parts(), media_type="text/plain")


async def health(request: Request) -> Response:
    return PlainTextResponse("\n")


async def ready(request: Request) -> Response:
    if request.query_params:
        raise ConnectionError("the socket of a runner")
    raise HTTPException(503, "Runners are not ready.")


bentoml_routes = Starlette(routes=[Route("/healthz", health), Route("/readyz", ready)])


async def service(scope: Scope, receive: Receive, send: Send) -> None:
    """As BentoML does it: what is no route of the app is served by its own, whose errors are plain text."""
    is_of_app = any(route.matches(scope)[0] is not Match.NONE for route in app.routes)
    await (app if is_of_app else bentoml_routes)(scope, receive, send)


client = TestClient(ErrorShape(service, timeout_s=TIMEOUT_S))


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not_found"),
        ("POST", "/healthz", 405, "method_not_allowed"),
        ("DELETE", "/songs/1", 405, "method_not_allowed"),
        ("POST", "/fails", 500, "internal_error"),
        ("GET", "/slow", 504, "too_slow"),
        ("GET", "/readyz", 503, "not_ready"),
        ("GET", "/readyz?broken", 503, "not_ready"),
    ],
)
def test_every_error_has_the_one_shape(method, path, status, code):
    response = client.request(method, path)
    assert (response.status_code, response.headers["content-type"]) == (status, "application/json")
    assert set(response.json()) == {"error"}
    assert response.json()["error"]["code"] == code
    assert response.json()["error"]["message"].endswith(".")


def test_a_failure_that_nobody_foresaw_is_logged_once_and_shows_no_detail(caplog):
    with caplog.at_level(logging.ERROR):
        response = client.post("/fails")
    assert "secret" not in response.text
    (record,) = caplog.records
    assert record.exc_info[0] is KeyError


def test_an_answer_that_fails_midway_is_cut_off_and_not_made_to_look_whole():
    with pytest.raises(KeyError):
        client.get("/broken-stream")


def test_an_answer_that_has_begun_in_time_may_take_longer():
    assert client.get("/slow-stream").text == "begun ended"


@pytest.mark.parametrize(
    ("path", "methods"),
    [("/healthz", "GET, HEAD, OPTIONS"), ("/songs/1", "GET, HEAD, OPTIONS, PUT"), ("/fails", "OPTIONS, POST")],
)
def test_a_wrong_method_is_told_those_that_are_allowed(path, methods):
    assert client.delete(path).headers["allow"] == methods
    options = client.options(path)
    assert (options.status_code, options.headers["allow"], options.content) == (204, methods, b"")


@pytest.mark.parametrize("path", ["/healthz", "/songs/1", "/nowhere"])
def test_head_is_answered_as_get(path):
    head, get = client.head(path), client.get(path)
    assert (head.status_code, head.content) == (get.status_code, b"")
    assert head.headers["content-type"] == get.headers["content-type"]


def test_a_long_path_is_cut_in_the_message():
    assert len(client.get("/" + "x" * 5_000).json()["error"]["message"]) < 200
