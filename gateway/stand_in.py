"""While a painter elsewhere sleeps, the scene painter here stands in for it, and its own picture follows as a job."""

from contextlib import suppress
from uuid import UUID

from aiplayer.errors import Unavailable
from aiplayer.thumbnails.request import FinishedPicture, PictureWish
from gateway.painter_calls import PainterCalls
from gateway.picture_painter import PicturePainter
from gateway.picture_schemas import ThumbnailRequest
from gateway.thumbnails import paint_pictures

MODEL_HEADER, JOB_HEADER = "X-Model", "X-Picture-Job"

# By their seeds, in the order of the seeds that were asked for.
Pictures = dict[int, FinishedPicture]


class StandIn:
    """Paints here what a painter elsewhere would paint if it were awake.

    Args:
        painter: Has pictures painted elsewhere.
        here: The thumbnail runner beside the gateway.
    """

    def __init__(self, painter: PicturePainter, here: PainterCalls) -> None:
        self._painter = painter
        self._here = here

    async def pictures_while_asleep(self, request: ThumbnailRequest) -> Pictures | None:
        """Pictures painted here; None where the painter elsewhere is awake.

        Raises:
            AIPlayerError: not a single one could be painted; or a runner did not come to them.
        """
        with suppress(Unavailable):
            await self._painter.calls.times.result(None)
            return None
        return await self.pictures(await self._painter.wish_of(request), request.count)

    async def pictures(self, first: PictureWish, count: int) -> Pictures:
        """Pictures painted here.

        Args:
            first: The wish for the first one.
            count: How many.

        Raises:
            AIPlayerError: not a single one could be painted; or a runner did not come to them.
        """
        return await paint_pictures(self._here.pictures.outcomes, first, count)

    async def picture_s(self) -> float:
        """Seconds that one picture takes here."""
        return await self._here.times.result(None)


def picture_headers(pictures: Pictures, better_job: UUID | None = None) -> dict[str, str]:
    """What an answer says of its pictures: what painted them, and which job brings better ones.

    Args:
        pictures: At least one.
        better_job: None where these are the best.
    """
    first = next(iter(pictures.values()))
    told = {MODEL_HEADER: first.facts["model"]}
    return told if better_job is None else told | {JOB_HEADER: str(better_job)}
