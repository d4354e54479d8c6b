"""What an operator sees of the real service: ids, JSON lines, traces, and measurements of several processes at once."""

import json
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

import httpx
import pytest

from aiplayer.devices import Part
from aiplayer.model_set import model_set
from aiplayer.settings import STATE, Settings
from tests.support.collector import CollectedSpan, Collector
from tests.support.metrics import samples, total
from tests.support.service import TITLE, copy_demo_database, hanging, post_ok, processes_of, running_service

pytestmark = pytest.mark.process

LOG = "test-telemetry"
TRACE, CALLER = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
WAITERS = 24


class Observed(NamedTuple):
    """A service of two gateway processes that tells all it can."""

    client: httpx.Client
    collector: Collector


@pytest.fixture(scope="module")
def observed(tmp_path_factory) -> Iterator[Observed]:
    database_url = copy_demo_database(tmp_path_factory.mktemp("database"))
    with Collector() as collector:
        settings = {
            "AIPLAYER_GATEWAY_WORKERS": "2",
            "AIPLAYER_LOG_FORMAT": "json",
            "AIPLAYER_LOG_LEVEL": "debug",
            "AIPLAYER_OTLP_ENDPOINT": collector.url,
            "OTEL_BSP_SCHEDULE_DELAY": "200",
        }
        with running_service(database_url, LOG, **settings) as url, httpx.Client(base_url=url, timeout=60) as http:
            yield Observed(http, collector)


def eventually(found: Callable[[], bool], timeout_s: float = 15) -> bool:
    """Whether something is so before the time is up."""
    deadline = time.monotonic() + timeout_s
    while not found() and time.monotonic() < deadline:
        time.sleep(0.1)
    return found()


def entries() -> list[dict]:
    """The log; a line that is no JSON fails."""
    text = (STATE / "log" / f"{LOG}.log").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/about", 200),
        ("GET", "/docs.json", 200),
        ("GET", "/healthz", 200),
        ("GET", "/metrics", 200),
        ("GET", "/readyz", 200),
        ("GET", "/playlists/x", 422),
        ("GET", "/nowhere", 404),
        ("PATCH", "/like", 405),
        ("OPTIONS", "/like", 204),
        ("POST", "/similar", 422),
    ],
)
def test_every_answer_says_whose_it_is_and_which_models_answered(client, method, path, status):
    answer = client.request(method, path, headers={"X-Request-Id": "mine-7"})
    assert answer.status_code == status
    assert answer.headers.get_list("X-Request-Id") == ["mine-7"]
    assert answer.headers.get_list("X-Model-Set") == [model_set(Settings()).name]


def test_the_models_are_named_in_about_and_in_metrics(client):
    models = model_set(Settings())
    assert client.get("/about").json()["model_set"] == models.name
    (told,) = samples(client.get("/metrics").text, "aiplayer_model_set_info")
    assert tuple(told.labels[name] for name in ("model_set", *models._fields[1:])) == models


def test_where_each_model_computes_is_told(client):
    told = samples(client.get("/metrics").text, "aiplayer_device_info")
    expected = {(part.value, "cpu", "", 1.0) for part in Part}
    assert {(*(each.labels[name] for name in ("part", "device", "card")), each.value) for each in told} == expected


