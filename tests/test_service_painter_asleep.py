"""A painter that sleeps while nothing waits: the scene painter answers at once, and its own pictures follow as jobs."""

import base64
import io
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from threading import Event, Thread

import httpx
import psutil
import pytest
from PIL import Image

from aiplayer.catalogue import PictureJobs, connect
from aiplayer.settings import Settings
from infra.instances import free_port, service
from infra.painter_on_demand import PainterOnDemand, idle_s, painter_environment
from infra.programs import kill
from tests.support.service import TITLE, copy_demo_database, of_long_pictures, running_service

pytestmark = pytest.mark.process

KEY = "what-the-gateway-sends"
SLEEP_AFTER_S = 2.0
# What a test needs on a busy machine; by itself a scene takes 0.3 s, and waking 10 s.
AT_ONCE_S, PATIENCE_S = 5.0, 120.0
# A picture takes about a second, so that the painter can be killed while it paints.
SMALL = {"AIPLAYER_DIFFUSION_WIDTH_PX": "256", "AIPLAYER_DIFFUSION_HEIGHT_PX": "128", "AIPLAYER_DIFFUSION_STEPS": "40"}


class Host:
    """The machine of the painter: what watches over it runs in a thread.

    Attributes:
        told: What was done, in turn.
    """

    def __init__(self, database_url: str, weights: Path, port: int) -> None:
        settings = Settings(database_url=database_url, painter_key=KEY)
        environment = painter_environment(settings) | of_long_pictures(weights) | SMALL
        start = partial(service, port, environment, name="test-painter-on-demand", served="Painter")
        unfinished = PictureJobs(connect(database_url)).unfinished
        self._on_demand = PainterOnDemand(unfinished, start, partial(idle_s, port, KEY), SLEEP_AFTER_S)
        self.told: list[str] = []

    @contextmanager
    def watching(self) -> Iterator[None]:
        """The painter is started and ended as it is due."""
        is_over = Event()

        def watch() -> None:
            with self._on_demand:
                while not is_over.wait(0.2):
                    if done := self._on_demand.look():
                        self.told.append(done)

        thread = Thread(target=watch)
        thread.start()
        try:
            yield
        finally:
            is_over.set()
            thread.join()


@pytest.fixture(scope="module")
def painter_port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def own_database_url(tmp_path_factory) -> str:
    return copy_demo_database(tmp_path_factory.mktemp("database"))


@pytest.fixture(scope="module")
def gateway(own_database_url, painter_port) -> Iterator[httpx.Client]:
    """A client of a service whose painter sleeps."""
    elsewhere = {
        "AIPLAYER_PAINTER_URL": f"http://127.0.0.1:{painter_port}",
        "AIPLAYER_PAINTER_KEY": KEY,
        "AIPLAYER_PAINTER_SLEEPS": "true",
    }
    with (
        running_service(own_database_url, "test-painter-asleep", **elsewhere) as url,
        httpx.Client(base_url=url, timeout=60) as http,
    ):
        yield http


def model_of(png: bytes) -> str:
    return Image.open(io.BytesIO(png)).text["model"]


def until(happens) -> None:
    """Wait until a function returns something true."""
    deadline = time.monotonic() + PATIENCE_S
    while not happens():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def processes_at(port: int) -> list[psutil.Process]:
    """The painter and all that it has started."""
    found = []
    for child in psutil.Process().children():
        # One that ends meanwhile is none of them.
        with suppress(psutil.NoSuchProcess):
            if str(port) in child.cmdline():
                found += [child, *child.children(recursive=True)]
    return found


def test_who_asks_a_sleeping_painter_gets_a_scene_at_once_and_a_job(gateway):
    began = time.monotonic()
    answer = gateway.post("/thumbnail", json={"title": TITLE, "seed": 1})
    assert answer.status_code == 200
    assert time.monotonic() - began < AT_ONCE_S
    assert answer.headers["X-Model"] == model_of(answer.content) == "scene-painter-1"

    job = gateway.get(f"/thumbnail/jobs/{answer.headers['X-Picture-Job']}").json()
    assert (job["state"], job["share"]) == ("waiting", 0)
    assert gateway.delete(f"/thumbnail/jobs/{job['job_id']}").json()["state"] == "cancelled"
    assert gateway.get("/thumbnail").json()["picture_s"] > 0


def test_a_job_brings_a_scene_until_its_own_picture_is_there(gateway):
    answer = gateway.post("/thumbnail/jobs", json={"title": TITLE, "seed": 1, "count": 2})
    job = answer.json()
    assert (answer.status_code, job["state"], len(job["stand_in"])) == (202, "waiting", 2)
    assert answer.headers["X-Model"] == model_of(base64.b64decode(job["stand_in"][0]))
    gateway.delete(f"/thumbnail/jobs/{job['job_id']}")


def test_it_wakes_for_a_job_paints_it_though_it_is_killed_and_sleeps_again(
    gateway, own_database_url, painter_port, published
):
    host = Host(own_database_url, published.folder, painter_port)
    with host.watching():
        job_id = gateway.post("/thumbnail/jobs", json={"title": TITLE, "seed": 1}).json()["job_id"]

        def job() -> dict:
            return gateway.get(f"/thumbnail/jobs/{job_id}").json()

        until(lambda: job()["state"] == "painting")
        kill(processes_at(painter_port))
        until(lambda: job()["state"] == "done")
        assert model_of(base64.b64decode(job()["pictures"][0])) == published.folder.name

        # Awake, it paints what somebody waits for, and nobody stands in.
        answer = gateway.post("/thumbnail", json={"title": TITLE, "seed": 2})
        assert (answer.headers["X-Model"], "X-Picture-Job" in answer.headers) == (published.folder.name, False)

        until(lambda: not processes_at(painter_port))
    assert host.told == ["the painter wakes: 1 picture jobs wait"] * 2 + ["the painter sleeps"]
    assert gateway.post("/thumbnail", json={"title": TITLE}).headers["X-Model"] == "scene-painter-1"
