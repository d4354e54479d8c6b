"""Pictures that are painted while their caller does something else: what callers ask of the database."""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any, cast
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, CursorResult, Engine, delete, func, null, select, update
from sqlalchemy.orm import Session

from aiplayer.catalogue.removal import change_in_parts, overwrite_file, overwrite_rows
from aiplayer.catalogue.tables import JobPicture, PictureJob, utc_now
from aiplayer.errors import NotFound

# A job's pictures have up to eight megabytes.
JOBS_A_TRANSACTION = 20


class JobState(StrEnum):
    """How far a picture job is."""

    WAITING = "waiting"
    PAINTING = "painting"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


# Those of a job that has not ended.
UNFINISHED = (JobState.WAITING, JobState.PAINTING)


@dataclass(frozen=True)
class JobStatus:
    """What a caller is told of a job.

    Attributes:
        job_id: The job.
        state: How far it is.
        share: The share of all its pictures that is painted, 0 to 1.
        seconds_left: How long the rest will take, in seconds, where that is known.
        error: Why it failed: `code`, `message` and perhaps `field`.
        pictures: PNGs, once it is done.
    """

    job_id: UUID
    state: JobState
    share: float = 0.0
    seconds_left: float | None = None
    error: dict[str, str] | None = None
    pictures: list[bytes] = field(default_factory=list)


class PictureJobs:
    """The jobs as their callers see them; safe to share between threads."""

    def __init__(self, engine: Engine):
        self._engine = engine

    def add(self, request: dict, generation_id: UUID | None, most_unfinished: int) -> UUID | None:
        """Have pictures painted.

        Args:
            request: What is asked for; JSON.
            generation_id: The generation that the pictures are for.
            most_unfinished: So many jobs may wait or be painted; of several that come at one moment one more may.

        Returns:
            The job; None where too many wait.
        """
        if self.unfinished() >= most_unfinished:
            return None

        job_id = uuid4()
        job = PictureJob(job_id=job_id, state=JobState.WAITING, request=request, generation_id=generation_id)
        with Session(self._engine) as session, session.begin():
            session.add(job)
        return job_id

    def unfinished(self) -> int:
        """How many jobs wait or are being painted."""
        count = select(func.count()).select_from(PictureJob).where(PictureJob.state.in_(UNFINISHED))
        with Session(self._engine) as session:
            return session.scalars(count).one()

    def status(self, job_id: UUID) -> JobStatus:
        """How far a job is, with its pictures where it is done.

        Raises:
            NotFound: there is no such job, or it was removed.
        """
        columns = (PictureJob.state, PictureJob.share, PictureJob.seconds_left, PictureJob.error)
        pictures = select(JobPicture.png).where(JobPicture.job_id == job_id).order_by(JobPicture.position)
        with Session(self._engine) as session:
            row = session.execute(select(*columns).where(PictureJob.job_id == job_id)).one_or_none()
            if row is None:
                raise _unknown_job(job_id)
            state = JobState(row.state)
            # While a job waits for another try, its error says why the last one failed.
            error = row.error if state is JobState.FAILED else None
            pngs = list(session.scalars(pictures)) if state is JobState.DONE else []
        return JobStatus(job_id, state, row.share, row.seconds_left, error, pngs)

    def cancel(self, job_id: UUID) -> JobStatus:
        """End a job that has not ended, and tell how far it is; one that is done stays done.

        Raises:
            NotFound: there is no such job, or it was removed.
        """
        change_job(self._engine, job_id, PictureJob.state.in_(UNFINISHED), **ended(JobState.CANCELLED))
        return self.status(job_id)

    def forget(self, kept_h: float, most_kept: int) -> int:
        """Remove jobs that were made long ago, and of those that have ended the oldest.

        Args:
            kept_h: How long a job is kept, in hours.
            most_kept: So many that have ended are kept.

        Returns:
            How many were removed.
        """
        ends = select(PictureJob.ended_at).where(PictureJob.ended_at.is_not(None))
        with Session(self._engine) as session:
            newest_removed = session.scalar(ends.order_by(PictureJob.ended_at.desc()).offset(most_kept).limit(1))

        removed = remove_jobs(self._engine, PictureJob.created_at < utc_now() - timedelta(hours=kept_h))
        if newest_removed is not None:
            removed += remove_jobs(self._engine, PictureJob.ended_at <= newest_removed)
        if removed:
            overwrite_file(self._engine)
        return removed


def ended(state: JobState) -> dict[str, Any]:
    """The values of a job that ends so: what was typed is not needed any more."""
    return {"state": state, "request": null(), "seconds_left": None, "keeper": None, "ended_at": utc_now()}


def change_job(engine: Engine, job_id: UUID, condition: ColumnElement[bool], **values: object) -> bool:
    """Change a job where the condition holds at this moment; whether it was changed."""
    with Session(engine) as session, session.begin():
        return change_job_within(session, job_id, condition, **values)


def change_job_within(session: Session, job_id: UUID, condition: ColumnElement[bool], **values: object) -> bool:
    """As `change_job`, as a part of a transaction."""
    overwrite_rows(session)
    statement = update(PictureJob).where(PictureJob.job_id == job_id, condition).values(**values)
    statement = statement.execution_options(synchronize_session=False)
    return cast("CursorResult[Any]", session.execute(statement)).rowcount == 1


def remove_jobs(engine: Engine, condition: ColumnElement[bool]) -> int:
    """Remove jobs with their pictures; how many there were."""
    return change_in_parts(engine, PictureJob.job_id, condition, delete(PictureJob), JOBS_A_TRANSACTION)


def _unknown_job(job_id: UUID) -> NotFound:
    return NotFound(
        f"No picture job has the id {job_id}, or it was removed. Take the id from the answer of POST /thumbnail/jobs.",
        code="unknown_job",
        field="job_id",
    )
