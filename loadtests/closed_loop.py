"""Users without think time: each begins its next journey when the last one has ended."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from typing import Self

import numpy as np

from loadtests.answers import PLAYLISTS, SONGS, playlist_ids
from loadtests.client import Client, Reply
from loadtests.verdicts import Verdict, judge

# What fails at once is not asked again without end; in seconds.
PAUSE_S = 0.1


@dataclass(frozen=True)
class Measurement:
    """What some users got done.

    Attributes:
        seconds: How long they were watched.
        failures: How many of their journeys failed, by what went wrong.
        times_ms: How long each of the others took, in milliseconds.
        made: How many journeys there were in all, also those that ended before or after that time.
        cpu_s: How long the servers computed for all of these, in seconds; 0 where nobody looked.
    """

    seconds: float
    failures: Counter[str] = field(default_factory=Counter)
    times_ms: list[float] = field(default_factory=list)
    made: int = 0
    cpu_s: float = 0.0

    def __add__(self, other: Self) -> "Measurement":
        """Both, as if they were one longer measurement."""
        return Measurement(
            seconds=self.seconds + other.seconds,
            failures=self.failures + other.failures,
            times_ms=self.times_ms + other.times_ms,
            made=self.made + other.made,
            cpu_s=self.cpu_s + other.cpu_s,
        )

    @property
    def rate(self) -> float:
        """Journeys a second that succeeded."""
        return len(self.times_ms) / self.seconds

    @property
    def cpu_ms(self) -> float:
        """Milliseconds that the servers computed for a journey; NaN where nobody looked."""
        return 1000 * self.cpu_s / self.made if self.cpu_s and self.made else float("nan")

    def percentile_ms(self, percent: float) -> float:
        """The time within which so many percent of the journeys ended; NaN where none did."""
        return float(np.percentile(self.times_ms, percent)) if self.times_ms else float("nan")

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        # `asdict` would make a counter of pairs.
        return {**asdict(replace(self, failures=Counter())), "failures": dict(self.failures)}


@dataclass
class Watch:
    """Notes the journeys that end between two moments, by `time.monotonic`."""

    from_s: float
    until_s: float
    failures: Counter[str] = field(default_factory=Counter)
    times_ms: list[float] = field(default_factory=list)
    made: int = 0

    def note(self, began_s: float, ended_s: float, fault: str) -> None:
        """Note a journey with its moments, and what went wrong with it; "" where nothing did."""
        self.made += 1
        if not self.from_s <= ended_s < self.until_s:
            return
        if fault:
            self.failures[fault] += 1
        else:
            self.times_ms.append((ended_s - began_s) * 1000)

    def measurement(self) -> Measurement:
        """What was noted."""
        return Measurement(self.until_s - self.from_s, self.failures, self.times_ms, self.made)


async def journey(client: Client, title: str) -> str:
    """Search three playlists for a title, then make a playlist of them; what went wrong, "" where nothing did."""
    reply = await client.post("/similar", title=title, count=PLAYLISTS)
    if fault := fault_of_reply(reply, PLAYLISTS):
        return fault

    reply = await client.post("/recommend", title=title, playlist_ids=playlist_ids(reply.json()))
    return fault_of_reply(reply, SONGS)


def fault_of_reply(reply: Reply, count: int) -> str:
    """Why a reply is no well-formed answer with so many playlists or songs; a refusal is none either."""
    verdict, reason = judge(reply, count)
    return f"{reply.path}: status {reply.status}" if verdict is Verdict.REFUSED else reason


async def closed_loop(
    client: Client, titles: Iterator[str], users: int, seconds: float, warm_up_s: float = 0.0
) -> Measurement:
    """Let users make one journey after another.

    Args:
        client: The service.
        titles: A new one for each journey.
        users: How many journeys are under way at once.
        seconds: How long they are watched.
        warm_up_s: How long before that they begin, in seconds.
    """
    start_s = time.monotonic()
    watch = Watch(start_s + warm_up_s, start_s + warm_up_s + seconds)

    async def use() -> None:
        while time.monotonic() < watch.until_s:
            began_s = time.monotonic()
            fault = await journey(client, next(titles))
            watch.note(began_s, time.monotonic(), fault)
            if fault:
                await asyncio.sleep(PAUSE_S)

    async with asyncio.TaskGroup() as group:
        for _ in range(users):
            group.create_task(use())
    return watch.measurement()
