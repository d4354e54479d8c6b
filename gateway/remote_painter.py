"""Pictures painted by a painter on another machine (`service:Painter`), as the runner here would paint them."""

import asyncio
import io
import json
import math
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

import aiohttp

from aiplayer.addresses import is_on_this_machine
from aiplayer.batching import Ticket
from aiplayer.crossing import Answered, Asked, answer_of
from aiplayer.errors import AIPlayerError, InvalidInput, NotPainted, TooBusy, TooSlow, Unavailable
from aiplayer.thumbnails.request import FinishedPicture, PictureWish
from gateway.painter_api import PATH, SHARES_PATH
from gateway.patience import HEADER as TIMEOUT_HEADER
from gateway.patience import LONGEST_S

LIVES_PATH = "/livez"
CONNECT_TIMEOUT_S = 0.7
# Who is asked whether it lives, and does not answer for so long, is away.
LIVES_TIMEOUT_S = 0.6
# What was learnt longer ago says nothing.
KNOWN_FOR_S = 2.0
REQUEST_ID_HEADER, TRACE_HEADER = "X-Request-Id", "traceparent"
REFUSALS = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}


class RemotePainter:
    """Calls a painter over HTTP; the methods are those of `runners.thumbnail.Thumbnail`.

    Args:
        url: Where it listens, e.g. `http://10.0.0.7:3001`.
        key: What it is sent as key; empty for none.

    Attributes:
        presence: Whether it is there.
    """

    def __init__(self, url: str, key: str) -> None:
        self._url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._session: aiohttp.ClientSession | None = None
        self.presence = RemotePresence(self._lives)

    async def paint(self, asked: Asked) -> Answered:
        """For each wish a FinishedPicture, or the error that says why there is none."""
        return await answer_of(map(self._picture, asked.items, asked.tickets))

    async def shares(self, asked: Asked) -> Answered:
        """For each wish the share of its picture that is painted, 0 to 1."""
        return await answer_of(map(self._share, asked.items, asked.tickets))

    async def picture_times(self, asked: Asked) -> Answered:
        """For each caller the seconds that a picture takes there."""
        return await answer_of(map(self._picture_s, asked.items, asked.tickets))

    async def close(self) -> None:
        """Close all connections."""
        if self._session is not None:
            await self._session.close()

    async def _picture(self, wish: PictureWish, ticket: Ticket) -> FinishedPicture:
        png = await self._send("POST", PATH, ticket, asdict(wish))
        return await asyncio.to_thread(_finished, png)

    async def _share(self, wish: PictureWish, ticket: Ticket) -> float:
        return _field(await self._send("POST", SHARES_PATH, ticket, asdict(wish)), "share")

    async def _picture_s(self, _: None, ticket: Ticket) -> float:
        return _field(await self._send("GET", PATH, ticket), "picture_s")

    async def _send(self, method: str, path: str, ticket: Ticket, body: Mapping[str, object] | None = None) -> bytes:
        """What the painter answers.

        Raises:
            AIPlayerError: it refused or failed.
            aiohttp.ClientError: it cannot be reached.
        """
        patience_s = min(ticket.patience_s, LONGEST_S)
        headers = {TIMEOUT_HEADER: f"{max(patience_s, 0.001):.3f}"}
        if ticket.request_id:
            headers[REQUEST_ID_HEADER] = ticket.request_id
        if ticket.traceparent:
            headers[TRACE_HEADER] = ticket.traceparent

        request = self._connected().request(method, self._url + path, json=body, headers=headers, allow_redirects=False)
        async with request as answer:
            content = await answer.read()
        if answer.status != HTTPStatus.OK:
            raise _error_of(answer, content)
        return content

    async def _lives(self) -> bool:
        """Whether the painter answers at once."""
        timeout = aiohttp.ClientTimeout(total=LIVES_TIMEOUT_S)
        try:
            async with self._connected().get(self._url + LIVES_PATH, timeout=timeout) as answer:
                return answer.status == HTTPStatus.OK
        except (aiohttp.ClientError, TimeoutError, OSError):
            return False

    def _connected(self) -> aiohttp.ClientSession:
        """The session, which belongs to the event loop that first asks for it."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0),
                headers=self._headers,
                # Who waits for a picture says for how long; that the painter is away is seen by its presence.
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_TIMEOUT_S),
                trust_env=not is_on_this_machine(self._url),
            )
        return self._session


class RemotePresence:
    """Whether a painter elsewhere is there, as far as is known: each question has it asked, unless it is being asked.

    Args:
        lives: Asks it.
    """

    def __init__(self, lives: Any) -> None:
        self._lives = lives
        self._asking: asyncio.Task[None] | None = None
        self._away_since_s = -math.inf

    def is_there(self) -> bool:
        """Whether it answered when it was asked last; True where that is long ago, for then only a call tells."""
        loop = asyncio.get_running_loop()
        if self._asking is None or self._asking.done():
            self._asking = loop.create_task(self._ask())
        return loop.time() - self._away_since_s > KNOWN_FOR_S

    async def _ask(self) -> None:
        is_there = await self._lives()
        self._away_since_s = -math.inf if is_there else asyncio.get_running_loop().time()


def _finished(png: bytes) -> FinishedPicture:
    """A picture with the facts that its PNG holds."""
    from PIL import Image

    with suppress(OSError), Image.open(io.BytesIO(png)) as image:
        image.load()
        return FinishedPicture({name: str(text) for name, text in image.text.items()}, png)  # type: ignore[attr-defined]
    raise _confused("what it sent is no picture")


def _field(content: bytes, name: str) -> float:
    try:
        return float(json.loads(content)[name])
    except (ValueError, KeyError, TypeError) as error:
        raise _confused(f"its answer has no {name}") from error


def _error_of(answer: aiohttp.ClientResponse, content: bytes) -> AIPlayerError:
    """The error that an answer tells, as the runner here would raise it."""
    try:
        problem = json.loads(content)["error"]
        message, code, field = str(problem["message"]), str(problem["code"]), problem.get("field")
    except (ValueError, KeyError, TypeError):
        return _confused(f"it answered {answer.status}")

    if answer.status in REFUSALS:
        return _confused(f"it answered {answer.status} {code}")
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        return TooBusy(message, int(answer.headers.get("Retry-After", "1")))
    if answer.status == HTTPStatus.GATEWAY_TIMEOUT:
        return TooSlow(message)
    if answer.status == HTTPStatus.SERVICE_UNAVAILABLE:
        return Unavailable(message, code=code)
    if answer.status == HTTPStatus.UNPROCESSABLE_ENTITY:
        return InvalidInput(message, code=code, field=field)
    return NotPainted(message) if code == NotPainted.default_code else AIPlayerError(message, code=code)


def _confused(reason: str) -> Unavailable:
    return Unavailable(f"The painter on another machine does not answer as it must: {reason}.", code="runner_confused")
