"""Logs that programs append to: read line by line, older ones kept, and all of them together small."""

import os
import shutil
from contextlib import suppress
from pathlib import Path

LARGEST_LOG_BYTES = 10_000_000
OLDER_LOGS = 3


def roll(log: Path) -> None:
    """Empty a log, and keep what it held in `NAME.log.1`; what that held moves to `NAME.log.2`, and so on.

    The log stays the same file, for a running program goes on writing to it. What is written during the copy may be
    lost. Where nothing can be copied, as on a full disk, the log is emptied all the same.

    Args:
        log: The log, which its program has opened for appending; nothing happens where it is missing or empty.
    """
    if not log.exists() or log.stat().st_size == 0:
        return

    with suppress(OSError):
        for age in range(OLDER_LOGS, 1, -1):
            newer = _older(log, age - 1)
            if newer.exists():
                newer.replace(_older(log, age))
        shutil.copyfile(log, _older(log, 1))
    os.truncate(log, 0)


def _older(log: Path, age: int) -> Path:
    """The log that was rolled `age` times ago."""
    return log.with_name(f"{log.name}.{age}")


def roll_if_large(log: Path) -> None:
    """Do so where a log has grown over LARGEST_LOG_BYTES."""
    if log.exists() and log.stat().st_size > LARGEST_LOG_BYTES:
        roll(log)


class LogReader:
    """Reads a log while a program writes it, every line once.

    Args:
        log: The log, which is not rolled meanwhile.
    """

    def __init__(self, log: Path):
        self.log = log
        self._position = 0

    def new_lines(self) -> str:
        """The lines that were ended since the last call, "" where there are none."""
        with self.log.open("rb") as file:
            file.seek(self._position)
            text = file.read()

        whole_lines = text[: text.rfind(b"\n") + 1]
        self._position += len(whole_lines)
        return whole_lines.decode(errors="replace")
