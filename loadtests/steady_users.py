"""A light steady load of every kind of request, and what became of each: what `loadtests.faults` disturbs."""

import asyncio
import random
import time
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from enum import StrEnum
from typing import NamedTuple

from loadtests.answers import PLAYLISTS, SONGS, fault_of_recommendation, fault_of_similar, playlist_ids
from loadtests.client import Client, Reply

PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
# So many generations may wait to be liked.
MOST_UNLIKED = 200


class Kind(StrEnum):
    """What users ask for; each has users of its own, so that one that fails keeps none of the others back."""

    SEARCH = "search"
    RECOMMEND = "recommend"
    LIKE = "like"
    THUMBNAIL = "thumbnail"


class Crowd(NamedTuple):
    """How many users there are, and how they behave.

    Attributes:
        of_each_kind: How many users each kind has.
        shortest_pause_s: Least seconds between two requests of one user.
        longest_pause_s: Most seconds.
    """

    of_each_kind: int
    shortest_pause_s: float
    longest_pause_s: float


class Event(NamedTuple):
    """A request and what became of it.

    Attributes:
        kind: Its kind.
        reply: What came back.
        fault: What is wrong with that; "" where nothing is.
    """

    kind: Kind
    reply: Reply
    fault: str

    @property
    def is_ok(self) -> bool:
        """Whether the request got what it asked for."""
        return not self.fault


class SteadyUsers:
    """Some users of each kind, who pause between requests.

    Attributes:
        events: Every request that has ended, in the order of its end.
        acknowledged: The generations whose like was acknowledged.

    Args:
        titles: New titles.
        seed: Of pauses and pictures.
    """

    def __init__(self, titles: Iterator[str], seed: int = 0):
        self.events: list[Event] = []
        self.acknowledged: set[str] = set()
        self._titles = titles
        self._draw = random.Random(seed)
        self._chosen: list[int] = []
        # New generations are liked first; where there are none, some are liked again.
        self._unliked: deque[str] = deque(maxlen=MOST_UNLIKED)
        self._liked: deque[str] = deque(maxlen=MOST_UNLIKED)

    @asynccontextmanager
    async def at_work(self, client: Client, crowd: Crowd) -> AsyncIterator[None]:
        """Let users ask for as long as the context lasts, and wait for their last answers.

        Args:
            client: The service.
            crowd: How many, and how they behave.
        """
        is_over = asyncio.Event()
        kinds = [kind for kind in Kind for _ in range(crowd.of_each_kind)]
        working = [asyncio.create_task(self._use(client, kind, crowd, is_over)) for kind in kinds]
        try:
            yield
        finally:
            is_over.set()
            await asyncio.gather(*working)

    async def all_answered(self, timeout_s: float) -> bool:
        """Wait until a request of each kind, sent from now on, has succeeded; whether that was so in time."""
        since_s = time.monotonic()
        while time.monotonic() < since_s + timeout_s:
            answered = {event.kind for event in self.events if event.is_ok and event.reply.began_s > since_s}
            if len(answered) == len(Kind):
                return True
            await asyncio.sleep(0.1)
        return False

    async def _use(self, client: Client, kind: Kind, crowd: Crowd, is_over: asyncio.Event) -> None:
        """Ask for one kind again and again."""
        while not is_over.is_set():
            event = await self._ask(client, kind)
            if event is not None:
                self.events.append(event)
            await asyncio.sleep(self._draw.uniform(crowd.shortest_pause_s, crowd.longest_pause_s))

    async def _ask(self, client: Client, kind: Kind) -> Event | None:
        """One request; None where there is nothing to like yet."""
        match kind:
            case Kind.SEARCH:
                return await self._search(client)
            case Kind.RECOMMEND:
                return await self._recommend(client)
            case Kind.LIKE:
                return await self._like(client)
            case Kind.THUMBNAIL:
                return await self._paint(client)

    async def _search(self, client: Client) -> Event:
        reply = await client.post("/similar", title=next(self._titles), count=PLAYLISTS)
        fault = _fault_of_status(reply) or fault_of_similar(reply.json())
        if not fault:
            self._chosen = playlist_ids(reply.json())
        return Event(Kind.SEARCH, reply, fault)

    async def _recommend(self, client: Client) -> Event:
        reply = await client.post("/recommend", title=next(self._titles), playlist_ids=self._chosen)
        fault = _fault_of_status(reply) or fault_of_recommendation(reply.json(), SONGS)
        if not fault:
            self._unliked.append(reply.json()["generation_id"])
        return Event(Kind.RECOMMEND, reply, fault)

    async def _like(self, client: Client) -> Event | None:
        generations = self._unliked or self._liked
        if not generations:
            return None

        generation_id = generations.popleft()
        reply = await client.post("/like", generation_id=generation_id)
        fault = _fault_of_status(reply)
        if not fault:
            self.acknowledged.add(generation_id)
        self._liked.append(generation_id)
        return Event(Kind.LIKE, reply, fault)

    async def _paint(self, client: Client) -> Event:
        reply = await client.post("/thumbnail", title=next(self._titles), seed=self._draw.randrange(1000))
        fault = _fault_of_status(reply)
        if not fault and not reply.content.startswith(PNG_MAGIC):
            fault = "it is no PNG"
        return Event(Kind.THUMBNAIL, reply, fault)


def _fault_of_status(reply: Reply) -> str:
    """Why a request has no answer of success; "" where it has one."""
    if reply.fault is not None:
        return reply.fault
    return "" if reply.is_ok else f"status {reply.status}"
