"""Twice as many requests as the service can answer, for minutes: it must refuse in order and go on answering.

python -m loadtests.overload [--minutes 10] [--factor 2] [--url URL]

First it finds the sustainable rate: users without think time, as in `loadtests.compare`. Then searches and playlists,
half of each, come at random moments and in a multiple of that rate, whether or not the service answers. Fails where a
bound is broken, and says which. Everything is written to var/load/overload.json.
"""

import argparse
import asyncio
import itertools
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from types import MappingProxyType
from typing import NamedTuple

import psutil
from rich.console import Console

from aiplayer.errors import Unavailable
from aiplayer.settings import Settings
from infra.signals import end_on_signals
from loadtests.answers import PLAYLISTS, fault_of_recommendation, fault_of_similar, playlist_ids
from loadtests.client import Client, client_of, run_lean
from loadtests.closed_loop import closed_loop
from loadtests.ending import write_and_judge
from loadtests.open_loop import open_loop
from loadtests.overload_report import Overload, broken_bounds, show
from loadtests.own_service import FOLDER, database_to_measure, own_service
from loadtests.processes import Sample, memory_of, service_processes, watch_memory
from loadtests.titles import distinct_titles
from loadtests.verdicts import Tally
from training.console import run_command

CONSOLE = Console(highlight=False, width=110)
RESULTS = FOLDER / "overload.json"
WARM_UP_S = 5.0
# How many different choices of playlists the requests for songs make.
CHOICES, MOST_TRIES = 40, 100
# Numbers of songs in turn, so that an answer that belongs to another request shows.
SONG_COUNTS = (10, 20, 30)
SAMPLE_EVERY_S = 2.0

Processes = Callable[[], Sequence[psutil.Process]]


class Target(NamedTuple):
    """The service under load.

    Attributes:
        url: Where it listens.
        processes: Tells its processes, of which some may be new.
        headers: What it wants with each request: a key, where it asks for one.
    """

    url: str
    processes: Processes
    headers: Mapping[str, str] = MappingProxyType({})


