"""The pictures of one request, by whoever paints; while a painter elsewhere sleeps by the scene painter here."""

from contextlib import suppress
from typing import NamedTuple
from uuid import UUID

from aiplayer.errors import TooBusy, Unavailable
from aiplayer.settings import Settings
from gateway.catalogue_calls import CatalogueCalls
from gateway.patience import at_most
from gateway.picture_jobs import PictureJobCalls
from gateway.picture_painter import PicturePainter
from gateway.picture_schemas import ThumbnailRequest
from gateway.stand_in import Pictures, StandIn
from gateway.thumbnails import facts_of, longest_wait_s, paint_pictures


class Made(NamedTuple):
    """The pictures of a request.

    Attributes:
        pictures: At least one.
        better_job: The job that brings those of a painter that is being woken; None where these are the best.
    """

    pictures: Pictures
    better_job: UUID | None = None


class PictureMaker:
    """Makes the pictures that a caller waits for.

    Args:
        painter: Paints.
        stand_in: Paints while that sleeps; None where nobody does.
        jobs: Have better pictures painted later.
        catalogue: Keeps what is told of pictures.
        settings: Say how long a caller waits.
    """

    def __init__(
        self,
        painter: PicturePainter,
        stand_in: StandIn | None,
        jobs: PictureJobCalls,
        catalogue: CatalogueCalls,
        settings: Settings,
    ) -> None:
        self._painter = painter
        self._stand_in = stand_in
        self._jobs = jobs
        self._catalogue = catalogue
        self._answer_timeout_s = settings.answer_timeout_s
        self._picture_timeout_s = settings.picture_timeout_s

    async def make(self, request: ThumbnailRequest) -> Made:
        """Paint what a request asks for, and keep the facts with its generation.

        Raises:
            NotFound: the generation is unknown.
            TooSlow: they were not painted in time.
            AIPlayerError: not a single picture could be painted; or a runner did not come to them.
        """
        async with at_most(await longest_wait_s(request.count, self._picture_timeout_s, self.picture_s)):
            if request.generation_id:
                await self._catalogue.generation(request.generation_id)
            made = await self._make(request)
            if request.generation_id:
                await self._catalogue.set_thumbnail(request.generation_id, facts_of(made.pictures))
            return made

    async def _make(self, request: ThumbnailRequest) -> Made:
        wish = await self._painter.wish_of(request)
        try:
            return Made(await paint_pictures(self._painter.calls.pictures.outcomes, wish, request.count))
        except Unavailable:
            if self._stand_in is None:
                raise
        pictures = await self._stand_in.pictures(wish, request.count)
        # Where too many jobs wait, no better picture is promised.
        with suppress(TooBusy):
            return Made(pictures, await self._jobs.begin(request))
        return Made(pictures)

    async def picture_s(self) -> float:
        """Seconds that one picture takes on the device that paints now.

        Raises:
            TooSlow: there was none.
            Unavailable: nobody paints.
        """
        async with at_most(self._answer_timeout_s):
            try:
                return await self._painter.calls.times.result(None)
            except Unavailable:
                if self._stand_in is None:
                    raise
                return await self._stand_in.picture_s()
