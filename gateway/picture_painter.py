"""Painting the pictures of one job, while it is told how far they are."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import NamedTuple

from aiplayer.thumbnails.request import FinishedPicture, PictureWish
from gateway.painter_calls import PainterCalls
from gateway.picture_schemas import ThumbnailRequest
from gateway.thumbnails import paint_pictures, wishes_of

# Whoever paints says how far it is at once; what does not answer is not waited for.
SHARES_TIMEOUT_S = 0.5


class PicturePainter(NamedTuple):
    """What painting needs.

    Attributes:
        wish_of: Makes the wish for the first picture of a request.
        calls: Asks whoever paints.
    """

    wish_of: Callable[[ThumbnailRequest], Awaitable[PictureWish]]
    calls: PainterCalls


class JobPainting:
    """The pictures of one request in the making.

    Args:
        painter: What paints them.
        request: What is asked for.

    Attributes:
        is_begun: Whether the model was asked for them.
        share: The share of them that is painted, 0 to 1; it never falls, also where a picture gets a second try.
    """

    def __init__(self, painter: PicturePainter, request: ThumbnailRequest) -> None:
        self._painter = painter
        self._request = request
        self._wishes: list[PictureWish] = []
        self._moved_from: tuple[float, float] | None = None
        self.is_begun = False
        self.share = 0.0

    async def paint(self) -> dict[int, FinishedPicture]:
        """The pictures by their seeds.

        Raises:
            AIPlayerError: not a single one could be painted; or a runner did not come to them.
        """
        first = await self._painter.wish_of(self._request)
        self._wishes = wishes_of(first, self._request.count)
        self.is_begun = True
        return await paint_pictures(self._painter.calls.pictures.outcomes, first, self._request.count)

    async def look(self) -> None:
        """Ask how much is painted."""
        if not self._wishes:
            return
        outcomes: list[float | BaseException] = []
        with suppress(TimeoutError):
            async with asyncio.timeout(SHARES_TIMEOUT_S):
                outcomes = await self._painter.calls.shares.outcomes(self._wishes)

        shares = [share for share in outcomes if isinstance(share, float)]
        self.share = max(self.share, sum(shares) / len(self._wishes))
        if self.share and self._moved_from is None:
            self._moved_from = (asyncio.get_running_loop().time(), self.share)

    def seconds_left(self) -> float | None:
        """How long the rest will take by the pace so far, in seconds; None while that cannot be told.

        The pace counts from the first share on that was seen, so that no waiting for other pictures counts.
        """
        if self._moved_from is None:
            return None
        began_s, first_share = self._moved_from
        if self.share == first_share:
            return None
        passed_s = asyncio.get_running_loop().time() - began_s
        return passed_s / (self.share - first_share) * (1 - self.share)
