"""Counters of callers that all processes of the gateway share, in a file that never grows."""

import fcntl
import hashlib
import mmap
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from limits.storage import Storage

# A caller's counter has one of the places of one row, by the caller's hash.
ROWS = 1_024
PLACES = 8
COUNTER = np.dtype([("caller", np.uint64), ("ends", np.float64), ("count", np.uint64)])


class SharedCounters(Storage):
    """The storage of `limits`, for fixed windows.

    The one in memory that comes with `limits` counts for one process only, keeps every caller of the last minute, and
    looks through all of them at each request.

    Here 8,192 callers have a place. Where too many are in one row, the one whose window ends first is forgotten, and
    begins anew when it comes again.

    Args:
        file: Made where it is missing; each process opens it for itself.
    """

    STORAGE_SCHEME = None

    def __init__(self, file: Path):
        super().__init__()
        file.parent.mkdir(parents=True, exist_ok=True)
        size = ROWS * PLACES * COUNTER.itemsize
        # A new file holds zeros: windows that ended long ago.
        self._file = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
        os.ftruncate(self._file, size)
        self._table = np.frombuffer(mmap.mmap(self._file, size), COUNTER).reshape(ROWS, PLACES)

    @property
    def base_exceptions(self) -> type[Exception]:
        """What may be raised."""
        return OSError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Add to a counter; one whose window has ended begins anew, for `expiry` seconds. Returns what it counts."""
        now = time.time()
        with self._locked():
            counter = self._counter(key)
            if counter["caller"] != _hash(key) or counter["ends"] <= now:
                counter["caller"], counter["ends"], counter["count"] = _hash(key), now + expiry, 0
            counter["count"] += amount
            return int(counter["count"])

    def get(self, key: str) -> int:
        """What a counter has counted in its window."""
        counter = self._counter(key)
        is_counting = counter["caller"] == _hash(key) and counter["ends"] > time.time()
        return int(counter["count"]) if is_counting else 0

    def get_expiry(self, key: str) -> float:
        """When a counter's window ends, in seconds of `time.time`."""
        counter = self._counter(key)
        return float(counter["ends"]) if counter["caller"] == _hash(key) else time.time()

    def check(self) -> bool:
        """Whether counters can be used: always."""
        return True

    def reset(self) -> int:
        """Forget everybody; returns how many that were at most."""
        with self._locked():
            self._table[:] = 0
        return self._table.size

    def clear(self, key: str) -> None:
        """Forget a caller."""
        with self._locked():
            counter = self._counter(key)
            if counter["caller"] == _hash(key):
                counter["ends"] = 0

    def _counter(self, key: str) -> np.void:
        """A key's place, or the one that it may have: that whose window ends first."""
        caller = _hash(key)
        row = self._table[caller % ROWS]
        (own,) = np.nonzero(row["caller"] == caller)
        return row[own[0]] if own.size else row[row["ends"].argmin()]

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Keep the other processes out; a process that is killed lets them in."""
        fcntl.flock(self._file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)


def _hash(key: str) -> int:
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "little")
