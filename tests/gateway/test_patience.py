"""What takes longer than it may is given up, and whoever waits shorter still does."""

import asyncio

import pytest

from aiplayer.errors import TooSlow
from gateway.patience import at_most, patience_s, wait_at_most


def test_what_takes_too_long_is_given_up():
    async def scene():
        with pytest.raises(TooSlow, match=r"There was no answer within 0\.05 s\."):
            async with at_most(0.05):
                await asyncio.sleep(60)

    asyncio.run(scene())


def test_a_caller_who_waits_shorter_than_the_limit_still_does():
    async def scene():
        wait_at_most({"headers": [(b"x-timeout-s", b"5")]}, default_s=86_400)
        async with at_most(3_600):
            assert 4 < patience_s() <= 5
        async with at_most(2):
            assert 1 < patience_s() <= 2
        assert 4 < patience_s() <= 5

    asyncio.run(scene())


def test_a_time_that_is_up_within_is_told_as_it_is():
    async def scene():
        with pytest.raises(TimeoutError, match="of its own"):
            async with at_most(60):
                raise TimeoutError("of its own")

    asyncio.run(scene())
