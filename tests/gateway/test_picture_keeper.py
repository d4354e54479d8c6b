"""Jobs are painted as soon as there is room, tell how far they are, stop when they are cancelled, and survive."""

import asyncio
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from uuid import UUID

import pytest
from sqlalchemy.exc import OperationalError

from aiplayer.catalogue import JobState, PictureClaims, PictureJobs, connect, migrate
from aiplayer.catalogue.picture_claims import MOST_TRIES
from aiplayer.errors import InvalidInput, NotPainted, TooBusy, Unavailable
from aiplayer.settings import Settings
from aiplayer.thumbnails.request import FinishedPicture, PictureWish
from gateway import picture_keeper
from gateway.picture_keeper import FAULT, MOST_AT_ONCE, PictureKeeper
from gateway.picture_painter import PicturePainter
from gateway.picture_schemas import ThumbnailRequest

AWAY = Unavailable("The thumbnail runner does not answer.", code="runner_away")
LEASE_S = 1.0
TITLE = "비 오는 밤"


class Calls:
    """As `RunnerCalls`: asks one after the other."""

    def __init__(self, ask: Callable[[object], Awaitable[object]]) -> None:
        self.result = ask

    async def outcomes(self, items: list) -> list:
        return await asyncio.gather(*map(self.result, items), return_exceptions=True)


class Runner:
    """Paints every picture when it is let.

    Attributes:
        may_paint: Set: pictures are painted at once.
        share: What is told of every picture.
        errors: Raised one after the other in place of pictures.
        is_away: Whether the runner can be asked at all.
        begun: The seeds that were begun.
        left: The seeds whose caller has left before they were painted.
    """

    def __init__(self) -> None:
        self.may_paint = asyncio.Event()
        self.share = 0.0
        self.errors: list[Exception] = []
        self.is_away = False
        self.begun: list[int] = []
        self.left: list[int] = []

    async def paint(self, wish: PictureWish) -> FinishedPicture:
        self.begun.append(wish.seed)
        if self.errors:
            raise self.errors.pop(0)
        try:
            await self.may_paint.wait()
        except asyncio.CancelledError:
            self.left.append(wish.seed)
            raise
        return FinishedPicture({"prompt": wish.prompt}, b"PNG %d" % wish.seed)

    async def tell_share(self, wish: PictureWish) -> float:
        return self.share

    async def picture_s(self, _: None) -> float:
        if self.is_away:
            raise AWAY
        return 60.0


class Scene:
    """A keeper on a database of its own.

    Args:
        url: The database.
        runner: What paints.
    """

    def __init__(self, url: str, runner: Runner) -> None:
        self.runner = runner
        self.engine = connect(url)
        migrate(self.engine)
        self.jobs = PictureJobs(self.engine)
        self.is_database_away = False
        self.fault: Exception | None = None
        self.keeper = self.another_keeper()

    def another_keeper(self) -> PictureKeeper:
        async def wish_of(request: ThumbnailRequest) -> PictureWish:
            return PictureWish(request.title, "", request.seed)

        runner = self.runner
        calls = SimpleNamespace(
            pictures=Calls(runner.paint), shares=Calls(runner.tell_share), times=Calls(runner.picture_s)
        )
        painter = PicturePainter(wish_of, calls)
        return PictureKeeper(PictureClaims(self.engine, LEASE_S), self.jobs, self.query, painter, Settings())

    async def query(self, call: Callable, *arguments: object) -> object:
        if self.is_database_away:
            raise OperationalError("", {}, Exception("away"))
        if self.fault and call == self.keeper._claims.is_any_free:
            raise self.fault
        return await asyncio.to_thread(call, *arguments)

    def add(self, seed: int, **request: object) -> UUID:
        asked = {"title": TITLE, "seed": seed} | request
        job_id = self.jobs.add(asked, None, 100)
        self.keeper.wake()
        return job_id

    async def until(self, job_id: UUID, *states: JobState) -> None:
        while self.jobs.status(job_id).state not in states:
            await asyncio.sleep(0.01)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """A second of the keeper is a tenth of one."""
    monkeypatch.setattr(picture_keeper, "TELL_EVERY_S", 0.1)
    monkeypatch.setattr(picture_keeper, "LOOK_EVERY_S", 0.1)
    monkeypatch.setattr(picture_keeper, "RETRY_AFTER_S", 0.1)


