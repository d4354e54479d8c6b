"""The peers answer what the service answers; otherwise their times would mean nothing."""

import json
import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest
from starlette.testclient import TestClient

from aiplayer.errors import Unavailable
from aiplayer.settings import PROJECT, Settings
from loadtests.own_service import Database
from loadtests.peers.answering import Answering
from loadtests.peers.fastapi_app import make_app
from loadtests.peers.systems import System, measure_bare, running
from loadtests.titles import TITLES

# All of these tests ask the service as well.
pytestmark = pytest.mark.process

SOME_TITLES = TITLES[:2] + TITLES[100:104]


@pytest.fixture(scope="module")
def database(database_url) -> Database:
    return Database(database_url, Settings().models, is_copy=True)


@pytest.fixture(scope="module")
def fastapi_peer(database) -> Iterator[TestClient]:
    settings = Settings(database_url=database.url, models=database.models)
    with TestClient(make_app(Answering.load(settings))) as peer:
        yield peer


def journey(client: httpx.Client, title: str) -> tuple[dict, dict]:
    """The answers of POST /similar and of POST /recommend, without the id that is new each time."""
    similar = client.post("/similar", json={"title": title, "count": 3})
    assert similar.status_code == 200, similar.text
    ids = [playlist["playlist_id"] for playlist in similar.json()["playlists"]]
    made = client.post("/recommend", json={"title": title, "playlist_ids": ids})
    assert made.status_code == 200, made.text

    answer = made.json()
    assert answer.pop("generation_id")
    return similar.json(), answer


@pytest.mark.parametrize("title", SOME_TITLES)
def test_the_fastapi_app_answers_as_the_service_does(client, fastapi_peer, title):
    similar, made = journey(client, title)
    assert len(made["songs"]) == 20
    assert journey(fastapi_peer, title) == (similar, made)


def test_the_fastapi_app_leaves_out_what_is_excluded_as_the_service_does(client, fastapi_peer):
    body = {"title": "late night jazz", "exclude_artists": ["Norah Jones", "nobody at all"], "song_count": 30}
    expected = client.post("/recommend", json=body).json()
    answered = fastapi_peer.post("/recommend", json=body).json()
    assert expected["unknown_artists"] == ["nobody at all"]
    assert answered | {"generation_id": ""} == expected | {"generation_id": ""}


def test_the_fastapi_app_keeps_likes(fastapi_peer):
    made = fastapi_peer.post("/recommend", json={"title": "music"}).json()
    liked = fastapi_peer.post("/like", json={"generation_id": made["generation_id"]})
    assert (liked.status_code, liked.json()) == (200, {"generation_id": made["generation_id"], "liked": True})
    unknown = fastapi_peer.post("/like", json={"generation_id": "00000000-0000-0000-0000-000000000000"})
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (404, "unknown_generation")


def test_litserve_answers_as_the_service_does(client, database):
    with running(System.LITSERVE, database) as served, httpx.Client(base_url=served.url, timeout=60) as peer:
        for title in SOME_TITLES:
            assert journey(peer, title) == journey(client, title)


@pytest.mark.slow
def test_a_short_comparison_measures_every_system(tmp_path):
    written = tmp_path / "peers.json"
    command = [sys.executable, "-m", "loadtests.compare", "--out", str(written), "--users", "2"]
    command += ["--seconds", "2", "--warm-up", "0.5", "--burst", "4", "--after-burst", "2"]
    ended = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=400)
    assert ended.returncode == 0, ended.stderr[-2000:]
    assert "journeys/s" in ended.stdout

    told = json.loads(written.read_bytes())
    measured = {(row["system"], row["users"], row["after_burst_of"]) for row in told["rows"]}
    assert measured == {(system, users, burst) for system in System for users, burst in ((2, 0), (1, 4))}
    assert all(not row["failures"] and row["journeys_a_second"] > 0 for row in told["rows"])
    assert told["bare"]["journeys_a_second"] > 0
    assert told["facts"]["songs"] > 1_000


def test_models_of_another_catalogue_are_told_before_anything_is_measured(tmp_path):
    empty = f"sqlite:///{tmp_path / 'empty.db'}"
    with pytest.raises(Unavailable, match=r"The bare models were not measured\. The database holds catalogue none"):
        measure_bare(Database(empty, Settings().models, is_copy=True), seconds=1, warm_up_s=0, seed=0)
