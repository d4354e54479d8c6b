"""Takes over connections that `make up` accepts: it chooses which set of models answers whom.

See `aiplayer.handover`. When no more will come the process says good-bye with its answers, so that a caller who keeps a
connection opens another one, and is answered by the next set.
"""

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from aiplayer.handover import TELL_EVERY_S, receive_connections
from aiplayer.unix_sockets import listen_at
from gateway.tally import TALLY

Take = Callable[[socket.socket], None]


class Handover:
    """A Unix socket at which connections are handed over.

    Args:
        path: The path of the socket.
        take: Serves a connection.
        say_goodbye: Is called when no more will come.
        are_left: Whether callers are still to be answered.
    """

    def __init__(self, path: Path, take: Take, say_goodbye: Callable[[], None], are_left: Callable[[], bool]) -> None:
        self._path = path
        self._take = take
        self._say_goodbye = say_goodbye
        self._are_left = are_left
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        # Whoever hands over, with the task that tells what was answered.
        self._givers: dict[socket.socket, asyncio.Task[None]] = {}
        # Those of them who have not said that no more will come.
        self._giving: set[socket.socket] = set()

    def open(self) -> None:
        """Listen; what a killed process has left at the path is removed."""
        listen_at(self._listener, self._path)
        self._listener.setblocking(False)
        asyncio.get_running_loop().add_reader(self._listener, self._accept)

    def close(self) -> list[socket.socket]:
        """Let nobody hand over any more.

        Returns:
            The connections that were handed over and not taken yet.
        """
        self._path.unlink(missing_ok=True)
        self._accept()
        loop = asyncio.get_running_loop()
        loop.remove_reader(self._listener)
        self._listener.close()

        connections = []
        for giver, telling in self._givers.items():
            telling.cancel()
            loop.remove_reader(giver)
            connections += _rest_of(giver)
            giver.close()
        self._givers.clear()
        return connections

    def _accept(self) -> None:
        """Take note of whoever has come to hand over."""
        loop = asyncio.get_running_loop()
        with suppress(BlockingIOError):
            while True:
                giver, _ = self._listener.accept()
                giver.setblocking(False)
                # It is told of what is answered from now on.
                TALLY.taken()
                self._giving.add(giver)
                self._givers[giver] = loop.create_task(self._tell(giver))
                loop.add_reader(giver, self._receive, giver)

    def _receive(self, giver: socket.socket) -> None:
        try:
            packet = receive_connections(giver)
        except (BlockingIOError, ConnectionResetError):
            return
        for connection in packet.connections:
            self._take(connection)
        if packet.is_last:
            asyncio.get_running_loop().remove_reader(giver)
            self._giving.discard(giver)
            if not self._giving:
                self._say_goodbye()

    async def _tell(self, giver: socket.socket) -> None:
        """Tell what was answered, until no more will come and nobody is left."""
        while giver in self._giving or self._are_left():
            await asyncio.sleep(TELL_EVERY_S)
            told = TALLY.taken().model_dump_json().encode()
            # Whoever does not read it in time does without.
            with suppress(OSError):
                giver.send(told)
        del self._givers[giver]
        giver.close()


def _rest_of(giver: socket.socket) -> list[socket.socket]:
    """What was handed over and not taken yet; the giver notices that it can hand over no more."""
    connections = []
    with suppress(OSError):
        giver.shutdown(socket.SHUT_RD)
        while True:
            with suppress(ConnectionResetError):
                packet = receive_connections(giver)
                connections += packet.connections
                if packet.is_last:
                    break
    return connections
