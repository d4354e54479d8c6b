"""Promotes sets of models and goes back, again and again, while users ask: not one request may fail for that.

python -m loadtests.promotions [--times 20] [--users 8]

Every second change is a promotion with a canary, every other one goes back at once. Half of the users keep connections
open, the others open one for each request. Fails where a request failed, where a change was refused, and where an
answer comes from no set or from one that was not in use. It starts a `make up` of its own on a copy of the database;
everything is written to var/load/promotions.json.
"""

import argparse
import asyncio
import os
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from aiplayer.errors import InvalidInput, Unavailable
from aiplayer.model_set import set_name
from aiplayer.pins import ModelPins
from aiplayer.promotion import PromotionRequest, ask
from aiplayer.settings import STATE
from infra.signals import end_on_signals
from loadtests.client import client_of, run_lean
from loadtests.ending import write_and_judge
from loadtests.own_make_up import OwnMakeUp, copy_of_store, own_make_up, with_file
from loadtests.own_service import FOLDER, database_to_measure
from loadtests.promotion_report import Change, Seen, changes_table
from loadtests.steady_users import Crowd, Kind, SteadyUsers
from loadtests.titles import distinct_titles
from training.console import run_command

CONSOLE = Console(highlight=False, width=110)
RESULTS = FOLDER / "promotions.json"
TIMEOUT_S = 60.0
LONGEST_WAIT_S = 120.0
SHORTEST_PAUSE_S, LONGEST_PAUSE_S = 0.05, 0.3
# Between two changes, so that it can be seen which set answers then.
QUIET_S = 2.0
# Those who keep connections and those who do not, of each kind of request.
GROUPS = 2 * len(Kind)


async def change_often(up: OwnMakeUp, sets: dict[str, ModelPins], options: argparse.Namespace) -> Seen:
    """Change between two sets while users are asking.

    Args:
        up: A `make up` that serves the first of the sets.
        sets: The models of each set, by its name.
        options: The command line.
    """
    titles = distinct_titles(options.seed)
    keepers, openers = SteadyUsers(titles, options.seed), SteadyUsers(titles, options.seed + 1)
    crowd = Crowd(options.users // GROUPS, SHORTEST_PAUSE_S, LONGEST_PAUSE_S)
    changes = []
    async with (
        client_of(up.url, timeout_s=TIMEOUT_S) as keeping,
        client_of(up.url, timeout_s=TIMEOUT_S, keeps_connections=False) as opening,
        keepers.at_work(keeping, crowd),
        openers.at_work(opening, crowd),
    ):
        if not await keepers.all_answered(LONGEST_WAIT_S):
            raise Unavailable("Not every kind of request is answered, though nothing was changed yet.")
        for number in range(1, options.times + 1):
            await asyncio.sleep(QUIET_S)
            name = list(sets)[number % 2]
            is_promotion = number % 2 == 1
            changes.append(await change(up, name, sets[name], options.canary if is_promotion else 0, options.watch))
        await asyncio.sleep(QUIET_S)

    return Seen(list(sets), changes, [event for users in (keepers, openers) for event in users.events])


async def change(up: OwnMakeUp, name: str, models: ModelPins, canary_percent: float, watch_s: float) -> Change:
    """Have another set served; whether that was refused, and when it began and was over."""
    request = PromotionRequest(
        name=name, models=models, canary_percent=canary_percent, watch_s=watch_s if canary_percent else 0
    )
    CONSOLE.print(f"[dim]{name}, {f'{canary_percent:g}% at first' if canary_percent else 'at once'}[/]")
    began_s = time.monotonic()
    refusal = ""
    try:
        await asyncio.to_thread(ask, [up.control], request, lambda words: None, lambda: None)
    except Unavailable as error:
        refusal = error.message
    return Change(name, canary_percent, began_s, time.monotonic(), refusal)


def measure(options: argparse.Namespace) -> Seen:
    """Start a `make up` and change its set often."""
    with tempfile.TemporaryDirectory(prefix="aiplayer-promotions-") as folder:
        home = Path(folder)
        with database_to_measure(options.database) as database:
            copy_of_store(database.models, home)
            os.environ["BENTOML_HOME"] = str(home)
            other = with_file(database.models, "note.txt", "This recommender is the other one of two equal ones.\n")
            sets = {set_name(models, ""): models for models in (database.models, other)}
            with own_make_up(database, "promoted", {"AIPLAYER_DIFFUSION_WEIGHTS": ""}) as up:
                CONSOLE.print(f"[dim]A `make up` of its own, {database.note()}.[/]")
                return run_lean(change_often(up, sets, options))


def main() -> None:
    """Run the command line."""
    os.environ.setdefault("BENTOML_HOME", str(STATE / "bentoml"))
    options = parse_arguments()
    if options.users < GROUPS or options.users % GROUPS:
        raise InvalidInput(f"{options.users} users cannot be divided. Give a multiple of {GROUPS}.", field="users")
    seen = measure(options)
    CONSOLE.print(changes_table(seen))

    kept = f"{len(seen.changes)} changes, {len(seen.events):,} requests, none failed"
    write_and_judge(seen.as_dict(), RESULTS, seen.broken(), CONSOLE, kept)


def parse_arguments(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """What is asked for.

    Args:
        arguments: The command line; None for this process's own.
    """
    description = (__doc__ or "").splitlines()[0]
    parser = argparse.ArgumentParser(prog="python -m loadtests.promotions", description=description)
    parser.add_argument("--times", type=int, default=20, help="changes of the set")
    parser.add_argument("--users", type=int, default=GROUPS, help=f"a multiple of {GROUPS}")
    parser.add_argument("--canary", type=float, default=10.0, metavar="PERCENT", help="callers at first")
    parser.add_argument("--watch", type=float, default=5.0, metavar="SECONDS", help="how long so")
    parser.add_argument("--database", metavar="URL", help="any SQLAlchemy URL; default: the service's own")
    parser.add_argument("--seed", type=int, default=0, help="of titles, pauses and pictures")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    end_on_signals()
    run_command(main)
