"""Whether memory stays flat: requests with ever new paths, words and titles, beside a running service.

    python -m loadtests.memory --url http://127.0.0.1:3000

Every fourth request makes a playlist, which stays in the service's log: give it a database of its own.
"""

import argparse
import random
import time
from collections import Counter

import httpx
import psutil
from rich.console import Console
from rich.table import Table

from aiplayer.settings import Settings
from loadtests.processes import name_of, service_processes
from loadtests.titles import TITLES

REQUESTS = 20_000
STAGES = 4
TIMEOUT_S = 60
LONGEST_WORD = 40
TABLE_WIDTH = 110
SYLLABLES = [chr(code) for code in range(ord("가"), ord("힣") + 1)] + list("abcdefghijklmnopqrstuvwxyz")


def new_word(draw: random.Random) -> str:
    """A word that was hardly ever typed before."""
    return "".join(draw.choices(SYLLABLES, k=draw.randint(2, LONGEST_WORD)))


def send(client: httpx.Client, number: int, draw: random.Random) -> int:
    """Send the request of a number; its kind follows from the number, its words are new.

    Returns:
        The status of the answer.
    """
    title = f"{draw.choice(TITLES)} {new_word(draw)} {number}"
    match number % 4:
        case 0:
            response = client.get(f"/{new_word(draw)}/{number}")
        case 1:
            response = client.get(f"/playlists/{number}")
        case 2:
            response = client.post("/similar", json={"title": title})
        case _:
            response = client.post("/recommend", json={"title": title})
    return response.status_code


def measure(client: httpx.Client, processes: list[psutil.Process]) -> dict[str, float]:
    """Kilobytes of /metrics, and resident megabytes of every process."""
    sizes = {"/metrics, kB": len(client.get("/metrics").content) / 1e3}
    for process in processes:
        sizes[f"{name_of(process)} ({process.pid}), MB"] = process.memory_info().rss / 1e6
    return sizes


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m loadtests.memory", description=__doc__.splitlines()[0])
    parser.add_argument("--url", default="http://127.0.0.1:3000")
    parser.add_argument("--requests", type=int, default=REQUESTS)
    parser.add_argument("--seconds", type=float, default=600, help="the longest that it may take")
    parser.add_argument("--seed", type=int, default=20)
    arguments = parser.parse_args()

    processes = service_processes(arguments.url)
    draw = random.Random(arguments.seed)
    statuses: Counter[int] = Counter()
    stages = {}
    deadline = time.monotonic() + arguments.seconds
    with httpx.Client(base_url=arguments.url, headers=Settings().key_headers, timeout=TIMEOUT_S) as client:
        stages["0"] = measure(client, processes)
        for number in range(1, arguments.requests + 1):
            if time.monotonic() > deadline:
                break
            statuses[send(client, number, draw)] += 1
            if number % max(1, arguments.requests // STAGES) == 0:
                stages[f"{number:,}"] = measure(client, processes)
        if statuses.total() < arguments.requests:
            stages[f"{statuses.total():,}"] = measure(client, processes)

    console = Console(width=TABLE_WIDTH, highlight=False)
    console.print(_table(stages))
    console.print(f"statuses: {dict(sorted(statuses.items()))}")


def _table(stages: dict[str, dict[str, float]]) -> Table:
    table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column("after requests")
    for requests in stages:
        table.add_column(requests, justify="right")

    for name in stages["0"]:
        table.add_row(name, *(f"{sizes[name]:.1f}" for sizes in stages.values()))
    return table


if __name__ == "__main__":
    main()
