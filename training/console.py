"""How commands end: quietly when all is well, with one line and status 1 when it is not."""

import sys
from collections.abc import Callable

from aiplayer.errors import AIPlayerError


def run_command(main: Callable[[], None]) -> None:
    """Run `main`; an error of ours or Ctrl-C becomes one line on stderr in place of a traceback."""
    try:
        main()
    except AIPlayerError as error:
        sys.exit(f"error: {error.message}")
    except KeyboardInterrupt:
        sys.exit(130)
