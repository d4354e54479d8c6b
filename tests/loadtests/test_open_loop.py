import asyncio
import time

import pytest

from loadtests.open_loop import Sent, open_loop


def run(answer_s: float, rate: float, most_at_once: int, seconds: float = 0.5) -> tuple[Sent, int, int]:
    """What was sent, how many were under way at most, and how many were answered at the end."""
    under_way = most = answered = 0

    async def send() -> None:
        nonlocal under_way, most, answered
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(answer_s)
        under_way -= 1
        answered += 1

    sent = asyncio.run(open_loop(send, rate, seconds, most_at_once))
    return sent, most, answered


def test_requests_come_whether_or_not_those_before_are_answered():
    sent, most, answered = run(answer_s=10 / 200, rate=200, most_at_once=1_000)
    # A Poisson process of mean 100 lies within five standard deviations.
    assert sent.requests == pytest.approx(100, abs=50)
    assert (sent.kept_back, answered) == (0, sent.requests)
    assert most > 3
    assert sent.seconds == pytest.approx(0.5, abs=0.3)


def test_no_more_are_under_way_than_there_are_connections():
    sent, most, answered = run(answer_s=0.6, rate=200, most_at_once=7)
    assert (sent.requests, most, answered) == (7, 7, 7)
    assert sent.kept_back > 20


def test_who_sends_waits_for_the_last_answer():
    start_s = time.monotonic()
    sent, _, answered = run(answer_s=1.0, rate=50, most_at_once=100, seconds=0.2)
    assert time.monotonic() - start_s > 1.0
    assert answered == sent.requests > 0


def test_an_error_of_the_sender_ends_it():
    async def send() -> None:
        raise ValueError("a fault of ours")

    with pytest.raises(ExceptionGroup):
        asyncio.run(open_loop(send, rate=100, seconds=5, most_at_once=10))
