"""A server that ends answers whoever has connected, also those whom it has not noticed yet."""

import asyncio
import socket
import threading

import pytest
import uvicorn

from aiplayer.handover import send_connections, socket_of
from aiplayer.unix_sockets import connect_to
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


@pytest.fixture
def handed(tmp_path, monkeypatch):
    """Where a gateway is handed connections."""
    monkeypatch.setattr(LastRequests, "handover_base", str(tmp_path / "service"))
    monkeypatch.setattr(stopping.server_context, "service_type", "entry_service")
    monkeypatch.setattr(stopping.server_context, "worker_index", 1)
    return socket_of(tmp_path / "service", 1)


def hand_over(giver: socket.socket) -> socket.socket:
    caller, accepted = socket.socketpair()
    caller.settimeout(10)
    with accepted:
        send_connections(giver, [accepted])
    return caller


def test_who_was_handed_over_just_before_the_end_is_answered(handed):
    listening = socket.create_server(("127.0.0.1", 0))

    async def stop_as_callers_come() -> list[bytes]:
        server = await started(listening)
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as giver:
            connect_to(giver, handed)
            callers = [hand_over(giver) for _ in range(CALLERS)]
            for caller in callers:
                caller.sendall(REQUEST)
            await server.shutdown([listening])
        return await asyncio.gather(*(asyncio.to_thread(read_all, caller) for caller in callers))

    answers = asyncio.run(stop_as_callers_come())
    assert [answer.partition(b"\r\n")[0] for answer in answers] == [b"HTTP/1.1 200 OK"] * CALLERS


def read_answer(caller: socket.socket) -> bytes:
    content = b""
    while not content.endswith(b"hello"):
        content += caller.recv(4_096)
    return content


def test_whoever_keeps_a_connection_is_told_goodbye_and_who_never_asks_is_waited_for_no_longer(handed, monkeypatch):
    listening = socket.create_server(("127.0.0.1", 0))
    monkeypatch.setattr(stopping, "IDLE_LEAVE_WITHIN_S", 0.5)

    async def drain() -> list[bytes]:
        server = await started(listening)
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as giver:
            connect_to(giver, handed)
            keeps, never_asks = hand_over(giver), hand_over(giver)
            answers = []
            for is_last in (False, True):
                if is_last:
                    giver.shutdown(socket.SHUT_WR)
                    await asyncio.sleep(0.1)
                await asyncio.to_thread(keeps.sendall, REQUEST)
                answers.append(await asyncio.to_thread(read_answer, keeps))
            # The process lets go of whoever handed over, when it has told all.
            await asyncio.to_thread(read_all, giver.dup())
            never_asks.close()
            keeps.close()
            await server.shutdown([listening])
        return answers

    first, last = asyncio.run(drain())
    assert b"connection: close" not in first
    assert b"connection: close" in last
