"""What was computed once: kept while there is room, and shared while it is under way."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Iterable
from typing import Generic, TypeVar

from aiplayer.errors import TooSlow

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


def _one(_: object) -> int:
    return 1


class Cache(Generic[Key, Value]):
    """Keeps what was used last.

    Args:
        room: How much is kept at most, in units of `weigh`.
        weigh: How much room a value takes; default: 1, so that `room` counts values.
    """

    def __init__(self, room: int, weigh: Callable[[Value], int] = _one) -> None:
        self._room = room
        self._weigh = weigh
        self._used = 0
        self._values: OrderedDict[Key, Value] = OrderedDict()

    def __len__(self) -> int:
        return len(self._values)

    def get(self, key: Key) -> Value | None:
        """What is kept under a key, None where nothing is."""
        value = self._values.get(key)
        if value is not None:
            self._values.move_to_end(key)
        return value

    def missing(self, keys: Iterable[Key]) -> list[Key]:
        """Those of the keys under which nothing is kept, each once."""
        return [key for key in dict.fromkeys(keys) if key not in self._values]

    def put(self, key: Key, value: Value) -> None:
        """Keep a value, and drop for it what was used longest ago; one that is larger than all the room is not kept."""
        if key in self._values:
            self._used -= self._weigh(self._values.pop(key))
        weight = self._weigh(value)
        if weight > self._room:
            return

        while self._used + weight > self._room:
            _, oldest = self._values.popitem(last=False)
            self._used -= self._weigh(oldest)
        self._values[key] = value
        self._used += weight


class Once(Generic[Key, Value]):
    """Makes what several wait for at the same time once, for all of them."""

    def __init__(self) -> None:
        self._under_way: dict[Key, asyncio.Task[Value]] = {}
        self._callers: dict[asyncio.Task[Value], int] = {}

    async def get(self, key: Key, make: Callable[[], Awaitable[Value]]) -> Value:
        """What `make` returns, or raises.

        Args:
            key: Equal for what is equal.
            make: Makes it; not called where it is under way already, and cancelled when all who wait for it have left.
        """
        while True:
            making = self._under_way.get(key)
            is_first = making is None
            if making is None:
                making = self._begin(key, make)
            self._callers[making] += 1
            try:
                return await asyncio.shield(making)
            except TooSlow:
                # It was the first caller's time that was up.
                if is_first:
                    raise
            finally:
                self._callers[making] -= 1
                if not self._callers[making]:
                    del self._callers[making]
                    self._forget(key, making)
                    making.cancel()

    def _begin(self, key: Key, make: Callable[[], Awaitable[Value]]) -> asyncio.Task[Value]:
        async def made() -> Value:
            return await make()

        making = asyncio.get_running_loop().create_task(made())
        making.add_done_callback(lambda _: self._forget(key, making))
        self._under_way[key] = making
        self._callers[making] = 0
        return making

    def _forget(self, key: Key, making: asyncio.Task[Value]) -> None:
        """Let nobody else wait for it."""
        if self._under_way.get(key) is making:
            del self._under_way[key]
