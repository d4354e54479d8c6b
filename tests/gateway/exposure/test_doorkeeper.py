"""A tiny app behind keys and rates: who is let in, who is not, and what each is told."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.types import Message
from starlette.websockets import WebSocket, WebSocketDisconnect
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from aiplayer.exposure import ApiKey
from gateway.exposure.doorkeeper import Doorkeeper
from tests.support.metrics import measured

PAGE = ApiKey(name="page", secret=SecretStr("page-secret"))
PARTNER = ApiKey(name="partner", secret=SecretStr("partner-secret"), requests_per_minute=3)
OWN = ApiKey(name="own", secret=SecretStr("own-secret"), requests_per_minute=0)
KEYS = (PAGE, PARTNER, OWN)

ClientOf = Callable[..., TestClient]


async def answer(request: Request) -> Response:
    return PlainTextResponse(f"{len(await request.body())} bytes")


async def talk(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text("hello")


routes = [WebSocketRoute("/talk", talk), Route("/{path:path}", answer, methods=["GET", "POST", "OPTIONS"])]
app = Starlette(routes=routes)


@pytest.fixture
def client_of(tmp_path: Path) -> ClientOf:
    """Makes a client at an address, of the app behind these keys and this rate."""

    def make(
        keys: tuple[ApiKey, ...] = (), rate: int = 0, address: str = "203.0.113.7", proxies: str = ""
    ) -> TestClient:
        guarded = Doorkeeper(app, keys, rate, counters=tmp_path / "rates")
        return TestClient(ProxyHeadersMiddleware(guarded, trusted_hosts=proxies), client=(address, 4711))

    return make


def error_code(response) -> str:
    assert response.headers["content-type"] == "application/json"
    assert set(response.json()) == {"error"}
    assert response.json()["error"]["message"].endswith(".")
    return response.json()["error"]["code"]


def statuses(client: TestClient, count: int, **headers: str) -> list[int]:
    return [client.get("/about", headers=headers).status_code for _ in range(count)]


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer page-secret"},
        {"authorization": "bearer  page-secret "},
        {"X-API-Key": "partner-secret"},
        {"Authorization": "Basic b3RoZXI6dGhpbmc=", "X-API-Key": "page-secret"},
    ],
)
def test_a_known_key_opens_every_path(client_of, headers):
    client = client_of(KEYS)
    assert client.get("/docs.json", headers=headers).status_code == 200
    assert client.post("/similar", content=b"12345", headers=headers).text == "5 bytes"


@pytest.mark.parametrize(
    ("headers", "code", "challenge"),
    [
        ({}, "key_missing", 'Bearer realm="AI Player"'),
        ({"X-API-Key": ""}, "key_missing", 'Bearer realm="AI Player"'),
        ({"Authorization": "Basic cGFnZS1zZWNyZXQ="}, "key_missing", 'Bearer realm="AI Player"'),
        ({"X-API-Key": "page-secre"}, "key_unknown", 'Bearer realm="AI Player", error="invalid_token"'),
        ({"Authorization": "Bearer page-secret2"}, "key_unknown", 'Bearer realm="AI Player", error="invalid_token"'),
        ({"X-API-Key": PAGE.digest.hex()}, "key_unknown", 'Bearer realm="AI Player", error="invalid_token"'),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS", "DELETE"])
def test_without_a_known_key_nothing_is_served(client_of, method, headers, code, challenge):
    for path in ("/similar", "/metrics", "/docs.json", "/nowhere", "/healthz/", "/healthz/x"):
        response = client_of(KEYS).request(method, path, headers=headers)
        assert (response.status_code, error_code(response)) == (401, code)
        assert response.headers["www-authenticate"] == challenge
        assert "secre" not in response.text


def test_a_web_socket_needs_a_key_as_well(client_of):
    with pytest.raises(WebSocketDisconnect), client_of(KEYS).websocket_connect("/talk"):
        pass
    with client_of(KEYS).websocket_connect("/talk", headers={"X-API-Key": "page-secret"}) as websocket:
        assert websocket.receive_text() == "hello"


@pytest.mark.parametrize("path", ["/", "/healthz", "/livez", "/readyz"])
def test_the_front_page_and_what_load_balancers_ask_need_no_key(client_of, path):
    assert client_of(KEYS).get(path).status_code == 200


def test_without_keys_the_service_is_open(client_of):
    assert statuses(client_of(), 30) == [200] * 30
    assert client_of(rate=5).get("/about", headers={"X-API-Key": "anything"}).status_code == 200


@pytest.mark.parametrize(("keys", "rate", "statuses"), [(KEYS, 0, [401, 401]), ((), 1, [200, 429])])
def test_the_body_of_whoever_is_refused_is_not_read(tmp_path, keys, rate, statuses):
    reads, starts = [], []

    async def receive() -> Message:
        reads.append(len(starts))
        return {"type": "http.request", "body": b"x", "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            starts.append(message["status"])

    scope = {"type": "http", "method": "POST", "path": "/similar", "headers": [], "client": ("203.0.113.7", 4711)}
    guarded = Doorkeeper(app, keys, rate, counters=tmp_path / "rates")
    for _ in statuses:
        asyncio.run(guarded(dict(scope), receive, send))
    assert starts == statuses
    assert reads == [number for number, status in enumerate(statuses) if status == 200]


def test_a_caller_that_asks_too_often_is_told_when_to_come_back(client_of):
    client = client_of(rate=3)
    assert statuses(client, 5) == [200, 200, 200, 429, 429]
    refused = client.post("/similar", content=b"x")
    assert error_code(refused) == "too_many_requests"
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert f"Try again in {refused.headers['retry-after']} s." in refused.json()["error"]["message"]


@pytest.mark.parametrize(
    ("keys", "rate", "headers", "reason"),
    [
        (KEYS, 0, {}, "key_missing"),
        (KEYS, 0, {"X-API-Key": "nonsense"}, "key_unknown"),
        ((), 1, {}, "too_many_requests"),
    ],
)
def test_what_is_refused_is_counted_by_its_reason(client_of, keys, rate, headers, reason):
    client = client_of(keys, rate)
    labels = {"place": "gateway", "work": "requests", "reason": reason}
    before = measured("aiplayer_refused_total", **labels)
    answers = [client.get("/about", headers=headers).status_code for _ in range(3)]
    assert measured("aiplayer_refused_total", **labels) - before == sum(status != 200 for status in answers) >= 2


def test_a_caller_is_served_again_when_it_was_told_to_come_back(client_of, monkeypatch):
    client = client_of(rate=2)
    assert statuses(client, 3) == [200, 200, 429]
    retry_after_s = int(client.get("/about").headers["retry-after"])

    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + retry_after_s)
    assert statuses(client, 3) == [200, 200, 429]


@pytest.mark.parametrize("path", ["/healthz", "/livez", "/readyz"])
def test_load_balancers_ask_as_often_as_they_like(client_of, path):
    client = client_of(rate=1)
    assert [client.get(path).status_code for _ in range(5)] == [200] * 5


def test_each_address_has_a_rate_of_its_own(client_of):
    assert statuses(client_of(rate=2, address="203.0.113.7"), 3) == [200, 200, 429]
    assert statuses(client_of(rate=2, address="203.0.113.8"), 3) == [200, 200, 429]


def test_a_key_has_one_rate_wherever_it_comes_from_and_may_have_its_own(client_of):
    first, second = client_of(KEYS, rate=2), client_of(KEYS, rate=2, address="203.0.113.8")
    assert statuses(first, 2, Authorization="Bearer page-secret") == [200, 200]
    assert statuses(second, 2, Authorization="Bearer page-secret") == [429, 429]
    assert statuses(second, 4, Authorization="Bearer partner-secret") == [200, 200, 200, 429]
    assert statuses(first, 9, Authorization="Bearer own-secret") == [200] * 9


def test_keys_cannot_be_tried_without_end(client_of):
    client = client_of(KEYS, rate=2)
    assert [statuses(client, 1, Authorization=f"Bearer {number}") for number in range(4)] == [
        [401],
        [401],
        [429],
        [429],
    ]
    assert statuses(client, 1, Authorization="Bearer page-secret") == [200]


def test_an_address_is_taken_from_a_header_only_where_a_trusted_proxy_sent_it(client_of):
    def ask(count: int, **options: str) -> list[int]:
        client = client_of(rate=2, **options)
        return [
            client.get("/about", headers={"X-Forwarded-For": f"198.51.100.{number}, 192.0.2.9"}).status_code
            for number in range(count)
        ]

    assert ask(3, address="203.0.113.1") == [200, 200, 429]
    assert ask(3, address="203.0.113.2", proxies="10.0.0.0/8") == [200, 200, 429]
    # What the caller wrote itself stands further left than what the proxy added.
    assert ask(3, address="10.1.2.3", proxies="10.0.0.0/8") == [200, 200, 429]
    assert ask(4, address="10.1.2.3", proxies="10.0.0.0/8,192.0.2.9") == [200] * 4


def test_one_customer_of_ipv6_is_one_caller(client_of):
    found = [client_of(rate=2, address=f"2001:db8:7:8::{number}").get("/about").status_code for number in range(1, 5)]
    assert found == [200, 200, 429, 429]
    assert statuses(client_of(rate=2, address="2001:db8:7:9::1"), 1) == [200]


def test_all_processes_of_a_gateway_count_together(client_of):
    processes = [client_of(rate=4), client_of(rate=4)]
    assert [process.get("/about").status_code for process in processes * 3] == [200] * 4 + [429] * 2
