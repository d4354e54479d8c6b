"""A tiny runner that answers its own gateway alone."""

import asyncio

import pytest
from _bentoml_impl.client import RemoteProxy
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.types import Message
from starlette.websockets import WebSocket, WebSocketDisconnect

from runners import own_gateway
from runners.own_gateway import TOKEN_HEADER, TOKEN_VARIABLE, OwnGateway, introduce_gateway, run_token

TOKEN = "drawn-for-this-run"
PICKLE = "application/vnd.bentoml+pickle"


async def encode(request: Request) -> Response:
    return PlainTextResponse(f"{len(await request.body())} bytes")


async def talk(websocket: WebSocket) -> None:
    await websocket.accept()


routes = [Route("/encode", encode, methods=["POST"]), Route("/readyz", encode), WebSocketRoute("/talk", talk)]
client = TestClient(OwnGateway(Starlette(routes=routes), TOKEN))


def test_its_own_gateway_is_answered():
    response = client.post("/encode", content=b"123", headers={TOKEN_HEADER: TOKEN, "Content-Type": PICKLE})
    assert (response.status_code, response.text) == (200, "3 bytes")
    assert client.get("/readyz", headers={TOKEN_HEADER: TOKEN}).status_code == 200


@pytest.mark.parametrize("token", [None, "", "another", TOKEN[:-1], f"{TOKEN} ", "é"])
@pytest.mark.parametrize("content_type", [PICKLE, "application/json", "multipart/form-data; boundary=x"])
def test_whoever_else_sends_anything_is_refused(token, content_type):
    headers = {"Content-Type": content_type} | ({TOKEN_HEADER: token.encode()} if token is not None else {})
    response = client.post("/encode", content=b"123", headers=headers)
    assert (response.status_code, response.headers["content-type"]) == (403, "application/json")
    assert response.json() == {
        "error": {"code": "not_the_gateway", "message": "A runner answers its own gateway alone."}
    }
    assert client.get("/readyz").status_code == 403


def test_the_body_of_whoever_is_refused_is_not_read():
    sent = []

    async def receive() -> Message:
        raise AssertionError("the body was read")

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/encode", "headers": [(b"content-type", PICKLE.encode())]}
    asyncio.run(OwnGateway(Starlette(routes=routes), TOKEN)(scope, receive, send))
    assert sent[0]["status"] == 403


def test_a_web_socket_is_refused_as_well():
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/talk"):
        pass


def test_the_first_process_of_a_run_draws_the_token_and_the_others_inherit_it(monkeypatch):
    monkeypatch.setenv(TOKEN_VARIABLE, "")
    drawn = run_token()
    assert len(drawn) >= 43
    assert run_token() == drawn

    monkeypatch.setenv(TOKEN_VARIABLE, "")
    assert run_token() != drawn


def test_the_gateway_sends_the_token_with_every_request(monkeypatch):
    monkeypatch.setenv(TOKEN_VARIABLE, TOKEN)
    runner = RemoteProxy("tcp://127.0.0.1:1")
    introduce_gateway(runner, object())

    async def headers() -> dict[str, str]:
        session = await runner.to_async._session_manager.get_session()
        await runner.close()
        return dict(session.headers)

    sent = asyncio.run(headers())
    assert (sent[TOKEN_HEADER], sent["Connection"]) == (TOKEN, "close")


class Runner:
    """What `bentoml.service` makes, as far as it is asked here."""

    def __init__(self) -> None:
        self.layers = []

    def add_asgi_middleware(self, layer: type, **options: object) -> None:
        self.layers.append((layer, options))


def test_every_runner_is_guarded(monkeypatch):
    monkeypatch.setenv(TOKEN_VARIABLE, TOKEN)
    runners = [Runner(), Runner()]
    own_gateway.guard_runners(*runners)
    assert [runner.layers for runner in runners] == [[(OwnGateway, {"token": TOKEN})]] * 2