@pytest.fixture
def play(tmp_path):
    """Plays a scene with a keeper that has started."""

    def play(scenario: Callable[[Scene], Awaitable[None]]) -> None:
        async def whole() -> None:
            scene = Scene(f"sqlite:///{tmp_path / 'jobs.db'}", Runner())
            scene.keeper.start()
            try:
                async with asyncio.timeout(30):
                    await scenario(scene)
            finally:
                scene.is_database_away = False
                await scene.keeper.stop()
                scene.engine.dispose()

        asyncio.run(whole())

    return play


def test_a_job_becomes_its_pictures_with_seeds_that_follow_one_another(play):
    async def scenario(scene):
        scene.runner.may_paint.set()
        job_id = scene.add(seed=7, count=3)
        await scene.until(job_id, JobState.DONE)
        assert scene.jobs.status(job_id).pictures == [b"PNG 7", b"PNG 8", b"PNG 9"]

    play(scenario)


def test_a_job_begins_at_once(play, monkeypatch):
    monkeypatch.setattr(picture_keeper, "LOOK_EVERY_S", 60)

    async def scenario(scene):
        await asyncio.sleep(0.2)
        scene.runner.may_paint.set()
        for seed in (1, 2):
            async with asyncio.timeout(5):
                await scene.until(scene.add(seed=seed), JobState.DONE)

    play(scenario)


def test_a_job_tells_its_share_and_how_long_the_rest_takes_by_its_pace(play):
    async def scenario(scene):
        job_id = scene.add(seed=1)
        await scene.until(job_id, JobState.PAINTING)
        scene.runner.share = 0.2
        while scene.jobs.status(job_id).share < 0.2:
            await asyncio.sleep(0.01)
        assert scene.jobs.status(job_id).seconds_left is None
        await asyncio.sleep(0.5)
        scene.runner.share = 0.6
        while scene.jobs.status(job_id).share < 0.6:
            await asyncio.sleep(0.01)
        # Two fifths in somewhat more than half a second, so two fifths are left.
        assert 0.4 < scene.jobs.status(job_id).seconds_left < 3
        # A picture that gets a second try is counted no less.
        scene.runner.share = 0.1
        await asyncio.sleep(0.3)
        assert scene.jobs.status(job_id).share == 0.6

    play(scenario)


def test_a_cancelled_job_is_not_painted_any_more(play):
    async def scenario(scene):
        job_id = scene.add(seed=5)
        await scene.until(job_id, JobState.PAINTING)
        while not scene.runner.begun:
            await asyncio.sleep(0.01)
        scene.jobs.cancel(job_id)
        while not scene.runner.left:
            await asyncio.sleep(0.01)
        assert scene.jobs.status(job_id).state is JobState.CANCELLED
        scene.runner.may_paint.set()
        await scene.until(scene.add(seed=6), JobState.DONE)
        assert scene.runner.begun == [5, 6]

    play(scenario)


def test_a_few_jobs_are_with_the_runner_and_others_are_left_to_others(play):
    async def scenario(scene):
        jobs = [scene.add(seed=seed) for seed in range(MOST_AT_ONCE + 2)]
        while len(scene.runner.begun) < MOST_AT_ONCE:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.3)
        assert scene.runner.begun == list(range(MOST_AT_ONCE))
        other = scene.another_keeper()
        other.start()
        while len(scene.runner.begun) < len(jobs):
            await asyncio.sleep(0.01)
        scene.runner.may_paint.set()
        for job_id in jobs:
            await scene.until(job_id, JobState.DONE)
        assert sorted(scene.runner.begun) == list(range(len(jobs)))
        await other.stop()

    play(scenario)


def test_what_a_gateway_that_ends_has_begun_is_gone_on_with_at_once(play):
    async def scenario(scene):
        job_id = scene.add(seed=1)
        await scene.until(job_id, JobState.PAINTING)
        await scene.keeper.stop()
        assert scene.jobs.status(job_id).state is JobState.WAITING
        scene.runner.may_paint.set()
        scene.keeper = scene.another_keeper()
        scene.keeper.start()
        await scene.until(job_id, JobState.DONE)

    play(scenario)


