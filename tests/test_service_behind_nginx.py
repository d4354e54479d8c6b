"""Two whole services on one MariaDB, and the page, behind the real NGINX: what dies or is replaced, users go on."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from uuid import uuid4

import httpx
import psutil
import pytest
from playwright.sync_api import Browser, expect

from aiplayer.model_set import set_name
from aiplayer.pins import ModelPins
from aiplayer.settings import Settings
from infra.instances import comes_ready, free_port, service, set_environment, wait_until_ready
from infra.programs import Program, worker_processes
from loadtests.own_make_up import copy_of_store, with_file
from tests.support.at_work import at_work
from tests.support.mariadb import demo_database
from tests.support.nginx import PAGE_DOMAIN, RunningNginx, running_nginx
from tests.support.service import TITLE, demo_environment, running_page

pytestmark = pytest.mark.process

USERS = 8
GATEWAY = "ai_player"
MOST_MS = 60_000
# A process that is killed is started anew within this time, also on a busy machine.
BACK_WITHIN_S = 60


class Instances:
    """Services by their addresses; each ends with the test's module, or before.

    Args:
        database_url: Their database.
    """

    def __init__(self, database_url: str) -> None:
        self._database_url = database_url
        self._running: dict[str, tuple[Program, ExitStack]] = {}

    def start(self, name: str, models: ModelPins | None = None) -> str:
        """Where a new one listens."""
        port = free_port()
        environment = demo_environment(self._database_url) | (set_environment(models, "") if models else {})
        stack = ExitStack()
        program = stack.enter_context(service(port, environment, name=name))
        self._running[f"127.0.0.1:{port}"] = program, stack
        wait_until_ready(f"http://127.0.0.1:{port}", program)
        return f"127.0.0.1:{port}"

    def stop(self, place: str) -> None:
        """End one; it answers whom it has accepted."""
        self._running.pop(place)[1].close()

    def stop_all(self) -> None:
        """End all that are left."""
        for place in list(self._running):
            self.stop(place)

    def await_all(self) -> None:
        """Wait until all take requests again."""
        for place, (program, _) in self._running.items():
            assert comes_ready(f"http://{place}", program.process, BACK_WITHIN_S)

    def processes(self, place: str) -> dict[str, psutil.Process]:
        """The gateway and the runners of one, by their names."""
        found = {}
        for process in worker_processes(self._running[place][0].process):
            command = process.cmdline()
            found[command[command.index("--service-name") + 1]] = process
        return found


class Users:
    """Threads that make whole journeys through NGINX, one after the other.

    Attributes:
        journeys: How many were finished.
        faults: What was answered or broke, other than as it should.
        sets: Which sets of models answered.
    """

    def __init__(self, nginx: RunningNginx) -> None:
        self._nginx = nginx
        self._is_over = threading.Event()
        self.journeys = 0
        self.faults: Counter[str] = Counter()
        self.sets: Counter[str] = Counter()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """They are at work meanwhile, and each ends the journey that it has begun."""
        with at_work([self._use] * USERS, self._is_over):
            yield

    def until(self, journeys: int) -> None:
        """Wait until so many more journeys are finished."""
        wanted, deadline = self.journeys + journeys, time.monotonic() + BACK_WITHIN_S
        while self.journeys < wanted:
            assert time.monotonic() < deadline, self.faults
            time.sleep(0.05)

    def _use(self) -> None:
        with self._nginx.client(timeout=60, headers={"X-Client-Id": uuid4().hex}) as client:
            while not self._is_over.is_set():
                try:
                    self._journey(client)
                    self.journeys += 1
                except httpx.HTTPError as error:
                    self.faults[repr(error)] += 1
                except Refused as refused:
                    self.faults[str(refused)] += 1

    def _journey(self, client: httpx.Client) -> None:
        similar = self._post(client, "/similar", title=TITLE)
        ids = [playlist["playlist_id"] for playlist in similar["playlists"]]
        made = self._post(client, "/recommend", title=TITLE, playlist_ids=ids)
        assert len(made["songs"]) == 20
        self._post(client, "/like", generation_id=made["generation_id"])

    def _post(self, client: httpx.Client, path: str, **body: object) -> dict:
        ask = partial(client.post, path, json=body, headers={"Idempotency-Key": uuid4().hex})
        try:
            answer = ask()
        except httpx.RemoteProtocolError:
            # As browsers do where a connection that they keep is closed before an answer begins.
            answer = ask()
        if answer.status_code != 200:
            raise Refused(f"{path} {answer.status_code} {answer.json()['error']['code']}")
        self.sets[answer.headers["X-Model-Set"]] += 1
        return answer.json()


class Refused(Exception):
    """An answer that is none."""


@pytest.fixture(scope="module")
def models(tmp_path_factory) -> Iterator[ModelPins]:
    """The models of the demo, in a store of the test's own, beside which others can be stored."""
    home = tmp_path_factory.mktemp("store") / "bentoml"
    pinned = Settings().models
    copy_of_store(pinned, home)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BENTOML_HOME", str(home))
        yield pinned


