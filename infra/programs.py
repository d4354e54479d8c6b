"""The programs that `infra.local` starts, what they say while they start, and how they are stopped."""

import os
from collections.abc import Mapping
from contextlib import suppress
from typing import Self

import psutil

from aiplayer.errors import Unavailable
from aiplayer.settings import PROJECT, STATE
from infra.log_lines import news, refusal
from infra.logs import LogReader, roll
from infra.server import ENVIRONMENT

STOP_TIMEOUT_S = 30
# The argument before which service a process of BentoML is.
WORKER = "--service-name"


class Program:
    """A child process with a log file; as a context it is stopped at the end, with all its children.

    The logs of its last runs are kept beside the log (`infra.logs`).

    Args:
        name: What it is called in messages, and its log's name.
        command: What to run.
        environment: Added to this process's environment.
    """

    def __init__(self, name: str, command: list[str], environment: Mapping[str, str]):
        self.name = name
        self.command = command
        self.environment = {**ENVIRONMENT, **os.environ, **environment}
        self.log = STATE / "log" / f"{name}.log"
        self.is_ready = False

    def __enter__(self) -> Self:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        roll(self.log)
        self._reader = LogReader(self.log)
        self._workers: set[psutil.Process] = set()
        with self.log.open("ab") as log:
            self.process = psutil.Popen(
                self.command, cwd=PROJECT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        return self

    def __exit__(self, *_) -> None:
        # BentoML gives every worker a process group of its own, so all are noted before their parent goes.
        with suppress(psutil.NoSuchProcess):
            workers = self.process.children(recursive=True)
            self.process.terminate()
            # A worker that still loads its model heeds no other signal, and nobody waits for its answer.
            if not self.is_ready:
                kill(workers)
            kill(psutil.wait_procs([self.process, *workers], STOP_TIMEOUT_S)[1])

    def check(self) -> None:
        """Raise Unavailable, with the end of the log, where the program has ended by itself."""
        if self.process.poll() is not None:
            raise Unavailable(f"The {self.name} ended with status {self.process.returncode}. {self._end_of_log()}")

    def check_workers(self) -> None:
        """Raise Unavailable where a worker of BentoML has ended; BentoML would start it again and again."""
        workers = worker_processes(self.process)
        if self._workers - workers:
            raise Unavailable(
                f"A part of the {self.name} ended while it started, by a fault or for want of memory. "
                f"{self._end_of_log()}"
            )
        self._workers = workers

    def _end_of_log(self) -> str:
        tail = "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])
        return f"{self.log} ends:\n{tail}"

    def news(self) -> list[str]:
        """What its parts have said of themselves while they start, since the last call; the newest last.

        Raises:
            Unavailable: a worker says that it cannot start; BentoML would start it again and again.
        """
        lines = self._reader.new_lines()
        reason = refusal(lines)
        if reason is not None:
            raise Unavailable(reason)
        return news(lines)


def worker_processes(parent: psutil.Process) -> set[psutil.Process]:
    """The workers that BentoML has started and that have not ended."""
    workers = set()
    with suppress(psutil.NoSuchProcess):
        for process in parent.children():
            # One that has ended, and is not yet taken note of, has no command line.
            with suppress(psutil.NoSuchProcess):
                if WORKER in process.cmdline():
                    workers.add(process)
    return workers


def kill(processes: list[psutil.Process]) -> None:
    """End processes at once, those that are left of them."""
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(processes)
