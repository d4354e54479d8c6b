"""How the processes of the service take connections, and how they end: they answer all who have connected.

A gateway of `make up` also takes over connections that `make up` has accepted (`gateway.handover`).
"""

import asyncio
import socket
import threading
import time
from collections.abc import Sequence
from contextlib import suppress

import uvicorn
from bentoml._internal.context import server_context

from aiplayer.handover import socket_of
from gateway.handover import Handover

GOODBYE = (b"connection", b"close")
# The request of a caller who has just connected is there within this time.
REQUESTS_COME_WITHIN_S = 0.5
# Connections that callers keep are closed by uvicorn after 5 s; those who never ask are waited for no longer than this.
IDLE_LEAVE_WITHIN_S = 8.0

_is_stopping = threading.Event()


def is_stopping() -> bool:
    """Whether this process ends, so that a request that is cancelled is one that took too long for that."""
    return _is_stopping.is_set()


class LastRequests(uvicorn.Server):
    """A server that answers the requests of all who have connected before it ends.

    uvicorn takes a connection over which no request has come yet for an idle one, and the system cuts off those whom it
    has let in and the server has not taken over yet.
    """

    # Where the gateway's processes take over connections; empty for nowhere.
    handover_base = ""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._handover: Handover | None = None
        self._taking: set[asyncio.Task[None]] = set()
        self._goodbye_s = 0.0

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Take connections."""
        await super().startup(sockets)
        if self.handover_base and server_context.service_type == "entry_service":
            path = socket_of(self.handover_base, server_context.worker_index or 1)
            self._handover = Handover(path, self._take_over_soon, self._say_goodbye, self._are_left)
            self._handover.open()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Refuse new connections; end when all that came over the others is answered."""
        _is_stopping.set()
        handed_over = [] if self._handover is None else self._handover.close()
        for connection in [*handed_over, *self._close_door(sockets or [])]:
            await self._take_over(connection)

        await asyncio.sleep(REQUESTS_COME_WITHIN_S)
        await super().shutdown(sockets)

    def _close_door(self, sockets: Sequence[socket.socket]) -> list[socket.socket]:
        """Refuse new connections; those that the system has let in already."""
        doors = [listening.dup() for listening in sockets]
        for server in self.servers:
            server.close()
        for listening in sockets:
            listening.close()

        connections = []
        for door in doors:
            door.setblocking(False)
            with suppress(BlockingIOError):
                while True:
                    connection, _ = door.accept()
                    connections.append(connection)
            door.close()
        return connections

    async def _take_over(self, connection: socket.socket) -> None:
        """Serve a connection as those are served that the server takes over itself."""
        connection.setblocking(False)
        config = self.config

        def protocol() -> asyncio.Protocol:
            serving = {"config": config, "server_state": self.server_state, "app_state": self.lifespan.state}
            return config.http_protocol_class(**serving)

        # A caller who has left meanwhile is no fault.
        with suppress(OSError):
            await asyncio.get_running_loop().connect_accepted_socket(protocol, connection, ssl=config.ssl)

    def _take_over_soon(self, connection: socket.socket) -> None:
        taking = asyncio.get_running_loop().create_task(self._take_over(connection))
        # The event loop alone would let go of it.
        self._taking.add(taking)
        taking.add_done_callback(self._taking.discard)

    def _say_goodbye(self) -> None:
        """Have callers who keep connections open others: each answer says that it is the last over its own."""
        self._goodbye_s = time.monotonic()
        # uvicorn puts the headers together anew every second.
        self.config.encoded_headers = [*self.config.encoded_headers, GOODBYE]
        self.server_state.default_headers = [*self.server_state.default_headers, GOODBYE]

    def _are_left(self) -> bool:
        """Whether a request is being answered, or one may still come over a connection that is open."""
        if self._taking or self.server_state.tasks:
            return True
        return bool(self.server_state.connections) and time.monotonic() < self._goodbye_s + IDLE_LEAVE_WITHIN_S


def answer_last_requests(handover_base: str = "") -> None:
    """Let BentoML, whose processes import `service.py` before they serve, serve so.

    Args:
        handover_base: Where the gateway's processes take over connections (`aiplayer.handover.socket_of`).
    """
    LastRequests.handover_base = handover_base
    uvicorn.Server = LastRequests  # type: ignore[misc]
