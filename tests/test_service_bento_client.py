"""BentoML's own clients know the calls of the service, and other clients find a document that is right."""

import asyncio
from pathlib import Path

import bentoml
import httpx
import pytest
from bentoml.exceptions import BentoMLException
from openapi_spec_validator import validate
from PIL import Image

TITLE = "비 오는 날 카페에서 듣는 재즈"


@pytest.fixture(scope="module")
def bento_client(service_url):
    with bentoml.SyncHTTPClient(service_url) as client:
        yield client
    forget_files(client)


def forget_files(client) -> None:
    """The client leaves its folder of answers to the collector of garbage, which warns of it."""
    client._temp_dir.cleanup()


def test_a_journey_by_bentomls_client(bento_client):
    found = bento_client.similar(title=TITLE, count=2)
    assert len(found["playlists"]) == 2
    chosen = [playlist["playlist_id"] for playlist in found["playlists"]]

    made = bento_client.recommend(title=TITLE, playlist_ids=chosen)
    assert made["songs"]

    picture = bento_client.thumbnail(title=TITLE, seed=7)
    assert isinstance(picture, Path)
    with Image.open(picture) as opened:
        assert (opened.format, opened.size) == ("PNG", (1280, 720))

    assert bento_client.like(generation_id=made["generation_id"], liked=True)["liked"]
    assert bento_client.feedback(generation_id=made["generation_id"], liked=False)["liked"] is False
    assert bento_client.thumbnail_jobs(title=TITLE, seed=7)["job_id"]


def test_a_journey_by_its_asynchronous_twin(service_url):
    async def journey() -> dict:
        async with bentoml.AsyncHTTPClient(service_url) as client:
            made = await client.recommend(title=TITLE)
        forget_files(client)
        return made

    assert asyncio.run(journey())["songs"]


def test_an_error_says_what_the_service_says(bento_client):
    with pytest.raises(BentoMLException, match="title"):
        bento_client.recommend(title=" ")
    with pytest.raises(TypeError, match=r"Arguments not found in endpoint recommend: \{'name'\}"):
        bento_client.recommend(name=TITLE)
    with pytest.raises(TypeError, match="Missing required arguments in endpoint recommend"):
        bento_client.recommend()


def test_docs_json_is_right_for_whoever_makes_a_client_of_it(client: httpx.Client):
    validate(client.get("/docs.json").json())
