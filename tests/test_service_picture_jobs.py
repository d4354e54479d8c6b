"""Pictures that are painted while their caller does something else, by the real service."""

import base64
import io
import sqlite3
import time
from uuid import uuid4

import httpx
import pytest
from PIL import Image

from tests.support.service import TITLE, copy_demo_database, post_ok, running_service

pytestmark = pytest.mark.process

PATIENCE_S = 60


def begin(client: httpx.Client, **body: object) -> str:
    """The id of a job for pictures of TITLE."""
    response = client.post("/thumbnail/jobs", json={"title": TITLE} | body)
    assert response.status_code == 202, response.text
    job = response.json()
    assert (set(job), job["state"], job["share"]) == ({"job_id", "state", "share"}, "waiting", 0)
    assert response.headers["Location"] == f"/thumbnail/jobs/{job['job_id']}"
    return job["job_id"]


def ended(client: httpx.Client, job_id: str) -> dict:
    """A job, once it has ended."""
    deadline = time.monotonic() + PATIENCE_S
    while (job := client.get(f"/thumbnail/jobs/{job_id}").json())["state"] in {"waiting", "painting"}:
        assert time.monotonic() < deadline, job
        time.sleep(0.02)
    return job


def test_a_job_gives_the_pictures_that_thumbnail_gives(client):
    job = ended(client, begin(client, seed=5, count=2, overlay=True))
    assert (set(job), job["state"], job["share"]) == ({"job_id", "state", "share", "pictures"}, "done", 1)
    assert job["pictures"] == post_ok(client, "/thumbnail", title=TITLE, seed=5, count=2, overlay=True)
    image = Image.open(io.BytesIO(base64.b64decode(job["pictures"][0])))
    assert (image.size, image.text["seed"]) == ((1280, 720), "5")


def test_the_facts_are_kept_with_the_generation(client, database_url):
    generation_id = post_ok(client, "/recommend", title=TITLE)["generation_id"]
    job = ended(client, begin(client, generation_id=generation_id, seed=6, count=2))
    assert job["state"] == "done"
    with sqlite3.connect(database_url.removeprefix("sqlite:///")) as database:
        query = "SELECT json_extract(thumbnail, '$.seeds') FROM user_log WHERE generation_id = ?"
        (seeds,) = database.execute(query, (generation_id.replace("-", ""),)).fetchone()
    database.close()
    assert seeds == "[6,7]"


def test_a_generation_that_is_unknown_is_told_at_once(client):
    unknown = client.post("/thumbnail/jobs", json={"title": TITLE, "generation_id": str(uuid4())})
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (404, "unknown_generation")


def test_a_job_that_cannot_be_painted_has_failed_with_the_reason(client):
    body = {"title": "a city", "negative_prompt": "night, day, dawn, morning, sunset"}
    job = ended(client, begin(client, **body))
    assert (job["state"], job["error"]["code"]) == ("failed", "nothing_left_to_paint")
    assert job["error"] == client.post("/thumbnail", json=body).json()["error"]


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_job_that_nobody_has_asked_for_is_unknown(client, method):
    unknown = client.request(method, f"/thumbnail/jobs/{uuid4()}")
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (404, "unknown_job")
    no_id = client.request(method, "/thumbnail/jobs/7")
    assert (no_id.status_code, no_id.json()["error"]["field"]) == (422, "job_id")


def test_a_body_is_checked_as_that_of_thumbnail(client):
    refused = client.post("/thumbnail/jobs", json={"title": TITLE, "count": 5})
    assert (refused.status_code, refused.json()["error"]["field"]) == (422, "count")


def test_jobs_are_documented(client):
    paths = client.get("/docs.json").json()["paths"]
    assert set(paths["/thumbnail/jobs"]) == {"post"}
    assert set(paths["/thumbnail/jobs/{job_id}"]) == {"get", "delete"}


def test_many_jobs_are_painted_in_turn_a_cancelled_one_never_and_too_many_are_refused(tmp_path):
    """By two processes of the gateway, which share one database."""
    settings = {"AIPLAYER_MOST_PICTURE_JOBS": "6", "AIPLAYER_GATEWAY_WORKERS": "2"}
    database_url = copy_demo_database(tmp_path)
    with running_service(database_url, "test-jobs", **settings) as url, httpx.Client(base_url=url, timeout=60) as http:
        jobs = [begin(http, seed=100 * number, count=4) for number in range(6)]
        full = http.post("/thumbnail/jobs", json={"title": TITLE})
        assert (full.status_code, full.json()["error"]["code"]) == (429, "too_busy")
        assert 1 <= int(full.headers["Retry-After"]) <= 600

        cancelled = [http.delete(f"/thumbnail/jobs/{jobs[-1]}") for _ in range(2)]
        assert [(response.status_code, response.json()["state"]) for response in cancelled] == [(200, "cancelled")] * 2
        states = [ended(http, job_id)["state"] for job_id in jobs]
        assert states == ["done"] * 5 + ["cancelled"]
        assert "pictures" not in ended(http, jobs[-1])
        again = http.delete(f"/thumbnail/jobs/{jobs[0]}").json()
        assert (again["state"], len(again["pictures"])) == ("done", 4)
