"""Kills each process of the service under a light load, then stops the service: what do users see of it?

python -m loadtests.faults [--database URL] [--watch 25]

Only what needs a killed process may fail, and must answer again within 10 s; no acknowledged like may be lost; and a
service that is stopped answers what it has accepted. Fails where one of that is broken, and says which. It starts a
service of its own; everything is written to var/load/faults.json.
"""

import argparse
import asyncio
import time
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

import psutil
from rich.console import Console
from sqlalchemy import select
from sqlalchemy.orm import Session

from aiplayer.catalogue import connect
from aiplayer.catalogue.tables import UserLog
from aiplayer.errors import Unavailable
from infra.programs import worker_processes
from infra.signals import end_on_signals
from loadtests.client import client_of, run_lean
from loadtests.ending import write_and_judge
from loadtests.fault_report import (
    NEEDED_FOR,
    Kill,
    Likes,
    Stop,
    broken_by_kill,
    broken_by_likes,
    broken_by_stop,
    kills_table,
    reasons_of,
)
from loadtests.own_service import FOLDER, OwnService, database_to_measure, own_service
from loadtests.processes import name_of
from loadtests.steady_users import Crowd, SteadyUsers
from loadtests.titles import distinct_titles
from training.console import run_command

CONSOLE = Console(highlight=False, width=110)
RESULTS = FOLDER / "faults.json"
TIMEOUT_S = 20.0
# A light load while processes are killed; many requests under way when the service is stopped.
FEW, MANY = Crowd(2, 0.2, 0.8), Crowd(4, 0.0, 0.1)
# The next disturbance waits until all is well again, and so long at most.
LONGEST_WAIT_S = 120.0
# How long a service that is stopped may take to end.
LONGEST_STOP_S = 30.0


class Seen(NamedTuple):
    """What became of everything."""

    kills: list[Kill]
    stop: Stop
    likes: Likes

    def broken(self) -> list[str]:
        """A sentence for each bound that was broken."""
        sentences = [sentence for kill in self.kills for sentence in broken_by_kill(kill)]
        return sentences + broken_by_likes(self.likes) + broken_by_stop(self.stop)

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return {
            "kills": [kill.as_dict() for kill in self.kills],
            "stop": self.stop.as_dict(),
            "likes": self.likes._asdict(),
            "broken": self.broken(),
        }


async def disturb(service: OwnService, users: SteadyUsers, watch_s: float) -> tuple[list[Kill], Stop]:
    """Kill each process in turn and then stop the service, while users are asking.

    Args:
        service: A service of our own.
        users: The users.
        watch_s: How long users are watched at least after each kill, in seconds.
    """
    kills: list[Kill] = []
    async with client_of(service.url, timeout_s=TIMEOUT_S) as client, users.at_work(client, FEW):
        if not await users.all_answered(LONGEST_WAIT_S):
            raise Unavailable("Not every kind of request is answered, though nothing was killed yet.")
        for part in NEEDED_FOR:
            kills += await kill_in_turn(service, users, part, watch_s)

    # A connection for each request: none fails because it was kept open too long.
    async with client_of(service.url, timeout_s=TIMEOUT_S, keeps_connections=False) as client:
        async with users.at_work(client, MANY):
            await users.all_answered(LONGEST_WAIT_S)
            seen = len(users.events)
            stopped_s = time.monotonic()
            ended_after_s = await stop_service(service)
        # Only now all have their answers, or know that there are none.
        return kills, Stop(stopped_s, ended_after_s, users.events[seen:])


async def kill_in_turn(service: OwnService, users: SteadyUsers, part: str, watch_s: float) -> list[Kill]:
    """Kill each process of a part, one after another.

    Raises:
        Unavailable: there is no such process.
    """
    count = len(processes_of(service, part))
    if not count:
        raise Unavailable(f"The service has no process {part}; see {service.program.log}.")

    kills = []
    for number in range(1, count + 1):
        label = part if count == 1 else f"{part}, {number} of {count}"
        # The oldest, for those that were killed before have begun anew.
        process = min(processes_of(service, part), key=psutil.Process.create_time)
        kills.append(await kill_process(process, users, part, label, watch_s))
    return kills


