"""What ends a program that has started others, and with it all of them."""

import signal
from types import FrameType
from typing import Never


def end_on_signals() -> None:
    """Have Ctrl-C and SIGTERM end this program; a shell starts background jobs with Ctrl-C ignored."""
    signal.signal(signal.SIGINT, _stop_once)
    signal.signal(signal.SIGTERM, _stop_once)


def _stop_once(_number: int, _frame: FrameType | None) -> Never:
    """End on the first signal; a second one must not break off the stopping of what was started.

    Raises:
        KeyboardInterrupt: always.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt
