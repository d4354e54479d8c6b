"""The plain bytes of a file, whether it is packed or not: by gzip, bzip2, xz, or as the one JSON of a zip archive."""

import bz2
import gzip
import lzma
import zipfile
import zlib
from io import BufferedIOBase, BufferedReader
from pathlib import Path, PurePosixPath
from typing import cast

from aiplayer.errors import InvalidInput
from training.dataset.file_kinds import BZIP2, GZIP, HEAD_BYTES, XZ, ZIP, binary_kind

# What reading an archive raises that is cut off or changed.
DAMAGE = (EOFError, OSError, zlib.error, lzma.LZMAError, zipfile.BadZipFile)


def unpacked(file: BufferedReader, path: Path) -> BufferedIOBase:
    """Give a stream of a file's plain bytes.

    Reading it raises one of DAMAGE where the archive is damaged, after what could be unpacked.

    Args:
        file: The file, open and at its beginning.
        path: Its path, to name it.

    Raises:
        InvalidInput: the file is no JSON and cannot be unpacked to one; the message says what it is.
    """
    kind = binary_kind(file.read(HEAD_BYTES))
    file.seek(0)
    if kind is None:
        return file
    if kind == GZIP:
        return gzip.GzipFile(fileobj=file)
    if kind == BZIP2:
        return bz2.BZ2File(file)
    if kind == XZ:
        return lzma.LZMAFile(file)
    if kind == ZIP:
        return _json_of_zip(file, path)
    raise InvalidInput(f"{path} is {kind.name}, not a JSON array of records. {kind.advice}", code="bad_dataset")


def read_unpacked(path: Path) -> bytes:
    """Read all plain bytes of a file.

    Raises:
        InvalidInput: the file is no JSON and cannot be unpacked to one.
        OSError, EOFError and the others of DAMAGE: the file cannot be read to its end.
    """
    with path.open("rb") as file:
        return unpacked(file, path).read()


def _json_of_zip(file: BufferedReader, path: Path) -> BufferedIOBase:
    """Open the one JSON in a zip archive."""
    try:
        archive = zipfile.ZipFile(file)
        names = [name for name in archive.namelist() if _is_json(PurePosixPath(name))]
        if len(names) == 1:
            return cast("BufferedIOBase", archive.open(names[0]))
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        raise InvalidInput(
            f"{path} is a zip archive that cannot be unpacked: {error}. Fetch it again, or unpack it yourself.",
            code="bad_dataset",
        ) from error

    raise InvalidInput(
        f"{path} is a zip archive that holds {len(names)} JSON files. Unpack it and give the one that is meant.",
        code="bad_dataset",
    )


def _is_json(name: PurePosixPath) -> bool:
    """Say whether a member of an archive is JSON, and none of the copies that macOS adds."""
    return name.suffix in (".json", ".jsonl", ".ndjson") and "__MACOSX" not in name.parts
