"""Starts each of the systems that are compared, and stops it again."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from aiplayer.errors import Unavailable
from aiplayer.settings import PROJECT
from infra.instances import free_port, wait_until_ready
from infra.local import loading
from infra.programs import Program
from loadtests.own_service import Database, own_service
from loadtests.processes import cpu_s

# Beyond the measurement itself: the models are loaded.
BARE_MARGIN_S = 300


class System(StrEnum):
    """What serves the models."""

    FASTAPI = "FastAPI"
    LITSERVE = "LitServe"
    SERVICE = "AI Player"


class Bare(NamedTuple):
    """The models alone.

    Attributes:
        batch: How many journeys were computed together.
        times_ms: Milliseconds of each batch.
        cpu_s: How long the process computed in all that time, in seconds.
    """

    batch: int
    times_ms: list[float]
    cpu_s: float


@dataclass(frozen=True)
class Served:
    """A system that is ready to serve.

    Attributes:
        url: Where it listens.
        program: Its processes.
    """

    url: str
    program: Program

    def cpu_s(self) -> float:
        """Seconds that its processes have computed since they began."""
        return cpu_s([self.program.process, *self.program.process.children(recursive=True)])


PEER_MODULES = {System.FASTAPI: "loadtests.peers.fastapi_app", System.LITSERVE: "loadtests.peers.litserve_app"}


@contextmanager
def running(system: System, database: Database) -> Iterator[Served]:
    """A system that is ready to serve, for as long as the context lasts.

    Args:
        system: Which one.
        database: The database, and its models.

    Raises:
        Unavailable: it does not start.
    """
    if system is System.SERVICE:
        with own_service(database, "compared-service") as service:
            yield Served(service.url, service.program)
        return

    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", PEER_MODULES[system], "--port", str(port)]
    with Program(f"compared-{system.lower()}", command, database.environment()) as program:
        with loading() as tell:
            wait_until_ready(url, program, tell=tell)
        yield Served(url, program)
        # Nobody waits for an answer any more, so its workers need not be stopped with patience.
        program.is_ready = False


def measure_bare(database: Database, seconds: float, warm_up_s: float, seed: int) -> Bare:
    """Let the bare models compute, in a process of their own.

    Args:
        database: The database, and its models.
        seconds: How long they compute.
        warm_up_s: How long they compute before that.
        seed: Of the titles.

    Raises:
        Unavailable: the process failed.
    """
    command = [sys.executable, "-m", "loadtests.peers.bare"]
    command += ["--seconds", str(seconds), "--warm-up", str(warm_up_s), "--seed", str(seed)]
    environment = Program("bare", command, database.environment()).environment
    timeout_s = seconds + warm_up_s + BARE_MARGIN_S
    ended = subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=timeout_s, check=False
    )
    if ended.returncode != 0:
        raise Unavailable(f"The bare models were not measured. {ended.stderr[-2000:].removeprefix('error: ').strip()}")
    return Bare(**json.loads(ended.stdout))
