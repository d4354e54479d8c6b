"""What was used last is kept, within its room; what several wait for is made once."""

import asyncio

import pytest

from aiplayer.cache import Cache, Once
from aiplayer.errors import InvalidInput, TooSlow


def test_what_was_used_longest_ago_gives_way():
    cache = Cache(2)
    cache.put("a", 1)
    cache.put("b", 2)
    assert cache.get("a") == 1
    cache.put("c", 3)
    assert [cache.get(key) for key in "abc"] == [1, None, 3]
    assert len(cache) == 2


def test_the_room_is_counted_by_weight():
    cache = Cache(10, len)
    cache.put("a", b"12345")
    cache.put("b", b"1234")
    cache.put("a", b"1")
    cache.put("c", b"12345")
    assert [cache.get(key) for key in "abc"] == [b"1", b"1234", b"12345"]
    cache.put("d", b"123456789")
    assert [cache.get(key) for key in "abcd"] == [None, None, None, b"123456789"]


def test_what_is_larger_than_all_the_room_is_not_kept():
    cache = Cache(3, len)
    cache.put("a", b"123")
    cache.put("b", b"1234")
    assert (cache.get("a"), cache.get("b")) == (b"123", None)


class Maker:
    """Makes one thing slowly, and counts how often."""

    def __init__(self, error: Exception | None = None) -> None:
        self.calls = self.cancelled = 0
        self.error = error

    async def make(self) -> str:
        self.calls += 1
        try:
            await asyncio.sleep(0.05)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        if self.error:
            raise self.error
        return f"made {self.calls}"


def test_equal_requests_at_one_time_are_made_once_and_later_ones_anew():
    async def scene():
        maker, once = Maker(), Once()
        assert await asyncio.gather(*(once.get("a", maker.make) for _ in range(5))) == ["made 1"] * 5
        assert await once.get("a", maker.make) == "made 2"

    asyncio.run(scene())


def test_different_requests_are_made_each():
    async def scene():
        maker, once = Maker(), Once()
        await asyncio.gather(*(once.get(key, maker.make) for key in "abc"))
        assert maker.calls == 3

    asyncio.run(scene())


def test_an_error_is_everybodys():
    async def scene():
        maker, once = Maker(InvalidInput("no")), Once()
        errors = await asyncio.gather(*(once.get("a", maker.make) for _ in range(3)), return_exceptions=True)
        assert [str(error) for error in errors] == ["no"] * 3
        assert maker.calls == 1

    asyncio.run(scene())


def test_who_leaves_costs_nobody_else_and_when_all_have_left_it_is_ended():
    async def scene():
        maker, once = Maker(), Once()
        first, second = (asyncio.create_task(once.get("a", maker.make)) for _ in range(2))
        await asyncio.sleep(0.01)
        first.cancel()
        assert await second == "made 1"

        lone = asyncio.create_task(once.get("a", maker.make))
        await asyncio.sleep(0.01)
        lone.cancel()
        with pytest.raises(asyncio.CancelledError):
            await lone
        assert await once.get("a", maker.make) == "made 3"
        assert maker.cancelled == 1

    asyncio.run(scene())


def test_who_waits_longer_than_the_first_tries_again():
    async def scene():
        once, impatient, patient = Once(), Maker(TooSlow("the first one's time is up")), Maker()
        first = asyncio.create_task(once.get("a", impatient.make))
        await asyncio.sleep(0.01)
        assert await once.get("a", patient.make) == "made 1"
        with pytest.raises(TooSlow):
            await first

    asyncio.run(scene())
