"""The service beside a plain FastAPI app, LitServe and the bare models, in one run: `make load PEERS=1`.

python -m loadtests.compare [--database URL] [--users 1 8 32 64] [--seconds 10] [--rounds 1]

Each system is started, measured and stopped, one after another: users without think time, each of whom searches three
playlists for a title that was never asked for before and makes a playlist of them; then one user alone in the minute
after a burst. Everything is written to var/load/peers.json.
"""

import argparse
import json
import platform
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import psutil
from rich.console import Console

from aiplayer.catalogue import Catalogue, connect
from aiplayer.files import write_whole
from aiplayer.settings import PROJECT
from infra.signals import end_on_signals
from loadtests.client import client_of, run_lean
from loadtests.closed_loop import Measurement, closed_loop
from loadtests.comparison import Comparison, Load, comparison_table
from loadtests.own_service import FOLDER, Database, database_to_measure
from loadtests.peers.systems import Served, System, measure_bare, running
from loadtests.titles import distinct_titles
from training.console import run_command

CONSOLE = Console(highlight=False, width=110)
RESULTS = FOLDER / "peers.json"
# From this load average on, somebody else is at work here.
BUSY = 0.5


async def measure_system(served: Served, options: argparse.Namespace) -> dict[Load, Measurement]:
    """Put each load on a running system, and one user alone after a burst.

    Args:
        served: The system.
        options: The command line's.
    """
    # The same titles for each system, and for none of them any title twice.
    titles = distinct_titles(options.seed)
    measured = {}
    async with client_of(served.url) as client:

        async def measure(users: int, seconds: float, warm_up_s: float) -> Measurement:
            before_s = served.cpu_s()
            measurement = await closed_loop(client, titles, users, seconds, warm_up_s)
            return replace(measurement, cpu_s=served.cpu_s() - before_s)

        for users in options.users:
            measured[Load(users)] = await measure(users, options.seconds, options.warm_up)

        if options.after_burst:
            await measure(options.burst, options.seconds, 0.0)
            measured[Load(1, options.burst)] = await measure(1, options.after_burst, 0.0)
    return measured


def compare(database: Database, options: argparse.Namespace) -> Comparison:
    """Measure all systems, in every second round in reverse order, so that a drift of the machine evens out."""
    comparison = Comparison()
    # None stands for the bare models.
    systems = [None, *System] if options.systems is None else [System(name) for name in options.systems]
    for number in range(options.rounds):
        in_order = systems[::-1] if number % 2 else systems
        for system in in_order:
            name = system or "bare models"
            CONSOLE.print(f"[dim]round {number + 1} of {options.rounds}: {name}[/]")
            if system is None:
                comparison.add_bare(measure_bare(database, options.seconds, options.warm_up, options.seed))
                continue

            with running(system, database) as served:
                for load, measurement in run_lean(measure_system(served, options)).items():
                    comparison.add(system, load, measurement)
    return comparison


def facts(database: Database, options: argparse.Namespace) -> dict[str, object]:
    """What the numbers depend on; of the database only its kind and its size."""
    engine = connect(database.url)
    try:
        return {
            "cores": psutil.cpu_count(),
            # Whoever else computes on this machine takes from what is measured.
            "load_average_before": psutil.getloadavg(),
            "python": platform.python_version(),
            "database": engine.dialect.name,
            **Catalogue(engine).counts(),
            "models": database.models.model_dump(),
            "options": {name: value for name, value in vars(options).items() if name not in ("database", "out")},
        }
    finally:
        engine.dispose()


def main() -> None:
    """Run the command line."""
    options = parse_arguments()
    with database_to_measure(options.database) as database:
        told = facts(database, options)
        CONSOLE.print(f"[dim]{told['songs']:,} songs, {told['playlists']:,} playlists, {database.note()}[/]")
        if psutil.getloadavg()[0] > BUSY:
            CONSOLE.print("[yellow]Other programs compute here too: this machine can do more than will be measured.[/]")
        comparison = compare(database, options)

    CONSOLE.print(comparison_table(comparison))
    for line in comparison.faults():
        CONSOLE.print(f"[dim]{line}[/]")
    told["load_average_after"] = psutil.getloadavg()
    written = json.dumps({"facts": told, **comparison.as_dict()}, indent=2, allow_nan=False)
    write_whole(options.out, written + "\n")
    CONSOLE.print(f"[dim]written to {as_seen_from_here(options.out)}[/]")


def as_seen_from_here(file: Path) -> Path:
    """A file's path, from the project's folder where it lies there."""
    return file.relative_to(PROJECT) if file.is_relative_to(PROJECT) else file


def parse_arguments(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """What is asked for.

    Args:
        arguments: The command line; None for this process's own.
    """
    description = (__doc__ or "").splitlines()[0]
    parser = argparse.ArgumentParser(prog="python -m loadtests.compare", description=description)
    parser.add_argument("--database", metavar="URL", help="any SQLAlchemy URL; default: the service's own")
    parser.add_argument("--systems", nargs="+", choices=list(System), metavar="SYSTEM", help="default: all, and bare")
    parser.add_argument("--users", type=int, nargs="+", default=[1, 8, 32, 64], help="journeys under way at once")
    parser.add_argument("--seconds", type=float, default=10.0, help="how long each load is measured")
    parser.add_argument("--warm-up", type=float, default=3.0, help="seconds before that")
    parser.add_argument("--burst", type=int, default=32, help="users of the burst before the lone one")
    parser.add_argument("--after-burst", type=float, default=60.0, help="seconds of the lone user; 0 leaves it out")
    parser.add_argument("--rounds", type=int, default=1, help="every second one goes in reverse order")
    parser.add_argument("--seed", type=int, default=0, help="of the titles")
    parser.add_argument("--out", type=Path, default=RESULTS, help=f"default: {RESULTS.relative_to(PROJECT)}")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    end_on_signals()
    run_command(main)
