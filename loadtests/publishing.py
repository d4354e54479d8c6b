"""Kills pushes, pulls and promotions of sets at random moments, and holds that nothing half is ever seen.

    python -m loadtests.publishing --kills 20

Two copies of the project and a server that speaks S3 stand for two machines and a bucket; the models are made of noise.
After every kill all that can be seen must be whole, and the set before it must still verify; then the same command is
left alone and must end well. A table says how it went. All stays in a temporary folder.
"""

import argparse
import logging
import random
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from aiplayer.errors import AIPlayerError
from loadtests.kills import SIGNALS, Unmended
from loadtests.publishing_trials import COMMAND, Trial, trials
from loadtests.tiny_s3 import s3_server

CONSOLE = Console(highlight=False, soft_wrap=True)
WIDTH = 120


@dataclass
class Outcome:
    """How often a command was killed, and what was seen afterwards.

    Attributes:
        moments_s: When it was killed, in seconds after its start.
        before: How often all was as before.
        after: How often all was done already.
        ended: How often it had ended before it was to be killed.
    """

    moments_s: list[float] = field(default_factory=list)
    before: int = 0
    after: int = 0
    ended: int = 0


def kill_often(trial: Trial, kills: int, start_up_s: float, moments: random.Random) -> Outcome:
    """Kill a command at so many moments between its start-up and its end, and let it end after each.

    Args:
        trial: The command, whose work is done at the end.
        kills: How often.
        start_up_s: How long a command takes to begin.
        moments: What draws the moments and the signals.

    Raises:
        Unmended: something half was seen, or the command did not end well.
    """
    started_s = time.monotonic()
    trial.machine.checkout.run(COMMAND, *trial.arguments)
    whole_s = time.monotonic() - started_s
    _hold(trial, done=True)

    outcome = Outcome()
    for _ in range(kills):
        trial.undo()
        _hold(trial, done=False)
        after_s = moments.uniform(0.7 * min(start_up_s, whole_s), 1.05 * whole_s)
        how = moments.choice(SIGNALS)
        was_killed = trial.machine.checkout.kill(after_s, how, COMMAND, *trial.arguments)
        is_done = trial.is_done()
        if not was_killed:
            outcome.ended += 1
        elif is_done:
            outcome.after += 1
        else:
            outcome.before += 1
        outcome.moments_s.append(after_s)
        trial.machine.checkout.run(COMMAND, *trial.arguments)
        _hold(trial, done=True)
    return outcome


def _hold(trial: Trial, done: bool) -> None:
    if trial.is_done() != done:
        raise Unmended(f"{trial.name} {'ended, and its work cannot be seen' if done else 'cannot be undone'}")


def table_of(outcomes: dict[str, Outcome]) -> Table:
    """What was seen, a line a command."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("command", "kills", "moments", "all as before", "all done", "had ended", "half seen", "ended well"):
        table.add_column(column, justify="left" if column in ("command", "moments") else "right")
    for name, outcome in outcomes.items():
        moments = f"{min(outcome.moments_s):.1f} to {max(outcome.moments_s):.1f} s"
        kills = len(outcome.moments_s)
        seen = (outcome.before, outcome.after, outcome.ended, 0, kills)
        table.add_row(name, str(kills), moments, *map(str, seen))
    return table


def kill_all(kills: int, seed: int, large_bytes: int) -> dict[str, Outcome]:
    """Kill each command so often.

    Args:
        kills: How often.
        seed: Of the moments and the signals.
        large_bytes: The size of each set's largest file.

    Raises:
        Unmended: something half was seen, or a command did not end well.
    """
    moments = random.Random(seed)
    outcomes = {}
    with tempfile.TemporaryDirectory(prefix="aiplayer-publishing-") as folder, s3_server() as endpoint:
        each_trial = trials(Path(folder), endpoint, large_bytes)
        started_s = time.monotonic()
        each_trial[0].machine.checkout.run(COMMAND, "list")
        start_up_s = time.monotonic() - started_s
        # Each command begins where the one before it has ended.
        for trial in each_trial:
            try:
                outcomes[trial.name] = kill_often(trial, kills, start_up_s, moments)
            except AIPlayerError as error:
                raise Unmended(f"{trial.name}: {error.message}") from error
    return outcomes


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m loadtests.publishing", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--kills", type=int, default=20, help="of each command")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--megabytes", type=int, default=64, help="the largest file of a set")
    options = parser.parse_args(arguments)
    # The server has a line for each request.
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    try:
        outcomes = kill_all(options.kills, options.seed, options.megabytes * 10**6)
    except Unmended as error:
        CONSOLE.print(f"[red]✗[/] {escape(str(error))}")
        sys.exit(1)
    CONSOLE.width = max(CONSOLE.width, WIDTH)
    CONSOLE.print(table_of(outcomes))


if __name__ == "__main__":
    # A shell starts background jobs with Ctrl-C ignored, and they would hand that on to what they start.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    main()
