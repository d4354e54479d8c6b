"""A tiny app behind the check of bodies' types: JSON comes through, and nothing else, on whatever path."""

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from gateway.exposure.content_types import JSONOnly

METHODS = ["DELETE", "GET", "PATCH", "POST", "PUT"]


async def answer(request: Request) -> Response:
    return PlainTextResponse(f"{len(await request.body())} bytes")


client = TestClient(JSONOnly(Starlette(routes=[Route("/{path:path}", answer, methods=METHODS)])))


def send(content_type: str | None, method: str = "POST", path: str = "/similar", body: bytes = b"{}") -> Response:
    headers = {} if content_type is None else {"Content-Type": content_type}
    return client.request(method, path, content=body, headers=headers)


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "Application/JSON",
        "application/json; charset=utf-8",
        'application/json;charset="UTF-8"',
        "application/json ; charset=utf-8 ",
        "application/json;",
    ],
)
def test_json_in_utf_8_comes_through(content_type):
    response = send(content_type)
    assert (response.status_code, response.text) == (200, "2 bytes")


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "",
        "text/plain",
        "text/json",
        "application/vnd.bentoml+pickle",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-16",
        "application/json; charset=euc-kr",
        "application/json, application/vnd.bentoml+pickle",
        "application/json; charset=utf-8; profile=x",
        "application/jsonp",
        "application/problem+json",
        b"application/json\xff",
        ";" * 8_000,
    ],
)
@pytest.mark.parametrize("path", ["/similar", "/healthz", "/nowhere", "/encode"])
def test_a_body_of_another_type_is_refused_on_every_path(content_type, path):
    response = send(content_type, path=path)
    error = response.json()["error"]
    assert (response.status_code, error["code"]) == (415, "unsupported_media_type")
    assert error["message"].endswith("Send JSON in UTF-8, with `Content-Type: application/json`.")
    assert len(error["message"]) < 400
    assert error["message"].isascii()


def test_two_types_are_one_too_many():
    types = [("Content-Type", "application/json"), ("Content-Type", "application/vnd.bentoml+pickle")]
    assert client.post("/similar", content=b"{}", headers=types).status_code == 415


@pytest.mark.parametrize("method", METHODS)
def test_no_method_gets_around_it(method):
    assert send("application/vnd.bentoml+pickle", method).status_code == 415


def test_a_body_that_comes_in_pieces_is_a_body():
    pieces = {"content": iter([b"{", b"}"]), "headers": {"Content-Type": "text/plain"}}
    assert client.post("/similar", **pieces).status_code == 415


@pytest.mark.parametrize(("method", "status"), [("GET", 200), ("DELETE", 200), ("POST", 415)])
def test_where_no_body_is_only_what_writes_may_not_name_another_type(method, status):
    assert send("text/plain", method, body=b"").status_code == status
    assert send(None, method, body=b"").status_code == 200
