"""Users of a service, each a thread."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager


@contextmanager
def at_work(users: Sequence[Callable[[], None]], is_over: threading.Event) -> Iterator[None]:
    """Users are at work meanwhile; each ends what it has begun when it is over.

    Args:
        users: What each does, until it is over.
        is_over: Is set at the end.
    """
    threads = [threading.Thread(target=user) for user in users]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        is_over.set()
        for thread in threads:
            thread.join()
