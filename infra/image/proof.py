"""Starts what was packed as an image does, with the packages of its lock alone, and makes a playlist with it."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from rich.console import Console

from aiplayer.errors import Unavailable
from frontend.client import ServiceClient
from frontend.terminal import make_playlist
from infra.instances import comes_ready, free_port
from infra.programs import kill, worker_processes
from infra.server import GRACE_S

TITLE = "비 오는 날 카페에서 듣는 재즈"
START_TIMEOUT_S = 300
# What an image has of an environment: nothing of this one but where pip finds packages.
KEPT = ("HOME", "LANG", "PATH", "TMPDIR")


def prove(context: Path, lock: str, console: Console) -> None:
    """Install the packages, start the packed service from its own folder, and ask it for a playlist.

    Args:
        context: The build context.
        lock: The name of the lock.
        console: Where it is told.

    Raises:
        Unavailable: something does not work.
    """
    with tempfile.TemporaryDirectory(prefix="image-") as temporary:
        folder = Path(temporary)
        began = time.monotonic()
        install = [sys.executable, str(context / "install.py"), str(folder / "venv")]
        if subprocess.run([*install, str(context / "requirements" / lock)]).returncode:
            raise Unavailable(f"The packages of {lock} cannot be installed.")
        console.print(f"[green]✓[/] the packages of {lock}, installed in {time.monotonic() - began:.0f} s")

        bento = folder / "app"
        shutil.copytree(context / "bento", bento)
        began = time.monotonic()
        with packed_service(bento, folder / "venv" / "bin" / "python", folder / "state") as url:
            console.print(f"[green]✓[/] ready after {time.monotonic() - began:.0f} s")
            journey(url, folder / "out")
        console.print("[green]✓[/] similar playlists, songs, a picture and a like")


def journey(url: str, folder: Path) -> None:
    """Make a playlist as `make demo` does, and like it.

    Args:
        url: The service.
        folder: Where playlist and picture are written.
    """
    with ServiceClient(url) as client:
        made = make_playlist(client, TITLE, folder)
        client.like(made.playlist["generation_id"], True)


@contextmanager
def packed_service(bento: Path, python: Path, state: Path, **settings: str) -> Iterator[str]:
    """The URL of a packed service that runs from its own folder, once it takes requests.

    Args:
        bento: The packed bento.
        python: The interpreter of an environment with its packages.
        state: Where it writes; its log lies beside.
        settings: Environment variables.

    Raises:
        Unavailable: it ended, or was not ready in time; the message ends with its log.
    """
    with started(bento, python, state, **settings) as (url, program):
        if not comes_ready(url, program, START_TIMEOUT_S):
            tail = "\n".join(_log_of(state).read_text(errors="replace").splitlines()[-15:])
            raise Unavailable(f"The packed service does not start. Its log ends:\n{tail}")
        yield url


@contextmanager
def started(bento: Path, python: Path, state: Path, **settings: str) -> Iterator[tuple[str, psutil.Popen]]:
    """The URL and the process of a packed service that has been started; arguments as for `packed_service`."""
    port = free_port()
    with _log_of(state).open("wb") as output:
        program = psutil.Popen(
            [str(python), "-m", "infra.container", "--host", "127.0.0.1", "--port", str(port)],
            cwd=bento / "src",
            env=image_environment(bento, state) | settings,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield f"http://127.0.0.1:{port}", program
    finally:
        workers = worker_processes(program)
        program.terminate()
        kill(psutil.wait_procs([program, *workers], GRACE_S + 15)[1])


def _log_of(state: Path) -> Path:
    return state.with_name(f"{state.name}.log")


def image_environment(bento: Path, state: Path) -> dict[str, str]:
    """The environment that an image gives to what runs in it.

    Args:
        bento: The packed bento.
        state: Where it writes.
    """
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return kept | {"AIPLAYER_STATE": str(state), "PYTHONPATH": str(bento / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
