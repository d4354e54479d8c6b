"""What each file of a model must hold: its size and its sha256, so that a damaged one is found and named."""

import hashlib
from collections.abc import Container, Mapping
from pathlib import Path, PurePosixPath

from pydantic import BaseModel, ConfigDict, Field

from aiplayer.errors import ModelMissing


class FileRecord(BaseModel):
    """What a file must hold.

    Attributes:
        bytes: The file's size.
        sha256: 64 hexadecimal digits.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    bytes: int = Field(ge=0)
    sha256: str = Field(pattern="^[0-9a-f]{64}$")


Records = Mapping[str, FileRecord]
"""The files of a folder by their relative paths, whose parts are separated by `/`."""


def sha256_of(path: Path) -> str:
    """The sha256 of a file, in hexadecimal.

    Args:
        path: A file of any size; it is read in parts.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def record_of(path: Path) -> FileRecord:
    """The size and the sha256 of a file as it is."""
    return FileRecord(bytes=path.stat().st_size, sha256=sha256_of(path))


def records_of(folder: Path, without: Container[str] = ()) -> dict[str, FileRecord]:
    """The records of all files in a folder; each is read once.

    Args:
        folder: The folder.
        without: Relative paths of files that do not count.
    """
    names = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    return {name: record_of(folder / name) for name in in_order(names) if name not in without}


def in_order(names: list[str]) -> list[str]:
    """Relative paths in the order in which a folder's digest counts them: part by part."""
    return sorted(names, key=lambda name: PurePosixPath(name).parts)


def check_files(folder: Path, records: Records, whose: str, remedy: str) -> None:
    """Compare the files of a folder with what they must hold; sizes are compared before a file is read.

    Args:
        folder: The folder.
        records: What its files must hold; other files may lie beside them.
        whose: How the message calls the owner of the files.
        remedy: The sentence that says what to do.

    Raises:
        ModelMissing: a file is missing or damaged; the message names it.
    """
    for name, record in records.items():
        path = folder / name
        try:
            is_whole = path.stat().st_size == record.bytes and sha256_of(path) == record.sha256
        except OSError as error:
            raise ModelMissing(f"The file {name} of {whose} is missing or cannot be read. {remedy}") from error
        if not is_whole:
            raise ModelMissing(f"The file {name} of {whose} is damaged. {remedy}")


def is_inside(name: str) -> bool:
    """Whether a relative path stays in its folder, wherever it was read."""
    path = PurePosixPath(name)
    is_plain = path.as_posix() == name and "\\" not in name and "\0" not in name
    return bool(name) and is_plain and not path.is_absolute() and ".." not in path.parts and name != "."
