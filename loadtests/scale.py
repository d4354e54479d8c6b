"""What a catalogue of more playlists costs: memory and time of a fit, and how long a search and a playlist then take.

    python -m loadtests.scale --playlists 10000 30000 100000 --expect 1000000 --out var/scale

Datasets are made up (`loadtests.full_size`), each is fitted by the product's own code in a process of its own, and
another one asks for playlists and songs. What is expected of more playlists follows the line through the measured
points on logarithmic axes, and is marked. What is measured already is not measured again.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from rich.console import Console
from rich.table import Table

from aiplayer.errors import InvalidInput, Unavailable
from aiplayer.files import write_whole
from loadtests.full_size import LEAST_SCALE, MOST_SCALE, PLAYLIST_COUNT
from training.console import run_command
from training.dataset.melon import PLAYLISTS, SONGS

FEWEST_POINTS = 2
CONSOLE = Console(highlight=False)


class Cost(NamedTuple):
    """What a catalogue costs.

    Attributes:
        playlists: How many there are.
        entries: How many songs are in them, one counted as often as it is in one.
        songs: How many different songs the recommender ranks.
        fit_s: How long the fit took, in seconds.
        fit_mib: The most memory that it held.
        serve_mib: The most memory of the process that answers.
        titles_ms: The median of comparing a title with all titles, a part of a search: all that an engine for
            vectors would do.
        search_ms: The median of a search for playlists.
        recommend_ms: The median of a choice of songs.
    """

    playlists: float
    entries: float
    songs: float
    fit_s: float
    fit_mib: float
    serve_mib: float
    titles_ms: float
    search_ms: float
    recommend_ms: float


def cost_of(playlists: int, folder: Path) -> Cost:
    """Measure a size, or read what was measured.

    Args:
        playlists: How many.
        folder: Where its dataset, its model and its figures are kept.

    Raises:
        Unavailable: a step failed.
    """
    figures = folder / "cost.json"
    if figures.exists():
        return Cost(**json.loads(figures.read_text(encoding="utf-8")))

    data, model, fitted = folder / "data", folder / "model", folder / "fit.json"
    train, songs = str(data / f"{PLAYLISTS}.json"), str(data / f"{SONGS}.json")
    if not (data / f"{SONGS}.json").exists():
        _run("loadtests.full_size", "--out", str(data), "--scale", str(playlists / PLAYLIST_COUNT))
    if not fitted.exists():
        began_s = time.monotonic()
        fit = _run("training.arena", "fit", "--train", train, "--songs", songs, "--model", str(model))
        index = _run("loadtests.scale_answers", "index", "--train", train, "--model", str(model))
        most_mib = max(fit.most_mib, index.most_mib)
        write_whole(fitted, json.dumps({"fit_s": time.monotonic() - began_s, "fit_mib": most_mib}))

    answered = _run("loadtests.scale_answers", "ask", "--train", train, "--model", str(model))
    values = json.loads(fitted.read_text(encoding="utf-8")) | json.loads(answered.printed)
    write_whole(figures, json.dumps(values))
    return Cost(**values)


class Ended(NamedTuple):
    """A process that has ended.

    Attributes:
        printed: What it wrote to its standard output.
        most_mib: The most memory that it held.
    """

    printed: bytes
    most_mib: float


def _run(module: str, *arguments: str) -> Ended:
    """Run a module to its end."""
    process = subprocess.Popen([sys.executable, "-m", module, *arguments], stdout=subprocess.PIPE)
    assert process.stdout is not None
    printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.stdout.close()
    process.returncode = os.waitstatus_to_exitcode(status)
    if status:
        raise Unavailable(f"python -m {module} {' '.join(arguments)} ended with status {process.returncode}.")
    return Ended(printed, usage.ru_maxrss / 1_024)


def expected(costs: Sequence[Cost], playlists: int) -> Cost:
    """What more playlists will cost: each figure as a power of the number of playlists.

    Args:
        costs: Of FEWEST_POINTS sizes or more.
        playlists: How many there will be.
    """
    sizes = np.log([cost.playlists for cost in costs])
    figures = {}
    for name in Cost._fields[1:]:
        slope, offset = np.polyfit(sizes, np.log([getattr(cost, name) for cost in costs]), 1)
        figures[name] = float(np.exp(offset + slope * np.log(playlists)))
    return Cost(playlists, **figures)


def cost_table(measured: Sequence[Cost], extrapolated: Sequence[Cost]) -> Table:
    """A row a size; what was not measured is marked."""
    heads = ("playlists", "entries", "songs", "fit", "its memory", "serving", "titles", "search", "recommend")
    table = Table(*heads, title="what a catalogue costs; of answers the median")
    for cost in [*measured, *extrapolated]:
        mark = "~" if cost in extrapolated else ""
        counts = [f"{round(number):,}" for number in (cost.playlists, cost.entries, cost.songs)]
        memory = [f"{mark}{mib / 1_024:,.1f} GiB" for mib in (cost.fit_mib, cost.serve_mib)]
        latency = [
            f"{mark}{milliseconds:,.1f} ms" for milliseconds in (cost.titles_ms, cost.search_ms, cost.recommend_ms)
        ]
        table.add_row(*counts, f"{mark}{cost.fit_s / 60:,.1f} min", *memory, *latency)
    table.caption = "~ expected: the line through the measured sizes on logarithmic axes"
    return table


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m loadtests.scale", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--playlists", type=int, nargs="+", required=True, help="the sizes to measure")
    parser.add_argument("--expect", type=int, nargs="*", default=[], help="the sizes to extrapolate to")
    parser.add_argument("--out", type=Path, default=Path("var/scale"), help="folder (default var/scale)")
    arguments = parser.parse_args()
    least, most = (round(scale * PLAYLIST_COUNT) for scale in (LEAST_SCALE, MOST_SCALE))
    for size in arguments.playlists:
        if not least <= size <= most:
            raise InvalidInput(f"{size:,} playlists cannot be made up. Give {least:,} to {most:,}.")
    if arguments.expect and len(set(arguments.playlists)) < FEWEST_POINTS:
        raise InvalidInput(f"A line needs {FEWEST_POINTS} measured sizes. Give more after --playlists.")

    measured = []
    for size in sorted(set(arguments.playlists)):
        with CONSOLE.status(f"{size:,} playlists ..."):
            measured.append(cost_of(size, arguments.out / str(size)))
    CONSOLE.print(cost_table(measured, [expected(measured, size) for size in arguments.expect]))


if __name__ == "__main__":
    run_command(main)