def test_a_runner_that_was_killed_costs_a_try_and_the_next_one_is_painted(play):
    async def scenario(scene):
        scene.runner.errors = [AWAY] * (MOST_TRIES - 1)
        scene.runner.may_paint.set()
        await scene.until(scene.add(seed=1), JobState.DONE)

    play(scenario)


def test_a_picture_that_ends_the_runner_again_and_again_has_failed_with_the_reason(play):
    async def scenario(scene):
        scene.runner.errors = [AWAY] * MOST_TRIES
        job_id = scene.add(seed=1)
        await scene.until(job_id, JobState.FAILED)
        assert scene.jobs.status(job_id).error == AWAY.as_dict()

    play(scenario)


def test_a_job_waits_for_a_runner_that_is_away_and_loses_no_try(play):
    async def scenario(scene):
        scene.runner.is_away = True
        scene.runner.may_paint.set()
        job_id = scene.add(seed=1)
        await asyncio.sleep(1)
        assert scene.jobs.status(job_id).state is JobState.WAITING
        assert not scene.runner.begun
        scene.runner.is_away = False
        await scene.until(job_id, JobState.DONE)

    play(scenario)


def test_a_fault_while_jobs_are_looked_for_is_logged_and_ends_nothing(play, caplog):
    async def scenario(scene):
        scene.runner.may_paint.set()
        scene.fault = ValueError("a fault")
        job_id = scene.add(seed=1)
        while not caplog.messages:
            await asyncio.sleep(0.01)
        scene.fault = None
        await scene.until(job_id, JobState.DONE)

    play(scenario)
    assert set(caplog.messages) == {"no picture job can be claimed"}


def test_a_runner_that_is_full_is_asked_again_as_often_as_it_takes(play):
    async def scenario(scene):
        scene.runner.errors = [TooBusy("full", 1)] * (MOST_TRIES + 2)
        scene.runner.may_paint.set()
        await scene.until(scene.add(seed=1), JobState.DONE)

    play(scenario)


@pytest.mark.parametrize("error", [InvalidInput("no", code="nothing_left_to_paint", field="title"), NotPainted("dark")])
def test_what_cannot_be_painted_has_failed_with_the_reason(play, error):
    async def scenario(scene):
        # A picture that did not come out gets a second try with another seed.
        scene.runner.errors = [error] * 2
        job_id = scene.add(seed=1)
        await scene.until(job_id, JobState.FAILED)
        assert scene.jobs.status(job_id).error == error.as_dict()

    play(scenario)


def test_a_job_that_cannot_be_read_has_failed_and_nothing_tells_its_title(play, caplog):
    async def scenario(scene):
        job_id = scene.add(seed=1, of_another_version=True)
        await scene.until(job_id, JobState.FAILED)
        assert "Another version of the service took this job" in scene.jobs.status(job_id).error["message"]

    play(scenario)
    assert TITLE not in caplog.text


def test_a_fault_of_the_service_is_logged_and_the_job_is_tried_again(play, caplog):
    async def scenario(scene):
        scene.runner.errors = [RuntimeError("a fault")]
        scene.runner.may_paint.set()
        await scene.until(scene.add(seed=1), JobState.DONE)
        scene.runner.errors = [RuntimeError("a fault")] * MOST_TRIES
        job_id = scene.add(seed=2)
        await scene.until(job_id, JobState.FAILED)
        assert scene.jobs.status(job_id).error == FAULT.as_dict()

    play(scenario)
    assert caplog.messages == ["a picture job failed"] * (1 + MOST_TRIES)
    assert TITLE not in caplog.text


def test_pictures_that_are_painted_while_the_database_is_away_are_kept_when_it_comes_back(play):
    async def scenario(scene):
        job_id = scene.add(seed=1)
        await scene.until(job_id, JobState.PAINTING)
        scene.is_database_away = True
        scene.runner.may_paint.set()
        await asyncio.sleep(0.3)
        assert scene.jobs.status(job_id).state is JobState.PAINTING
        scene.is_database_away = False
        await scene.until(job_id, JobState.DONE)
        assert scene.runner.begun == [1]

    play(scenario)
