"""A process that is stopped takes no new connections, and still answers what comes over those that it has."""

import asyncio
import socket
import threading
from collections.abc import Sequence
from contextlib import suppress

import uvicorn

# The request of a caller who has just connected is there within this time.
REQUESTS_COME_WITHIN_S = 0.5

_is_stopping = threading.Event()


def is_stopping() -> bool:
    """Whether this process ends, so that a request that is cancelled is one that took too long for that."""
    return _is_stopping.is_set()


class LastRequests(uvicorn.Server):
    """A server that answers the requests of all who have connected before it ends.

    uvicorn takes a connection over which no request has come yet for an idle one, and the system cuts off those whom it
    has let in and the server has not taken over yet.
    """

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Refuse new connections; end when all that came over the others is answered."""
        _is_stopping.set()
        for connection in self._close_door(sockets or []):
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


def answer_last_requests() -> None:
    """Let BentoML, whose processes import `service.py` before they serve, serve so."""
    uvicorn.Server = LastRequests  # type: ignore[misc]
