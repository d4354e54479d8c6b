"""Sees to the picture jobs of the database: claims a few at a time, has them painted, keeps the pictures.

Every process of the gateway has one, so any of them ends what another had begun when it was killed.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from aiplayer.catalogue import ClaimedJob, PictureClaims, PictureJobs
from aiplayer.errors import AIPlayerError, TooBusy, TooSlow, Unavailable
from aiplayer.settings import Settings
from aiplayer.thumbnails.request import FinishedPicture
from gateway.errors import AWAY
from gateway.picture_painter import JobPainting, PicturePainter
from gateway.picture_schemas import ThumbnailRequest
from gateway.thumbnails import facts_of

# One is painted while the next is on its way; what is beyond may be claimed by others.
MOST_AT_ONCE = 2
LEASE_S = 10.0
# How often a job that is painted is looked after, and how often others are looked for.
TELL_EVERY_S = LOOK_EVERY_S = 1.0
RETRY_AFTER_S = 2.0
FORGET_EVERY_S = 60.0
FAULT = AIPlayerError("The service failed at this. The operator finds the reason in the log.")
UNREADABLE = AIPlayerError("Another version of the service took this job, and this one cannot read it. Ask again.")

# Calls the database without holding up the event loop.
Query = Callable[..., Awaitable[Any]]

logger = logging.getLogger(__name__)


class PictureKeeper:
    """Paints jobs, from `start` to `stop`.

    Args:
        claims: The jobs as this process claims them.
        jobs: The jobs as callers see them.
        query: Calls the database.
        painter: Paints.
        settings: Say how long jobs are kept.
    """

    def __init__(
        self, claims: PictureClaims, jobs: PictureJobs, query: Query, painter: PicturePainter, settings: Settings
    ) -> None:
        self._claims = claims
        self._jobs = jobs
        self._query = query
        self._painter = painter
        self._settings = settings
        self._is_woken = asyncio.Event()
        self._under_way: set[asyncio.Task[None]] = set()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to look for jobs."""
        self._tasks = [asyncio.create_task(self._keep()), asyncio.create_task(self._forget())]

    async def stop(self) -> None:
        """End, and leave what is under way to others."""
        tasks = [*self._tasks, *self._under_way]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def wake(self) -> None:
        """Look for jobs now."""
        self._is_woken.set()

    async def _keep(self) -> None:
        """Begin jobs whenever there are some and there is room."""
        while True:
            self._is_woken.clear()
            try:
                while len(self._under_way) < MOST_AT_ONCE and (job := await self._claim()):
                    self._begin(job)
            except (AIPlayerError, *AWAY):
                # That somebody is away is told where jobs are asked for and asked about.
                pass
            except Exception:
                logger.exception("no picture job can be claimed")
            await _within(LOOK_EVERY_S, self._is_woken.wait())

    async def _claim(self) -> ClaimedJob | None:
        """A job to paint, while there is somebody who paints: a job that is claimed uses up one of its tries."""
        if not await self._query(self._claims.is_any_free):
            return None
        await self._painter.calls.times.result(None)

        claiming = asyncio.ensure_future(self._query(self._claims.claim))
        try:
            return await asyncio.shield(claiming)
        except asyncio.CancelledError:
            # What the database has given to this process meanwhile is left to others.
            if job := await claiming:
                await self._query(self._claims.give_back, job.job_id, 0.0)
            raise

    def _begin(self, job: ClaimedJob) -> None:
        task = asyncio.create_task(self._see_to(job))
        self._under_way.add(task)

        def end(_: asyncio.Task[None]) -> None:
            self._under_way.discard(task)
            if not task.cancelled() and (error := task.exception()):
                logger.error("what came of a picture job could not be kept", exc_info=error)
            self.wake()

        task.add_done_callback(end)

    async def _see_to(self, job: ClaimedJob) -> None:
        """Paint a job and keep what comes of it."""
        try:
            painting = JobPainting(self._painter, ThumbnailRequest.model_validate(job.request))
            await self._paint(job, painting)
        except asyncio.CancelledError:
            await self._query(self._claims.give_back, job.job_id, 0.0)
            raise
        except ValidationError:
            # Its message would tell the title.
            await self._surely(self._claims.fail, job.job_id, UNREADABLE.as_dict())
        except Exception:
            logger.exception("a picture job failed")
            await self._surely(self._claims.give_back, job.job_id, RETRY_AFTER_S, FAULT.as_dict())

    async def _paint(self, job: ClaimedJob, painting: JobPainting) -> None:
        """Paint a job, until it is painted or cancelled."""
        pictures = asyncio.create_task(painting.paint())
        try:
            while not await _ends_within(TELL_EVERY_S, pictures):
                if not await self._renew(job, painting):
                    return
            await self._keep_result(job, painting, pictures)
        finally:
            pictures.cancel()

    async def _renew(self, job: ClaimedJob, painting: JobPainting) -> bool:
        """Claim a job for longer and tell how far it is; whether it is still wanted, as far as the database can say."""
        await painting.look()
        try:
            return await self._query(self._claims.renew, job.job_id, painting.share, painting.seconds_left())
        except AWAY:
            logger.warning("the database does not answer while a picture job is painted")
            return True

    async def _keep_result(
        self, job: ClaimedJob, painting: JobPainting, pictures: asyncio.Task[dict[int, FinishedPicture]]
    ) -> None:
        """Keep the pictures of a job, or why there are none."""
        try:
            painted = pictures.result()
        except (TooBusy, TooSlow, Unavailable) as error:
            # A picture may have ended the runner that painted it; what was not begun is nobody's fault.
            reason = error.as_dict() if isinstance(error, Unavailable) and painting.is_begun else None
            await self._surely(self._claims.give_back, job.job_id, RETRY_AFTER_S, reason)
        except AIPlayerError as error:
            await self._surely(self._claims.fail, job.job_id, error.as_dict())
        else:
            pngs = [picture.png for picture in painted.values()]
            await self._surely(self._claims.finish, job, pngs, facts_of(painted))

    async def _surely(self, call: Callable[..., None], *arguments: object) -> None:
        """Tell the database, as soon as it answers."""
        while True:
            try:
                return await self._query(call, *arguments)
            except AWAY:
                logger.warning("the database does not answer, and a picture job has ended")
                await asyncio.sleep(RETRY_AFTER_S)

    async def _forget(self) -> None:
        """Remove old jobs now and then."""
        kept_h, most_kept = self._settings.picture_jobs_kept_h, self._settings.picture_jobs_kept
        while True:
            try:
                await self._query(self._jobs.forget, kept_h, most_kept)
            except SQLAlchemyError as error:
                logger.warning("old picture jobs could not be removed: %s", type(error).__name__)
            await asyncio.sleep(FORGET_EVERY_S)


async def _within(seconds: float, wait: Awaitable[object]) -> None:
    """Wait, but no longer than so many seconds."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await wait


async def _ends_within(seconds: float, task: asyncio.Task[Any]) -> bool:
    """Whether a task ends within so many seconds."""
    ended, _ = await asyncio.wait({task}, timeout=seconds)
    return bool(ended)
