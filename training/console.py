"""How commands end: quietly when all is well, with one line and status 1 when it is not."""

import errno
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import ValidationError
from rich.console import Console
from rich.table import Table
from sqlalchemy.exc import DBAPIError

from aiplayer.errors import AIPlayerError

# No room on the disk or in the quota, and no right to write.
UNWRITABLE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM}


def run_command(main: Callable[[], None]) -> None:
    """Run a command.

    Faults that an operator can mend, and Ctrl-C, become one line on stderr in place of a traceback.

    Args:
        main: The command.
    """
    try:
        main()
    except AIPlayerError as error:
        sys.exit(f"error: {error.message}")
    except DBAPIError as error:
        sys.exit(f"error: The database does not answer or refuses: {error.orig}")
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        name = "__".join(str(part) for part in fault["loc"])
        sys.exit(f"error: The setting AIPLAYER_{name.upper()} cannot be used: {fault['msg']}.")
    except OSError as error:
        if error.errno not in UNWRITABLE:
            raise
        place = f"{error.filename}: " if error.filename else ""
        sys.exit(f"error: {place}{error.strerror}. Mend that and run the same command again; what was done is kept.")
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)


def print_whole(table: Table, console: Console) -> None:
    """Print a table; in a file or a pipe no line of it is broken."""
    if not console.is_terminal:
        unbounded = console.options.update(width=10_000)
        console.width = max(console.width, console.measure(table, options=unbounded).maximum)
    console.print(table)


@contextmanager
def native_messages_into(log: Path) -> Iterator[None]:
    """Send into a file what C++ libraries write to stderr, past Python's own, while this lasts.

    Args:
        log: The file to append to; its folder is made where it is missing.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    stderr = 2
    terminal = os.dup(stderr)
    with log.open("ab") as file:
        os.dup2(file.fileno(), stderr)

    try:
        yield
    finally:
        os.dup2(terminal, stderr)
        os.close(terminal)
