"""POST /feedback, asked of the real service: what a creator made of a playlist, said in parts and twice."""

import json
import sqlite3
from contextlib import closing
from uuid import UUID, uuid4

import pytest

from aiplayer.model_set import model_set
from aiplayer.settings import Settings
from tests.support.service import TITLE, post_ok

pytestmark = pytest.mark.process

LOGGED = "SELECT songs, liked, model_set FROM user_log WHERE generation_id = ?"
TAUGHT = "SELECT songs, removed, client FROM feedback WHERE generation_id = ?"


@pytest.fixture
def read(database_url):
    """Reads one row of a generation from the service's database."""

    def read_row(query: str, generation_id: str) -> tuple:
        with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"))) as connection:
            return connection.execute(query, (UUID(generation_id).hex,)).fetchone()

    return read_row


@pytest.fixture
def made(client) -> dict:
    """A playlist of six songs."""
    return post_ok(client, "/recommend", title=TITLE, song_count=6)


@pytest.fixture
def stranger(client, made) -> int:
    """A song of the catalogue that is not in the playlist."""
    shown = {song["song_id"] for song in made["songs"]}
    (playlist,) = post_ok(client, "/similar", title="late night city drive", count=1)["playlists"]
    return next(song["song_id"] for song in playlist["songs"] if song["song_id"] not in shown)


def test_feedback_in_parts_tells_what_became_of_the_playlist(client, made, stranger, read):
    generation_id = made["generation_id"]
    first, second, third, fourth, fifth, sixth = (song["song_id"] for song in made["songs"])

    struck_out = post_ok(client, "/feedback", generation_id=generation_id, removed=[second])
    assert (struck_out["liked"], struck_out["songs"], struck_out["dropped"]) == (False, None, [second])
    assert post_ok(client, "/feedback", generation_id=generation_id, liked=True)["removed"] == [second]

    mine = [sixth, first, stranger, fourth, fifth]
    edited = {"generation_id": generation_id, "songs": mine}
    answers = [post_ok(client, "/feedback", **edited) for _ in range(2)]
    assert (
        answers[0]
        == answers[1]
        == {
            "generation_id": generation_id,
            "liked": True,
            "songs": mine,
            "removed": [second],
            "kept": [sixth, first, fourth, fifth],
            "added": [stranger],
            "replaced": [{"song_id": third, "by": stranger}],
            "moved": [{"song_id": sixth, "from": 6, "to": 1}],
            "dropped": [second, third],
        }
    )

    put_back = post_ok(client, "/feedback", generation_id=generation_id, songs=[*mine, second])
    assert (put_back["removed"], put_back["dropped"]) == ([], [third])
    assert post_ok(client, "/like", generation_id=generation_id, liked=False) == {
        "generation_id": generation_id,
        "liked": False,
    }
    songs, removed, digest = read(TAUGHT, generation_id)
    assert (json.loads(songs), removed, len(digest)) == ([*mine, second], None, 16)


def test_what_was_given_is_kept_with_its_models_and_positions(client, made, read):
    songs, liked, models = read(LOGGED, made["generation_id"])
    kept = [(song["song_id"], song["position"]) for song in json.loads(songs)]
    assert kept == [(song["song_id"], place) for place, song in enumerate(made["songs"], start=1)]
    assert (liked, models) == (0, model_set(Settings()).name)


def test_a_like_tells_whose_it_is_and_a_page_tells_its_visitors_apart(client, read):
    digests = []
    for headers in ({}, {}, {"X-Client-Id": "anne"}, {"X-Client-Id": "ben"}, {"X-Client-Id": "no id"}):
        generation_id = post_ok(client, "/recommend", title=TITLE)["generation_id"]
        client.post("/like", json={"generation_id": generation_id}, headers=headers).raise_for_status()
        digests.append(read(TAUGHT, generation_id)[2])
    nobody, again, anne, ben, no_id = digests
    assert nobody == again == no_id
    assert len({nobody, anne, ben}) == 3


def test_feedback_that_cannot_be_kept_changes_nothing(client, made, read):
    generation_id = made["generation_id"]
    shown = [song["song_id"] for song in made["songs"]]
    for body, status, code, field in (
        ({"songs": [*shown, 10**9], "liked": True}, 404, "unknown_song", "songs"),
        ({"removed": [10**9]}, 404, "unknown_song", "removed"),
        ({"songs": shown, "removed": shown[:1]}, 422, "invalid_value", "removed"),
        ({"songs": shown * 2}, 422, "invalid_value", "songs"),
        ({}, 422, "missing_field", None),
        ({"generation_id": str(uuid4()), "songs": [10**9]}, 404, "unknown_generation", "generation_id"),
    ):
        response = client.post("/feedback", json={"generation_id": generation_id} | body)
        error = response.json()["error"]
        assert (response.status_code, error["code"], error.get("field")) == (status, code, field)
    assert read(TAUGHT, generation_id) is None
    assert read(LOGGED, generation_id)[1] == 0
