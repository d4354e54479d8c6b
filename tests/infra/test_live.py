"""A set takes the place of another one while callers ask; one that is worse is refused, and nothing is left of it."""

import threading
import time
from collections import Counter
from contextlib import contextmanager

import httpx
import pytest

from aiplayer.errors import Unavailable
from aiplayer.promotion import PromotionRequest
from infra import live as live_module
from tests.support.at_work import at_work
from tests.support.tiny_gateway import of_recommender, tiny_live

pytestmark = pytest.mark.process

OLD, NEW = "good:1", "good:2"


@pytest.fixture(scope="module")
def shared_live():
    """For the tests after which the first set is still served."""
    with tiny_live() as live:
        yield live


def request(recommender: str, *, percent: float = 50, watch_s: float = 3.0) -> PromotionRequest:
    models = of_recommender(recommender)
    return PromotionRequest(name=recommender, models=models, canary_percent=percent, watch_s=watch_s)


def promote(live, wanted: PromotionRequest, is_confirmed: bool = True) -> list[str]:
    told: list[str] = []
    live.promote(wanted, told.append, lambda: is_confirmed)
    return told


class Callers:
    """Threads that ask over one new connection after another."""

    def __init__(self, live):
        self.answers: Counter[str] = Counter()
        self.faults: list[str] = []
        self._url = f"http://127.0.0.1:{live.port}/similar"
        self._is_over = threading.Event()

    @contextmanager
    def at_work(self, count: int = 3):
        with at_work([self._ask] * count, self._is_over):
            yield

    def _ask(self) -> None:
        while not self._is_over.is_set():
            try:
                answer = httpx.post(self._url, timeout=20)
                self.answers[answer.headers["x-model-set"]] += 1
            except httpx.HTTPError as error:
                self.faults.append(repr(error))
            time.sleep(0.01)


def answered_by(live) -> str:
    return httpx.get(f"http://127.0.0.1:{live.port}/").headers["x-model-set"]


def test_nobody_is_left_without_an_answer_while_sets_take_turns():
    with tiny_live() as live:
        callers = Callers(live)
        with callers.at_work():
            time.sleep(0.3)
            first = live.current.program.process
            told = promote(live, request(NEW, percent=20))
            assert answered_by(live) == NEW
            assert not first.is_running()
            promote(live, request(OLD, percent=0, watch_s=0))
            assert answered_by(live) == OLD
    assert callers.faults == []
    assert set(callers.answers) == {OLD, NEW}
    assert told == [
        "starting the set good:2 beside the one in use",
        "it answers 20% of the callers for 3 s",
        "it answers everybody",
        "the old set answers what it was asked, and ends",
    ]


@pytest.mark.parametrize(
    ("recommender", "reason"),
    [
        ("failing:1", "The new set does not answer"),
        ("dead:1", "The service-b ended with status 1"),
        ("slow:1", r"The new set answers in \d+ ms, the old one in \d+ ms\."),
    ],
)
def test_a_set_that_is_worse_is_refused_and_the_old_one_goes_on(shared_live, recommender, reason):
    first = shared_live.current.program.process
    callers = Callers(shared_live)
    with callers.at_work(), pytest.raises(Unavailable, match=reason):
        promote(shared_live, request(recommender))
    assert callers.faults == []
    assert answered_by(shared_live) == OLD
    assert shared_live.current.program.process == first
    assert len(shared_live._started) == 1


def test_a_set_that_fails_its_callers_is_refused(shared_live, monkeypatch):
    monkeypatch.setattr(shared_live, "_warm_up", lambda running: None)
    callers = Callers(shared_live)
    with callers.at_work(), pytest.raises(Unavailable, match=r"The new set failed \d+ of \d+ requests, the old one 0"):
        promote(shared_live, request("failing:1"))
    assert answered_by(shared_live) == OLD


def test_a_set_that_nobody_confirms_is_not_kept(shared_live):
    with pytest.raises(Unavailable, match="Nobody has written down"):
        promote(shared_live, request(NEW, watch_s=0), is_confirmed=False)
    assert answered_by(shared_live) == OLD


def test_two_sets_are_not_promoted_at_once(shared_live):
    is_second_refused = []

    def confirm() -> bool:
        with pytest.raises(Unavailable, match="Another set is being promoted"):
            promote(shared_live, request("good:3"))
        is_second_refused.append(True)
        return False

    with pytest.raises(Unavailable, match="Nobody has written down"):
        shared_live.promote(request(NEW, watch_s=0), lambda words: None, confirm)
    assert is_second_refused


def test_a_new_set_can_replace_one_that_fails(monkeypatch):
    with tiny_live() as live:
        monkeypatch.setattr(live, "_warm_up", lambda running: None)
        monkeypatch.setattr(live_module, "UNCOUNTED", ())
        promote(live, request("failing:1", percent=0, watch_s=0))
        assert answered_by(live) == "failing:1"
        promote(live, request(NEW, watch_s=1.0))
        assert answered_by(live) == NEW


@pytest.mark.parametrize("moment", ["starting", "watched", "ending"])
def test_what_is_stopped_while_a_set_is_promoted_leaves_nothing_running(moment):
    programs, reached = [], threading.Event()

    def tell(words: str) -> None:
        is_moment = {"starting": "starting", "watched": "it answers 50%", "ending": "the old set"}[moment]
        if words.startswith(is_moment):
            reached.set()

    def promote_in_thread() -> None:
        try:
            live.promote(request(NEW), tell, lambda: True)
        except Unavailable:
            ended.append(True)

    ended: list[bool] = []
    with tiny_live() as live:
        thread = threading.Thread(target=promote_in_thread)
        thread.start()
        assert reached.wait(20)
        time.sleep(0.3)
        programs = [running.program.process for running in live._started]
    assert [program for program in programs if program.is_running()] == []
    assert live._started == []
    thread.join(20)
    assert not thread.is_alive()
    assert ended or moment == "ending"


def test_what_another_thread_is_about_to_end_is_waited_for():
    asked, lingering = threading.Event(), []

    def confirm() -> bool:
        lingering.extend(running.program.process for running in live._started if running is not live.current)
        asked.set()
        return False

    def promote_in_thread() -> None:
        with pytest.raises(Unavailable, match="Nobody has written down"):
            live.promote(request("lingering:1", watch_s=0), lambda words: None, confirm)

    with tiny_live() as live:
        thread = threading.Thread(target=promote_in_thread)
        thread.start()
        assert asked.wait(20)
        # Drained, it is asked to end by the thread, and does not at once.
        time.sleep(1.5)
    assert [process.is_running() for process in lingering] == [False]
    thread.join(20)


def test_a_taken_port_is_refused():
    with tiny_live() as live, pytest.raises(Unavailable, match="set PORT to another"):
        live_module.Live(live.port, live._settings).__enter__()


def test_each_instance_is_told_its_set_also_the_first(shared_live):
    # Else a process that is started anew would read what is pinned by then.
    assert shared_live.current.program.environment["AIPLAYER_MODELS__PLAYLIST_AUTOENCODER"] == OLD
