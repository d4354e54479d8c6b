"""The service where its runners listen on TCP, as on WSL: a stranger on the machine can make it run nothing."""

import pickle
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from loadtests.memory import service_processes
from tests.support.service import TITLE, copy_demo_database, post_ok, running_service

pytestmark = pytest.mark.process

PATHS = ("/encode", "/read_scenes", "/recommend", "/search", "/paint", "/picture_s", "/similar", "/", "/readyz", "/x")
PICKLE = "application/vnd.bentoml+pickle"
RUNNERS = 3


class MakesFile:
    """Once a pickle of it is read, there is a file."""

    def __init__(self, file: Path):
        self.file = file

    def __reduce__(self):
        return Path.touch, (self.file,)


@pytest.fixture(scope="module")
def url(tmp_path_factory) -> Iterator[str]:
    database_url = copy_demo_database(tmp_path_factory.mktemp("database"))
    with running_service(database_url, "test-tcp", BENTOML_NO_UDS="1") as url:
        yield url


def open_ports(url: str) -> set[int]:
    """All ports of TCP at which the service's processes listen."""
    processes = service_processes(url)
    # BentoML's own, the gateway, and the recommender has two.
    assert len(processes) == RUNNERS + 3
    connections = [found for process in processes for found in process.net_connections("tcp")]
    return {found.laddr.port for found in connections if found.status == psutil.CONN_LISTEN}


def test_a_pickle_is_refused_at_every_port_and_none_other_is_open(url, tmp_path):
    gateway_port = httpx.URL(url).port
    ports = open_ports(url)
    assert gateway_port in ports
    # BentoML's supervisor would take orders at another.
    assert len(ports) == RUNNERS + 1

    for port in ports:
        for path in PATHS:
            trap = tmp_path / f"{port}{path.replace('/', '-')}"
            answer = httpx.post(
                f"http://127.0.0.1:{port}{path}",
                content=pickle.dumps(MakesFile(trap)),
                headers={"Content-Type": PICKLE},
            )
            expected = (415, "unsupported_media_type") if port == gateway_port else (403, "not_the_gateway")
            assert (answer.status_code, answer.json()["error"]["code"]) == expected
            assert not trap.exists()

    trap = tmp_path / "trap"
    pickle.loads(pickle.dumps(MakesFile(trap)))
    assert trap.exists()


def test_the_service_itself_works(url):
    with httpx.Client(base_url=url, timeout=60) as client:
        assert client.get("/readyz").status_code == 200
        assert post_ok(client, "/recommend", title=TITLE)["songs"]
        assert client.post("/thumbnail", json={"title": TITLE}).headers["content-type"] == "image/png"
