"""Who paints which picture job: a process claims one for some seconds, and claims it again for as long as it lives.

So a job whose process was killed is free for others soon. The hosts' clocks must agree within a few seconds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Engine, insert, select, update
from sqlalchemy.orm import Session

from aiplayer.catalogue.picture_jobs import UNFINISHED, JobState, change_job, change_job_within, ended
from aiplayer.catalogue.tables import JobPicture, PictureJob, UserLog, utc_now

# So often a job is begun before it counts as failed.
MOST_TRIES = 3
LOST = {
    "code": "not_painted",
    "message": f"This was begun {MOST_TRIES} times, and each time what painted it was ended. Try another seed.",
}


@dataclass(frozen=True)
class ClaimedJob:
    """A job that its keeper paints.

    Attributes:
        job_id: The job.
        request: What is asked for; JSON.
        generation_id: The generation that the pictures are for.
    """

    job_id: UUID
    request: dict
    generation_id: UUID | None


class PictureClaims:
    """The jobs as one process sees them that paints; safe to share between threads.

    Args:
        engine: The database.
        lease_s: How long a claim holds, in seconds.
    """

    def __init__(self, engine: Engine, lease_s: float):
        self._engine = engine
        self._lease = timedelta(seconds=lease_s)
        self._keeper = uuid4()

    def is_any_free(self) -> bool:
        """Whether a job can be claimed."""
        with Session(self._engine) as session:
            return session.scalar(select(PictureJob.job_id).where(_is_free()).limit(1)) is not None

    def claim(self) -> ClaimedJob | None:
        """The job that has waited longest, for this process; None where there is none.

        What was begun MOST_TRIES times already has failed.
        """
        oldest = select(PictureJob.job_id, PictureJob.tries, PictureJob.error).order_by(PictureJob.created_at).limit(1)
        while True:
            with Session(self._engine) as session:
                job = session.execute(oldest.where(_is_free())).one_or_none()
            if job is None:
                return None

            if job.tries >= MOST_TRIES:
                has_failed = ended(JobState.FAILED) | {"error": job.error or LOST}
                change_job(self._engine, job.job_id, _is_free(), **has_failed)
            elif self._claim(job.job_id) and (claimed := self._claimed(job.job_id)):
                return claimed

    def renew(self, job_id: UUID, share: float, seconds_left: float | None) -> bool:
        """Claim a job for another while and tell how far it is.

        Args:
            job_id: A job that this process has claimed.
            share: The share of its pictures that is painted, 0 to 1.
            seconds_left: How long the rest will take, in seconds, where that is known.

        Returns:
            Whether it still is this process's; it is not where it was cancelled.
        """
        values = {"share": share, "seconds_left": seconds_left, "free_at": utc_now() + self._lease}
        return change_job(self._engine, job_id, self._is_ours(), **values)

    def give_back(self, job_id: UUID, after_s: float, error: dict[str, str] | None = None) -> None:
        """Let a job be claimed by others, or once more by this process.

        Args:
            job_id: A job that this process has claimed.
            after_s: Not before so many seconds.
            error: Why it could not be painted. Where there is none this try does not count.
        """
        free_at = utc_now() + timedelta(seconds=after_s)
        waits = {"state": JobState.WAITING, "share": 0.0, "seconds_left": None, "keeper": None, "free_at": free_at}
        counted = {"error": error} if error else {"tries": PictureJob.tries - 1}
        change_job(self._engine, job_id, self._is_ours(), **waits | counted)

    def fail(self, job_id: UUID, error: dict[str, str]) -> None:
        """Say why there are no pictures."""
        change_job(self._engine, job_id, self._is_ours(), **ended(JobState.FAILED), error=error)

    def finish(self, job: ClaimedJob, pictures: Sequence[bytes], facts: dict) -> None:
        """Keep the pictures of a job, unless it was cancelled; and their facts with the generation, if it has one.

        Args:
            job: A job that this process has claimed.
            pictures: PNGs.
            facts: What is told of them.
        """
        is_done = ended(JobState.DONE) | {"share": 1.0}
        with Session(self._engine) as session, session.begin():
            if not change_job_within(session, job.job_id, self._is_ours(), **is_done):
                return
            # One by one: a server takes no statement of any length.
            for number, png in enumerate(pictures):
                session.execute(insert(JobPicture).values(job_id=job.job_id, position=number, png=png))
            if job.generation_id:
                with_facts = update(UserLog).where(UserLog.generation_id == job.generation_id).values(thumbnail=facts)
                session.execute(with_facts.execution_options(synchronize_session=False))

    def _claim(self, job_id: UUID) -> bool:
        """Claim a job, unless another process was quicker."""
        is_claimed = {
            "state": JobState.PAINTING,
            "share": 0.0,
            "keeper": self._keeper,
            "free_at": utc_now() + self._lease,
            "tries": PictureJob.tries + 1,
        }
        return change_job(self._engine, job_id, _is_free(), **is_claimed)

    def _claimed(self, job_id: UUID) -> ClaimedJob | None:
        """A job that was just claimed; None where it was cancelled meanwhile."""
        job = select(PictureJob.request, PictureJob.generation_id).where(PictureJob.job_id == job_id, self._is_ours())
        with Session(self._engine) as session:
            row = session.execute(job).one_or_none()
        return ClaimedJob(job_id, row.request, row.generation_id) if row else None

    def _is_ours(self) -> ColumnElement[bool]:
        return (PictureJob.state == JobState.PAINTING) & (PictureJob.keeper == self._keeper)


def _is_free() -> ColumnElement[bool]:
    return PictureJob.state.in_(UNFINISHED) & (PictureJob.free_at <= utc_now())
