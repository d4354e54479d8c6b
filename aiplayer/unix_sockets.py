"""Unix sockets at paths of any length: the system itself takes about a hundred bytes, and a project may lie deep."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

LONGEST_PATH_BYTES = 100


def listen_at(listener: socket.socket, path: Path) -> None:
    """Listen at a path for programs of this user; what a killed process has left there is removed.

    Args:
        listener: A Unix socket.
        path: Its path; its folder must be there.
    """
    with suppress(FileNotFoundError):
        path.unlink()
    with _short(path) as short:
        listener.bind(short)
    path.chmod(0o600)
    listener.listen()


def connect_to(connection: socket.socket, path: Path) -> None:
    """Connect to whoever listens at a path.

    Raises:
        OSError: nobody does.
    """
    with _short(path) as short:
        connection.connect(short)


@contextmanager
def _short(path: Path) -> Iterator[str]:
    """A path that the system takes: a long one is reached from its folder, which is held open meanwhile."""
    if len(os.fsencode(path)) <= LONGEST_PATH_BYTES:
        yield str(path)
        return

    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