def processes_of(service: OwnService, part: str) -> list[psutil.Process]:
    """The processes of a part of the service."""
    return [process for process in worker_processes(service.program.process) if name_of(process) == part]


async def kill_process(process: psutil.Process, users: SteadyUsers, part: str, label: str, watch_s: float) -> Kill:
    """Kill a process of the service, and watch until all is well again."""
    CONSOLE.print(f"[dim]kill -9: {label}[/]")
    seen = len(users.events)
    killed_s = time.monotonic()
    process.kill()

    await asyncio.sleep(watch_s)
    await users.all_answered(LONGEST_WAIT_S)
    return Kill(part, label, killed_s, users.events[seen:])


async def stop_service(service: OwnService) -> float | None:
    """Ask the service to end.

    Returns:
        The seconds until it had ended; None where it has not.
    """
    CONSOLE.print("[dim]SIGTERM[/]")
    start_s = time.monotonic()
    service.program.process.terminate()
    try:
        await asyncio.to_thread(service.program.process.wait, LONGEST_STOP_S)
    except psutil.TimeoutExpired:
        return None
    return time.monotonic() - start_s


def count_likes(database_url: str, acknowledged: set[str]) -> Likes:
    """How many of the acknowledged likes the database holds."""
    engine = connect(database_url)
    try:
        with Session(engine) as session:
            liked = set(session.scalars(select(UserLog.generation_id).where(UserLog.liked)))
    finally:
        engine.dispose()
    return Likes(len(acknowledged), len({UUID(generation_id) for generation_id in acknowledged} - liked))


def measure(options: argparse.Namespace) -> Seen:
    """Start a service, disturb it, and count the likes when it has ended."""
    users = SteadyUsers(distinct_titles(options.seed), options.seed)
    with database_to_measure(options.database) as database:
        with own_service(database, "disturbed-service") as service:
            CONSOLE.print(f"[dim]A service of its own, {database.note()}.[/]")
            kills, stop = run_lean(disturb(service, users, options.watch))
        return Seen(kills, stop, count_likes(database.url, users.acknowledged))


def show(seen: Seen) -> None:
    """Print what became of everything."""
    CONSOLE.print(kills_table(seen.kills))
    for kill in seen.kills:
        if reasons := reasons_of([event for event in kill.events if not event.is_ok]):
            CONSOLE.print(f"[dim]{kill.label}: {reasons}[/]")
    stop = seen.stop
    ended = "did not end" if stop.ended_after_s is None else f"ended after {stop.ended_after_s:.1f} s"
    CONSOLE.print(
        f"SIGTERM: {ended}; of {stop.count(is_earlier=True)} requests under way {len(stop.failures(is_earlier=True))} "
        f"failed, of {stop.count(is_earlier=False)} sent later {len(stop.failures(is_earlier=False))} failed that "
        "were not refused a connection"
    )
    CONSOLE.print(f"likes: {seen.likes.acknowledged} acknowledged, {seen.likes.lost} lost")


def main() -> None:
    """Run the command line."""
    seen = measure(parse_arguments())
    show(seen)

    write_and_judge(seen.as_dict(), RESULTS, seen.broken(), CONSOLE)


def parse_arguments(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """What is asked for.

    Args:
        arguments: The command line; None for this process's own.
    """
    description = (__doc__ or "").splitlines()[0]
    parser = argparse.ArgumentParser(prog="python -m loadtests.faults", description=description)
    parser.add_argument("--database", metavar="URL", help="any SQLAlchemy URL; default: the service's own")
    parser.add_argument("--watch", type=float, default=25.0, help="least seconds that users are watched after a kill")
    parser.add_argument("--seed", type=int, default=0, help="of titles, pauses and pictures")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    end_on_signals()
    run_command(main)
