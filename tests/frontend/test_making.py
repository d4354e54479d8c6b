"""What the page asks of the service for a picture, and what it makes of the answers."""

import base64

from frontend import making
from frontend.client import ServiceError
from frontend.making import (
    begin_painting,
    expected_wait_s,
    look_after_painting,
    stop_painting,
    wait_for_quick_picture,
)
from frontend.state import Creation, Wish
from tests.support.answered_jobs import AnsweredJobs

FAILED = {"state": "failed", "share": 0.0, "error": {"code": "not_painted", "message": "Too dark."}}
DONE = {"state": "done", "share": 1.0, "pictures": [base64.b64encode(b"PNG").decode()]}


def painting(share: float) -> dict:
    return {"state": "painting", "share": share}


class Client(AnsweredJobs):
    """Begins every picture and answers about it.

    Args:
        answers: Of jobs; an error is raised.
        picture_s: How long it says that a picture takes; None where it does not answer.
        stand_in: What it says to show until the picture is there.

    Attributes:
        seeds: The seeds so far; None where the service shall choose.
        cancelled: The jobs that were cancelled.
    """

    def __init__(
        self, *answers: dict | ServiceError, picture_s: float | None = 0.3, stand_in: bytes | None = None
    ) -> None:
        super().__init__(*answers)
        self._stand_in = {"stand_in": [base64.b64encode(stand_in).decode()]} if stand_in else {}
        self._picture_s = picture_s
        self.seeds: list[int | None] = []
        self.cancelled: list[str] = []

    def picture_s(self) -> float:
        if self._picture_s is None:
            raise ServiceError("Away.")
        return self._picture_s

    def begin_picture(self, title: str, seed: int | None = None, **options: object) -> dict:
        self.seeds.append(seed)
        return {"job_id": str(len(self.seeds))} | self._stand_in

    def cancel_picture(self, job_id: str) -> None:
        self.cancelled.append(job_id)


def begun(client: Client) -> Creation:
    creation = Creation(Wish("재즈", [], 30, 20), [], [], "generation")
    begin_painting(client, creation)
    return creation


def test_another_picture_has_another_seed_also_after_a_failure() -> None:
    client = Client(FAILED, DONE)
    creation = begun(client)
    wait_for_quick_picture(client, creation)
    assert (creation.thumbnail, creation.thumbnail_problem.message) == (None, "Too dark.")

    for _ in range(2):
        creation.ask_for_another_picture()
        assert creation.wants_painting
        begin_painting(client, creation)
        wait_for_quick_picture(client, creation)
    assert (creation.thumbnail, creation.thumbnail_problem, creation.painting) == (b"PNG", None, None)
    assert not creation.wants_painting
    assert len(set(client.seeds)) == 3


def test_a_quick_picture_is_waited_for_and_a_slow_one_goes_on() -> None:
    quick = Client(painting(0.0), painting(0.5), DONE)
    creation = begun(quick)
    wait_for_quick_picture(quick, creation)
    assert creation.thumbnail == b"PNG"

    slow = Client(painting(0.1), picture_s=350)
    creation = begun(slow)
    wait_for_quick_picture(slow, creation)
    assert creation.painting is not None
    look_after_painting(slow, creation)
    assert creation.painting.share == 0.1


def test_a_picture_that_is_not_as_quick_as_was_said_goes_on(monkeypatch) -> None:
    monkeypatch.setattr(making, "WAITED_FOR_S", 0.2)
    client = Client(painting(0.5))
    creation = begun(client)
    wait_for_quick_picture(client, creation)
    assert creation.painting.share == 0.5


def test_while_the_painter_wakes_its_stand_in_is_shown_and_nobody_waits() -> None:
    client = Client(painting(0.0), DONE, stand_in=b"SCENE")
    creation = begun(client)
    wait_for_quick_picture(client, creation)
    assert (creation.thumbnail, creation.painting is not None) == (b"SCENE", True)
    for _ in range(2):
        look_after_painting(client, creation)
    assert (creation.thumbnail, creation.painting) == (b"PNG", None)


def test_an_earlier_picture_stays_until_there_is_another() -> None:
    client = Client(DONE)
    creation = begun(client)
    look_after_painting(client, creation)

    client = Client(painting(0.5), FAILED)
    begin_painting(client, creation)
    look_after_painting(client, creation)
    assert (creation.thumbnail, creation.painting.share) == (b"PNG", 0.5)
    look_after_painting(client, creation)
    assert (creation.thumbnail, creation.painting, creation.thumbnail_problem.code) == (b"PNG", None, "not_painted")


def test_a_picture_that_is_not_wanted_any_more_is_cancelled() -> None:
    client = Client(painting(0.5))
    creation = begun(client)
    begin_painting(client, creation)
    assert client.cancelled == ["1"]
    stop_painting(client, creation)
    stop_painting(client, creation)
    assert (client.cancelled, creation.painting, creation.thumbnail_problem) == (["1", "2"], None, None)


def test_a_service_that_does_not_say_how_long_a_picture_takes_paints_all_the_same() -> None:
    client = Client(DONE, picture_s=None)
    assert expected_wait_s(client) == 0
    creation = begun(client)
    wait_for_quick_picture(client, creation)
    assert creation.thumbnail == b"PNG"
