"""The processes of a running service, and how their memory changes."""

import asyncio
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import NamedTuple
from urllib.parse import urlsplit

import psutil

from infra.programs import WORKER

# Of the time that is looked at, so much at the middle and at the end is what growth is measured between.
WINDOW = 0.1


def service_processes(url: str) -> list[psutil.Process]:
    """The processes of the service that listens on a URL's port: BentoML's own, the gateway and the runners.

    Raises:
        SystemExit: nothing listens there, or it belongs to somebody else.
    """
    port = urlsplit(url).port or 80
    for connection in psutil.net_connections("tcp"):
        is_listening = connection.status == psutil.CONN_LISTEN and getattr(connection.laddr, "port", None) == port
        if not is_listening or connection.pid is None:
            continue

        # BentoML's own process has given the socket to the gateway; either may be named here.
        process = psutil.Process(connection.pid)
        parent = process.parent() if WORKER in process.cmdline() else None
        bentoml = parent or process
        return [bentoml, *bentoml.children(recursive=True)]
    sys.exit(f"error: no process of yours listens on port {port}. Start the service with `make up`.")


def name_of(process: psutil.Process) -> str:
    """What a process of BentoML serves."""
    command = process.cmdline()
    if WORKER in command:
        return command[command.index(WORKER) + 1]
    return process.name()


def cpu_s(processes: Iterable[psutil.Process]) -> float:
    """Seconds that processes have computed since they began, in all of their threads together."""
    total_s = 0.0
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            total_s += times.user + times.system
    return total_s


class Sample(NamedTuple):
    """The memory of a service at one moment.

    Attributes:
        at_s: The moment, by `time.monotonic`.
        resident_mb: Resident megabytes of its processes, by what they serve.
    """

    at_s: float
    resident_mb: dict[str, float]

    @property
    def total_mb(self) -> float:
        """Of all processes together."""
        return sum(self.resident_mb.values())


def memory_of(processes: Iterable[psutil.Process]) -> Sample:
    """The memory of processes now; one that has ended has none."""
    resident_mb: defaultdict[str, float] = defaultdict(float)
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            resident_mb[name_of(process)] += process.memory_info().rss / 1e6
    return Sample(time.monotonic(), dict(resident_mb))


async def watch_memory(
    processes: Callable[[], Iterable[psutil.Process]], samples: list[Sample], every_s: float
) -> None:
    """Add a sample every so many seconds, until this is cancelled.

    Args:
        processes: Tells the processes, which may be others each time.
        samples: Where the samples are added.
        every_s: Seconds between two.
    """
    while True:
        samples.append(memory_of(processes()))
        await asyncio.sleep(every_s)


def growth_of_last_half(samples: list[Sample]) -> float:
    """By which share the memory has grown from the middle to the end; negative where it has shrunk.

    Medians of a tenth of the time each, so that no single moment decides.

    Args:
        samples: In the order of time, at least one.
    """
    start_s, end_s = samples[0].at_s, samples[-1].at_s
    duration_s = end_s - start_s
    middle_s = start_s + duration_s / 2

    in_the_middle = [sample.total_mb for sample in samples if 0 <= sample.at_s - middle_s <= WINDOW * duration_s]
    at_the_end = [sample.total_mb for sample in samples if end_s - sample.at_s <= WINDOW * duration_s]
    if not in_the_middle:
        in_the_middle = [samples[0].total_mb]
    return statistics.median(at_the_end) / statistics.median(in_the_middle) - 1
