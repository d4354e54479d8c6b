"""What a command says while it works: what it makes, how far it is, and how long it took."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

from aiplayer.settings import STATE
from training.console import native_messages_into
from training.titles.embedding import Tell

CONSOLE = Console(highlight=False)


@contextmanager
def step(name: str) -> Iterator[Tell]:
    """Says what is being made, how far it is where the step tells (done, total), and how long it took."""
    started = time.monotonic()
    with CONSOLE.status(f"{name} ...") as status, native_messages_into(STATE / "log" / "setup.log"):
        told = time.monotonic()

        def tell(done: int, total: int) -> None:
            left_s = (time.monotonic() - told) * (total - done) / max(done, 1)
            status.update(f"{name} ... {done:,} of {total:,}, {left_s / 60:.0f} min left")

        yield tell
    CONSOLE.print(f"[green]✓[/] {name} [dim]{time.monotonic() - started:.0f} s[/]")
