"""A tiny app beside the routes of feedback: what is refused, and what a creator is told."""

from uuid import UUID

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from aiplayer.catalogue import Opinion, Taught
from gateway import feedback
from gateway.errors import install_error_handlers

GENERATION = "eb37d2a0-1cfd-4503-8532-3344c8d0be0b"


class Calls:
    """Shows songs 1 to 5, and believes what is said."""

    async def store(self, generation_id: UUID, opinion: Opinion, scope: dict) -> Taught:
        return Taught([1, 2, 3, 4, 5], opinion.songs, opinion.removed or [], bool(opinion.liked))


app = FastAPI()
install_error_handlers(app)
app.include_router(feedback.router)
app.state.feedback = Calls()
client = TestClient(app)


def post(path: str = "/feedback", **body: object):
    return client.post(path, json={"generation_id": GENERATION, **body})


def test_what_follows_from_the_list_is_told():
    assert post(songs=[5, 1, 9, 3, 8], removed=[4], liked=True).json() == {
        "generation_id": GENERATION,
        "liked": True,
        "songs": [5, 1, 9, 3, 8],
        "removed": [4],
        "kept": [5, 1, 3],
        "added": [9, 8],
        "replaced": [{"song_id": 2, "by": 9}, {"song_id": 4, "by": 8}],
        "moved": [{"song_id": 5, "from": 5, "to": 1}],
        "dropped": [2, 4],
    }


def test_before_there_is_a_list_only_what_was_struck_out_is_told():
    answer = post(removed=[2, 77]).json()
    assert (answer["songs"], answer["removed"], answer["dropped"]) == (None, [2, 77], [2])
    assert answer["kept"] == answer["added"] == answer["replaced"] == answer["moved"] == []


def test_a_like_is_answered_as_ever():
    assert post("/like").json() == {"generation_id": GENERATION, "liked": True}
    assert post("/like", liked=False).json() == {"generation_id": GENERATION, "liked": False}


@pytest.mark.parametrize(
    ("body", "code", "field", "message"),
    [
        ({}, "missing_field", None, "Give songs, removed or liked"),
        ({"songs": None, "liked": None}, "missing_field", None, "Give songs, removed or liked"),
        ({"songs": [1, 2], "removed": [2]}, "invalid_value", "removed", "removed holds 2, as songs does"),
        ({"songs": [1, 2, 1]}, "invalid_value", "songs", "each song once; 1 is there 2 times"),
        ({"removed": [7, 7]}, "invalid_value", "removed", "each song once; 7 is there 2 times"),
        ({"songs": list(range(201))}, "invalid_value", "songs", "at most 200"),
        ({"removed": list(range(1_001))}, "invalid_value", "removed", "at most 1000"),
        ({"songs": [-1]}, "invalid_value", "songs.0", "greater than or equal to 0"),
        ({"songs": ["1"]}, "wrong_type", "songs.0", "integer"),
        ({"songs": 1}, "wrong_type", "songs", "list"),
        ({"liked": 1}, "wrong_type", "liked", "boolean"),
        ({"moved": []}, "unknown_field", "moved", "not a field"),
    ],
)
def test_what_cannot_be_meant_is_refused(body, code, field, message):
    response = post(**body)
    error = response.json()["error"]
    assert (response.status_code, error["code"], error.get("field")) == (422, code, field)
    assert message in error["message"]


def test_the_bounds_are_allowed():
    assert post(songs=list(range(200)), removed=list(range(200, 1_200))).status_code == 200
    assert post(songs=[]).json()["dropped"] == [1, 2, 3, 4, 5]
