"""The service while one of its runners hangs, as one does whose machine is out of memory, or is killed."""

import re
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx
import psutil
import pytest

from tests.support.service import TITLE, copy_demo_database, running_service

pytestmark = pytest.mark.process

# Longer than BentoML asks a runner whether it is ready, which is 5 s.
ANSWER_TIMEOUT_S = 7
READINESS_S = 5


@pytest.fixture(scope="module")
def impatient_client(tmp_path_factory) -> Iterator[httpx.Client]:
    """A client of a service of this module's own, which gives up soon."""
    database_url = copy_demo_database(tmp_path_factory.mktemp("database"))
    with (
        running_service(database_url, "test-runner-away", AIPLAYER_ANSWER_TIMEOUT_S=str(ANSWER_TIMEOUT_S)) as url,
        httpx.Client(base_url=url, timeout=60) as http,
    ):
        yield http


def process_of(client: httpx.Client, runner: str) -> psutil.Process:
    """A runner of the client's service."""
    parents = [child for child in psutil.Process().children() if str(client.base_url.port) in child.cmdline()]
    (process,) = [
        child
        for parent in parents
        for child in parent.children(recursive=True)
        if re.search(rf"--service-name {runner}\b", " ".join(child.cmdline()))
    ]
    return process


@contextmanager
def hanging(client: httpx.Client, runner: str) -> Iterator[None]:
    """A runner of the client's service that does nothing for as long as this lasts."""
    process = process_of(client, runner)
    process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        process.send_signal(signal.SIGCONT)


def error_code(response: httpx.Response) -> str:
    assert response.headers["content-type"] == "application/json"
    assert set(response.json()) == {"error"}
    return response.json()["error"]["code"]


def test_a_service_whose_runner_hangs_is_not_ready_and_lives(impatient_client):
    assert impatient_client.get("/readyz").status_code == 200
    with hanging(impatient_client, "thumbnail"):
        away = impatient_client.get("/readyz")
        assert (away.status_code, error_code(away)) == (503, "not_ready")
        assert impatient_client.get("/healthz").status_code == 200
        assert impatient_client.post("/similar", json={"title": TITLE}).status_code == 200
    assert impatient_client.get("/readyz").status_code == 200


def test_an_answer_that_takes_too_long_is_given_up_in_the_one_shape(impatient_client):
    with hanging(impatient_client, "title_encoder"):
        started = time.monotonic()
        late = impatient_client.post("/similar", json={"title": "a title of its own"})
        assert (late.status_code, error_code(late)) == (504, "too_slow")
        assert f"{ANSWER_TIMEOUT_S} s" in late.json()["error"]["message"]
        assert time.monotonic() - started < ANSWER_TIMEOUT_S + READINESS_S
    assert impatient_client.post("/similar", json={"title": TITLE}).status_code == 200


def test_with_more_requests_under_way_than_connections_every_answer_has_the_one_shape(impatient_client):
    url = str(impatient_client.base_url)

    def ask(path: str, number: int) -> httpx.Response:
        if path == "/readyz":
            return httpx.get(f"{url}{path}", timeout=60)
        return httpx.post(f"{url}{path}", json={"title": f"{TITLE} {number}"}, timeout=60)

    with hanging(impatient_client, "title_encoder"), ThreadPoolExecutor(120) as clients:
        answers = list(clients.map(ask, ["/similar"] * 110 + ["/readyz"] * 3, range(113)))
    assert {response.status_code for response in answers} <= {503, 504}
    assert {error_code(response) for response in answers} == {"too_slow", "not_ready"}


def test_a_killed_runner_takes_down_only_what_needs_it_and_heals(impatient_client):
    process = process_of(impatient_client, "thumbnail")
    process.kill()
    process.wait(timeout=10)

    started = time.monotonic()
    away = impatient_client.post("/thumbnail", json={"title": TITLE, "seed": 5})
    assert (away.status_code, error_code(away)) == (503, "runner_away")
    assert time.monotonic() - started < 1
    assert impatient_client.post("/similar", json={"title": TITLE}).status_code == 200
    made = impatient_client.post("/recommend", json={"title": TITLE}).json()
    liked = impatient_client.post("/like", json={"generation_id": made["generation_id"]})
    assert liked.status_code == 200

    deadline = time.monotonic() + 60
    while impatient_client.post("/thumbnail", json={"title": TITLE, "seed": 5}).status_code != 200:
        assert time.monotonic() < deadline
        time.sleep(0.2)
