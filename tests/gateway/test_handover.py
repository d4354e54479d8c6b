"""A process that is handed connections takes them all, tells what it answered, and says when it is done."""

import asyncio
import socket
from contextlib import contextmanager

import pytest

from aiplayer.handover import Answered, send_connections
from aiplayer.unix_sockets import connect_to
from gateway import handover as handover_module
from gateway.handover import Handover
from gateway.tally import TALLY

SOON_S = 5


@pytest.fixture(autouse=True)
def quickly(monkeypatch):
    monkeypatch.setattr(handover_module, "TELL_EVERY_S", 0.01)


class Gateway:
    """Notes what happens to it."""

    def __init__(self, path):
        self.path = path
        self.taken = []
        self.has_said_goodbye = False
        self.left = 0
        self.handover = Handover(path, self.taken.append, self.say_goodbye, lambda: self.left > 0)

    def say_goodbye(self):
        self.has_said_goodbye = True


@contextmanager
def giver_to(path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as giver:
        connect_to(giver, path)
        giver.setblocking(False)
        yield giver


async def until(condition):
    async with asyncio.timeout(SOON_S):
        while not condition():
            await asyncio.sleep(0.005)


async def told(giver) -> bytes:
    return await asyncio.wait_for(asyncio.get_running_loop().sock_recv(giver, 65_536), SOON_S)


def hand_over(giver, count):
    callers = []
    for _ in range(count):
        caller, accepted = socket.socketpair()
        with accepted:
            send_connections(giver, [accepted])
        callers.append(caller)
    return callers


def close(*connections):
    for connection in connections:
        connection.close()


def test_connections_are_taken_and_what_is_answered_from_then_on_is_told(tmp_path):
    async def scenario():
        gateway = Gateway(tmp_path / "s.1")
        gateway.handover.open()
        TALLY.count("/similar", 200, "", 9.0)
        with giver_to(gateway.path) as giver:
            callers = hand_over(giver, 3)
            await until(lambda: len(gateway.taken) == 3)
            TALLY.count("/similar", 200, "", 0.1)
            answers = []
            while not answers or not answers[-1].requests:
                answers.append(Answered.model_validate_json(await told(giver)))
            assert answers[-1] == Answered(requests=1, seconds=[0.1])
            assert not gateway.has_said_goodbye
            gateway.handover.close()
            close(*callers, *gateway.taken)

    asyncio.run(scenario())


def test_it_says_goodbye_and_lets_go_when_the_last_is_answered(tmp_path):
    async def scenario():
        gateway = Gateway(tmp_path / "s.1")
        gateway.handover.open()
        with giver_to(gateway.path) as giver:
            gateway.left = 1
            callers = hand_over(giver, 1)
            giver.shutdown(socket.SHUT_WR)
            await until(lambda: gateway.has_said_goodbye)
            assert len(gateway.taken) == 1
            assert await told(giver)

            gateway.left = 0
            while await told(giver):
                pass
            gateway.handover.close()
            close(*callers, *gateway.taken)

    asyncio.run(scenario())


def test_a_make_up_that_is_killed_is_no_fault_and_its_callers_are_taken(tmp_path, caplog):
    async def scenario():
        gateway = Gateway(tmp_path / "s.1")
        gateway.handover.open()
        with giver_to(gateway.path) as giver:
            callers = hand_over(giver, 2)
            # It has been told something that it did not read, so the system reports a connection that broke.
            await until(lambda: len(gateway.taken) == 2)
            await asyncio.sleep(0.05)
            callers += hand_over(giver, 2)
        await until(lambda: gateway.has_said_goodbye)
        assert len(gateway.taken) == 4
        gateway.handover.close()
        close(*callers, *gateway.taken)

    asyncio.run(scenario())
    assert not caplog.records


def test_what_was_handed_over_just_before_the_end_is_not_lost(tmp_path):
    async def scenario():
        gateway = Gateway(tmp_path / "s.1")
        gateway.handover.open()
        with giver_to(gateway.path) as known:
            callers = hand_over(known, 1)
            await until(lambda: gateway.taken)
            # The event loop has no turn between these and the end.
            callers += hand_over(known, 2)
            with giver_to(gateway.path) as unknown:
                callers += hand_over(unknown, 2)
                rest = gateway.handover.close()
                assert len(rest) == 4
                with pytest.raises(ConnectionError):
                    send_connections(known, callers[:1])
        assert not gateway.path.exists()
        close(*callers, *gateway.taken, *rest)

    asyncio.run(scenario())
