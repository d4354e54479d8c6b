"""One command at a time makes, stores, pins or removes models."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout
from rich.console import Console

from aiplayer.settings import STATE


@contextmanager
def alone(console: Console, waits: str, state: Path = STATE) -> Iterator[None]:
    """Hold the lock of set-up and of publishing while the block lasts; it is let go when its process ends, too.

    Args:
        console: Where it is told that another command is waited for.
        waits: What is told then.
        state: The folder of the lock.
    """
    state.mkdir(exist_ok=True)
    lock = FileLock(state / "setup.lock")
    try:
        lock.acquire(blocking=False)
    except Timeout:
        console.print(waits)
        lock.acquire()

    try:
        yield
    finally:
        lock.release()
