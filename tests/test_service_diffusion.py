"""Thumbnails by a miniature Stable Diffusion behind the real service."""

import io

import httpx
import pytest
from PIL import Image

from aiplayer.devices import says_where
from aiplayer.settings import STATE
from infra.log_lines import news
from tests.support.service import running_service

pytestmark = pytest.mark.process

SETTINGS = {
    "DIFFUSION_WIDTH_PX": "256",
    "DIFFUSION_HEIGHT_PX": "128",
    "DIFFUSION_STEPS": "2",
    "DIFFUSION_PRECISION": "float32",
    "DIFFUSION_JIT_COMPILE": "false",
    # Short, for the miniature spells most words letter by letter.
    "THUMBNAIL_NEGATIVE_PROMPT": "people, watermark",
}


@pytest.fixture(scope="module")
def diffusion_client(database_url, published):
    settings = {f"AIPLAYER_{name}": value for name, value in SETTINGS.items()}
    settings["AIPLAYER_DIFFUSION_WEIGHTS"] = str(published.folder)
    with running_service(database_url, "test-diffusion", **settings) as url, httpx.Client(base_url=url) as http:
        http.timeout = 60
        yield http


def paint(diffusion_client: httpx.Client, **body: object) -> Image.Image:
    """The picture of "city night" with seed 3, where the body says nothing else."""
    response = diffusion_client.post("/thumbnail", json={"title": "city night", "seed": 3} | body)
    assert response.status_code == 200, response.text
    return Image.open(io.BytesIO(response.content))


def test_a_picture_has_the_full_size_and_says_how_it_was_made(diffusion_client, published):
    picture = paint(diffusion_client)
    assert picture.size == (1280, 720)
    said = {name: picture.text[name] for name in ("model", "sampler", "steps", "guidance", "precision", "seed")}
    assert said == {
        "model": published.folder.name,
        "sampler": "dpm-solver++",
        "steps": "2",
        "guidance": "7.5",
        "precision": "float32",
        "seed": "3",
    }


def test_the_service_says_how_long_a_picture_takes_and_what_it_did_to_start(diffusion_client):
    told = diffusion_client.get("/thumbnail")
    assert told.status_code == 200
    assert 0 < told.json()["picture_s"] < 60
    started = news((STATE / "log" / "test-diffusion.log").read_text())
    # What takes longer than half a minute is told again.
    started = [words for words in started if not words.endswith(" min)")]
    where = [words for words in started if says_where(words)]
    assert set(where) == {
        "title encoder on the CPU",
        "recommender on the CPU",
        "thumbnails on the CPU",
    }
    started = [words for words in started if words not in where]
    assert started == ["comparing the weights with their hashes", "loading the weights", "painting a first picture"]


def test_the_seed_decides_and_a_batch_changes_nothing(diffusion_client):
    alone = paint(diffusion_client, seed=4)
    response = diffusion_client.post("/thumbnail", json={"title": "city night", "seed": 3, "count": 2})
    assert len(response.json()) == 2
    assert paint(diffusion_client, seed=4).tobytes() == alone.tobytes()
    assert paint(diffusion_client, seed=5).tobytes() != alone.tobytes()


def test_what_of_a_prompt_is_too_much_is_said(diffusion_client):
    picture = paint(diffusion_client, title="skyline " * 24, negative_prompt="rain " * 100)
    assert set(picture.text["negative_prompt_cut"].split()) == {"rain"}
    assert picture.text["prompt_cut"].endswith("skyline")
    # What the operator wants begins and ends the prompts, and keeps its tokens.
    assert picture.text["negative_prompt"].startswith("people, watermark, rain")
    assert picture.text["prompt"].endswith("skyline, landscape, 8K uhd")
