"""Whether a process is there, told by a lock that the system takes from it when it ends, however it ends.

To ask the process itself would tell less: one that was killed is started again, and until it has loaded its model it
accepts connections and answers none; and one that has much to do answers late.
"""

import fcntl
import os
from pathlib import Path


class Presence:
    """One kind of process, of which several may be there.

    Args:
        file: The file that is locked; its folder is made.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._opened: int | None = None

    def announce(self) -> None:
        """Say that this process is there, until it ends."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._opened = self._open()
        fcntl.flock(self._opened, fcntl.LOCK_SH)

    def is_there(self) -> bool:
        """Whether a process has said so and has not ended; True where none ever did: it may be on another machine."""
        if self._opened is None:
            if not self._file.exists():
                return True
            self._opened = self._open()
        try:
            fcntl.flock(self._opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        fcntl.flock(self._opened, fcntl.LOCK_UN)
        return False

    def _open(self) -> int:
        """The file's descriptor, which stays open for as long as this process lives."""
        return os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
