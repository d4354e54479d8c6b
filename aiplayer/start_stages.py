"""How long each stage of a process's start takes: a line of its log, which `python -m loadtests.waking` reads."""

import logging
import time

READY = "ready after: "

logger = logging.getLogger(__name__)


class StartStages:
    """Times the stages of a start, one after the other, from now on.

    Args:
        name: What starts, for a person.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._since_s = time.monotonic()
        self._seconds: dict[str, float] = {}

    def done(self, stage: str) -> None:
        """A stage has ended, and the next one begins."""
        now_s = time.monotonic()
        self._seconds[stage] = now_s - self._since_s
        self._since_s = now_s

    def tell(self) -> None:
        """Write the line: "title encoder ready after: import 0.12 s, load 0.48 s"."""
        stages = ", ".join(f"{stage} {seconds:.2f} s" for stage, seconds in self._seconds.items())
        logger.info("%s %s%s", self._name, READY, stages)


def read_stages(line: str) -> tuple[str, dict[str, float]] | None:
    """What a line of the log tells: the name, and the seconds of its stages; None for any other line."""
    before, found, told = line.partition(f" {READY}")
    if not found:
        return None
    seconds = {}
    for stage in told.strip().split(", "):
        name, amount, _ = stage.rsplit(" ", 2)
        seconds[name] = float(amount)
    return before.rpartition("] ")[2], seconds
