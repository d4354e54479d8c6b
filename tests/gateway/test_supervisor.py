import asyncio
import os
import signal

import pytest
import zmq
from bentoml._internal.utils.circus import create_standalone_arbiter

from gateway import supervisor


def test_the_process_that_starts_the_others_listens_on_no_port(monkeypatch):
    monkeypatch.setattr(supervisor.circus, "Arbiter", supervisor.circus.Arbiter)
    supervisor.supervise()
    arbiter = create_standalone_arbiter([])
    assert (arbiter.endpoint, arbiter.pubsub_endpoint) == ("inproc://orders", "inproc://events")

    # What BentoML makes of it is bound by ZeroMQ.
    with zmq.Context() as context, context.socket(zmq.ROUTER) as orders:
        orders.bind(arbiter.endpoint)
        assert orders.getsockopt_string(zmq.LAST_ENDPOINT) == "inproc://orders"


@pytest.mark.parametrize("is_of_make_up", [True, False])
def test_it_ends_when_a_make_up_that_started_it_was_killed(monkeypatch, is_of_make_up):
    monkeypatch.setattr(supervisor.circus, "Arbiter", supervisor.circus.Arbiter)
    monkeypatch.setattr(supervisor.Supervisor, "started_by", 0)
    supervisor.supervise(os.getppid() if is_of_make_up else 0)
    sent = []
    monkeypatch.setattr(supervisor.os, "kill", lambda process, number: sent.append((process, number)))
    arbiter = create_standalone_arbiter([])
    monkeypatch.setattr(arbiter, "_exclusive_running_command", None, raising=False)
    asyncio.run(as_coroutine(arbiter.manage_watchers))
    assert sent == []

    # Whoever has no parent any more is a child of another process.
    monkeypatch.setattr(supervisor.os, "getppid", lambda: 1)
    asyncio.run(as_coroutine(arbiter.manage_watchers))
    assert sent == ([(os.getpid(), signal.SIGTERM)] if is_of_make_up else [])


async def as_coroutine(call) -> None:
    await call()
