"""How many requests a caller has made in a minute."""

import math
import time

from limits import RateLimitItemPerMinute
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter


class Rates:
    """Counts the requests of each caller in minutes that begin with its first one.

    Args:
        counters: Where they are counted.
    """

    def __init__(self, counters: Storage) -> None:
        self._limiter = FixedWindowRateLimiter(counters)

    def wait_s(self, caller: str, requests_per_minute: int) -> int:
        """Count a request.

        Args:
            caller: Whom it is counted for.
            requests_per_minute: How many it may make.

        Returns:
            0 where it may be served, else in how many seconds another one may.
        """
        rate = RateLimitItemPerMinute(requests_per_minute)
        if self._limiter.hit(rate, caller):
            return 0

        window = self._limiter.get_window_stats(rate, caller)
        return max(1, math.ceil(window.reset_time - time.time()))
