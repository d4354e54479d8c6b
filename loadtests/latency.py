"""Latencies of a running service as one client sees them: `make latency`."""

import argparse
import itertools
import statistics
import time

import httpx
from rich.console import Console
from rich.table import Table

from loadtests.titles import TITLES

ROUNDS = {"/similar": 200, "/recommend": 200, "/recommend, 3 playlists": 100, "/thumbnail": 40, "/like": 100}


def measure(url: str) -> dict[str, list[float]]:
    """Milliseconds of each request, by what was asked; the first two of each are warm-up and left out."""
    titles = itertools.cycle(TITLES)
    with httpx.Client(base_url=url, timeout=60) as client:
        similar = client.post("/similar", json={"title": TITLES[0]}).raise_for_status().json()["playlists"]
        chosen = [playlist["playlist_id"] for playlist in similar]
        made = client.post("/recommend", json={"title": TITLES[0]}).raise_for_status().json()["generation_id"]
        bodies = {
            "/similar": lambda: {"title": next(titles)},
            "/recommend": lambda: {"title": next(titles)},
            "/recommend, 3 playlists": lambda: {"title": next(titles), "playlist_ids": chosen},
            "/thumbnail": lambda: {"title": next(titles)},
            "/like": lambda: {"generation_id": made},
        }
        return {
            what: [_time(client, what, body()) for _ in range(ROUNDS[what] + 2)][2:] for what, body in bodies.items()
        }


def _time(client: httpx.Client, what: str, body: dict) -> float:
    started = time.perf_counter()
    client.post(what.partition(",")[0], json=body).raise_for_status()
    return (time.perf_counter() - started) * 1000


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m loadtests.latency", description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:3000")
    measured = measure(parser.parse_args().url)
    table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column("one client")
    for column in ("requests", "p50 ms", "p95 ms", "slowest ms"):
        table.add_column(column, justify="right")
    for what, times in measured.items():
        p95 = statistics.quantiles(times, n=20)[-1]
        table.add_row(what, str(len(times)), *(f"{value:.1f}" for value in (statistics.median(times), p95, max(times))))
    Console().print(table)


if __name__ == "__main__":
    main()
