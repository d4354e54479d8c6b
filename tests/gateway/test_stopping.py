"""A server that ends answers whoever has connected, also those whom it has not noticed yet."""

import asyncio
import socket
import threading

import pytest
import uvicorn

from gateway import stopping
from gateway.stopping import LastRequests, is_stopping

REQUEST = b"GET / HTTP/1.1\r\nHost: here\r\n\r\n"
CALLERS = 5


@pytest.fixture(autouse=True)
def own_flag(monkeypatch):
    monkeypatch.setattr(stopping, "_is_stopping", threading.Event())


async def hello(scope, receive, send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
    await send({"type": "http.response.body", "body": b"hello"})


async def started(listening: socket.socket) -> LastRequests:
    server = LastRequests(uvicorn.Config(hello, lifespan="off", log_config=None))
    server.config.load()
    server.lifespan = server.config.lifespan_class(server.config)
    await server.startup([listening])
    return server


def read_all(connection: socket.socket) -> bytes:
    with connection:
        return b"".join(iter(lambda: connection.recv(4_096), b""))


def test_who_has_connected_is_answered_and_who_comes_later_is_refused():
    listening = socket.create_server(("127.0.0.1", 0))
    address = listening.getsockname()

    async def stop_as_callers_come() -> list[bytes]:
        server = await started(listening)
        # The event loop has no turn between their coming and the end, so only the system knows of them.
        callers = [socket.create_connection(address, timeout=10) for _ in range(CALLERS)]
        for caller in callers:
            caller.sendall(REQUEST)
        await server.shutdown([listening])
        return await asyncio.gather(*(asyncio.to_thread(read_all, caller) for caller in callers))

    answers = asyncio.run(stop_as_callers_come())

    assert [answer.partition(b"\r\n")[0] for answer in answers] == [b"HTTP/1.1 200 OK"] * CALLERS
    assert all(answer.endswith(b"hello") for answer in answers)
    assert is_stopping()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address, timeout=10)
