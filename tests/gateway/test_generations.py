"""What was recommended, by its address, where something of it is gone meanwhile."""

from uuid import uuid4

import httpx
from fastapi import FastAPI
from fastapi.testclient import TestClient

from aiplayer.catalogue import Generation, Song
from gateway import generations
from gateway.errors import install_error_handlers

SONGS = [
    {"song_id": 3, "position": 1, "score": 0.5, "source": "seed"},
    {"song_id": 8, "position": 2, "score": 0.4, "source": "new"},
]


class OldCatalogue:
    """Holds one generation, and of its songs only the second."""

    def __init__(self, title: str) -> None:
        self._given = Generation(title, [7], SONGS, ["재즈"])

    async def generation(self, generation_id) -> Generation:
        return self._given

    async def songs(self, song_ids) -> list[Song]:
        return [Song(8, "비", ["태연"], ["발라드"], None)]


def get(path: str, title: str) -> httpx.Response:
    app = FastAPI()
    app.state.catalogue = OldCatalogue(title)
    install_error_handlers(app)
    app.include_router(generations.router)
    return TestClient(app).get(f"/generations/{path}")


def test_a_song_that_has_left_the_catalogue_is_missing():
    generation_id = uuid4()
    answer = get(str(generation_id), "비")
    song = {"song_id": 8, "name": "비", "artists": ["태연"], "genres": ["발라드"], "score": 0.4, "source": "new"}
    assert answer.json() == {
        "generation_id": str(generation_id),
        "title": "비",
        "playlist_ids": [7],
        "songs": [song],
        "tags": ["재즈"],
    }


def test_no_picture_is_painted_for_a_title_that_was_removed():
    answer = get(f"{uuid4()}/thumbnail", "")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "title_removed")
