"""A picture in the making, as the service tells of it."""

import pytest

from frontend import painting
from frontend.client import ServiceError
from frontend.painting import Painting, follow, look, stop
from tests.support.answered_jobs import AnsweredJobs

AWAY = ServiceError("Nothing answers.")
UNKNOWN = ServiceError("No picture job has this id.", "unknown_job", "job_id")


class Client(AnsweredJobs):
    """Cancels nothing."""

    def cancel_picture(self, job_id: str) -> None:
        raise AWAY


@pytest.fixture
def pauses(monkeypatch) -> list[float]:
    """The pauses between looks, which take no time."""
    pauses: list[float] = []
    monkeypatch.setattr(painting.time, "sleep", pauses.append)
    return pauses


def test_a_picture_is_looked_after_often_at_first_and_then_once_a_second(pauses) -> None:
    under_way = {"state": "painting", "share": 0.5, "seconds_left": 3.0}
    picture = Painting("1")
    for looks, _ in enumerate(follow(Client(under_way), picture), start=1):
        if looks == 100:
            break
    assert (picture.share, picture.seconds_left) == (0.5, 3.0)
    assert pauses == sorted(pauses)
    # Half a second is over after many looks.
    assert sum(pauses[:10]) < 0.5
    assert set(pauses[80:]) == {1.0}


def test_a_service_that_is_started_anew_does_not_end_a_picture(pauses) -> None:
    done = {"state": "done", "share": 1.0, "pictures": ["UE5H"]}
    (*_, picture) = follow(Client(AWAY, AWAY, done), Painting("1"))
    assert (picture.png, picture.problem) == (b"PNG", None)


def test_a_service_that_stays_away_does(pauses, monkeypatch) -> None:
    monkeypatch.setattr(painting, "MAY_BE_AWAY_S", 0.0)
    (*_, picture) = follow(Client(AWAY), Painting("1"))
    assert picture.problem is AWAY


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"state": "failed", "share": 0.2, "error": {"code": "not_painted", "message": "Too dark."}}, "not_painted"),
        ({"state": "cancelled", "share": 0.2}, "cancelled"),
        (UNKNOWN, "unknown_job"),
    ],
)
def test_what_ends_without_a_picture_says_why(answer, code) -> None:
    picture = Painting("1")
    look(Client(answer), picture)
    assert picture.is_over
    assert picture.problem.code == code


def test_a_picture_that_cannot_be_cancelled_is_left_alone() -> None:
    stop(Client({}), Painting("1"))
