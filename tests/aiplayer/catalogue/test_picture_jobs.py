"""Picture jobs as their callers see them: added up to a limit, cancelled, removed by age and by number."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from aiplayer.catalogue import (
    Catalogue,
    Generation,
    JobState,
    JobStatus,
    PictureClaims,
    PictureJobs,
    connect,
    forget_generation,
    forget_older,
    migrate,
)
from aiplayer.catalogue.tables import JobPicture, PictureJob, utc_now
from aiplayer.errors import NotFound

REQUEST = {"title": "비 오는 밤", "count": 2}
# As large as pictures get.
LARGE = bytes(range(256)) * 7_800


@pytest.fixture
def jobs(engine):
    migrate(engine)
    return PictureJobs(engine)


def add(jobs: PictureJobs, hours_ago: float = 0, most_unfinished: int = 100) -> UUID:
    """A job, as if it had been added some hours ago."""
    job_id = jobs.add(REQUEST, None, most_unfinished)
    with Session(jobs._engine) as session, session.begin():
        session.get(PictureJob, job_id).created_at = utc_now() - timedelta(hours=hours_ago)
    return job_id


def paint(jobs: PictureJobs, *pictures: bytes) -> UUID:
    """A job that is done."""
    job_id = add(jobs)
    claims = PictureClaims(jobs._engine, lease_s=10)
    claims.finish(claims.claim(), pictures, {})
    return job_id


def count(jobs: PictureJobs, table: type) -> int:
    with Session(jobs._engine) as session:
        return session.scalar(select(func.count()).select_from(table))


def test_a_job_waits_until_somebody_paints_it(jobs):
    job_id = add(jobs)
    assert jobs.status(job_id) == JobStatus(job_id, JobState.WAITING)


def test_pictures_come_back_as_they_were_kept_in_their_order(jobs):
    job_id = paint(jobs, LARGE, b"second", LARGE[::-1])
    status = jobs.status(job_id)
    assert (status.state, status.share, status.seconds_left) == (JobState.DONE, 1, None)
    assert status.pictures == [LARGE, b"second", LARGE[::-1]]


def test_no_more_than_so_many_may_wait(jobs):
    first = jobs.add(REQUEST, None, most_unfinished=2)
    assert jobs.add(REQUEST, None, most_unfinished=2)
    assert jobs.add(REQUEST, None, most_unfinished=2) is None
    jobs.cancel(first)
    assert jobs.add(REQUEST, None, most_unfinished=2)


def test_a_job_is_cancelled_once_and_one_that_is_done_stays_done(jobs):
    job_id = add(jobs)
    assert jobs.cancel(job_id).state is JobState.CANCELLED
    assert jobs.cancel(job_id) == jobs.status(job_id) == JobStatus(job_id, JobState.CANCELLED)
    done = paint(jobs, b"PNG")
    assert jobs.cancel(done) == JobStatus(done, JobState.DONE, 1.0, pictures=[b"PNG"])


def test_an_id_never_given_out_is_unknown(jobs):
    for call in (jobs.status, jobs.cancel):
        with pytest.raises(NotFound, match="POST /thumbnail/jobs") as unknown:
            call(uuid4())
        assert (unknown.value.code, unknown.value.field) == ("unknown_job", "job_id")


def test_jobs_are_removed_by_age_with_their_pictures(jobs):
    old, new, old_and_waiting = paint(jobs, b"old"), paint(jobs, b"new"), add(jobs, hours_ago=25)
    with Session(jobs._engine) as session, session.begin():
        session.get(PictureJob, old).created_at = utc_now() - timedelta(hours=25)
    assert jobs.forget(kept_h=24, most_kept=100) == 2
    for removed in (old, old_and_waiting):
        with pytest.raises(NotFound):
            jobs.status(removed)
    assert jobs.status(new).pictures == [b"new"]
    assert count(jobs, JobPicture) == 1
    assert jobs.forget(kept_h=24, most_kept=100) == 0


def test_of_jobs_that_have_ended_the_newest_are_kept_and_those_that_wait_all(jobs):
    done = [paint(jobs, b"PNG") for _ in range(3)]
    cancelled, waiting = add(jobs), add(jobs)
    jobs.cancel(cancelled)
    assert jobs.forget(kept_h=24, most_kept=2) == 2
    with Session(jobs._engine) as session:
        kept = set(session.scalars(select(PictureJob.job_id)))
    assert kept == {done[2], cancelled, waiting}


def test_what_was_typed_is_gone_when_a_job_has_ended(jobs):
    done, cancelled, waiting = paint(jobs, b"PNG"), add(jobs), add(jobs)
    jobs.cancel(cancelled)
    with Session(jobs._engine) as session:
        requests = [session.get(PictureJob, job_id).request for job_id in (done, cancelled, waiting)]
    assert requests == [None, None, REQUEST]


def test_forgetting_titles_forgets_their_jobs(jobs):
    engine = jobs._engine
    generation = Generation("재즈", [7], [{"song_id": 3}], ["재즈"])
    Catalogue(engine).remember([generation])
    of_generation = jobs.add(REQUEST, generation.generation_id, 100)
    old, kept = add(jobs, hours_ago=31 * 24), add(jobs)
    assert forget_older(engine, days=30).picture_jobs == 1
    forget_generation(engine, generation.generation_id)
    for removed in (of_generation, old):
        with pytest.raises(NotFound):
            jobs.status(removed)
    assert jobs.status(kept).state is JobState.WAITING


def test_no_byte_of_a_title_stays_in_the_files_of_sqlite_when_its_job_has_ended(tmp_path):
    engine = connect(f"sqlite:///{tmp_path / 'jobs.db'}")
    migrate(engine)
    jobs = PictureJobs(engine)
    claims = PictureClaims(engine, lease_s=10)
    title = b"a title that nobody else has typed"
    for number in range(10):
        jobs.add({"title": f"{title.decode()} {number}"}, None, 100)

    def is_in_files() -> bool:
        return any(title in file.read_bytes() for file in Path(tmp_path).iterdir())

    assert is_in_files()
    while job := claims.claim():
        claims.renew(job.job_id, 0.5, 1.0)
        claims.finish(job, [b"PNG of it"], {})
    jobs.add({"title": "another"}, None, 100)
    jobs.forget(kept_h=24, most_kept=5)
    assert not is_in_files()
    engine.dispose()
