"""One picture of a full-size Stable Diffusion with random weights, as a job of the real service: times and progress.

    python -m loadtests.full_size_picture --steps 4

It writes 4.3 GB of weights into a folder that it removes at the end, starts what `make up` starts, and needs 12 GiB of
memory. What is painted is noise; how long it takes, how its progress is told and whether it can be stopped is not.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil
from rich.console import Console
from rich.table import Table

from aiplayer.settings import PROJECT, STATE
from infra.instances import comes_ready, free_port
from infra.server import BIN

CONSOLE = Console(highlight=False)
TITLE = "city night"
LOOK_EVERY_S = 0.5
# The weights are read and a first picture is painted before the service takes requests.
START_TIMEOUT_S = 1_800
STOP_TIMEOUT_S = 60
# The runner is idle where it uses less than this share of a core.
IDLE_SHARE = 0.2
UNDER_WAY = ("waiting", "painting")


@dataclass
class Measured:
    """What was seen.

    Attributes:
        started_s: Seconds from the command until the service took requests.
        picture_s: Seconds of a picture, as the service says.
        progress: Of the first job: seconds since it was begun, its share, and the seconds left that were told.
        painted_s: Seconds until that job was done.
        cancelled_s: Seconds from the DELETE of a second job until the runner was idle.
        memory_gib: What the runner holds in memory.
    """

    started_s: float = 0.0
    picture_s: float = 0.0
    progress: list[tuple[float, float, float | None]] = field(default_factory=list)
    painted_s: float = 0.0
    cancelled_s: float = 0.0
    memory_gib: float = 0.0


@contextmanager
def made_up(settings: dict[str, str]) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """What `make up` starts, and the URL of its service.

    Args:
        settings: Environment variables.
    """
    port, ui_port = free_port(), free_port()
    command = [str(BIN / "python"), "-m", "infra.local", "up", "--port", str(port), "--ui-port", str(ui_port)]
    environment = os.environ | {"PYTHONPATH": str(PROJECT)} | settings
    program = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=subprocess.DEVNULL, text=True)
    try:
        yield f"http://127.0.0.1:{port}", program
    finally:
        program.send_signal(signal.SIGTERM)
        program.wait(STOP_TIMEOUT_S)


def measure(settings: dict[str, str]) -> Measured:
    """Start the service, paint one picture as a job, and cancel another.

    Args:
        settings: Environment variables that name the model and say how it paints.

    Raises:
        RuntimeError: the service does not start, or a job does not end as it must.
    """
    measured = Measured()
    began_s = time.monotonic()
    with made_up(settings) as (url, program), httpx.Client(base_url=url, timeout=60, trust_env=False) as client:
        if not comes_ready(url, program, START_TIMEOUT_S):
            raise RuntimeError(f"The service does not start; see {STATE / 'log' / 'service.log'}.")
        measured.started_s = time.monotonic() - began_s
        measured.picture_s = client.get("/thumbnail").raise_for_status().json()["picture_s"]

        _paint(client, measured)
        runner = _runner_of(program)
        measured.memory_gib = runner.memory_info().rss / 2**30
        measured.cancelled_s = _cancel(client, runner)
    return measured


def _begin(client: httpx.Client, seed: int) -> str:
    answer = client.post("/thumbnail/jobs", json={"title": TITLE, "seed": seed}).raise_for_status()
    return answer.json()["job_id"]


def _look(client: httpx.Client, job_id: str) -> dict:
    return client.get(f"/thumbnail/jobs/{job_id}").raise_for_status().json()


def _paint(client: httpx.Client, measured: Measured) -> None:
    """Paint one picture, and note its progress whenever more of it is told."""
    began_s = time.monotonic()
    job_id = _begin(client, seed=1)
    while (job := _look(client, job_id))["state"] in UNDER_WAY:
        passed_s = time.monotonic() - began_s
        if not measured.progress or job["share"] > measured.progress[-1][1]:
            measured.progress.append((passed_s, job["share"], job.get("seconds_left")))
        time.sleep(LOOK_EVERY_S)

    if job["state"] != "done":
        raise RuntimeError(f"The job ended as {job['state']}: {job.get('error')}.")
    measured.painted_s = time.monotonic() - began_s


def _cancel(client: httpx.Client, runner: psutil.Process) -> float:
    """Seconds from the DELETE of a job that is being painted until the runner is idle."""
    job_id = _begin(client, seed=2)
    while _look(client, job_id)["share"] == 0:
        time.sleep(LOOK_EVERY_S)

    began_s = time.monotonic()
    state = client.delete(f"/thumbnail/jobs/{job_id}").raise_for_status().json()["state"]
    if state != "cancelled":
        raise RuntimeError(f"The second job was {state} before it could be cancelled. Take more steps.")
    while runner.cpu_percent(LOOK_EVERY_S) > 100 * IDLE_SHARE:
        pass
    return time.monotonic() - began_s - LOOK_EVERY_S


def _runner_of(program: subprocess.Popen[str]) -> psutil.Process:
    """The process of the thumbnail runner."""
    for child in psutil.Process(program.pid).children(recursive=True):
        words = child.cmdline()
        if "--service-name" in words and words[words.index("--service-name") + 1] == "thumbnail":
            return child
    raise RuntimeError("The thumbnail runner is not among the processes that were started.")


def show(measured: Measured) -> None:
    """Print what was seen."""
    table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0))
    for column in ("seconds", "share", "seconds left"):
        table.add_column(column, justify="right")
    for passed_s, share, left_s in measured.progress:
        table.add_row(f"{passed_s:.1f}", f"{share:.0%}", "" if left_s is None else f"{left_s:.1f}")
    CONSOLE.print(table)

    CONSOLE.print(f"started after      {measured.started_s:8.1f} s")
    CONSOLE.print(f"a picture, told    {measured.picture_s:8.1f} s")
    CONSOLE.print(f"a picture, painted {measured.painted_s:8.1f} s")
    CONSOLE.print(f"idle after DELETE  {measured.cancelled_s:8.1f} s")
    CONSOLE.print(f"memory             {measured.memory_gib:8.1f} GiB")


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m loadtests.full_size_picture", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--steps", type=int, default=4)
    parser.add_argument("--precision", default="float32", help="default: float32, which every processor computes in")
    options = parser.parse_args(arguments)

    # Only this command makes such a model, so nothing that serves needs what makes it.
    from tests.support.stable_diffusion import publish_full_size

    STATE.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="full-size-", dir=STATE))
    try:
        began_s = time.monotonic()
        publish_full_size(folder)
        CONSOLE.print(f"weights written    {time.monotonic() - began_s:8.1f} s")
        show(measure(_settings(folder, options.steps, options.precision)))
    finally:
        shutil.rmtree(folder)


def _settings(folder: Path, steps: int, precision: str) -> dict[str, str]:
    """The environment of a service that paints with the weights of a folder, without XLA, in so many steps."""
    return {
        "AIPLAYER_DIFFUSION_WEIGHTS": str(folder),
        "AIPLAYER_DIFFUSION_STEPS": str(steps),
        "AIPLAYER_DIFFUSION_PRECISION": precision,
        "AIPLAYER_DIFFUSION_JIT_COMPILE": "false",
        "AIPLAYER_TRANSLATE_TITLES": "false",
    }


if __name__ == "__main__":
    try:
        main()
    except RuntimeError as error:
        sys.exit(f"error: {error}")
