"""Requests that come when they come, whether or not those before them are answered."""

import asyncio
import random
import time
from collections.abc import Callable, Coroutine
from typing import Any, NamedTuple


class Sent(NamedTuple):
    """What an open loop came to.

    Attributes:
        requests: How many were sent.
        kept_back: How many were not sent, because too many were under way.
        seconds: How long it went on until the last was sent.
    """

    requests: int
    kept_back: int
    seconds: float


async def open_loop(
    send: Callable[[], Coroutine[Any, Any, None]], rate: float, seconds: float, most_at_once: int, seed: int = 0
) -> Sent:
    """Send requests at random moments, independently of one another (a Poisson process), and wait for the last.

    Args:
        send: Sends one request and waits for its answer.
        rate: Requests a second on average.
        seconds: How long new ones are sent.
        most_at_once: Where so many are under way, the next one is kept back: a sender has only so many connections.
        seed: Of the moments.
    """
    draw = random.Random(seed)
    start_s = time.monotonic()
    next_s = start_s + draw.expovariate(rate)
    under_way: set[asyncio.Task[None]] = set()
    requests = kept_back = 0

    async with asyncio.TaskGroup() as group:
        while next_s < start_s + seconds:
            # Where this process is late, it makes up for it.
            await asyncio.sleep(max(0.0, next_s - time.monotonic()))
            next_s += draw.expovariate(rate)
            if len(under_way) >= most_at_once:
                kept_back += 1
                continue

            task = group.create_task(send())
            under_way.add(task)
            task.add_done_callback(under_way.discard)
            requests += 1
        sent_s = time.monotonic() - start_s
    return Sent(requests, kept_back, sent_s)
