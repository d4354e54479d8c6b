"""Latencies of a running service as one client sees them: `make latency`."""

import argparse
import itertools
import statistics
import time
from collections.abc import Callable

import httpx
from rich.console import Console
from rich.table import Table

from aiplayer.addresses import is_on_this_machine
from aiplayer.settings import Settings
from loadtests.titles import TITLES

# How often each request is timed; a name is the request's path, and after a comma what is special about it.
ROUNDS = {"/similar": 200, "/recommend": 200, "/recommend, 3 playlists": 100, "/thumbnail": 40, "/like": 100}
WARM_UP = 2
TIMEOUT_S = 60


def measure(url: str) -> dict[str, list[float]]:
    """Time the requests of ROUNDS.

    Args:
        url: The address of the service.

    Returns:
        Milliseconds of each request, by its name; the first WARM_UP of each are left out.
    """
    measured = {}
    headers = Settings().key_headers
    proxied = not is_on_this_machine(url)
    with httpx.Client(base_url=url, headers=headers, timeout=TIMEOUT_S, trust_env=proxied) as client:
        for name, body in _bodies(client).items():
            times_ms = [_time_ms(client, name, body()) for _ in range(ROUNDS[name] + WARM_UP)]
            measured[name] = times_ms[WARM_UP:]
    return measured


def _bodies(client: httpx.Client) -> dict[str, Callable[[], dict]]:
    """What makes the body of a request, by the request's name: each title comes in turn."""
    similar = client.post("/similar", json={"title": TITLES[0]}).raise_for_status().json()
    playlist_ids = [playlist["playlist_id"] for playlist in similar["playlists"]]
    playlist = client.post("/recommend", json={"title": TITLES[0]}).raise_for_status().json()
    generation_id = playlist["generation_id"]

    titles = itertools.cycle(TITLES)
    return {
        "/similar": lambda: {"title": next(titles)},
        "/recommend": lambda: {"title": next(titles)},
        "/recommend, 3 playlists": lambda: {"title": next(titles), "playlist_ids": playlist_ids},
        "/thumbnail": lambda: {"title": next(titles)},
        "/like": lambda: {"generation_id": generation_id},
    }


def _time_ms(client: httpx.Client, name: str, body: dict) -> float:
    path, _, _ = name.partition(",")
    start_s = time.perf_counter()
    client.post(path, json=body).raise_for_status()
    return (time.perf_counter() - start_s) * 1000


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m loadtests.latency", description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:3000")
    arguments = parser.parse_args()

    measured = measure(arguments.url)
    Console().print(_table(measured))


def _table(measured: dict[str, list[float]]) -> Table:
    table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column("one client")
    for column in ("requests", "p50 ms", "p95 ms", "slowest ms"):
        table.add_column(column, justify="right")

    for name, times_ms in measured.items():
        median = statistics.median(times_ms)
        p95 = statistics.quantiles(times_ms, n=20)[-1]
        table.add_row(name, str(len(times_ms)), f"{median:.1f}", f"{p95:.1f}", f"{max(times_ms):.1f}")
    return table


if __name__ == "__main__":
    main()
