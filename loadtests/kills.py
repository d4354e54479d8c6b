"""Kills set-ups and imports at random moments, and holds that the next run always ends well.

    python -m loadtests.kills --kills 60

Every round begins with a copy of the project that holds no state. A command is started and killed, again and again, and
at last left alone: then it must end well, and leave what a run that nobody killed leaves. All stays in a temporary
folder.
"""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from aiplayer.catalogue import Catalogue, connect
from aiplayer.settings import PROJECT
from training.demo.compose import write_melon

CONSOLE = Console(highlight=False)
NOT_COPIED = shutil.ignore_patterns(".git", ".venv", "var", "out", "__pycache__", ".*_cache")
# Moments of a kill, in seconds after the start: their logarithms are uniform, for most files are written early.
EARLIEST_S, LATEST_S = 0.3, 60.0
KILLS_A_ROUND = {"setup": 10, "import": 5}
PLAYLISTS = 3_000
# How a run is ended: as a power cut, as Ctrl-C, and as `kill` would.
SIGNALS = (signal.SIGKILL, signal.SIGINT, signal.SIGTERM)
TIMEOUT_S = 1_800
STOP_TIMEOUT_S = 60


class Unmended(Exception):
    """A run that was not killed ended badly, or left something damaged."""


@dataclass(frozen=True)
class Checkout:
    """A copy of the project with a state of its own."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables of its commands."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("AIPLAYER_", "BENTO"))}
        return inherited | {"PYTHONPATH": str(self.folder)}

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a module of the project as a command, in a process group of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", *arguments],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments: str) -> str:
        """Run a command to its end and return what it said.

        Raises:
            Unmended: it failed.
        """
        program = self.start(*arguments)
        output, _ = program.communicate(timeout=TIMEOUT_S)
        if program.returncode != 0:
            raise Unmended(f"{' '.join(arguments)} ended with status {program.returncode}:\n{output[-2000:]}")
        return output

    def kill(self, after_s: float, how: signal.Signals, *arguments: str) -> bool:
        """Start a command and kill it.

        Args:
            after_s: How long after its start, in seconds.
            how: The signal.
            arguments: The module and its arguments.

        Returns:
            Whether it was killed; a command that is quicker has ended by itself.

        Raises:
            Unmended: it failed by itself.
        """
        program = self.start(*arguments)
        try:
            output, _ = program.communicate(timeout=after_s)
        except subprocess.TimeoutExpired:
            os.killpg(program.pid, how)
            program.communicate(timeout=STOP_TIMEOUT_S)
            return True

        if program.returncode != 0:
            raise Unmended(f"{' '.join(arguments)} ended with status {program.returncode}:\n{output[-2000:]}")
        return False


def kill_set_ups(checkout: Checkout, kills: int, moments: random.Random) -> None:
    """Kill `make setup` from scratch, then let it end.

    Raises:
        Unmended: a run failed, or a second one had work to do.
    """
    _kill_often(checkout, kills, moments, "training.setup")
    checkout.run("training.setup")
    again = checkout.run("training.setup")
    # It compares the bytes of every model with those that its version names.
    if again.strip():
        raise Unmended(f"a second set-up had work to do:\n{again}")


def kill_imports(checkout: Checkout, kills: int, moments: random.Random) -> None:
    """Kill the import of a dataset, then let it end.

    Raises:
        Unmended: a run failed, or left another catalogue than an import that nobody killed.
    """
    dataset = checkout.folder / "dataset"
    write_melon(dataset, PLAYLISTS, seed=moments.randrange(1_000))
    command = ("training.dataset", "import", "--melon", str(dataset), "--database")
    urls = [f"sqlite:///{checkout.folder / name}.db" for name in ("killed", "quiet")]

    _kill_often(checkout, kills, moments, *command, urls[0])
    catalogues = []
    for url in urls:
        checkout.run(*command, url)
        engine = connect(url)
        catalogue = Catalogue(engine)
        catalogues.append((catalogue.version(), catalogue.counts(), catalogue.memberships()))
        engine.dispose()
    if catalogues[0] != catalogues[1]:
        raise Unmended(f"the imports left {catalogues[0][:2]} and {catalogues[1][:2]}")


ROUNDS = {"setup": kill_set_ups, "import": kill_imports}


def _kill_often(checkout: Checkout, kills: int, moments: random.Random, *command: str) -> None:
    for _ in range(kills):
        after_s = EARLIEST_S * (LATEST_S / EARLIEST_S) ** moments.random()
        how = moments.choice(SIGNALS)
        was_killed = checkout.kill(after_s, how, *command)
        CONSOLE.print(f"  {command[0]}: {how.name} after {after_s:.1f} s" + ("" if was_killed else ", it had ended"))


def kill_all(kills: int, seed: int) -> None:
    """Half of the kills over set-ups, half over imports, in rounds of KILLS_A_ROUND.

    Args:
        kills: How many.
        seed: Of the moments and the signals.

    Raises:
        Unmended: a run that was not killed ended badly.
    """
    moments = random.Random(seed)
    for name, round_of_kills in ROUNDS.items():
        left = kills // len(ROUNDS)
        while left > 0:
            count = min(left, KILLS_A_ROUND[name])
            left -= count
            with tempfile.TemporaryDirectory(prefix="aiplayer-kills-") as folder:
                checkout = Checkout(Path(shutil.copytree(PROJECT, Path(folder) / "project", ignore=NOT_COPIED)))
                started_s = time.monotonic()
                round_of_kills(checkout, count, moments)
            CONSOLE.print(f"[green]✓[/] {name}: {count} kills, mended [dim]{time.monotonic() - started_s:.0f} s[/]")


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m loadtests.kills", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    try:
        kill_all(options.kills, options.seed)
    except Unmended as error:
        CONSOLE.print(f"[red]✗[/] {escape(str(error))}")
        sys.exit(1)


if __name__ == "__main__":
    # A shell starts background jobs with Ctrl-C ignored, and they would hand that on to what they start.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    main()
