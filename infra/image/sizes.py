"""How large an image gets, by part, before it is built.

Packages count by what they hold when they are installed. Those that are not installed here, such as the libraries of
CUDA, count by `package_sizes.csv`, which `python -m infra.image.sizes FOLDER LOCK` writes of a virtual environment that
has them.
"""

import csv
import os
import re
import sys
from contextlib import suppress
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import NamedTuple

from aiplayer.errors import InvalidInput

# What `docker images` shows for python:3.11-slim-bookworm, unpacked.
BASE_BYTES = 131_000_000
# Unpacked, with the parts of NVIDIA's driver outside, which the host brings.
LIMIT_BYTES = {"cpu": 3_000_000_000, "gpu": 8_000_000_000}
TABLE = Path(__file__).with_name("package_sizes.csv")
PINNED = re.compile(r"^(?P<name>[a-z0-9-]+)==(?P<version>\S+)", re.MULTILINE)


class Part(NamedTuple):
    """A part of an image and its size."""

    name: str
    bytes: int


def parts_of(bento: Path, lock: Path) -> list[Part]:
    """The parts of an image, the largest packages one by one.

    Args:
        bento: The packed bento.
        lock: The lock of its packages.
    """
    packages = sorted(package_bytes(lock).items(), key=lambda item: -item[1])
    shown = [Part(f"  {name}", size) for name, size in packages if size >= 100_000_000]
    rest = sum(size for _, size in packages) - sum(part.bytes for part in shown)
    return [
        Part("base image: Debian and Python", BASE_BYTES),
        *shown,
        Part(f"  {len(packages) - len(shown)} smaller packages", rest),
        Part("models", bytes_in(bento / "models") + bytes_in(bento / "packed" / "weights")),
        Part("catalogue", bytes_in(bento / "packed" / "catalogue.db")),
        Part("code", bytes_in(bento / "src")),
    ]


def bytes_in(path: Path) -> int:
    """The size of a file, or of all files in a folder; 0 where there is none."""
    if path.is_file():
        return path.stat().st_size
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())


def package_bytes(lock: Path) -> dict[str, int]:
    """The installed size of each package of a lock, in bytes.

    Raises:
        InvalidInput: that of one is not known.
    """
    here = {_plain(found.name): found for found in distributions()}
    noted = _noted()
    sizes = {}
    for name, version in _packages(lock):
        if name in here and here[name].version == version:
            sizes[name] = _installed_bytes(here[name])
        elif (name, version) in noted:
            sizes[name] = noted[name, version]
        else:
            raise InvalidInput(
                f"The size of {name} {version} is not known. Install {lock.name} once and note its sizes: "
                f"python3.11 infra/install.py FOLDER {lock}; "
                f"python -m infra.image.sizes FOLDER {lock}"
            )
    return sizes


def note_sizes(environment: Path, lock: Path) -> int:
    """Write down what the packages of a lock take that are not installed here but in another virtual environment.

    Args:
        environment: The folder of the virtual environment.
        lock: The lock.

    Returns:
        How many were noted.
    """
    here = {(_plain(found.name), found.version) for found in distributions()}
    folder = next(environment.glob("lib/python*/site-packages"))
    there = {(_plain(found.name), found.version): found for found in distributions(path=[str(folder)])}
    rows = [
        (*package, _installed_bytes(there[package]))
        for package in _packages(lock)
        if package in there and package not in here
    ]
    with TABLE.open("w", encoding="ascii", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([("name", "version", "bytes"), *rows])
    return len(rows)


def _packages(lock: Path) -> list[tuple[str, str]]:
    return [(found["name"], found["version"]) for found in PINNED.finditer(lock.read_text(encoding="ascii"))]


def _noted() -> dict[tuple[str, str], int]:
    with TABLE.open(encoding="ascii", newline="") as file:
        return {(row["name"], row["version"]): int(row["bytes"]) for row in csv.DictReader(file)}


def _installed_bytes(package: Distribution) -> int:
    """What its files take, with the bytecode that pip has compiled of them."""
    folder, total = str(package.locate_file("")), 0
    for path, _, size in csv.reader((package.read_text("RECORD") or "").splitlines()):
        if size:
            total += int(size)
        else:
            # Bytecode, whose size pip does not note.
            with suppress(FileNotFoundError):
                total += os.stat(f"{folder}/{path}").st_size
    return total


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    print(f"{note_sizes(Path(sys.argv[1]), Path(sys.argv[2]).resolve())} packages noted in {TABLE}")
