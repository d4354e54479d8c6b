"""Creators beside a service for a while, and whether it keeps to its thresholds: `make load`.

python -m loadtests.load [--shape steady|spike|soak] [--users N] [--seconds S] [--url URL]

Without a URL it starts a service of its own. The report is var/load/report.html.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import psutil
from rich.console import Console
from rich.table import Table

from aiplayer.errors import Unavailable
from aiplayer.settings import PROJECT, STATE
from infra.server import BIN
from infra.signals import end_on_signals
from loadtests.own_service import FOLDER, database_to_measure, own_service
from loadtests.shapes import USUAL_SIZES, Shape, Size
from loadtests.thresholds import THRESHOLDS, RouteResult
from training.console import run_command

CONSOLE = Console(highlight=False)
REPORT = FOLDER / "report.html"
RESULTS = FOLDER / "results.json"
LOG = STATE / "log" / "locust.log"
# Beyond the run itself: locust starts, and writes its report.
MARGIN_S = 60


class Outcome(NamedTuple):
    """What a run came to.

    Attributes:
        routes: The results of each route.
        broken: A sentence for each threshold that was broken.
    """

    routes: list[RouteResult]
    broken: list[str]


def run_locust(url: str, shape: Shape, size: Size) -> Outcome:
    """Let creators loose on a service.

    Args:
        url: Where the service listens.
        shape: What their number does.
        size: Their number and the seconds.

    Raises:
        Unavailable: locust did not come to its end.
    """
    FOLDER.mkdir(parents=True, exist_ok=True)
    LOG.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.unlink(missing_ok=True)
    command = [str(BIN / "locust"), "--locustfile", "loadtests/locustfile.py", "--headless", "--only-summary"]
    command += ["--host", url, "--shape", shape, "--users", str(size.users), "--run-time", f"{size.seconds:.0f}s"]
    command += ["--html", str(REPORT), "--results", str(RESULTS)]
    status = CONSOLE.status(f"{shape}: up to {size.users} creators for {size.seconds:.0f} s ...")
    with status, LOG.open("wb") as log, suppress(subprocess.TimeoutExpired):
        subprocess.run(command, cwd=PROJECT, stdout=log, stderr=log, timeout=size.seconds + MARGIN_S, check=False)

    if not RESULTS.exists():
        raise Unavailable(f"locust did not come to its end; see {LOG}.")
    told = json.loads(RESULTS.read_bytes())
    return Outcome([RouteResult(**route) for route in told["routes"]], told["broken"])


def run_beside_own_service(shape: Shape, size: Size) -> Outcome:
    """Start a service, let creators loose on it, and say how its memory changed."""
    with database_to_measure() as database, own_service(database, "load-service") as service:
        CONSOLE.print(f"[dim]A service of its own, {database.note()}.[/]")
        processes = [service.program.process, *service.program.process.children(recursive=True)]
        before_mb = resident_mb(processes)
        outcome = run_locust(service.url, shape, size)
        after_mb = resident_mb(processes)

    grown_mb = after_mb - before_mb
    CONSOLE.print(
        f"[dim]Memory of its processes: {before_mb:,.0f} MB before, {after_mb:,.0f} MB after ({grown_mb:+,.0f}).[/]"
    )
    return outcome


def resident_mb(processes: Sequence[psutil.Process]) -> float:
    """The resident memory of processes together, in megabytes; one that has ended has none."""
    total = 0
    for process in processes:
        try:
            total += process.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total / 1e6


def results_table(shape: Shape, results: Sequence[RouteResult]) -> Table:
    """A row for each route, with the p95 that is allowed."""
    table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column(f"{shape} load")
    for column in ("answered", "refused", "failed", "p50 ms", "p95 ms", "allowed ms"):
        table.add_column(column, justify="right")

    allowed_ms = THRESHOLDS[shape].p95_ms
    for result in results:
        counts = (result.answered, result.refused, result.failed)
        times = (result.p50_ms, result.p95_ms, allowed_ms[result.route])
        table.add_row(result.route, *(f"{count:,}" for count in counts), *(f"{time_ms:,.0f}" for time_ms in times))
    return table


def main() -> None:
    """Run the command line."""
    options = parse_arguments()
    shape = Shape(options.shape)
    usual = USUAL_SIZES[shape]
    size = Size(options.users or usual.users, options.seconds or usual.seconds)
    CONSOLE.print(f"[dim]{shape}: up to {size.users} creators for {size.seconds:.0f} s[/]")

    outcome = run_locust(options.url, shape, size) if options.url else run_beside_own_service(shape, size)
    CONSOLE.print(results_table(shape, outcome.routes))
    CONSOLE.print(f"[dim]report: {_short(REPORT)}[/]")
    for sentence in outcome.broken:
        CONSOLE.print(f"[red]✗[/] {sentence}")
    if outcome.broken:
        sys.exit(1)
    CONSOLE.print("[green]✓[/] every threshold is kept")


def parse_arguments(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """What is asked for.

    Args:
        arguments: The command line; None for this process's own.
    """
    parser = argparse.ArgumentParser(prog="python -m loadtests.load", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--shape", choices=list(Shape), default=Shape.STEADY, help="what the number of creators does")
    parser.add_argument("--users", type=_positive_int, help="most creators at once; default: by the shape")
    parser.add_argument("--seconds", type=_positive_int, help="how long; default: by the shape")
    parser.add_argument("--url", help="a running service; default: one is started")
    return parser.parse_args(arguments)


def _positive_int(text: str) -> int:
    """A number of the command line, 1 or more."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is too small: give 1 or more")
    return number


def _short(path: Path) -> str:
    """A path as seen from the project's folder."""
    return str(path.relative_to(PROJECT))


if __name__ == "__main__":
    end_on_signals()
    run_command(main)
