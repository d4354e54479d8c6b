"""When a service that others run may be asked again after it has failed."""

import math
from collections.abc import Callable

FIRST_PAUSE_S, LONGEST_PAUSE_S = 30.0, 1800.0


class Pauses:
    """Leaves a service alone for a while after a failure, and longer for as long as it does not come back.

    A failure begins an outage with a pause. After the pause one call tries the service. While it does, and after it has
    failed, the next pause runs, twice as long as the one before. Its success ends the outage. A call that began before
    the last pause says nothing of what came after, so how it ends does not count.

    Args:
        clock: Seconds that pass.
    """

    def __init__(self, clock: Callable[[], float]):
        self._clock = clock
        self._is_away = False
        self._pause_count = 0
        self._paused_until_s = -math.inf
        self._next_pause_s = FIRST_PAUSE_S

    def begin(self) -> int | None:
        """Begin a call.

        Returns:
            A number for this call, to be given back with its end; None where the service must not be asked now.
        """
        if self._clock() < self._paused_until_s:
            return None

        if self._is_away:
            self._pause()
        return self._pause_count

    def fail(self, number: int) -> None:
        """Note that a call has failed: it begins an outage, unless there is one already.

        Args:
            number: What `begin` gave to the call.
        """
        if number == self._pause_count and not self._is_away:
            self._is_away = True
            self._pause()

    def succeed(self, number: int) -> None:
        """Note that a call was answered: it ends an outage.

        Args:
            number: What `begin` gave to the call.
        """
        if number == self._pause_count:
            self._is_away = False
            self._paused_until_s = -math.inf
            self._next_pause_s = FIRST_PAUSE_S

    def _pause(self) -> None:
        self._pause_count += 1
        self._paused_until_s = self._clock() + self._next_pause_s
        self._next_pause_s = min(2 * self._next_pause_s, LONGEST_PAUSE_S)
