"""Ends a retraining that takes too long; what it has done stays done, so the next one goes on there."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

from aiplayer.errors import Unavailable


class _TimeIsUp(BaseException):
    """Like KeyboardInterrupt it passes whoever catches every Exception."""


@contextmanager
def within(minutes: float | None) -> Iterator[None]:
    """Let what is done inside take so long and no longer; in the main thread only.

    Args:
        minutes: How long; None for as long as it takes.

    Raises:
        Unavailable: it has taken longer.
    """
    if minutes is None:
        yield
        return

    def end(*_: object) -> None:
        raise _TimeIsUp

    before = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, 60 * minutes)
    try:
        yield
    except _TimeIsUp as reached:
        raise Unavailable(
            f"The retraining has not ended within {minutes:g} minutes. What it has done is kept, and what was in use "
            "stays in use: run the same command again to go on, or give it more minutes."
        ) from reached
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
