"""A process that is stopped takes no new connections, and still answers what comes over those that it has."""

import asyncio
import socket
import threading

import uvicorn

# The request of a caller who has just connected is there within this time.
REQUESTS_COME_WITHIN_S = 0.5

_is_stopping = threading.Event()


def is_stopping() -> bool:
    """Whether this process ends, so that a request that is cancelled is one that took too long for that."""
    return _is_stopping.is_set()


class LastRequests(uvicorn.Server):
    """A server that waits for the requests of those who have connected before it closes idle connections.

    uvicorn takes a connection over which no request has come yet for an idle one.
    """

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Refuse new connections; end when all that came over the others is answered."""
        _is_stopping.set()
        # In this turn of the event loop come those that the system has accepted.
        await asyncio.sleep(0)
        for server in self.servers:
            server.close()
        for listening in sockets or []:
            listening.close()

        await asyncio.sleep(REQUESTS_COME_WITHIN_S)
        await super().shutdown(sockets)


def answer_last_requests() -> None:
    """Let BentoML, whose processes import `service.py` before they serve, serve so."""
    uvicorn.Server = LastRequests  # type: ignore[misc]