class Requests:
    """Sends searches and requests for songs in turn, each with a new title, and tallies what becomes of them.

    Args:
        client: The service.
        titles: New titles.
        choices: Playlists that a creator may have chosen.
        seed: Of which ones are chosen.
    """

    def __init__(self, client: Client, titles: Iterator[str], choices: list[list[int]], seed: int):
        self.tally = Tally()
        self._client = client
        self._titles = titles
        self._choices = choices
        self._draw = random.Random(seed)
        self._numbers = itertools.count()

    async def send(self) -> None:
        """Send the next one and wait for its answer."""
        number = next(self._numbers)
        title = next(self._titles)
        if number % 2 == 0:
            self.tally.add(await self._client.post("/similar", title=title, count=PLAYLISTS), PLAYLISTS)
            return

        count = SONG_COUNTS[number // 2 % len(SONG_COUNTS)]
        chosen = self._draw.choice(self._choices)
        reply = await self._client.post("/recommend", title=title, playlist_ids=chosen, song_count=count)
        self.tally.add(reply, count)


async def find_choices(client: Client, titles: Iterator[str]) -> list[list[int]]:
    """What searches find while the service is quiet: the playlists that later requests choose.

    Those that cannot fill their share of the songs are left out: later, too few songs are a fault.

    Raises:
        Unavailable: the service does not answer as it must.
    """
    choices: list[list[int]] = []
    for _ in range(MOST_TRIES):
        title = next(titles)
        reply = await client.post("/similar", title=title, count=PLAYLISTS)
        similar = reply.json() if reply.is_ok else None
        if fault := fault_of_similar(similar):
            raise Unavailable(f"The service does not answer as it must, and nobody else asks: {fault}.")

        found = playlist_ids(similar)
        count = max(SONG_COUNTS)
        reply = await client.post("/recommend", title=title, playlist_ids=found, song_count=count)
        if not fault_of_recommendation(reply.json(), count):
            choices.append(found)
        if len(choices) == CHOICES:
            break

    if not choices:
        raise Unavailable(f"None of {MOST_TRIES} choices of playlists gave {max(SONG_COUNTS)} songs.")
    return choices


async def sustainable_rate(client: Client, titles: Iterator[str], options: argparse.Namespace) -> float:
    """Requests a second that users without think time get answered; two make a journey."""
    sustained = await closed_loop(client, titles, options.users, options.find_seconds, WARM_UP_S)
    return 2 * sustained.rate


async def overload(target: Target, options: argparse.Namespace) -> Overload:
    """Find the sustainable rate, send a multiple of it, and note what became of all that.

    Args:
        target: The service.
        options: The command line's.
    """
    titles = distinct_titles(options.seed)
    samples: list[Sample] = []
    async with client_of(target.url, options.connections, options.timeout, headers=target.headers) as client:
        choices = await find_choices(client, titles)
        sustainable = await sustainable_rate(client, titles, options)
        if not sustainable:
            raise Unavailable(f"Not one journey of {options.users} users went well: there is no rate to multiply.")
        CONSOLE.print(f"[dim]sustainable: {sustainable:.1f} requests a second; now {options.factor:g} times that[/]")

        requests = Requests(client, titles, choices, options.seed)
        watching = asyncio.create_task(watch_memory(target.processes, samples, SAMPLE_EVERY_S))
        rate = options.factor * sustainable
        sent = await open_loop(requests.send, rate, 60 * options.minutes, options.connections, options.seed)

        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
        samples.append(memory_of(target.processes()))
        sustainable_after = await sustainable_rate(client, titles, options)
    return Overload(sustainable, sustainable_after, rate, sent, requests.tally, samples)


@contextmanager
def target_of(options: argparse.Namespace) -> Iterator[Target]:
    """The service that the options name, or one that is started on a copy of the database."""
    if options.url:
        yield Target(options.url, all_processes_of(service_processes(options.url)[0]), Settings().key_headers)
        return

    with database_to_measure(options.database) as database, own_service(database, "overloaded-service") as service:
        CONSOLE.print(f"[dim]A service of its own, {database.note()}.[/]")
        yield Target(service.url, all_processes_of(service.program.process))


def all_processes_of(bentoml: psutil.Process) -> Processes:
    """What tells the processes of a service, of which the first is BentoML's own."""
    return lambda: [bentoml, *bentoml.children(recursive=True)]


def main() -> None:
    """Run the command line."""
    options = parse_arguments()
    with target_of(options) as target:
        result = run_lean(overload(target, options))

    sentences = broken_bounds(result)
    show(result, CONSOLE)
    write_and_judge({**result.as_dict(), "broken": sentences}, RESULTS, sentences, CONSOLE)


def parse_arguments(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """What is asked for.

    Args:
        arguments: The command line; None for this process's own.
    """
    description = (__doc__ or "").splitlines()[0]
    parser = argparse.ArgumentParser(prog="python -m loadtests.overload", description=description)
    parser.add_argument("--minutes", type=float, default=10.0, help="how long the overload lasts")
    parser.add_argument("--factor", type=float, default=2.0, help="how many times the sustainable rate")
    parser.add_argument("--users", type=int, default=32, help="of the closed loop that finds the sustainable rate")
    parser.add_argument("--find-seconds", type=float, default=20.0, help="how long that lasts")
    parser.add_argument("--connections", type=int, default=512, help="most requests under way at once")
    parser.add_argument("--timeout", type=float, default=30.0, help="seconds after which a request counts as hung")
    parser.add_argument("--database", metavar="URL", help="any SQLAlchemy URL; default: the service's own")
    parser.add_argument("--url", help="a running service of this machine; default: one is started")
    parser.add_argument("--seed", type=int, default=0, help="of titles, moments and choices")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    end_on_signals()
    run_command(main)
