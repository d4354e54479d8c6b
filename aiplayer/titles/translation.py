"""Titles in English, for models that read English prompts: from memory, or from Google, and never at any price.

googletrans is unofficial and asks a server that may be slow, away, or tired of us. So it has a budget of time, what it
has said once is kept, and after a failure it is left alone for a while (`Pauses`).
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from googletrans import Translator as Google
from sqlalchemy.exc import SQLAlchemyError

from aiplayer.titles.pauses import Pauses

T = TypeVar("T")

logger = logging.getLogger(__name__)


def google() -> Google | None:
    """A client of Google that raises where it is refused; without that a refusal looks like a translation.

    Returns:
        The client; None, with a line in the log, where it cannot be made, as with a proxy in the environment that its
        HTTP library cannot use.
    """
    try:
        return Google(raise_exception=True)
    except Exception as error:
        # Proxies and certificates of the environment fail in many ways; none of them may stop the service.
        logger.warning(
            "titles are not translated: no connection to Google can be set up (%s); "
            "the proxy variables or SSL_CERT_FILE name what cannot be used",
            type(error).__name__,
        )
        return None


class Translator:
    """Translates titles.

    Args:
        recall: What a title was translated to before, or None.
        remember: Keeps a translation.
        budget_s: The longest wait for Google; each answer of the memory may take as long.
        google: Asks Google (`google`); without it only what is remembered is known.
        clock: Seconds that pass.
    """

    def __init__(
        self,
        recall: Callable[[str], Awaitable[str | None]],
        remember: Callable[[str, str], Awaitable[None]],
        budget_s: float,
        google: Google | None = None,
        clock: Callable[[], float] = time.monotonic,
    ):
        self._recall, self._remember, self._budget_s = recall, remember, budget_s
        self._google = google
        self._pauses = Pauses(clock)

    @property
    def asks_google(self) -> bool:
        """Whether titles are sent to Google."""
        return self._google is not None

    async def english(self, title: str) -> str | None:
        """The title in English; None where it has no letters or nobody can tell in time. ASCII is taken for English."""
        if not any(character.isalpha() for character in title):
            return None
        if title.isascii():
            return title
        return await self._from_memory(self._recall(title)) or await self._translated(title)

    async def _from_memory(self, call: Awaitable[T]) -> T | None:
        """What the memory answers; None where it is away, or slower than the budget."""
        try:
            async with asyncio.timeout(self._budget_s):
                return await call
        except (SQLAlchemyError, TimeoutError) as error:
            logger.warning("the memory of translations did not answer: %s", type(error).__name__)
            return None

    async def _translated(self, title: str) -> str | None:
        english = await self._from_google(title)
        if english is None or not any(character.isascii() and character.isalpha() for character in english):
            return None
        await self._from_memory(self._remember(title, english))
        return english

    async def _from_google(self, title: str) -> str | None:
        """What Google answers; None where it is left alone, fails, or is slower than the budget."""
        if self._google is None:
            return None
        call = self._pauses.begin()
        if call is None:
            return None

        try:
            async with asyncio.timeout(self._budget_s):
                english = (await self._google.translate(title, dest="en")).text.strip()
        except Exception as error:
            # Whatever an unofficial interface does wrong, it must not cost a picture.
            self._pauses.fail(call)
            logger.warning("no translation: %s", type(error).__name__)
            return None

        self._pauses.succeed(call)
        return english
