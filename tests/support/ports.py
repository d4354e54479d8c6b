"""Ports of this machine behind which nobody does anything."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def silent_port(takes_connections: bool) -> Iterator[int]:
    """A port at which nothing is ever answered.

    Args:
        takes_connections: Whether the system takes connections all the same, or refuses them.
    """
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        if takes_connections:
            listening.listen()
        yield listening.getsockname()[1]
