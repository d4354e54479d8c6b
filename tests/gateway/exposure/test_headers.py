"""A tiny app inside the headers that every answer has."""

import pytest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from gateway.exposure.headers import SecurityHeaders


async def answer(request: Request) -> Response:
    return PlainTextResponse("hello", headers={"Server": "Made by somebody", "Referrer-Policy": "unsafe-url"})


async def fail(request: Request) -> Response:
    raise HTTPException(404)


async def cached(request: Request) -> Response:
    return PlainTextResponse("picture", headers={"Cache-Control": "max-age=60"})


routes = [Route("/", answer, methods=["GET", "POST"]), Route("/fails", fail), Route("/cached", cached)]
app = Starlette(routes=routes)
client = TestClient(SecurityHeaders(app))
private_client = TestClient(SecurityHeaders(app, private=True))


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/", 200), ("POST", "/", 200), ("GET", "/fails", 404)])
def test_every_answer_has_the_headers_once_and_tells_no_server(method, path, status):
    response = client.request(method, path)
    assert response.status_code == status
    assert response.headers.get_list("x-content-type-options") == ["nosniff"]
    assert response.headers.get_list("referrer-policy") == ["no-referrer"]
    assert response.headers.get_list("cross-origin-resource-policy") == ["same-origin"]
    assert response.headers.get_list("content-security-policy") == [
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ]
    assert "server" not in response.headers


@pytest.mark.parametrize(
    ("method", "path", "kept"),
    [("GET", "/", None), ("HEAD", "/", None), ("POST", "/", "no-store"), ("GET", "/fails", "no-store")],
)
def test_no_cache_keeps_what_was_made_for_one_caller(method, path, kept):
    assert client.request(method, path).headers.get("cache-control") == kept
    assert private_client.request(method, path).headers["cache-control"] == "no-store"


def test_an_answer_may_say_more_of_caches():
    assert client.get("/cached").headers.get_list("cache-control") == ["max-age=60"]
