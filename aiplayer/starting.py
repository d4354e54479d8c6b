"""What a part of the service says of itself while it starts, for whoever waits: lines of its log."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

# Such a line begins with these words; what follows is for a person.
STARTING = "starting: "
REPEATED_EVERY_S = 30
# The share of a core that a process gets at least, where it waits for nothing but its turn on a busy machine.
LEAST_SHARE = 0.01

# Called with a few words on what is being done, where that may take long.
Tell = Callable[[str], None]


def tell_nobody(words: str) -> None:
    """For those who do not wait."""


@contextmanager
def repeated(tell: Tell, every_s: float = REPEATED_EVERY_S) -> Iterator[Tell]:
    """Tell again what was told last, with its minutes and seconds, for as long as this process computes.

    So whoever waits knows what takes long from what is stuck.

    Args:
        tell: Called with what is told within the context, and again every `every_s` seconds.
        every_s: Seconds.
    """
    is_over = threading.Event()
    words, since_s = "", time.monotonic()

    def tell_new(new_words: str) -> None:
        nonlocal words, since_s
        words, since_s = new_words, time.monotonic()
        tell(new_words)

    def repeat() -> None:
        computed_s = time.process_time()
        while not is_over.wait(every_s):
            computed_before_s, computed_s = computed_s, time.process_time()
            if words and computed_s - computed_before_s >= LEAST_SHARE * every_s:
                minutes, seconds = divmod(round(time.monotonic() - since_s), 60)
                tell(f"{words} ({minutes}:{seconds:02} min)")

    repeating = threading.Thread(target=repeat, name="starting", daemon=True)
    repeating.start()
    try:
        yield tell_new
    finally:
        is_over.set()
        repeating.join()