@pytest.fixture(scope="module")
def instances(mariadb, models) -> Iterator[Instances]:
    running = Instances(demo_database(mariadb))
    try:
        yield running
    finally:
        running.stop_all()


@pytest.fixture(scope="module")
def nginx(instances, tmp_path_factory) -> Iterator[RunningNginx]:
    gateways = [instances.start(name) for name in ("test-behind-nginx", "test-behind-nginx-2")]
    much = {"requests_per_second": 10_000, "burst": 10_000, "connections": 1_000}
    folder = tmp_path_factory.mktemp("nginx")
    with (
        running_page(f"http://{gateways[0]}") as page_url,
        running_nginx(folder, gateways=gateways, pages=[page_url.removeprefix("http://")], **much) as running,
    ):
        yield running


def test_the_page_works_over_tls_through_its_one_connection(browser: Browser, nginx):
    # Chromium takes every name below localhost for this machine.
    opened = browser.new_page(ignore_https_errors=True, locale="en-US")
    opened.set_default_timeout(MOST_MS)
    refused = []
    opened.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    opened.goto(f"https://{PAGE_DOMAIN}:{nginx.site.https_port}")
    opened.get_by_role("button", name="late night city drive", exact=True).click()
    opened.get_by_role("button", name="Make my playlist").click()
    expect(opened.get_by_role("heading", name="20 songs")).to_be_visible(timeout=MOST_MS)
    expect(opened.get_by_role("img", name="late night city drive")).to_be_visible(timeout=MOST_MS)
    opened.close()
    assert not [text for text in refused if "Content Security Policy" in text]


def test_pictures_of_a_generation_are_kept_by_nginx(nginx):
    with nginx.client(timeout=60) as api:
        generation_id = api.post("/recommend", json={"title": TITLE}).json()["generation_id"]
        first, second = (api.get(f"/generations/{generation_id}/thumbnail?seed=3") for _ in range(2))
        assert (first.headers["X-Cache"], second.headers["X-Cache"]) == ("MISS", "HIT")
        assert first.content == second.content == api.post("/thumbnail", json={"title": TITLE, "seed": 3}).content
        assert first.headers["X-Model"] == "scene-painter-1"

        unknown = api.get(f"/generations/{uuid4()}/thumbnail")
        assert (unknown.status_code, unknown.json()["error"]["code"]) == (404, "unknown_generation")
        wrong = api.get(f"/generations/{generation_id}/thumbnail?seed=-1")
        assert (wrong.status_code, wrong.json()["error"]["field"]) == (422, "seed")


def test_a_gateway_that_is_killed_costs_nobody_an_answer(nginx, instances):
    users = Users(nginx)
    with users.at_work():
        for place in nginx.site.gateways:
            users.until(journeys=USERS)
            instances.processes(place)[GATEWAY].kill()
            users.until(journeys=USERS)
            instances.await_all()
        users.until(journeys=USERS)
    assert not users.faults


def test_whatever_else_is_killed_the_journeys_go_on(nginx, instances):
    place = nginx.site.gateways[0]
    for name in instances.processes(place):
        users = Users(nginx)
        with users.at_work():
            users.until(journeys=USERS)
            instances.processes(place)[name].kill()
            users.until(journeys=USERS)
            instances.await_all()
            users.until(journeys=USERS)
        # While a runner is started anew, its service says so; nothing hangs and nothing breaks.
        assert not [fault for fault in users.faults if "503 runner_away" not in fault]


def test_a_set_of_models_is_replaced_while_users_work_and_nobody_notices(nginx, instances, models):
    old, new_models = nginx.site.gateways, with_file(models, "note.txt", "It is read by nobody.\n")
    users = Users(nginx)
    with users.at_work():
        users.until(journeys=USERS)
        new = instances.start("test-behind-nginx-3", new_models)
        nginx.change(canaries=[new], canary_percent=30)
        users.until(journeys=4 * USERS)
        nginx.change(gateways=[new], canaries=[], canary_percent=0)
        for place in old:
            instances.stop(place)
        before = users.sets.copy()
        users.until(journeys=2 * USERS)
    assert not users.faults
    names = set_name(models, ""), set_name(new_models, "")
    assert set(users.sets) == set(names)
    assert set(users.sets - before) == {names[1]}
