import asyncio

from aiohttp import web

from infra.instances import free_port
from loadtests.client import Fault, Reply, client_of
from tests.support.tiny_service import tiny_service


async def refuse(request: web.Request) -> web.Response:
    return web.json_response({"error": {"code": "too_busy"}}, status=429, headers={"Retry-After": "2"})


async def hang(request: web.Request) -> web.Response:
    await asyncio.sleep(10)
    return web.Response()


async def hang_up(request: web.Request) -> web.Response:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


def reply_of(handler, timeout_s: float = 5.0) -> Reply:
    async def ask() -> Reply:
        async with tiny_service(path=handler) as url, client_of(url, timeout_s=timeout_s) as client:
            return await client.post("/path", title="x")

    return asyncio.run(ask())


def test_a_refusal_is_an_answer():
    reply = reply_of(refuse)
    assert (reply.status, reply.retry_after, reply.fault, reply.is_ok) == (429, "2", None, False)
    assert reply.json() == {"error": {"code": "too_busy"}}


def test_an_answer_that_does_not_come_in_time_is_told():
    reply = reply_of(hang, timeout_s=0.2)
    assert (reply.status, reply.fault) == (0, Fault.HUNG)
    assert 0.2 <= reply.took_s < 2


def test_a_broken_connection_is_told():
    assert reply_of(hang_up).fault is Fault.BROKEN


def test_a_service_that_does_not_listen_is_told():
    async def ask() -> Reply:
        async with client_of(f"http://127.0.0.1:{free_port()}") as client:
            return await client.post("/path")

    assert asyncio.run(ask()).fault is Fault.NOT_CONNECTED


def test_a_body_that_is_no_json_is_none():
    assert Reply("/path", 0.0, 0.0, 200, b"<html>").json() is None