def test_lines_are_json_and_tell_of_a_request_in_the_gateway_and_in_the_runners(observed):
    title = "a title of this test alone"
    post_ok(observed.client, "/similar", title=title)
    answer = observed.client.post("/recommend", json={"title": f"{title} 2"}, headers={"X-Request-Id": "mine-8"})
    assert answer.status_code == 200

    def lines() -> list[dict]:
        return [entry for entry in entries() if "mine-8" in (entry.get("request_id"), *entry.get("requests", ()))]

    assert eventually(lambda: len(lines()) >= 3)
    told = {entry.get("work", entry.get("route")): entry for entry in lines()}
    assert set(told) == {"encode", "recommend", "/recommend"}
    assert told["encode"]["process"] == "service:title_encoder:1"
    assert (told["recommend"]["batch_size"], told["recommend"]["level"]) == (1, "debug")
    assert (told["/recommend"]["method"], told["/recommend"]["status"]) == ("POST", 200)
    assert told["/recommend"]["answer_bytes"] == len(answer.content)
    assert told["/recommend"]["milliseconds"] > told["recommend"]["milliseconds"]
    assert all({"time", "level", "logger", "process", "message"} <= set(entry) for entry in entries())
    assert not [entry for entry in entries() if entry["logger"] == "bentoml.access"]
    assert title not in (STATE / "log" / f"{LOG}.log").read_text(encoding="utf-8")


def test_a_trace_of_the_caller_goes_through_the_gateway_and_the_runners(observed):
    headers = {"traceparent": f"00-{TRACE}-{CALLER}-01", "X-Request-Id": "mine-9"}
    answer = observed.client.post("/recommend", json={"title": "a title for a trace"}, headers=headers)
    assert answer.status_code == 200

    def spans() -> list[CollectedSpan]:
        return [span for span in observed.collector.spans if span.trace == TRACE]

    assert eventually(lambda: {"gateway", "title_encoder", "playlist_autoencoder"} <= {s.service for s in spans()})
    assert eventually(lambda: any(span.name == "POST /recommend" for span in spans()))
    by_id = {span.span: span for span in spans()}
    (whole,) = [span for span in spans() if span.parent == CALLER]
    assert whole.name == "POST /recommend"
    assert whole.attributes["http.response.status_code"] == 200
    assert whole.attributes["aiplayer.request_id"] == "mine-9"

    parents = {span.name: by_id[span.parent].name for span in spans() if span is not whole}
    assert parents["batch of encode"] == "encode"
    assert parents["batch of recommend"] == "recommend"
    assert {"reading", "database", "encode", "recommend", "mixing", "json"} <= set(parents)
    assert all(parents[stage] == "POST /recommend" for stage in ("reading", "encode", "recommend", "mixing", "json"))
    assert not any(span.is_error for span in spans())


def test_measurements_are_those_of_all_processes_and_a_killed_one_leaves_nothing_waiting(observed):
    url = str(observed.client.base_url)

    def scrape() -> str:
        # The process that a connection led to may be the one that was killed.
        with httpx.Client(transport=httpx.HTTPTransport(retries=5)) as fresh:
            return fresh.get(f"{url}/metrics", timeout=60).text

    def under_way() -> float:
        return total(scrape(), "aiplayer_requests_under_way", kind="searches")

    def ask(number: int) -> int:
        return httpx.post(f"{url}/similar", json={"title": f"{TITLE} {number}"}, timeout=60).status_code

    def waiting(asked: list[Future]) -> int:
        return sum(not future.done() for future in asked)

    assert len({sample.labels["worker"] for sample in samples(scrape(), "aiplayer_process_threads")}) == 2
    with hanging(observed.client, "title_encoder") as encoder, ThreadPoolExecutor(WAITERS) as clients:
        asked = [clients.submit(ask, number) for number in range(WAITERS)]
        assert eventually(lambda: under_way() == WAITERS)
        # Two calls of each gateway process are under way.
        text = scrape()
        queued = total(text, "aiplayer_queue_items", place="gateway", work="encode")
        assert WAITERS - 2 * 2 * 2 <= queued < WAITERS

        killed, _ = processes_of(observed.client, "ai_player")
        killed.send_signal(signal.SIGKILL)
        assert eventually(lambda: under_way() == waiting(asked))
        encoder.send_signal(signal.SIGCONT)
        codes = [future.result() for future in asked if future.exception() is None]

    assert set(codes) <= {200}
    assert under_way() == 0
    assert total(scrape(), "aiplayer_queue_items") == 0
