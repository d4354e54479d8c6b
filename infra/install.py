"""Makes the virtual environment with the pinned packages: `python3.11 infra/install.py FOLDER LOCK`.

`make` runs this by the system's own Python, so it imports nothing but the standard library.
"""

import fcntl
import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PYTHON_VERSION = (3, 11)
# Without this file in it a virtual environment is half made, and is made anew.
MARK = "installed"


class NotInstalled(Exception):
    """Why the packages cannot be installed, and what to do."""


def install(folder: Path, lock: Path) -> None:
    """Make the virtual environment anew, unless it has been made of this lock.

    Args:
        folder: Where the virtual environment lies.
        lock: The requirements, with exact versions.

    Raises:
        NotInstalled: it cannot be made here.
    """
    with _alone(folder.parent / "var" / "install.lock"):
        mark = folder / MARK
        if mark.exists() and mark.stat().st_mtime >= lock.stat().st_mtime:
            return
        _check_python()
        # Making it anew would empty the folder that the link leads to.
        if folder.is_symlink():
            raise NotInstalled(f"{folder} is a link, and what it leads to was not made of {lock}. Remove the link.")

        print(f"installing the pinned packages into {folder}, once; this takes some minutes", flush=True)
        if not _succeeds(sys.executable, "-m", "venv", "--clear", folder):
            raise NotInstalled(f"The virtual environment {folder} cannot be made.")
        options = ("--quiet", "--disable-pip-version-check", "--requirement", lock)
        if not _succeeds(folder / "bin" / "pip", "install", *options):
            raise NotInstalled(
                "pip could not install the packages. Check the network and run the same command again; what was "
                "downloaded is kept."
            )
        mark.touch()


def _check_python() -> None:
    """Raise NotInstalled where this Python cannot make the virtual environment."""
    if sys.version_info[:2] != PYTHON_VERSION:
        raise NotInstalled(f"{sys.executable} is not Python 3.11; name one that is: make PYTHON=/path/to/python3.11")
    if not all(map(importlib.util.find_spec, ("ensurepip", "venv"))):
        raise NotInstalled(f"{sys.executable} cannot make virtual environments. On Debian: apt install python3.11-venv")


def _succeeds(*command: str | Path) -> bool:
    return subprocess.run(command, check=False).returncode == 0


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """One installation at a time: a second one waits for the first, and finds its work done."""
    lock.parent.mkdir(exist_ok=True)
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("another installation is at work; this one waits for it", flush=True)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    try:
        install(Path(sys.argv[1]), Path(sys.argv[2]))
    except NotInstalled as error:
        sys.exit(f"error: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
