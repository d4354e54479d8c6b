import os
import socket

import pytest

from aiplayer.handover import receive_connections, send_connections, socket_of


@pytest.fixture
def channel():
    giver, taker = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    taker.setblocking(False)
    with giver, taker:
        yield giver, taker


def test_whoever_takes_a_connection_over_goes_on_with_it(channel):
    giver, taker = channel
    caller, accepted = socket.socketpair()
    with caller:
        caller.sendall(b"question")
        with accepted:
            send_connections(giver, [accepted])
        packet = receive_connections(taker)
        assert not packet.is_last
        (connection,) = packet.connections
        with connection:
            assert connection.recv(8) == b"question"
            connection.sendall(b"answer")
            assert caller.recv(6) == b"answer"
            assert not os.get_inheritable(connection.fileno())


def test_several_come_in_one_packet_and_none_comes_when_nobody_gave(channel):
    giver, taker = channel
    with pytest.raises(BlockingIOError):
        receive_connections(taker)
    pairs = [socket.socketpair() for _ in range(3)]
    send_connections(giver, [accepted for _, accepted in pairs])
    packet = receive_connections(taker)
    assert len(packet.connections) == 3
    for connection in [*packet.connections, *(end for pair in pairs for end in pair)]:
        connection.close()


def test_the_end_is_told_after_all_that_was_handed_over(channel):
    giver, taker = channel
    caller, accepted = socket.socketpair()
    with caller, accepted:
        send_connections(giver, [accepted])
        giver.shutdown(socket.SHUT_WR)
        packets = [receive_connections(taker), receive_connections(taker)]
    assert [packet.is_last for packet in packets] == [False, True]
    for connection in packets[0].connections:
        connection.close()


def test_each_process_has_a_socket_of_its_own(tmp_path):
    assert socket_of(tmp_path / "service", 2) == tmp_path / "service.2"
