"""Picture jobs as those see them who paint: each is painted by one, and by another where that one is gone."""

import time
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from aiplayer.catalogue import Catalogue, ClaimedJob, Generation, JobState, PictureClaims, PictureJobs, migrate
from aiplayer.catalogue.picture_claims import MOST_TRIES
from aiplayer.catalogue.tables import UserLog

REQUEST = {"title": "비 오는 밤"}
LASTING_S, SHORT_S = 60, 0.3
REASON = {"code": "runner_away", "message": "The thumbnail runner does not answer."}


@pytest.fixture
def jobs(engine):
    migrate(engine)
    return PictureJobs(engine)


def add(jobs: PictureJobs) -> UUID:
    return jobs.add(REQUEST, None, 100)


def keeper(jobs: PictureJobs, lease_s: float = LASTING_S) -> PictureClaims:
    return PictureClaims(jobs._engine, lease_s)


def test_the_job_that_has_waited_longest_is_claimed_first_and_once(jobs):
    first, second = add(jobs), add(jobs)
    ours, theirs = keeper(jobs), keeper(jobs)
    assert ours.is_any_free()
    assert ours.claim() == ClaimedJob(first, REQUEST, None)
    assert theirs.claim().job_id == second
    assert ours.claim() is None
    assert not ours.is_any_free()
    assert jobs.status(first).state is JobState.PAINTING


def test_many_keepers_at_once_claim_each_job_once(jobs):
    added = {add(jobs) for _ in range(12)}
    keepers = [keeper(jobs) for _ in range(4)]

    def claim_all(claims: PictureClaims) -> list[UUID]:
        claimed = []
        while job := claims.claim():
            claimed.append(job.job_id)
        return claimed

    with ThreadPoolExecutor(4) as threads:
        claimed = [job_id for job_ids in threads.map(claim_all, keepers) for job_id in job_ids]
    assert (set(claimed), len(claimed)) == (added, 12)


def test_a_job_whose_keeper_is_gone_is_claimed_by_another_and_the_first_can_do_no_more(jobs):
    job_id = add(jobs)
    gone, other = keeper(jobs, SHORT_S), keeper(jobs)
    job = gone.claim()
    assert gone.renew(job_id, 0.5, 3.0)
    assert (jobs.status(job_id).share, jobs.status(job_id).seconds_left) == (0.5, 3.0)
    assert other.claim() is None
    time.sleep(2 * SHORT_S)
    assert other.claim() == job
    assert jobs.status(job_id).share == 0

    assert not gone.renew(job_id, 0.75, None)
    gone.finish(job, [b"late"], {})
    gone.fail(job_id, REASON)
    gone.give_back(job_id, 0)
    assert jobs.status(job_id).state is JobState.PAINTING
    other.finish(job, [b"PNG"], {})
    assert jobs.status(job_id).pictures == [b"PNG"]


def test_a_claim_that_is_renewed_holds(jobs):
    job_id = add(jobs)
    ours, theirs = keeper(jobs, SHORT_S), keeper(jobs)
    ours.claim()
    for _ in range(6):
        time.sleep(SHORT_S / 3)
        assert ours.renew(job_id, 0.0, None)
        assert theirs.claim() is None


def test_who_paints_a_cancelled_job_learns_of_it(jobs):
    job_id = add(jobs)
    ours = keeper(jobs)
    job = ours.claim()
    jobs.cancel(job_id)
    assert not ours.renew(job_id, 0.5, None)
    ours.finish(job, [b"PNG"], {})
    assert jobs.status(job_id).state is JobState.CANCELLED


def test_what_was_not_begun_may_be_tried_without_end(jobs):
    job_id = add(jobs)
    ours = keeper(jobs)
    for _ in range(MOST_TRIES + 2):
        assert ours.claim().job_id == job_id
        ours.give_back(job_id, after_s=0)
    assert jobs.status(job_id).state is JobState.WAITING


def test_a_job_that_is_given_back_waits_for_its_next_try(jobs):
    job_id = add(jobs)
    ours = keeper(jobs)
    ours.claim()
    ours.give_back(job_id, SHORT_S, REASON)
    status = jobs.status(job_id)
    assert (status.state, status.share, status.error) == (JobState.WAITING, 0, None)
    assert ours.claim() is None
    time.sleep(2 * SHORT_S)
    assert ours.claim().job_id == job_id


def test_a_job_that_failed_several_times_has_failed_with_its_last_reason(jobs):
    job_id = add(jobs)
    ours = keeper(jobs)
    for _ in range(MOST_TRIES):
        assert ours.claim()
        ours.give_back(job_id, 0, REASON)
    assert ours.claim() is None
    status = jobs.status(job_id)
    assert (status.state, status.error) == (JobState.FAILED, REASON)


def test_a_job_that_ended_every_keeper_has_failed_and_the_next_one_is_painted(jobs):
    deadly = add(jobs)
    for _ in range(MOST_TRIES):
        assert keeper(jobs, lease_s=0).claim().job_id == deadly
    other = add(jobs)
    assert keeper(jobs).claim().job_id == other
    status = jobs.status(deadly)
    assert (status.state, status.error["code"]) == (JobState.FAILED, "not_painted")
    assert f"begun {MOST_TRIES} times" in status.error["message"]


def test_the_facts_of_pictures_are_kept_with_their_generation(jobs):
    generation = Generation("재즈", [7], [{"song_id": 3}], ["재즈"])
    Catalogue(jobs._engine).remember([generation])
    jobs.add(REQUEST, generation.generation_id, 100)
    ours = keeper(jobs)
    job = ours.claim()
    assert job.generation_id == generation.generation_id
    ours.finish(job, [b"PNG"], {"prompt": "rain", "seeds": [3]})
    with Session(jobs._engine) as session:
        assert session.get(UserLog, generation.generation_id).thumbnail == {"prompt": "rain", "seeds": [3]}
