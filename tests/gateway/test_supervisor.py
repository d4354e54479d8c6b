import asyncio
import os
import signal

import pytest
import zmq
from bentoml._internal.utils.circus import create_standalone_arbiter
from circus.watcher import Watcher

from gateway import supervisor


@pytest.fixture
def preloaded(monkeypatch) -> list:
    """What the supervisor has been asked to load; afterwards BentoML and Circus are as they were."""
    monkeypatch.setattr(supervisor.circus, "Arbiter", supervisor.circus.Arbiter)
    monkeypatch.setattr(supervisor.process, "Popen", supervisor.process.Popen)
    monkeypatch.setattr(supervisor.arbiter, "_setproctitle", supervisor.arbiter._setproctitle)
    monkeypatch.setattr(supervisor.Supervisor, "started_by", 0)
    monkeypatch.setattr(supervisor.Supervisor, "preload", None, raising=False)
    return []


def test_the_process_that_starts_the_others_listens_on_no_port(preloaded):
    supervisor.supervise(preloaded.append)
    arbiter = create_standalone_arbiter([])
    assert (arbiter.endpoint, arbiter.pubsub_endpoint) == ("inproc://orders", "inproc://events")

    # What BentoML makes of it is bound by ZeroMQ.
    with zmq.Context() as context, context.socket(zmq.ROUTER) as orders:
        orders.bind(arbiter.endpoint)
        assert orders.getsockopt_string(zmq.LAST_ENDPOINT) == "inproc://orders"


@pytest.mark.parametrize("is_of_make_up", [True, False])
def test_it_ends_when_a_make_up_that_started_it_was_killed(monkeypatch, preloaded, is_of_make_up):
    supervisor.supervise(preloaded.append, os.getppid() if is_of_make_up else 0)
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


def test_what_its_processes_share_is_loaded_before_they_are_forked(preloaded):
    supervisor.supervise(preloaded.append)
    create_standalone_arbiter([Watcher("service_title_encoder", "true"), Watcher("service", "true")])
    assert preloaded == [["title_encoder", "service"]]


async def as_coroutine(call) -> None:
    await call()
