"""Titles in English, for models that read English prompts: from memory, or from Google, and never at any price.

googletrans is unofficial and asks a server that may be slow, away, or tired of us. So it has a budget of time, what it
has said once is kept, and after a failure it is left alone for a while, twice as long after each one in a row.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from googletrans import Translator as Google
from sqlalchemy.exc import SQLAlchemyError

logger = logging.getLogger(__name__)

FIRST_PAUSE_S, LONGEST_PAUSE_S = 30.0, 1800.0


def google() -> Google:
    """A client of Google that raises where it is refused; without that a refusal looks like a translation."""
    return Google(raise_exception=True)


class Translator:
    """Translates titles.

    Args:
        recall: What a title was translated to before, or None.
        remember: Keeps a translation.
        budget_s: The longest that a translation may take, memory and all.
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
        self._google, self._clock = google, clock
        self._paused_until, self._pause_s = -1.0, FIRST_PAUSE_S

    async def english(self, title: str) -> str | None:
        """The title in English; None where it has no letters or nobody can tell in time. ASCII is taken for English."""
        if not any(character.isalpha() for character in title):
            return None
        if title.isascii():
            return title
        try:
            async with asyncio.timeout(self._budget_s):
                return await self._recalled(title) or await self._translated(title)
        except TimeoutError:
            return None

    async def _recalled(self, title: str) -> str | None:
        try:
            return await self._recall(title)
        except SQLAlchemyError:
            return None

    async def _translated(self, title: str) -> str | None:
        if self._google is None or self._clock() < self._paused_until:
            return None
        answered = False
        try:
            english = (await self._google.translate(title, dest="en")).text.strip()
            answered = True
        except Exception as error:
            # Whatever an unofficial interface does wrong, it must not cost a picture.
            logger.warning("no translation for %.0f s: %s", self._pause_s, type(error).__name__)
            return None
        finally:
            # Running out of time ends here too.
            self._pause(answered)
        if not any(character.isascii() and character.isalpha() for character in english):
            return None
        try:
            await self._remember(title, english)
        except SQLAlchemyError:
            logger.warning("a translation could not be kept")
        return english

    def _pause(self, answered: bool) -> None:
        self._paused_until = -1.0 if answered else self._clock() + self._pause_s
        self._pause_s = FIRST_PAUSE_S if answered else min(2 * self._pause_s, LONGEST_PAUSE_S)
