"""The operator's port, which all processes of a gateway share."""

import errno
import logging
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from gateway.exposure import admin
from gateway.exposure.admin import AdminPort, admin_app
from infra.instances import free_port

PATIENCE_S = 10


def serving(text: str) -> Starlette:
    async def answer(request: Request) -> Response:
        return PlainTextResponse(text)

    return Starlette(routes=[Route("/metrics", answer)])


@contextmanager
def opened(port: int, text: str = "measured") -> Iterator[None]:
    """A port of an app that answers this."""
    admin_port = AdminPort(serving(text), "127.0.0.1", port)
    admin_port.open()
    try:
        yield
    finally:
        admin_port.close()


def answers(port: int) -> str | None:
    """What the port answers, None where nothing does in time."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        try:
            return httpx.get(f"http://127.0.0.1:{port}/metrics", timeout=PATIENCE_S, trust_env=False).text
        except httpx.TransportError:
            time.sleep(0.05)
    return None


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_the_port_is_there_while_one_process_of_the_gateway_lives():
    port = free_port()
    with opened(port):
        with opened(port):
            assert answers(port) == "measured"
        assert [answers(port) for _ in range(5)] == ["measured"] * 5
    assert not is_open(port)


def test_a_port_that_another_program_has_is_told_once_and_taken_when_it_is_free(monkeypatch, caplog):
    monkeypatch.setattr(admin, "RETRY_S", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as taken, caplog.at_level(logging.ERROR, "gateway.exposure.admin"):
        port = taken.getsockname()[1]
        with opened(port):
            time.sleep(0.3)
            taken.close()
            assert answers(port) == "measured"
    assert caplog.messages == [
        f"admin_port {port} cannot be opened: {os.strerror(errno.EADDRINUSE)}; it is tried again"
    ]


def test_a_port_that_never_opened_can_be_closed():
    with socket.create_server(("127.0.0.1", 0)) as taken, opened(taken.getsockname()[1]):
        pass


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/", 404, "not_found"),
        ("GET", "/similar", 404, "not_found"),
        ("POST", "/metrics", 405, "method_not_allowed"),
    ],
)
def test_it_serves_nothing_else_and_says_so_as_the_service_does(method, path, status, code):
    response = TestClient(admin_app()).request(method, path)
    assert (response.status_code, response.json()["error"]["code"]) == (status, code)
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["cache-control"] == "no-store"
