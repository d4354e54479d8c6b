"""How the answers of a new set are held against those of the set in use."""

from statistics import median

from aiplayer.errors import Unavailable
from aiplayer.handover import Answered

# The new set may fail so much more often than the old one, and so many failures are needed to say so.
FAILURES_ALLOWED, FEWEST_FAILURES = 0.02, 3
# Its answers may take so much longer: a factor, and seconds, for short ones differ by chance.
SLOWER_ALLOWED, SLOWER_ALLOWED_S = 1.5, 0.1


class Record:
    """What an instance has answered while it was watched."""

    def __init__(self) -> None:
        self.requests = self.failures = 0
        self.seconds: list[float] = []

    def add(self, answers: list[Answered]) -> None:
        """Add what its processes told."""
        for answered in answers:
            self.requests += answered.requests
            self.failures += answered.failures
            self.seconds += answered.seconds

    @property
    def failure_share(self) -> float:
        """The share of its requests that failed."""
        return self.failures / max(self.requests, 1)


def check_failures(old: Record, new: Record) -> None:
    """Raise Unavailable where the new set fails more often than it may."""
    is_worse = new.failure_share > old.failure_share + FAILURES_ALLOWED
    if new.failures >= FEWEST_FAILURES and is_worse:
        raise Unavailable(
            f"The new set failed {new.failures:,} of {new.requests:,} requests, the old one {old.failures:,} of "
            f"{old.requests:,}."
        )


def check_speed(old: Record, new: Record) -> None:
    """Raise Unavailable where the new set answers more slowly than it may."""
    if not old.seconds or not new.seconds:
        return
    old_s, new_s = median(old.seconds), median(new.seconds)
    if new_s > max(SLOWER_ALLOWED * old_s, old_s + SLOWER_ALLOWED_S):
        raise Unavailable(f"The new set answers in {1000 * new_s:.0f} ms, the old one in {1000 * old_s:.0f} ms.")
