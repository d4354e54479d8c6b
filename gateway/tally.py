"""What this process has answered since it was last asked: how many searches and playlists, how well, and how fast."""

from aiplayer.handover import MOST_DURATIONS, Answered

COUNTED_ROUTES = frozenset({"/similar", "/recommend"})
# What stands for a service that ends, or is asked for too much: no fault of its models.
NO_FAULTS = frozenset({"service_stopped", "too_busy"})
FIRST_ERROR, FIRST_FAILURE = 400, 500


class Tally:
    """Counts answers, for whoever has to decide between two sets of models."""

    def __init__(self) -> None:
        self._start_anew()

    def _start_anew(self) -> None:
        self._requests = self._failures = 0
        self._seconds: list[float] = []

    def count(self, route: str, status: int, error_code: str, seconds: float) -> None:
        """Count an answer.

        Args:
            route: The template of the request's path.
            status: The answer's status.
            error_code: The code of the error that it tells, empty for none.
            seconds: How long it took.
        """
        is_failure = status >= FIRST_FAILURE
        if route not in COUNTED_ROUTES or error_code in NO_FAULTS or not (is_failure or status < FIRST_ERROR):
            return
        self._requests += 1
        if is_failure:
            self._failures += 1
        elif len(self._seconds) < MOST_DURATIONS:
            self._seconds.append(round(seconds, 4))

    def taken(self) -> Answered:
        """What was counted since the last call."""
        answered = Answered(requests=self._requests, failures=self._failures, seconds=self._seconds)
        self._start_anew()
        return answered


TALLY = Tally()
