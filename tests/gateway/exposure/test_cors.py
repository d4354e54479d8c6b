"""What a browser is told of pages of other origins, through all layers at once."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from aiplayer.exposure import ApiKey, ExposureSettings
from gateway.error_shape import ErrorShape
from gateway.exposure import layers
from gateway.exposure.layers import outer_layers

PLAYER, STRANGER = "https://player.example", "https://stranger.example"
KEYS = (ApiKey(name="page", secret=SecretStr("page-secret")),)


async def answer(request: Request) -> Response:
    return PlainTextResponse("hello")


@pytest.fixture
def client_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., TestClient]:
    """Makes a client of a tiny app inside the layers that settings ask for."""
    monkeypatch.setattr(layers, "counters_file", lambda: tmp_path / "rates")

    def make(**settings: object) -> TestClient:
        app = ErrorShape(Starlette(routes=[Route("/similar", answer, methods=["POST"])]), timeout_s=5)
        for layer, options in reversed(outer_layers(ExposureSettings(**settings))):
            app = layer(app, **options)
        return TestClient(app)

    return make


def preflight(client: TestClient, origin: str, method: str = "POST", headers: str = "content-type") -> Response:
    asked = {"Access-Control-Request-Method": method, "Access-Control-Request-Headers": headers}
    return client.options("/similar", headers={"Origin": origin, **asked})


def test_a_browser_asks_without_a_key_what_it_may_send(client_of):
    client = client_of(cors_origins=(PLAYER,), api_keys=KEYS, requests_per_minute=1)
    for _ in range(3):
        response = preflight(client, PLAYER, headers="authorization, content-type, x-api-key, x-client-id, x-timeout-s")
        assert response.status_code == 200
        assert response.headers["access-control-allow-origin"] == PLAYER
        assert "POST" in response.headers["access-control-allow-methods"]
        assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("origin", "method", "headers"),
    [(STRANGER, "POST", "content-type"), (PLAYER, "PUT", "content-type"), (PLAYER, "POST", "x-other")],
)
def test_a_browser_that_may_not_ask_gets_an_error_in_the_one_shape(client_of, origin, method, headers):
    response = preflight(client_of(cors_origins=(PLAYER,)), origin, method, headers)
    assert (response.status_code, response.headers["content-type"]) == (400, "application/json")
    assert response.json()["error"]["code"] == "cors_refused"
    assert "access-control-allow-origin" not in response.headers
    assert "Origin" in response.headers["vary"]


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/similar", {"X-API-Key": "page-secret", "Content-Type": "application/json"}, 200),
        ("/similar", {}, 401),
        ("/similar", {"X-API-Key": "page-secret", "Content-Type": "text/plain"}, 415),
        ("/nowhere", {"X-API-Key": "page-secret", "Content-Type": "application/json"}, 404),
    ],
)
def test_a_page_can_read_every_answer(client_of, path, headers, status):
    client = client_of(cors_origins=(PLAYER,), api_keys=KEYS)
    response = client.post(path, content=b"{}", headers={"Origin": PLAYER, **headers})
    assert response.status_code == status
    assert response.headers["access-control-allow-origin"] == PLAYER
    assert response.headers["access-control-expose-headers"] == "Retry-After, X-Model-Set, X-Request-Id"
    assert "access-control-allow-credentials" not in response.headers


def test_a_refusal_of_the_rate_tells_a_page_when_to_come_back(client_of):
    client = client_of(cors_origins=("*",), requests_per_minute=1)
    for status in (200, 429):
        response = client.post("/similar", json={}, headers={"Origin": STRANGER})
        assert (response.status_code, response.headers["access-control-allow-origin"]) == (status, "*")
    assert "retry-after" in response.headers


def test_by_default_no_page_of_another_origin_may_ask(client_of):
    client = client_of()
    response = preflight(client, PLAYER)
    assert (response.status_code, response.headers["allow"]) == (204, "OPTIONS, POST")
    assert not [name for name in response.headers if name.startswith("access-control")]
    assert "access-control-allow-origin" not in client.post("/similar", json={}, headers={"Origin": PLAYER}).headers
