"""How commands end: quietly when all is well, with one line and status 1 when it is not."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from aiplayer.errors import AIPlayerError


def run_command(main: Callable[[], None]) -> None:
    """Run `main`; an error of ours or Ctrl-C becomes one line on stderr in place of a traceback."""
    try:
        main()
    except AIPlayerError as error:
        sys.exit(f"error: {error.message}")
    except KeyboardInterrupt:
        sys.exit(130)


@contextmanager
def native_messages_into(log: Path) -> Iterator[None]:
    """Send what C++ libraries write to stderr, past Python's own, into a file while this lasts."""
    log.parent.mkdir(parents=True, exist_ok=True)
    terminal = os.dup(2)
    with log.open("ab") as file:
        os.dup2(file.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(terminal, 2)
        os.close(terminal)
