"""What /metrics tells of batches, in the gateway and in the runners."""

from collections.abc import Sequence

from aiplayer.batching import Watcher
from aiplayer.telemetry.instruments import instruments

REASONS = ("queue_full", "time_is_up")


class MeasuredBatches(Watcher):
    """Measures one kind of work.

    Args:
        place: `GATEWAY`, where items wait for a call, or `RUNNER`, where they wait for the model.
        work: What /metrics calls the work.
        more_reasons: Why items may be refused besides `REASONS`.
    """

    def __init__(self, place: str, work: str, more_reasons: Sequence[str] = ()) -> None:
        made = instruments()
        self._queue_items = made.queue_items.labels(place, work)
        self._batch_items = made.batch_items.labels(place, work)
        self._waiting_s = made.waiting_s.labels(place, work)
        self._batch_s = made.batch_s.labels(place, work)
        self._refused = {reason: made.refused.labels(place, work, reason) for reason in (*REASONS, *more_reasons)}
        # A process that was killed may have had this one's number.
        self._queue_items.set(0)

    def came(self, waiting: int) -> None:
        """Items came or went."""
        self._queue_items.set(waiting)

    def begun(self, waited_s: Sequence[float]) -> None:
        """A batch was begun."""
        self._batch_items.observe(len(waited_s))
        for seconds in waited_s:
            self._waiting_s.observe(seconds)

    def computed(self, items: int, seconds: float) -> None:
        """A batch was computed."""
        self._batch_s.observe(seconds)

    def refused(self, reason: str, items: int = 1) -> None:
        """Items were not begun, or got no answer."""
        self._refused[reason].inc(items)
