"""A tiny app beside the service's error handling: every fault in one shape."""

import unicodedata

import pytest
from fastapi import FastAPI
from sqlalchemy.exc import OperationalError
from starlette.testclient import TestClient

from aiplayer.catalogue import connect
from aiplayer.errors import NotFound
from gateway.error_shape import ErrorShape
from gateway.errors import LimitBody, install_error_handlers
from gateway.schemas import RecommendRequest

app = FastAPI()
install_error_handlers(app)
app.add_middleware(LimitBody, max_bytes=5_000)


@app.post("/recommend")
async def recommend(request: RecommendRequest) -> dict:
    return {"title": request.title}


@app.get("/missing")
async def missing():
    raise NotFound("No playlist has the id 7.", code="unknown_playlist", field="playlist_ids")


@app.get("/database")
async def database():
    raise OperationalError("SELECT secret", {}, Exception("gone"))


@app.get("/outdated")
async def outdated():
    with connect("sqlite://").connect() as connection:
        connection.exec_driver_sql("SELECT client FROM feedback")


client = TestClient(ErrorShape(app, timeout_s=5), raise_server_exceptions=False)


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({}, "missing_field", "title"),
        ({"title": ""}, "invalid_value", "title"),
        ({"title": " \u3000 "}, "invalid_value", "title"),
        ({"title": "\u3164"}, "invalid_value", "title"),
        ({"title": "\u200b\ufeff \u2800"}, "invalid_value", "title"),
        ({"title": "x" * 201}, "invalid_value", "title"),
        ({"title": "가" * 201}, "invalid_value", "title"),
        ({"title": "a" + "\u0301" * 900}, "invalid_value", "title"),
        ({"title": "a\u0007b"}, "invalid_value", "title"),
        ({"title": "a\nb"}, "invalid_value", "title"),
        ({"title": 3}, "wrong_type", "title"),
        ({"title": None}, "wrong_type", "title"),
        ({"title": "x", "similarity": -1}, "invalid_value", "similarity"),
        ({"title": "x", "similarity": 101}, "invalid_value", "similarity"),
        ({"title": "x", "similarity": 30.5}, "wrong_type", "similarity"),
        ({"title": "x", "similarity": "30"}, "wrong_type", "similarity"),
        ({"title": "x", "similarity": True}, "wrong_type", "similarity"),
        ({"title": "x", "song_count": 0}, "invalid_value", "song_count"),
        ({"title": "x", "song_count": 101}, "invalid_value", "song_count"),
        ({"title": "x", "playlist_ids": 3}, "wrong_type", "playlist_ids"),
        ({"title": "x", "playlist_ids": [-1]}, "invalid_value", "playlist_ids.0"),
        ({"title": "x", "playlist_ids": [2**63]}, "invalid_value", "playlist_ids.0"),
        ({"title": "x", "exclude_artists": [" "]}, "invalid_value", "exclude_artists.0"),
        ({"title": "x", "exclude_artists": ["IU", "\u115f"]}, "invalid_value", "exclude_artists.1"),
        ({"title": "x", "songs_per_artist": 0}, "invalid_value", "songs_per_artist"),
        ({"title": "x", "songs_per_artist": 101}, "invalid_value", "songs_per_artist"),
        ({"title": "x", "songs_per_artist": 2.5}, "wrong_type", "songs_per_artist"),
        ({"title": "x", "songs_per_artist": "3"}, "wrong_type", "songs_per_artist"),
        ({"title": "x", "surprise": 1}, "unknown_field", "surprise"),
    ],
)
def test_a_bad_field_is_named_with_what_is_allowed(body, code, field):
    response = client.post("/recommend", json=body)
    error = response.json()["error"]
    assert response.status_code == 422
    assert (error["code"], error["field"]) == (code, field)
    assert error["message"].startswith(field)


def test_a_title_is_trimmed_and_otherwise_left_alone():
    assert client.post("/recommend", json={"title": "  밤의 <b>재즈</b> 👩‍🎤 "}).json() == {
        "title": "밤의 <b>재즈</b> 👩‍🎤"
    }


def test_a_title_that_shows_nothing_is_told_as_an_empty_one():
    messages = [client.post("/recommend", json={"title": title}).json()["error"]["message"] for title in ("", "\u3164")]
    assert messages == [f"title is {echo}: must not be empty or only white space." for echo in ('""', r'"\u3164"')]


def test_a_decomposed_title_is_composed_before_it_is_counted():
    title = "가각" * 100
    assert client.post("/recommend", json={"title": unicodedata.normalize("NFD", title)}).json() == {"title": title}


def test_malformed_json_is_a_400():
    response = client.post("/recommend", content=b'{"title": ', headers={"Content-Type": "application/json"})
    assert (response.status_code, response.json()["error"]["code"]) == (400, "malformed_json")


@pytest.mark.parametrize("body", [b"[]", b'"text"', b"null"])
def test_a_body_that_is_no_object_says_what_is_expected(body):
    response = client.post("/recommend", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == 422
    assert "JSON object" in response.json()["error"]["message"] or "required" in response.json()["error"]["message"]


def test_a_long_wrong_value_is_cut_in_the_message():
    message = client.post("/recommend", json={"title": "x" * 900}).json()["error"]["message"]
    assert len(message) < 200


def test_a_body_over_the_limit_is_refused_announced_or_not():
    def stream():
        for _ in range(60):
            yield b"x" * 100

    for content in (b"x" * 5_001, stream()):
        response = client.post("/recommend", content=content, headers={"Content-Type": "application/json"})
        assert (response.status_code, response.json()["error"]["code"]) == (413, "body_too_large")
        assert "5,000 bytes" in response.json()["error"]["message"]


def test_our_own_errors_keep_code_message_and_field():
    response = client.get("/missing")
    assert response.status_code == 404
    assert response.json() == {
        "error": {"code": "unknown_playlist", "message": "No playlist has the id 7.", "field": "playlist_ids"}
    }


def test_an_absent_database_is_a_503_that_shows_no_sql():
    response = client.get("/database")
    assert (response.status_code, response.json()["error"]["code"]) == (503, "database_away")
    assert "secret" not in response.text


def test_a_database_without_the_newest_columns_says_what_to_do():
    response = client.get("/outdated")
    assert (response.status_code, response.json()["error"]["code"]) == (503, "database_outdated")
    assert "make setup" in response.json()["error"]["message"]


def test_an_unknown_path_and_a_wrong_method_have_the_same_shape():
    assert client.get("/nowhere").json()["error"]["code"] == "not_found"
    assert client.get("/recommend").json()["error"]["code"] == "method_not_allowed"
