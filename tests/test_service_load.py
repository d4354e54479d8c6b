"""The service under more work than it can do: what nobody waits for is not done, and who waits is told how long."""

import itertools
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import product

import httpx
import pytest

from tests.support.metrics import samples, total
from tests.support.service import TITLE

pytestmark = pytest.mark.process


# Pictures that were painted lately are not painted again, so nobody asks for those of another.
SEEDS = itertools.count(1_000, 4)


def four_pictures() -> dict:
    """A request for four pictures that nobody has asked for."""
    return {"title": TITLE, "count": 4, "seed": next(SEEDS)}


def leave(url: str) -> None:
    """Ask for four pictures and hang up."""
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(f"{url}/thumbnail", json=four_pictures(), timeout=0.3)


def test_pictures_of_callers_who_have_left_are_not_painted(client, service_url):
    client.post("/thumbnail", json=four_pictures())
    started = time.monotonic()
    client.post("/thumbnail", json=four_pictures())
    four_pictures_s = time.monotonic() - started

    with ThreadPoolExecutor(8) as leavers:
        list(leavers.map(leave, [service_url] * 8))
    started = time.monotonic()
    assert client.post("/thumbnail", json=four_pictures()).status_code == 200
    # The picture that was being painted when they left is painted to its end; all would take nine times as long.
    assert time.monotonic() - started < 3 * four_pictures_s


def test_a_picture_that_was_painted_is_not_painted_again(client):
    body = {"title": TITLE, "count": 4, "seed": 77_000}
    first = client.post("/thumbnail", json=body)
    started = time.monotonic()
    assert client.post("/thumbnail", json=body).content == first.content
    again_s = time.monotonic() - started

    started = time.monotonic()
    other = client.post("/thumbnail", json=body | {"seed": 78_000})
    assert again_s < (time.monotonic() - started) / 2
    assert other.content != first.content


@pytest.mark.parametrize("timeout_s", ["0", "-1", "soon", "nan", "1e9", ""])
def test_a_time_that_makes_no_sense_is_refused(client, timeout_s):
    refused = client.post("/similar", json={"title": TITLE}, headers={"X-Timeout-S": timeout_s})
    assert refused.status_code == 422
    assert refused.json()["error"]["field"] == "X-Timeout-S"
    assert "give seconds, more than 0 and at most 86,400" in refused.json()["error"]["message"]


def test_whoever_waits_shorter_is_told_sooner(client):
    started = time.monotonic()
    late = client.post("/thumbnail", json=four_pictures(), headers={"X-Timeout-S": "0.2"})
    assert (late.status_code, late.json()["error"]["code"]) == (504, "too_slow")
    assert "0.2 s" in late.json()["error"]["message"]
    assert time.monotonic() - started < 2


def test_metrics_tell_of_batches_and_of_what_was_refused(client):
    client.post("/similar", json={"title": TITLE})
    metrics = client.get("/metrics").text
    for place, work in product(("gateway", "runner"), ("encode", "search")):
        assert total(metrics, "aiplayer_batch_items_count", place=place, work=work) > 0
        assert total(metrics, "aiplayer_waiting_seconds_count", place=place, work=work) > 0
        # Those who left have nothing waiting any more, and what was refused is told also where it is nothing.
        assert total(metrics, "aiplayer_queue_items", place=place, work=work) == 0
        assert samples(metrics, "aiplayer_refused_total", place=place, work=work, reason="queue_full")
