"""Picture jobs over HTTP: pictures are asked for, looked after and taken back while they are painted.

The app that includes `router` holds `PictureJobCalls` as `state.picture_jobs`.
"""

import asyncio
import base64
import math
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from typing import Any
from uuid import UUID

from fastapi import APIRouter, FastAPI, Request, Response
from sqlalchemy import Engine

from aiplayer.catalogue import JobState, JobStatus, PictureClaims, PictureJobs
from aiplayer.errors import AIPlayerError, TooBusy
from aiplayer.settings import Settings
from gateway.admission import LONGEST_RETRY_S, SHORTEST_RETRY_S
from gateway.bodies import JSONRoute
from gateway.catalogue_calls import CatalogueCalls
from gateway.picture_keeper import LEASE_S, PictureKeeper
from gateway.picture_painter import PicturePainter
from gateway.picture_schemas import PictureJobAnswer, ThumbnailRequest
from gateway.schemas import Problem
from gateway.stand_in import Pictures, StandIn, picture_headers

PATH = "/thumbnail/jobs"


class PictureJobCalls:
    """What the routes ask for, and what paints the jobs meanwhile.

    Args:
        engine: The database.
        catalogue: Knows the generations, and calls the database.
        painter: Paints.
        stand_in: Paints while that sleeps; None where nobody does.
        settings: Say how many jobs may wait, and how long they are kept.

    Attributes:
        keeper: Sees to the jobs.
    """

    def __init__(
        self,
        engine: Engine,
        catalogue: CatalogueCalls,
        painter: PicturePainter,
        stand_in: StandIn | None,
        settings: Settings,
    ) -> None:
        self._jobs = PictureJobs(engine)
        self._catalogue = catalogue
        self._painter = painter
        self._stand_in = stand_in
        self._most_unfinished = settings.most_picture_jobs
        self.keeper = PictureKeeper(PictureClaims(engine, LEASE_S), self._jobs, catalogue.query, painter, settings)

    async def begin(self, request: ThumbnailRequest) -> UUID:
        """Have pictures painted; where nothing else is painted they are begun now.

        Raises:
            NotFound: the generation is unknown.
            TooBusy: too many jobs wait.
        """
        if request.generation_id:
            await self._catalogue.generation(request.generation_id)

        asked = request.model_dump(mode="json", exclude={"generation_id"})
        job_id = await self._catalogue.query(self._jobs.add, asked, request.generation_id, self._most_unfinished)
        if job_id is None:
            picture_s = math.ceil(await self._painter.calls.times.result(None))
            retry_after_s = min(max(picture_s, SHORTEST_RETRY_S), LONGEST_RETRY_S)
            raise TooBusy(f"{self._most_unfinished} picture jobs wait already. Try again later.", retry_after_s)
        self.keeper.wake()
        return job_id

    async def stand_in(self, request: ThumbnailRequest) -> Pictures | None:
        """Pictures until those of the job are there; None where nobody has to wait for a painter that sleeps."""
        if self._stand_in is None:
            return None
        with suppress(AIPlayerError):
            return await self._stand_in.pictures_while_asleep(request)
        return None

    async def status(self, job_id: UUID) -> JobStatus:
        """How far a job is.

        Raises:
            NotFound: there is none of this id.
        """
        return await self._catalogue.query(self._jobs.status, job_id)

    async def cancel(self, job_id: UUID) -> JobStatus:
        """End a job, unless it has ended.

        Raises:
            NotFound: there is none of this id.
        """
        return await self._catalogue.query(self._jobs.cancel, job_id)


@asynccontextmanager
async def _painting(app: FastAPI) -> AsyncIterator[None]:
    """See to the jobs for as long as the app is served."""
    calls: PictureJobCalls = app.state.picture_jobs
    calls.keeper.start()
    try:
        yield
    finally:
        await calls.keeper.stop()


router = APIRouter(route_class=JSONRoute, lifespan=_painting)


@router.post(PATH, status_code=202, response_model=PictureJobAnswer)
async def begin_job(body: ThumbnailRequest, request: Request) -> Response:
    """Have pictures painted while you do something else; ask for the job to see how far they are."""
    calls = _calls(request)
    job_id = await calls.begin(body)
    stand_in = await calls.stand_in(body)
    answer = await _answer(JobStatus(job_id, JobState.WAITING), 202, stand_in)
    answer.headers["Location"] = f"{PATH}/{job_id}"
    if stand_in:
        answer.headers.update(picture_headers(stand_in))
    return answer


@router.get(PATH + "/{job_id}", response_model=PictureJobAnswer)
async def job_status(job_id: UUID, request: Request) -> Response:
    """How far a picture job is; its pictures as base64, once they are painted."""
    return await _answer(await _calls(request).status(job_id))


@router.delete(PATH + "/{job_id}", response_model=PictureJobAnswer)
async def cancel_job(job_id: UUID, request: Request) -> Response:
    """Stop painting. A job that has ended stays as it is, so this may be said twice."""
    return await _answer(await _calls(request).cancel(job_id))


def _calls(request: Request) -> PictureJobCalls:
    return request.app.state.picture_jobs


async def _answer(status: JobStatus, code: int = 200, stand_in: Pictures | None = None) -> Response:
    """What a caller is told of a job; megabytes of pictures are written in a thread."""
    return Response(await asyncio.to_thread(_json, status, stand_in), code, media_type="application/json")


def _json(status: JobStatus, stand_in: Pictures | None) -> str:
    """A `PictureJobAnswer` as JSON, without the fields that say nothing."""
    told: dict[str, Any] = {
        "job_id": status.job_id,
        "state": status.state,
        "share": round(status.share, 4),
        "seconds_left": None if status.seconds_left is None else round(status.seconds_left, 1),
        "error": Problem(**status.error) if status.error else None,
    }
    if status.pictures:
        told["pictures"] = _as_text(status.pictures)
    if stand_in:
        told["stand_in"] = _as_text(picture.png for picture in stand_in.values())
    return PictureJobAnswer(**told).model_dump_json(exclude_none=True)


def _as_text(pngs: Iterable[bytes]) -> list[str]:
    return [base64.b64encode(png).decode() for png in pngs]
