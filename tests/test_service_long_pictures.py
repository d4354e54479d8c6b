"""Jobs whose pictures take long, by a miniature Stable Diffusion in many steps: they tell how far they are, stop, and
survive the death of any process.
"""

import re
import signal
import time
from collections.abc import Callable

import httpx
import psutil
import pytest

pytestmark = pytest.mark.process

PATIENCE_S = 180


def begin(client: httpx.Client, seed: int) -> str:
    response = client.post("/thumbnail/jobs", json={"title": "city night", "seed": seed})
    assert response.status_code == 202, response.text
    return response.json()["job_id"]


def look(client: httpx.Client, job_id: str) -> dict:
    """How far a job is; a gateway that was killed is waited for."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            response = client.get(f"/thumbnail/jobs/{job_id}")
            if response.status_code < 500:
                return response.json()
        except httpx.TransportError:
            assert time.monotonic() < deadline
        time.sleep(0.2)


def until(client: httpx.Client, job_id: str, condition: Callable[[dict], bool]) -> list[dict]:
    """What is told of a job until a condition holds."""
    deadline = time.monotonic() + PATIENCE_S
    told = [look(client, job_id)]
    while not condition(told[-1]):
        assert time.monotonic() < deadline, told[-1]
        time.sleep(0.1)
        told.append(look(client, job_id))
    return told


def is_under_way(job: dict) -> bool:
    return job["state"] == "painting" and 0 < job["share"] < 1


def is_done(job: dict) -> bool:
    return job["state"] == "done"


def kill(client: httpx.Client, service: str) -> None:
    """End a process of the client's service as a lack of memory would.

    Args:
        client: The client.
        service: The name of a runner, or of the gateway.
    """
    parents = [child for child in psutil.Process().children() if str(client.base_url.port) in child.cmdline()]
    processes = [child for parent in parents for child in parent.children(recursive=True)]
    (process,) = [one for one in processes if re.search(rf"--service-name {service}\b", " ".join(one.cmdline()))]
    process.send_signal(signal.SIGKILL)


def test_a_job_tells_how_far_it_is_and_how_long_the_rest_takes(slow_client):
    told = until(slow_client, begin(slow_client, seed=1), is_done)
    shares = [job["share"] for job in told]
    assert shares == sorted(shares)
    between = [job for job in told if is_under_way(job)]
    assert len({job["share"] for job in between}) >= 2
    assert any(0 < job.get("seconds_left", 0) < PATIENCE_S for job in between)
    assert told[-1]["share"] == 1
    assert len(told[-1]["pictures"]) == 1


def test_a_cancelled_job_ends_at_its_next_step_so_that_the_next_one_begins(slow_client):
    picture_s = slow_client.get("/thumbnail").json()["picture_s"]
    jobs = [begin(slow_client, seed) for seed in (11, 12)]
    until(slow_client, jobs[0], is_under_way)
    assert slow_client.delete(f"/thumbnail/jobs/{jobs[0]}").json()["state"] == "cancelled"
    assert slow_client.delete(f"/thumbnail/jobs/{jobs[1]}").json()["state"] == "cancelled"

    started = time.monotonic()
    next_job = begin(slow_client, seed=13)
    until(slow_client, next_job, is_under_way)
    # Two cancelled pictures would keep it waiting for longer.
    assert time.monotonic() - started < max(5, picture_s)
    slow_client.delete(f"/thumbnail/jobs/{next_job}")
    assert look(slow_client, jobs[0])["state"] == "cancelled"


def test_a_picture_whose_caller_has_left_ends_at_its_next_step(slow_client):
    picture_s = slow_client.get("/thumbnail").json()["picture_s"]
    with pytest.raises(httpx.ReadTimeout):
        slow_client.post("/thumbnail", json={"title": "city night", "seed": 21, "count": 4}, timeout=1)
    started = time.monotonic()
    next_job = begin(slow_client, seed=31)
    until(slow_client, next_job, is_under_way)
    assert time.monotonic() - started < max(5, 2 * picture_s)
    slow_client.delete(f"/thumbnail/jobs/{next_job}")


@pytest.mark.parametrize("service", ["thumbnail", "ai_player"])
def test_a_job_survives_the_death_of_who_paints_and_of_who_sees_to_it(slow_client, service):
    job_id = begin(slow_client, seed=41 if service == "thumbnail" else 42)
    until(slow_client, job_id, is_under_way)
    kill(slow_client, service)
    # It begins anew.
    told = until(slow_client, job_id, is_done)
    assert len(told[-1]["pictures"]) == 1
