"""The real service as an operator exposes it: keys, rates, a port of the operator's own, two gateway processes."""

import json
import time
from collections.abc import Iterator
from typing import NamedTuple

import httpx
import psutil
import pytest

from aiplayer.settings import STATE
from infra.instances import free_port
from loadtests.memory import service_processes
from tests.support.service import TITLE, copy_demo_database, running_service

pytestmark = pytest.mark.process

NAME = "test-exposed"
PLAYER = "https://player.example"
KEYS = [
    {"name": "page", "secret": "page-secret-0123", "requests_per_minute": 0},
    {"name": "partner", "secret": "partner-secret-0123", "requests_per_minute": 3},
]
PAGE, PARTNER = ({"Authorization": f"Bearer {key['secret']}"} for key in KEYS)
STRANGERS_RATE = 8


class Exposed(NamedTuple):
    """A client of the service, and the address of the operator's port."""

    client: httpx.Client
    admin_url: str


@pytest.fixture(scope="module")
def exposed(tmp_path_factory) -> Iterator[Exposed]:
    port = free_port()
    settings = {
        "AIPLAYER_API_KEYS": json.dumps(KEYS),
        "AIPLAYER_REQUESTS_PER_MINUTE": str(STRANGERS_RATE),
        "AIPLAYER_TRUSTED_PROXIES": "192.0.2.1",
        "AIPLAYER_CORS_ORIGINS": PLAYER,
        "AIPLAYER_ADMIN_PORT": str(port),
        "AIPLAYER_GATEWAY_WORKERS": "2",
    }
    database_url = copy_demo_database(tmp_path_factory.mktemp("database"))
    with running_service(database_url, NAME, **settings) as url, httpx.Client(base_url=url, timeout=60) as client:
        yield Exposed(client, f"http://127.0.0.1:{port}")


def gateways(client: httpx.Client) -> list[psutil.Process]:
    processes = service_processes(str(client.base_url))
    return [process for process in processes if "--service-name ai_player" in " ".join(process.cmdline())]


def error_code(response: httpx.Response) -> str:
    assert set(response.json()) == {"error"}
    assert response.headers["x-content-type-options"] == "nosniff"
    return response.json()["error"]["code"]


def test_a_key_is_needed_and_opens_the_service(exposed):
    missing = exposed.client.post("/similar", json={"title": TITLE})
    assert (missing.status_code, error_code(missing)) == (401, "key_missing")
    unknown = exposed.client.post("/similar", json={"title": TITLE}, headers={"X-API-Key": "page-secret"})
    assert (unknown.status_code, error_code(unknown)) == (401, "key_unknown")
    assert unknown.headers["www-authenticate"].startswith("Bearer ")

    assert exposed.client.post("/similar", json={"title": TITLE}, headers=PAGE).status_code == 200
    assert [exposed.client.get(path).status_code for path in ("/", "/healthz", "/livez", "/readyz")] == [200] * 4


def test_the_schema_says_so(exposed):
    schema = exposed.client.get("/docs.json", headers=PAGE).json()
    assert schema["security"] == [{"bearer": []}, {"header": []}]
    assert {"401", "415", "429"} <= set(schema["paths"]["/similar"]["post"]["responses"])


def test_a_key_has_one_rate_whichever_process_answers(exposed):
    assert len(gateways(exposed.client)) == 2
    url = exposed.client.base_url.join("/about")
    # Each request has a connection of its own, so that both processes get some.
    answers = [httpx.get(url, headers=PARTNER) for _ in range(12)]
    assert [answer.status_code for answer in answers] == [200] * 3 + [429] * 9
    assert error_code(answers[-1]) == "too_many_requests"
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 60


def test_an_address_that_a_caller_made_up_is_not_believed(exposed):
    answers = [
        exposed.client.get("/about", headers={"X-Forwarded-For": f"198.51.100.{number}"})
        for number in range(STRANGERS_RATE + 1)
    ]
    assert answers[-1].status_code == 429
    assert exposed.client.get("/healthz").status_code == 200


def test_a_page_of_an_origin_that_may_ask_can_read_also_refusals(exposed):
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization, content-type"}
    preflight = exposed.client.options("/similar", headers={"Origin": PLAYER, **asked})
    assert (preflight.status_code, preflight.headers["access-control-allow-origin"]) == (200, PLAYER)
    refused = exposed.client.post("/similar", content=b"x", headers={"Origin": PLAYER, **PAGE})
    assert (refused.status_code, error_code(refused)) == (415, "unsupported_media_type")
    assert refused.headers["access-control-allow-origin"] == PLAYER


def test_measurements_are_at_the_operators_port_alone_and_stay_there_when_a_process_dies(exposed):
    away = exposed.client.get("/metrics", headers=PAGE)
    assert (away.status_code, error_code(away)) == (404, "not_found")
    assert exposed.client.get("/about", headers=PAGE).status_code == 200

    for _ in range(2):
        measured = httpx.get(f"{exposed.admin_url}/metrics")
        assert measured.status_code == 200
        assert 'endpoint="/about",http_response_code="200"' in measured.text
        assert 'runner_name="title_encoder"' in measured.text
        kill_one(exposed)


def kill_one(exposed: Exposed) -> None:
    """Kill the gateway's older process, and wait until there are two again that answer."""
    older, _ = sorted(gateways(exposed.client), key=lambda process: process.create_time())
    older.kill()
    older.wait(10)
    deadline = time.monotonic() + 60
    while len(gateways(exposed.client)) < 2 and time.monotonic() < deadline:
        assert httpx.get(f"{exposed.admin_url}/metrics").status_code == 200
        time.sleep(0.5)


def test_no_secret_is_in_the_log(exposed):
    exposed.client.get("/about?title=rain", headers=PAGE)
    log = (STATE / "log" / f"{NAME}.log").read_text(encoding="utf-8")
    assert "GET /about 200" in log
    assert not [key["secret"] for key in KEYS if key["secret"] in log]
    assert "title=rain" not in log
