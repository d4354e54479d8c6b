"""How a process that listens hands the connections that it accepts to processes that answer them.

Each of these listens on a Unix socket of packets. A packet from whoever listens carries connections; a packet back is
what has been answered lately, in JSON. Whoever listens closes the socket for the last time when no more will come, and
the other side when it has answered all.
"""

import socket
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

# Of a packet with connections; its content says nothing.
CONNECTIONS = b"c"
MOST_CONNECTIONS = 64
MOST_BYTES = 65_536
# How often is told what has been answered, and how many durations are told of at most.
TELL_EVERY_S = 0.5
MOST_DURATIONS = 1_000


class Answered(BaseModel):
    """What a process has answered since it last told.

    Attributes:
        requests: How many searches and playlists.
        failures: How many of these failed, by no fault of their callers.
        seconds: How long the others took.
    """

    model_config = ConfigDict(frozen=True)

    requests: int = 0
    failures: int = 0
    seconds: list[float] = []


class Packet(NamedTuple):
    """What was received: connections; and whether more will come."""

    connections: list[socket.socket]
    is_last: bool


def socket_of(base: str | Path, worker: int) -> Path:
    """The path of the socket of a worker process.

    Args:
        base: What the paths of all of them begin with.
        worker: Its number, from 1 on.
    """
    return Path(f"{base}.{worker}")


def send_connections(to: socket.socket, connections: Sequence[socket.socket]) -> None:
    """Hand connections over; they stay open here until they are closed.

    Raises:
        OSError: the other side is away, or takes none at the moment (BlockingIOError).
    """
    socket.send_fds(to, [CONNECTIONS], [connection.fileno() for connection in connections])


def receive_connections(from_: socket.socket) -> Packet:
    """Take connections over.

    Raises:
        BlockingIOError: there are none at the moment.
        ConnectionResetError: the other side has left; what it handed over before can still be taken.
    """
    content, descriptors, _, _ = socket.recv_fds(from_, len(CONNECTIONS), MOST_CONNECTIONS)
    connections = [socket.socket(fileno=descriptor) for descriptor in descriptors]
    for connection in connections:
        # No program that is started later shall hold it open.
        connection.set_inheritable(False)
    return Packet(connections, is_last=not content)
