"""A service that is stopped, as by every deployment, answers whom it has accepted and refuses all others at once."""

import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import psutil
import pytest

from tests.support.service import TITLE, copy_demo_database, processes_of, running_service

pytestmark = pytest.mark.process

SLOW_REQUESTS = 4
# A picture takes some 0.3 s: all of them take far less than a stop may.
PICTURES_EACH = 2
# Else they would take as long as whatever else runs on the machine.
AS_ALL_OTHERS = {"AIPLAYER_THUMBNAIL_NICENESS": "0"}
LONGEST_STOP_S = 60
NEEDED_BY_GATEWAY = ("title_encoder", "playlist_autoencoder", "thumbnail")


def ask_for_pictures(url: str, number: int) -> tuple[int, str]:
    """The status, and the code where it is an error."""
    body = {"title": TITLE, "count": PICTURES_EACH, "seed": 10 * number}
    answer = httpx.post(f"{url}/thumbnail", json=body, timeout=60)
    return answer.status_code, "" if answer.is_success else answer.json()["error"]["code"]


def ask_until_refused(url: str) -> set[int]:
    """Search over one new connection after another, until the service takes no more; the statuses."""
    statuses = set()
    while True:
        try:
            statuses.add(httpx.post(f"{url}/similar", json={"title": TITLE}, timeout=30).status_code)
        except httpx.ConnectError:
            return statuses


def await_under_way(client: httpx.Client, count: int) -> None:
    """Wait until so many requests for pictures are being answered."""
    deadline = time.monotonic() + LONGEST_STOP_S
    while f'aiplayer_requests_under_way{{kind="pictures"}} {count}.0\n' not in client.get("/metrics").text:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_what_was_accepted_is_answered_before_the_runners_end(tmp_path):
    service = running_service(copy_demo_database(tmp_path), "test-stopped", **AS_ALL_OTHERS)
    with service as url, httpx.Client(base_url=url) as client:
        runners = [process for name in NEEDED_BY_GATEWAY for process in processes_of(client, name)]
        # A runner that held the gateway's socket would keep it open for callers whom nobody answers.
        assert not [found for runner in runners for found in runner.net_connections("tcp") if found.status == "LISTEN"]

        with ThreadPoolExecutor(SLOW_REQUESTS + 1) as callers:
            slow = [callers.submit(ask_for_pictures, url, number) for number in range(SLOW_REQUESTS)]
            quick = callers.submit(ask_until_refused, url)
            await_under_way(client, SLOW_REQUESTS)
            # BentoML's supervisor has started them.
            runners[0].parent().terminate()

            assert {request.result() for request in slow} == {(200, "")}
            assert quick.result() == {200}
        assert not psutil.wait_procs(runners, LONGEST_STOP_S)[1]
