"""Requests as a lean client sends them, and what became of each."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

import aiohttp

T = TypeVar("T")
TIMEOUT_S = 30.0
# Servers close connections that were idle for five seconds, at times just when a request is on its way.
IDLE_S = 2.0


class Fault(StrEnum):
    """Why a request has no answer."""

    NOT_CONNECTED = "no connection"
    BROKEN = "connection broken"
    HUNG = "no answer in time"


@dataclass(frozen=True)
class Reply:
    """What became of a request.

    Attributes:
        path: Its path.
        began_s: When it was sent, by `time.monotonic`.
        took_s: How long it took until its answer was whole, in seconds.
        status: The answer's status; 0 where there is none.
        content: The answer's body.
        retry_after: The header Retry-After; "" where there is none.
        fault: Why there is no answer; None where there is one.
        model_set: The header X-Model-Set; "" where there is none.
    """

    path: str
    began_s: float
    took_s: float
    status: int = 0
    content: bytes = b""
    retry_after: str = ""
    fault: Fault | None = None
    model_set: str = ""

    @property
    def is_ok(self) -> bool:
        """Whether the request succeeded."""
        return self.status == 200

    @property
    def ended_s(self) -> float:
        """When its answer was whole, or its fault was known, by `time.monotonic`."""
        return self.began_s + self.took_s

    def json(self) -> Any:
        """What the body says; None where it is no JSON."""
        try:
            return json.loads(self.content)
        except ValueError:
            return None


class Client:
    """Sends requests to one service.

    Args:
        session: The connections.
    """

    def __init__(self, session: aiohttp.ClientSession):
        self._session = session

    async def post(self, path: str, **body: object) -> Reply:
        """Send a JSON body and wait for the whole answer; never raises for what the service or the network does."""
        began_s = time.monotonic()
        try:
            async with self._session.post(path, json=body) as response:
                content = await response.read()
                headers = response.headers
                return Reply(
                    path,
                    began_s,
                    time.monotonic() - began_s,
                    response.status,
                    content,
                    headers.get("Retry-After", ""),
                    model_set=headers.get("X-Model-Set", ""),
                )
        except TimeoutError:
            fault = Fault.HUNG
        except aiohttp.ClientConnectorError:
            fault = Fault.NOT_CONNECTED
        except (aiohttp.ClientError, OSError):
            fault = Fault.BROKEN
        return Reply(path, began_s, time.monotonic() - began_s, fault=fault)


@asynccontextmanager
async def client_of(
    url: str,
    connections: int = 0,
    timeout_s: float = TIMEOUT_S,
    keeps_connections: bool = True,
    headers: Mapping[str, str] | None = None,
) -> AsyncIterator[Client]:
    """A client whose connections are closed at the end.

    Args:
        url: Where the service listens.
        connections: Most connections at once; 0 for any number.
        timeout_s: After so many seconds a request counts as hung.
        keeps_connections: Whether a connection serves many requests, one after the other.
        headers: Sent with each request.
    """
    if keeps_connections:
        connector = aiohttp.TCPConnector(limit=connections, keepalive_timeout=IDLE_S)
    else:
        connector = aiohttp.TCPConnector(limit=connections, force_close=True)
    timeout = aiohttp.ClientTimeout(total=timeout_s)
    async with aiohttp.ClientSession(url, connector=connector, timeout=timeout, headers=headers) as session:
        yield Client(session)


def run_lean(measurement: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine on uvloop's event loop, so that the client costs little beside what it measures."""
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(measurement)
