"""Bodies that cannot be read: each fault has a sentence, and all have one shape."""

import json

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from gateway.errors import install_error_handlers
from gateway.schemas import LikeRequest, SimilarRequest

app = FastAPI()
install_error_handlers(app)


@app.post("/similar")
async def similar(request: SimilarRequest) -> dict:
    return {"title": request.title}


@app.post("/like")
async def like(request: LikeRequest) -> dict:
    return {"liked": request.liked}


client = TestClient(app, raise_server_exceptions=False)
BODY = '{"title": "비 오는 날"}'


def post(body: bytes, path: str = "/similar") -> tuple[int, dict]:
    response = client.post(path, content=body, headers={"Content-Type": "application/json"})
    return response.status_code, response.json()["error"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp949"])
def test_a_body_that_is_not_utf_8_is_told_so(encoding):
    status, error = post(BODY.encode(encoding))
    assert (status, error["code"]) == (400, "malformed_json")
    assert error["message"].startswith("The body is not UTF-8: ")
    assert error["message"].endswith("Send JSON in UTF-8.")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (BODY.encode("utf-8-sig"), "The body begins with a byte order mark. Send the same JSON without it."),
        (b'{"title": ', "The body is not valid JSON: Expecting value at line 1, column 11."),
        (b"[" * 100_000, "The body's lists and objects lie too deep in one another."),
        (b'{"title":' * 10_000, "The body's lists and objects lie too deep in one another."),
        (b'{"title": "x", "count": ' + b"9" * 5_000 + b"}", "The body holds a number of too many digits."),
    ],
)
def test_a_body_that_is_not_json_says_what_is_wrong(body, message):
    assert post(body) == (400, {"code": "malformed_json", "message": message})


@pytest.mark.parametrize("body", [b'{"title": "a", "\\ud83d": 1}', b'{"\\ud83d": 1}'])
def test_half_a_character_as_a_key_is_no_field(body):
    status, error = post(body)
    assert (status, error["code"], error["field"]) == (422, "unknown_field", "\\ud83d")
    assert error["message"] == "\\ud83d is not a field of this request; /docs.json lists the fields."


def test_half_a_character_in_a_value_names_the_field():
    assert post(b'{"title": "\\ud83d rain"}')[1]["field"] == "title"
    assert post(b'{"generation_id": "\\ud83d"}', "/like")[1]["field"] == "generation_id"


@pytest.mark.parametrize("depth", [1, 30, 600])
@pytest.mark.parametrize("body", ['{"title": %s}', '{"title": "x", "count": %s}', '{"title": "x", "more": %s}'])
def test_a_nested_value_is_refused_without_repeating_it(body, depth):
    for value in ("[" * depth + "]" * depth, '{"a":' * depth + "1" + "}" * depth):
        status, error = post((body % value).encode())
        assert status == 422
        assert len(error["message"]) < 100


def test_a_long_name_of_a_field_is_cut():
    status, error = post(json.dumps({"title": "x", "k" * 5_000: 1}).encode())
    assert (status, error["field"]) == (422, "k" * 60 + "…")
    assert len(error["message"]) < 200


def test_json_in_utf_8_is_read():
    response = client.post("/similar", content=BODY.encode(), headers={"Content-Type": "application/json"})
    assert response.json() == {"title": "비 오는 날"}
