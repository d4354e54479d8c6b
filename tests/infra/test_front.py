"""The door shares callers out exactly, and lets none of them go without an answer."""

import socket
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import pytest

from aiplayer.handover import Packet, receive_connections, socket_of
from aiplayer.unix_sockets import listen_at
from infra.front import Front, Turns
from infra.instance import Instance

SOON_S = 5


class Gateway:
    """A process of an instance, played by the test: it answers its name."""

    def __init__(self, base: Path, worker: int = 1):
        self.name = f"{base.name}.{worker}"
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._listener.settimeout(SOON_S)
        self._channel: socket.socket | None = None
        listen_at(self._listener, socket_of(base, worker))

    def channel(self) -> socket.socket:
        if self._channel is None:
            self._channel, _ = self._listener.accept()
            self._channel.settimeout(SOON_S)
        return self._channel

    def answer(self, count: int = 1) -> None:
        for _ in range(count):
            for connection in receive_connections(self.channel()).connections:
                with connection:
                    connection.sendall(self.name.encode())

    def next_packet(self) -> Packet:
        return receive_connections(self.channel())

    def close(self) -> None:
        if self._channel is not None:
            self._channel.close()
        self._listener.close()


@contextmanager
def gateway(base, worker=1):
    gateway = Gateway(base, worker)
    try:
        yield gateway
    finally:
        gateway.close()


@pytest.fixture
def front():
    front = Front(0)
    front.open()
    yield front
    front.close()


@pytest.fixture
def instance_at():
    instances = []

    def instance_at(base, workers=1):
        instances.append(Instance(base, workers))
        return instances[-1]

    yield instance_at
    for instance in instances:
        instance.close()


def call(front) -> socket.socket:
    return socket.create_connection(("127.0.0.1", front.port), timeout=SOON_S)


def answer_to(caller) -> str:
    with caller:
        return b"".join(iter(lambda: caller.recv(100), b"")).decode()


class Counted:
    """In the place of an instance: it takes callers while it is there."""

    def __init__(self):
        self.is_there = True
        self.taken = []

    def take(self, connection):
        if self.is_there:
            self.taken.append(connection)
        return self.is_there


@pytest.mark.parametrize("percent", [0, 1, 10, 25, 50, 100])
def test_a_share_is_exact(percent):
    old, new = Counted(), Counted()
    turns = Turns((old, 1 - percent / 100), (new, percent / 100))
    assert all(turns.hand_over(number) for number in range(1_000))
    assert len(new.taken) == 10 * percent
    assert {later - earlier for earlier, later in zip(new.taken, new.taken[1:], strict=False)} <= (
        {100 // percent} if percent else set()
    )


def test_who_was_away_is_not_given_all_at_once_that_it_missed():
    old, new = Counted(), Counted()
    turns = Turns((old, 0.9), (new, 0.1))
    new.is_there = False
    for number in range(500):
        assert turns.hand_over(number)
    assert len(old.taken) == 500
    new.is_there = True
    for number in range(100):
        assert turns.hand_over(number)
    assert 10 <= len(new.taken) <= 12


def test_callers_are_answered_by_the_processes_in_turn(front, tmp_path, instance_at):
    base = tmp_path / "service"
    front.share_out((instance_at(base, 2), 1.0))
    with gateway(base, 1) as first, gateway(base, 2) as second:
        callers = [call(front) for _ in range(6)]
        first.answer(3)
        second.answer(3)
        assert Counter(map(answer_to, callers)) == {"service.1": 3, "service.2": 3}


def test_who_calls_while_nobody_is_there_waits_and_is_answered(front, tmp_path, instance_at):
    base = tmp_path / "service"
    front.share_out((instance_at(base), 1.0))
    callers = [call(front) for _ in range(3)]
    time.sleep(0.2)
    with gateway(base) as there:
        there.answer(3)
        assert list(map(answer_to, callers)) == ["service.1"] * 3


def test_a_process_that_was_killed_is_left_for_the_one_that_follows(front, tmp_path, instance_at):
    base = tmp_path / "service"
    front.share_out((instance_at(base), 1.0))
    with gateway(base) as killed:
        caller = call(front)
        killed.answer()
        assert answer_to(caller) == "service.1"
    caller = call(front)
    with gateway(base) as next_one:
        next_one.answer()
        assert answer_to(caller) == "service.1"


def test_an_instance_that_takes_no_more_has_the_other_answer(front, tmp_path, instance_at):
    old, new = instance_at(tmp_path / "old"), instance_at(tmp_path / "new")
    with gateway(tmp_path / "old") as old_gateway, gateway(tmp_path / "new") as new_gateway:
        front.share_out((old, 1.0))
        caller = call(front)
        old_gateway.answer()
        assert answer_to(caller) == "old.1"

        assert not old.drain(0.01)
        assert old_gateway.next_packet().is_last
        caller = call(front)
        time.sleep(0.1)
        # It waited for its instance, which is asked no more, and not even to connect.
        front.share_out((new, 1.0))
        new_gateway.answer()
        assert answer_to(caller) == "new.1"


def test_an_instance_is_drained_when_its_processes_have_let_go(tmp_path, instance_at):
    instance = instance_at(tmp_path / "old")
    with gateway(tmp_path / "old") as old_gateway:
        assert instance.answered() == []
        old_gateway.channel().sendall(b'{"requests": 2, "failures": 1, "seconds": [0.5]}')
        (answered,) = instance.answered()
        assert (answered.requests, answered.failures, answered.seconds) == (2, 1, [0.5])
        old_gateway.close()
        assert instance.drain(SOON_S)
    caller, accepted = socket.socketpair()
    with caller, accepted:
        assert not instance.take(accepted)


def test_a_door_that_closes_lets_in_who_has_connected_and_nobody_else(tmp_path, instance_at):
    front = Front(0)
    base = tmp_path / "service"
    front.share_out((instance_at(base), 1.0))
    with gateway(base) as there:
        callers = [call(front) for _ in range(20)]
        front.open()
        front.close()
        there.answer(20)
        assert list(map(answer_to, callers)) == ["service.1"] * 20
    with pytest.raises(ConnectionRefusedError):
        call(front)


def test_who_waits_for_nobody_is_let_go_when_the_door_closes():
    front = Front(0)
    front.open()
    caller = call(front)
    front.close()
    assert answer_to(caller) == ""


def test_a_door_without_room_for_open_files_keeps_callers_outside(front, tmp_path, monkeypatch, instance_at):
    class Full:
        """A listener that has no room at first."""

        def __init__(self, listener):
            self._listener, self._refusals = listener, 3
            self.fileno, self.close = listener.fileno, listener.close

        def accept(self):
            if self._refusals:
                self._refusals -= 1
                raise OSError(24, "Too many open files")
            return self._listener.accept()

    monkeypatch.setattr(front, "_listener", Full(front._listener))
    base = tmp_path / "service"
    front.share_out((instance_at(base), 1.0))
    with gateway(base) as there:
        caller = call(front)
        there.answer()
        assert answer_to(caller) == "service.1"
