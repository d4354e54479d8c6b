"""How quickly the default stack wakes and how much memory it holds, here and in another checkout, in one run.

    python -m loadtests.waking [--against ../older] [--times 3]

Each round starts `make up` of each checkout on ports of its own, waits until it is ready, asks once for playlists,
songs and a picture, and takes the memory of each process. Both have to be set up; the first start of each is not
counted, for it reads files that the system then has. A resident page that several processes share counts in each of
them; the proportional set size (PSS) counts it once in all.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil
from rich.console import Console
from rich.table import Table

from aiplayer.settings import PROJECT
from aiplayer.start_stages import read_stages
from infra.instances import START_TIMEOUT_S, comes_ready, free_port
from infra.programs import kill
from loadtests.processes import name_of

TITLE = "비 오는 날 카페에서 듣는 재즈"
CALLS = ("/similar", "/recommend", "/thumbnail")
READY = "ready"
ANSWER_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 60.0
CONSOLE = Console(highlight=False)


@dataclass
class Waking:
    """One start.

    Attributes:
        moments_s: When it was ready, and when each call was answered, in seconds after its start.
        resident_mb: The memory of each kind of process, of all of that kind together.
        proportional_mb: The same, each shared page counted once in all.
        stages_s: The stages of each process that told them.
    """

    moments_s: dict[str, float] = field(default_factory=dict)
    resident_mb: dict[str, float] = field(default_factory=dict)
    proportional_mb: dict[str, float] = field(default_factory=dict)
    stages_s: dict[str, dict[str, float]] = field(default_factory=dict)

    def figures(self) -> dict[str, float]:
        """All of it, by what a person calls it."""
        figures = {f"{moment}, s": seconds for moment, seconds in self.moments_s.items()}
        for process, stages in self.stages_s.items():
            figures |= {f"  {process}: {stage}, s": seconds for stage, seconds in stages.items()}
        for kind, memory_mb in (("resident", self.resident_mb), ("proportional", self.proportional_mb)):
            figures[f"{kind} memory, MB"] = sum(memory_mb.values())
            figures |= {f"  {process}, MB {kind}": megabytes for process, megabytes in memory_mb.items()}
        return figures


@contextmanager
def _started(checkout: Path, port: int) -> Iterator[psutil.Popen]:
    """`make up` of a checkout, without its set-up."""
    command = [sys.executable, "-m", "infra.local", "up", "--port", str(port), "--ui-port", str(free_port())]
    own = {"PYTHONPATH": str(checkout), "BENTOML_HOME": str(checkout / "var" / "bentoml")}
    with tempfile.TemporaryFile() as output:
        process = psutil.Popen(command, cwd=checkout, env={**os.environ, **own}, stdout=output, stderr=output)
        try:
            yield process
        finally:
            started = process.children(recursive=True)
            process.terminate()
            kill(psutil.wait_procs([process, *started], STOP_TIMEOUT_S)[1])


def wake(checkout: Path) -> Waking:
    """Start a checkout once, ask it once, and look at its memory.

    Raises:
        SystemExit: it does not become ready, or does not answer.
    """
    waking, port = Waking(), free_port()
    # Each start begins it anew.
    log = checkout / "var" / "log" / "service.log"
    began_s = time.monotonic()
    url = f"http://127.0.0.1:{port}"
    with _started(checkout, port) as up, httpx.Client(base_url=url, timeout=ANSWER_TIMEOUT_S) as client:
        if not comes_ready(url, up, START_TIMEOUT_S):
            sys.exit(f"error: {checkout} does not become ready. Run `make setup` there, and see var/log/service.log.")
        waking.moments_s[READY] = time.monotonic() - began_s
        for path in CALLS:
            client.post(path, json={"title": TITLE}).raise_for_status()
            waking.moments_s[path] = time.monotonic() - began_s
        _take_memory(waking, up)

    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        if stages := read_stages(line):
            process, seconds = stages
            waking.stages_s[process] = seconds
    return waking


def _take_memory(waking: Waking, up: psutil.Process) -> None:
    for process in [up, *up.children(recursive=True)]:
        memory = process.memory_full_info()
        kind = _kind_of(process, up)
        waking.resident_mb[kind] = waking.resident_mb.get(kind, 0.0) + memory.rss / 1e6
        waking.proportional_mb[kind] = waking.proportional_mb.get(kind, 0.0) + memory.pss / 1e6


def _kind_of(process: psutil.Process, up: psutil.Process) -> str:
    """What a process is, for a person."""
    if process == up:
        return "make up"
    command = " ".join(process.cmdline())
    if "streamlit run" in command:
        return "page"
    # The title that Circus gives where it can.
    if "bentoml serve" in command or command.startswith("circusd"):
        return "supervisor"
    return name_of(process).replace("_", " ")


def table_of(seen: Mapping[str, list[Waking]]) -> Table:
    """The medians: a line a figure, a column a checkout."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("median")
    for name in seen:
        table.add_column(name, justify="right")

    columns = [_medians([waking.figures() for waking in wakings]) for wakings in seen.values()]
    for figure in dict.fromkeys(name for column in columns for name in column):
        table.add_row(figure, *[f"{column[figure]:.1f}" if figure in column else "-" for column in columns])
    return table


def _medians(starts: Sequence[Mapping[str, float]]) -> dict[str, float]:
    names = dict.fromkeys(name for start in starts for name in start)
    return {name: statistics.median(start[name] for start in starts if name in start) for name in names}


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m loadtests.waking", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--against", type=Path, nargs="*", default=[], help="other checkouts, set up")
    parser.add_argument("--times", type=int, default=3, help="starts of each that count")
    parser.add_argument("--json", type=Path, help="write all figures into this file")
    options = parser.parse_args()

    checkouts = {"here": PROJECT} | {path.name: path.resolve() for path in options.against}
    seen: dict[str, list[Waking]] = {name: [] for name in checkouts}
    for number in range(options.times + 1):
        for name, checkout in checkouts.items():
            with CONSOLE.status(f"start {number} of {options.times}: {name} ..."):
                waking = wake(checkout)
            if number:
                seen[name].append(waking)
    CONSOLE.width = max(CONSOLE.width, 100)
    CONSOLE.print(table_of(seen))
    if options.json:
        figures = {name: [vars(waking) for waking in wakings] for name, wakings in seen.items()}
        options.json.write_text(json.dumps(figures, indent=1, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
