"""Files: written whole or not at all, and read with an error that says what to do."""

import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aiplayer.errors import ModelMissing

# What to do about a model that this code cannot read; set-up keeps one that was promoted, so it has to be told.
MAKE_ANEW = "Make the models anew: python -m training.setup --anew"


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A draft to write, which takes the place of a file in one step when the block ends without an error.

    The draft reaches the disk before it is renamed, so a file is the old one or the new one, whole, whenever the
    process or the machine stops. After an error the draft is removed and the file is as it was.

    Args:
        path: The file; its folder is made where it is missing.

    Yields:
        The draft's path, in the same folder and with the same suffix.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.stem}-{os.getpid()}.draft{path.suffix}")
    try:
        yield draft
        with draft.open("rb+") as written:
            os.fsync(written.fileno())
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def write_whole(path: Path, text: str) -> None:
    """Write a text file, UTF-8, whole or not at all."""
    with whole_file(path) as draft:
        draft.write_text(text, encoding="utf-8")


@contextmanager
def reading(what: str, *also: type[Exception]) -> Iterator[None]:
    """Turn the errors of reading a model's files into one that says what cannot be read, and what to do.

    Args:
        what: Begins the message: "The recommender's names".
        also: Errors beyond those of files and their contents that mean the same.

    Raises:
        ModelMissing: a file is missing or unreadable, or something is missing in it.
    """
    # The last three come from an .npz that is empty, cut off, or overwritten in the middle.
    damaged = (EOFError, zipfile.BadZipFile, zlib.error)
    unreadable: tuple[type[Exception], ...] = (OSError, ValueError, KeyError, *damaged, *also)
    try:
        yield
    except unreadable as error:
        raise ModelMissing(f"{what} cannot be read. {MAKE_ANEW}") from error
