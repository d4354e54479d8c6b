"""A painter on another machine, here at another port, asked with a key; and what is left of the service without it."""

import io
import time
from collections.abc import Iterator

import httpx
import pytest
from PIL import Image

from loadtests.memory import service_processes
from tests.support.service import TITLE, copy_demo_database, hanging, processes_of, running_service

pytestmark = pytest.mark.process

KEY = "what-the-gateway-sends"
KEYS = '[{"name": "gateway", "secret": "what-the-gateway-sends"}]'
# A second, and what a test needs on a busy machine.
TOLD_WITHIN_S = 1.5


@pytest.fixture(scope="module")
def own_database_url(tmp_path_factory) -> str:
    return copy_demo_database(tmp_path_factory.mktemp("database"))


@pytest.fixture(scope="module")
def painter(own_database_url) -> Iterator[httpx.Client]:
    """A client without a key."""
    with (
        running_service(own_database_url, "test-painter", served="Painter", AIPLAYER_API_KEYS=KEYS) as url,
        httpx.Client(base_url=url, timeout=60) as http,
    ):
        yield http


@pytest.fixture(scope="module")
def far_client(own_database_url, painter) -> Iterator[httpx.Client]:
    """A client of a service that has its pictures painted elsewhere."""
    elsewhere = {"AIPLAYER_PAINTER_URL": str(painter.base_url), "AIPLAYER_PAINTER_KEY": KEY}
    with (
        running_service(own_database_url, "test-painter-elsewhere", **elsewhere) as url,
        httpx.Client(base_url=url, timeout=60) as http,
    ):
        yield http


def test_pictures_and_their_facts_are_those_that_a_runner_here_would_paint(far_client, client):
    body = {"title": TITLE, "seed": 5, "overlay": True}
    far, near = (http.post("/thumbnail", json=body) for http in (far_client, client))
    assert (far.status_code, far.headers["content-type"]) == (200, "image/png")
    assert far.content == near.content
    assert "scene" in Image.open(io.BytesIO(far.content)).text

    assert len(far_client.post("/thumbnail", json={"title": TITLE, "count": 2}).json()) == 2
    assert far_client.get("/thumbnail").json()["picture_s"] > 0


def test_no_painter_runs_beside_the_gateway(far_client):
    assert processes_of(far_client, "title_encoder")
    assert not processes_of(far_client, "thumbnail")
    assert service_processes(str(far_client.base_url))


def test_a_job_is_painted_elsewhere_too(far_client):
    job = far_client.post("/thumbnail/jobs", json={"title": TITLE, "seed": 6}).json()
    deadline = time.monotonic() + 30
    while job["state"] in ("waiting", "painting") and time.monotonic() < deadline:
        time.sleep(0.1)
        job = far_client.get(f"/thumbnail/jobs/{job['job_id']}").json()
    assert (job["state"], job["share"], len(job["pictures"])) == ("done", 1.0, 1)


def test_what_cannot_be_painted_is_told_as_by_a_runner_here(far_client, client):
    body = {"title": "1234", "negative_prompt": "dawn morning day sunset night"}
    far, near = (http.post("/thumbnail", json=body) for http in (far_client, client))
    assert (far.status_code, far.json()) == (422, near.json())


def test_the_painter_answers_who_has_its_key_and_nobody_else(painter):
    wish = {"prompt": "photography of rain", "seed": 1}
    refused = painter.post("/pictures", json=wish)
    assert (refused.status_code, refused.json()["error"]["code"]) == (401, "key_missing")

    headers = {"Authorization": f"Bearer {KEY}", "X-Request-Id": "asked-by-hand"}
    painted = painter.post("/pictures", json=wish, headers=headers)
    assert (painted.status_code, painted.headers["x-request-id"]) == (200, "asked-by-hand")
    assert Image.open(io.BytesIO(painted.content)).size == (1280, 720)
    assert painter.post("/pictures/shares", json=wish, headers=headers).json() == {"share": 1.0}
    wrong = painter.post("/pictures", json={"prompt": "rain", "seed": -1}, headers=headers)
    assert (wrong.status_code, wrong.json()["error"]["field"]) == (422, "seed")


def test_a_painter_that_hangs_costs_pictures_alone_and_comes_back(far_client, painter):
    def ask() -> tuple[int, float]:
        started = time.monotonic()
        answer = far_client.post("/thumbnail", json={"title": TITLE, "seed": time.monotonic_ns() % 2**32})
        return answer.status_code, time.monotonic() - started

    with hanging(painter, "painter"):
        status, told_s = ask()
        assert (status, told_s < TOLD_WITHIN_S) == (503, True)
        assert far_client.post("/similar", json={"title": TITLE}).status_code == 200
        assert far_client.get("/readyz").status_code == 200

    deadline = time.monotonic() + 10
    while ask()[0] != 200:
        assert time.monotonic() < deadline
