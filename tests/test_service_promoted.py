"""A set takes the place of another one in a running `make up`, and everybody who asks meanwhile is answered."""

import shutil
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import httpx
import psutil
import pytest

from aiplayer.errors import Unavailable
from aiplayer.model_set import set_name
from aiplayer.promotion import PromotionRequest, ask
from aiplayer.settings import Settings
from infra.programs import worker_processes
from loadtests.own_make_up import OwnMakeUp, copy_of_store, own_make_up, with_file
from loadtests.own_service import Database
from tests.support.at_work import at_work
from tests.support.service import TITLE, copy_demo_database

pytestmark = pytest.mark.process

USERS = 4
LONGEST_STOP_S = 60


@pytest.fixture(scope="module")
def database(tmp_path_factory) -> Iterator[Database]:
    """A copy of the demo database, with a copy of its models, beside which others can be stored."""
    folder = tmp_path_factory.mktemp("promoted")
    settings = Settings()
    copy_of_store(settings.models, folder / "bentoml")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BENTOML_HOME", str(folder / "bentoml"))
        patch.setenv("AIPLAYER_DIFFUSION_WEIGHTS", "")
        yield Database(copy_demo_database(folder), settings.models, is_copy=True)


@pytest.fixture(scope="module")
def up(database) -> Iterator[OwnMakeUp]:
    with own_make_up(database, "test-promoted") as up:
        yield up


class Users:
    """Threads that search: half of them keep their connection, the others open one for each request."""

    def __init__(self, url: str):
        self.statuses: set[int] = set()
        self.sets: list[str] = []
        self.faults: list[str] = []
        self._url = url
        self._is_over = threading.Event()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        with at_work([partial(self._ask, number % 2 == 0) for number in range(USERS)], self._is_over):
            yield

    def _ask(self, keeps_connection: bool) -> None:
        headers = {} if keeps_connection else {"Connection": "close"}
        with httpx.Client(base_url=self._url, headers=headers, timeout=60) as client:
            while not self._is_over.is_set():
                try:
                    answer = client.post("/similar", json={"title": TITLE})
                    self.statuses.add(answer.status_code)
                    self.sets.append(answer.headers["x-model-set"])
                except httpx.HTTPError as error:
                    self.faults.append(repr(error))
                time.sleep(0.1)


def request(models, *, percent: float = 0, watch_s: float = 0) -> PromotionRequest:
    name = set_name(models, "")
    return PromotionRequest(name=name, models=models, diffusion_weights="", canary_percent=percent, watch_s=watch_s)


def answered_by(up: OwnMakeUp) -> str:
    return httpx.get(f"{up.url}/about").json()["model_set"]


def workers_of(up: OwnMakeUp) -> set[psutil.Process]:
    """The gateway and the runners of all sets that are served."""
    return {worker for child in up.program.process.children() for worker in worker_processes(child)}


def test_a_set_is_promoted_a_broken_one_refused_and_the_first_comes_back(up, database):
    first, other = database.models, with_file(database.models, "note.txt", "It is read by nobody.\n")
    broken = with_file(database.models, "vocabulary.json", "{}")
    old_workers = workers_of(up)
    told = []
    users = Users(up.url)
    with users.at_work():
        assert answered_by(up) == set_name(first, "")
        ask([up.control], request(other, percent=25, watch_s=3), told.append, lambda: None)
        assert answered_by(up) == set_name(other, "")
        assert not [worker for worker in old_workers if worker.is_running()]

        new_workers = workers_of(up)
        with pytest.raises(Unavailable, match=r"The recommender|A part of the service|The service-b ended"):
            ask([up.control], request(broken, percent=25, watch_s=3), told.append, lambda: None)
        assert answered_by(up) == set_name(other, "")
        assert workers_of(up) == new_workers

        ask([up.control], request(first), told.append, lambda: None)
        assert answered_by(up) == set_name(first, "")
        since = len(users.sets)
        time.sleep(1)

    assert users.faults == []
    assert users.statuses == {200}
    assert set(users.sets) == {set_name(first, ""), set_name(other, "")}
    assert set(users.sets[since + USERS :]) == {set_name(first, "")}
    assert "it answers 25% of the callers for 3 s" in told


def test_a_make_up_that_is_killed_while_a_set_is_promoted_leaves_no_process_of_the_service(up, database):
    other = with_file(database.models, "note.txt", "It is read by nobody.\n")
    began = threading.Event()

    def promote() -> None:
        with pytest.raises(Unavailable, match="`make up` ended while the set was promoted"):
            ask([up.control], request(other), lambda words: began.set(), lambda: None)

    thread = threading.Thread(target=promote)
    thread.start()
    assert began.wait(30)
    deadline = time.monotonic() + 30
    while len(services := services_of(up)) < 2 and time.monotonic() < deadline:
        time.sleep(0.1)
    time.sleep(1)
    processes = [process for service in services for process in [service, *service.children(recursive=True)]]
    folder = Path(services[0].environ()["AIPLAYER_HANDOVER_BASE"]).parent
    pages = [child for child in up.program.process.children() if child not in services]

    up.program.process.send_signal(signal.SIGKILL)
    thread.join(30)
    assert psutil.wait_procs(processes, LONGEST_STOP_S)[1] == []

    # What it leaves is little, and none of it hinders the next one.
    for page in pages:
        page.kill()
    shutil.rmtree(folder)
    up.control.unlink()


def services_of(up: OwnMakeUp) -> list[psutil.Process]:
    return [child for child in up.program.process.children() if "bentoml" in " ".join(child.cmdline())]
