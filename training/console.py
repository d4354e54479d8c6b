"""How commands end: quietly when all is well, with one line and status 1 when it is not."""

import os
import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError

from aiplayer.errors import AIPlayerError


def run_command(main: Callable[[], None]) -> None:
    """Run `main`; what an operator can mend, and Ctrl-C, become one line on stderr in place of a traceback."""
    try:
        main()
    except AIPlayerError as error:
        sys.exit(f"error: {error.message}")
    except DBAPIError as error:
        sys.exit(f"error: The database does not answer or refuses: {error.orig}")
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        name = "__".join(map(str, fault["loc"])).upper()
        sys.exit(f"error: The setting AIPLAYER_{name} cannot be used: {fault['msg']}.")
    except tomllib.TOMLDecodeError as error:
        sys.exit(f"error: aiplayer.toml cannot be read: {error}.")
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
