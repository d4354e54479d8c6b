"""The processes of the service, gateway and runners: which of them live, and what they use.

All of them measure into one folder. What a process that was killed has left there of the present, such as how many
waited for it, holds no more; BentoML leaves it in place.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import psutil
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

# The arguments of BentoML's worker processes.
SERVICE_OPTION, WORKER_OPTION = "--service-name", "--worker-id"


class Usage(NamedTuple):
    """What a process uses.

    Attributes:
        labels: The name of its service, and its number among the processes of this.
        cpu_s: Seconds of a core since it began.
        resident_bytes: Memory.
        threads: How many.
        open_files: Files and connections.
        began: When it began, in seconds since 1970.
    """

    labels: tuple[str, str]
    cpu_s: float
    resident_bytes: int
    threads: int
    open_files: int
    began: float


class ProcessCollector(Collector):
    """Tells Prometheus what processes use.

    Args:
        workers: The processes.
    """

    def __init__(self, workers: Iterable[psutil.Process]) -> None:
        self._usages = list(_usages(workers))

    def collect(self) -> Iterator[Metric]:
        """One family a figure."""
        labels = ("service", "worker")
        cpu = CounterMetricFamily("aiplayer_process_cpu_seconds", "Seconds of a core", labels=labels)
        resident = GaugeMetricFamily("aiplayer_process_resident_bytes", "Memory", labels=labels)
        threads = GaugeMetricFamily("aiplayer_process_threads", "Threads", labels=labels)
        files = GaugeMetricFamily("aiplayer_process_open_files", "Open files and connections", labels=labels)
        began = GaugeMetricFamily("aiplayer_process_start_time_seconds", "When it began, since 1970", labels=labels)

        for usage in self._usages:
            cpu.add_metric(usage.labels, usage.cpu_s)
            resident.add_metric(usage.labels, usage.resident_bytes)
            threads.add_metric(usage.labels, usage.threads)
            files.add_metric(usage.labels, usage.open_files)
            began.add_metric(usage.labels, usage.began)
        yield from (cpu, resident, threads, files, began)


def process_metrics(folder: Path) -> bytes:
    """What the living processes use, as Prometheus' text; what the others have left of the present is removed.

    Args:
        folder: Where all processes measure.
    """
    workers = []
    for number in _process_numbers(folder):
        worker = _living(number)
        if worker is None:
            _forget_the_present(folder, number)
        else:
            workers.append(worker)

    registry = CollectorRegistry()
    registry.register(ProcessCollector(workers))
    return generate_latest(registry)


def _forget_the_present(folder: Path, number: int) -> None:
    """Remove the gauges of a process that is no more; its counts and histograms stay, for sums must not shrink."""
    for path in folder.glob(f"gauge_*_{number}.db"):
        path.unlink(missing_ok=True)


def _process_numbers(folder: Path) -> list[int]:
    """The processes that have measured, by the names of their files: `gauge_livesum_4711.db`."""
    numbers = {path.stem.rpartition("_")[2] for path in folder.glob("*.db")}
    return sorted(int(number) for number in numbers if number.isdigit())


def _living(number: int) -> psutil.Process | None:
    """The process of this number, if it is one of this service: BentoML has started it beside this one."""
    with suppress(psutil.Error):
        process = psutil.Process(number)
        if process.status() != psutil.STATUS_ZOMBIE and process.ppid() == os.getppid():
            return process
    return None


def _usages(workers: Iterable[psutil.Process]) -> Iterator[Usage]:
    for worker in workers:
        # One that ends meanwhile is left out.
        with suppress(psutil.Error), worker.oneshot():
            cpu = worker.cpu_times()
            yield Usage(
                labels=_labels(worker.cmdline()),
                cpu_s=cpu.user + cpu.system,
                resident_bytes=worker.memory_info().rss,
                threads=worker.num_threads(),
                open_files=worker.num_fds(),
                began=worker.create_time(),
            )


def _labels(command: list[str]) -> tuple[str, str]:
    """The service that a process serves and its number, by its command."""
    options = dict(pairwise(command))
    return options.get(SERVICE_OPTION, ""), options.get(WORKER_OPTION, "")
