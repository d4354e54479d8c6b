"""Reading the files of the recommender."""

from collections.abc import Iterator
from contextlib import contextmanager

from aiplayer.errors import ModelMissing


@contextmanager
def reading(what: str, *also: type[Exception]) -> Iterator[None]:
    """Say what cannot be read, and what to do.

    Args:
        what: Begins the message: "The recommender's names".
        also: Errors beyond those of files and their contents that mean the same.

    Raises:
        ModelMissing: a file is missing or unreadable, or something is missing in it.
    """
    try:
        yield
    except (OSError, ValueError, KeyError, *also) as error:
        raise ModelMissing(f"{what} cannot be read. Train it anew with `make setup`.") from error
