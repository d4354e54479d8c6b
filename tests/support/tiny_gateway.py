"""A tiny program that is handed connections as a gateway is, for what starts and replaces instances of the service.

python -m tests.support.tiny_gateway PORT

The recommender that is pinned says how it answers: `good:...`, `slow:...`, `failing:...`; `dead:...` ends at once, and
`lingering:...` takes its time to end. Every answer names that recommender.
"""

import asyncio
import contextlib
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator, Mapping

from aiplayer.handover import socket_of
from aiplayer.pins import ModelPins
from aiplayer.settings import STATE, Settings
from gateway.handover import Handover
from gateway.tally import TALLY
from infra.instances import free_port, wait_until_ready
from infra.live import Live
from infra.programs import Program

SLOW_S = 0.3
LINGERS_S = 3.0
PLAYLISTS = b'{"playlists": []}'
MODEL_VARIABLE = "AIPLAYER_MODELS__PLAYLIST_AUTOENCODER"


def tiny_instance(port: int, environment: Mapping[str, str], name: str) -> Program:
    """Such a program, in the place of `infra.instances.service`."""
    program = Program(name, [sys.executable, "-m", "tests.support.tiny_gateway", str(port)], environment)
    program.log = STATE / "log" / f"test-{name}.log"
    return program


@contextlib.contextmanager
def tiny_live() -> Iterator[Live]:
    """The service behind its door, made of such programs; the first is `good:1`."""
    settings = Settings(models=of_recommender("good:1"))
    with Live(free_port(), settings, tiny_instance) as live:
        wait_until_ready(live.current.url, live.current.program)
        live.open()
        yield live


def of_recommender(tag: str) -> ModelPins:
    """The models of a set of which only the recommender matters."""
    return ModelPins(playlist_autoencoder=tag)


class Gateway:
    """Answers each connection once, the readiness of its own port always well.

    Args:
        model: How it answers.
    """

    def __init__(self, model: str) -> None:
        self._model = model
        self.kind = model.partition(":")[0]
        self._answering: set[asyncio.Task[None]] = set()

    def take(self, connection: socket.socket) -> None:
        """Answer a connection that was handed over."""
        task = asyncio.get_running_loop().create_task(self._take(connection))
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)

    async def _take(self, connection: socket.socket) -> None:
        connection.setblocking(False)
        await self.answer(*await asyncio.open_connection(sock=connection))

    def are_left(self) -> bool:
        """Whether somebody is being answered."""
        return bool(self._answering)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request."""
        began = time.perf_counter()
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            line, *_ = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
            is_search = line.startswith(b"POST")
            if is_search and self.kind == "slow":
                await asyncio.sleep(SLOW_S)
            status = 500 if is_search and self.kind == "failing" else 200
            head = f"HTTP/1.1 {status} Said\r\nx-model-set: {self._model}\r\ncontent-length: {len(PLAYLISTS)}\r\n"
            writer.write(head.encode() + b"connection: close\r\n\r\n" + PLAYLISTS)
            if is_search:
                TALLY.count("/similar", status, "", time.perf_counter() - began)
            await writer.drain()
        writer.close()


async def main() -> None:
    """Answer until SIGTERM."""
    gateway = Gateway(os.environ[MODEL_VARIABLE])
    is_over = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, is_over.set)
    path = socket_of(os.environ["AIPLAYER_HANDOVER_BASE"], 1)
    handover = Handover(path, gateway.take, lambda: None, gateway.are_left)
    handover.open()
    async with await asyncio.start_server(gateway.answer, "127.0.0.1", int(sys.argv[1])):
        await is_over.wait()
        for connection in handover.close():
            gateway.take(connection)
        while gateway.are_left():
            await asyncio.sleep(0.01)
        if gateway.kind == "lingering":
            await asyncio.sleep(LINGERS_S)


if __name__ == "__main__":
    if os.environ[MODEL_VARIABLE].startswith("dead"):
        sys.exit("this set is broken")
    asyncio.run(main())
