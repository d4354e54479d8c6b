"""A painter that is started when somebody wants a picture: until it is there a picture job waits, and loses no try."""

import time

import httpx
import pytest

from infra.instances import free_port, service, wait_until_ready
from tests.support.service import TITLE, copy_demo_database, demo_environment, running_service

pytestmark = pytest.mark.process


def test_a_job_waits_for_a_painter_that_is_started_for_it(tmp_path):
    database_url, port = copy_demo_database(tmp_path), free_port()
    url = f"http://127.0.0.1:{port}"
    with (
        running_service(database_url, "test-painter-to-come", AIPLAYER_PAINTER_URL=url) as service_url,
        httpx.Client(base_url=service_url, timeout=60) as client,
    ):
        assert client.get("/readyz").status_code == 200
        refused = client.post("/thumbnail", json={"title": TITLE})
        assert (refused.status_code, refused.json()["error"]["code"]) == (503, "runner_away")
        begun = client.post("/thumbnail/jobs", json={"title": TITLE})
        assert begun.status_code == 202
        path = f"/thumbnail/jobs/{begun.json()['job_id']}"
        # Longer than the gateway takes to look for jobs several times.
        time.sleep(3)
        assert client.get(path).json()["state"] == "waiting"

        with service(port, demo_environment(database_url), name="test-painter-that-came", served="Painter") as painter:
            wait_until_ready(url, painter)
            deadline = time.monotonic() + 30
            while (job := client.get(path).json())["state"] in ("waiting", "painting") and time.monotonic() < deadline:
                time.sleep(0.1)
            assert (job["state"], len(job["pictures"])) == ("done", 1)
