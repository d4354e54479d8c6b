"""Makes a virtual environment of locked packages: `python3.11 infra/install.py FOLDER LOCK`.

LOCK is `requirements/developing.lock`, with PyTorch's own locks beside it, or the lock of what needs no PyTorch:
`serving.lock` where nothing but the service runs, `page.lock` for the page. Every file that pip takes must have one of
the hashes that its lock names.

`make` and images run this by the system's own Python, so it imports nothing but the standard library.
"""

import fcntl
import hashlib
import importlib.util
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PYTHON_VERSION = (3, 11)
# Without this file in it a virtual environment is half made, and is made anew. It holds the digest of the locks.
MARK = "installed"
# The lock of what needs PyTorch too.
DEVELOPING = "developing.lock"
# PyTorch without CUDA, which not every index has, and as PyPI has it.
TORCH_CPU = "torch-cpu.lock"
TORCH = "torch.lock"
# How pip begins to say that no index has a version.
NOT_THERE = "No matching distribution found for torch=="
# What builds packages that have no wheel, with the hashes in the lines below it.
SETUPTOOLS = re.compile(r"^setuptools==.*\n(?: .*\n)*", re.MULTILINE)


class NotInstalled(Exception):
    """Why the packages cannot be installed, and what to do."""


def install(folder: Path, lock: Path) -> None:
    """Make the virtual environment anew, unless it has been made of these locks.

    Args:
        folder: Where the virtual environment lies.
        lock: The packages but PyTorch, with exact versions and hashes; PyTorch's locks lie beside DEVELOPING.

    Raises:
        NotInstalled: it cannot be made here.
    """
    with _alone(folder.parent / "var" / "install.lock"):
        mark = folder / MARK
        needs_torch = lock.name == DEVELOPING
        digest = _digest(lock, *(lock.with_name(name) for name in (TORCH_CPU, TORCH) if needs_torch))
        if mark.exists() and mark.read_text(encoding="ascii") == digest:
            # Make looks at the date alone; through a link nothing is written.
            if not folder.is_symlink():
                mark.touch()
            return
        _check_python()
        # Making it anew would empty the folder that the link leads to.
        if folder.is_symlink():
            raise NotInstalled(f"{folder} is a link, and what it leads to was not made of {lock}. Remove the link.")

        print(f"installing the pinned packages into {folder}, once; this takes some minutes", flush=True)
        if not _succeeds(sys.executable, "-m", "venv", "--clear", folder):
            raise NotInstalled(f"The virtual environment {folder} cannot be made.")
        if needs_torch:
            _install_torch(folder, lock.parent)
        _install_setuptools(folder, lock)
        # What has no wheel is built by the locked setuptools, not by one fetched unseen.
        _check(_pip_install(folder, lock, "--no-build-isolation"))
        mark.write_text(digest, encoding="ascii")


def _digest(*locks: Path) -> str:
    """One digest of what the locks hold, so that a new date alone installs nothing."""
    return hashlib.sha256(b"\0".join(lock.read_bytes() for lock in locks)).hexdigest()


def _install_torch(folder: Path, locks: Path) -> None:
    """Install PyTorch and what it needs: the build without CUDA where an index has it, else the one of PyPI.

    It comes before the other packages: pip prefers files whose hash an index tells, and so would take PyPI's build
    where a folder on this machine holds the smaller one.
    """
    without_cuda = _pip_install(folder, locks / TORCH_CPU)
    if without_cuda.returncode and NOT_THERE in without_cuda.stderr:
        _check(_pip_install(folder, locks / TORCH))
    else:
        _check(without_cuda)


def _install_setuptools(folder: Path, lock: Path) -> None:
    """Install the setuptools that a lock names, if it names one: what builds others must be there before them."""
    found = SETUPTOOLS.search(lock.read_text(encoding="ascii"))
    if found is None:
        return
    with tempfile.TemporaryDirectory() as temporary:
        alone = Path(temporary) / "setuptools.lock"
        alone.write_text(found[0], encoding="ascii")
        _check(_pip_install(folder, alone))


def _pip_install(folder: Path, lock: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Let pip install what a lock names, and nothing else."""
    command: list[str | Path] = [folder / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", *options]
    command += ["--require-hashes", "--no-deps", "--requirement", lock]
    return subprocess.run(command, check=False, stderr=subprocess.PIPE, text=True)


def _check(ended: subprocess.CompletedProcess[str]) -> None:
    """Show what pip complained of; raise NotInstalled where it has not installed all."""
    sys.stderr.write(ended.stderr)
    if not ended.returncode:
        return
    if "DO NOT MATCH THE HASHES" in ended.stderr:
        raise NotInstalled(
            "A package is not the file that was locked, so it was not installed. The lines above name it. Where the "
            "package index is a mirror, ask who keeps it, or use another index."
        )
    raise NotInstalled(
        "pip could not install the packages. Check the network and run the same command again; what was "
        "downloaded is kept."
    )


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
