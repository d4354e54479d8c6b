"""The real service on a copy of the demo catalogue, and what tests need to start and to ask it."""

import os
import re
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import pytest

from aiplayer.settings import STATE, Settings
from infra.instances import free_port, page, service, wait_until_ready
from loadtests.own_service import Database, copy_sqlite

TITLE = "비 오는 날 카페에서 듣는 재즈"
# A song of Sade's, which comes out in two days where the tests share a service.
SONG_TO_COME = "No Ordinary Love"
# Proxies that are not there, and one of a kind that no program here knows: what stays on this machine needs none.
BAD_PROXIES = {
    "ALL_PROXY": "socks://127.0.0.1:7890",
    "all_proxy": "socks://127.0.0.1:7890",
    "HTTP_PROXY": "http://127.0.0.1:9",
    "http_proxy": "http://127.0.0.1:9",
    "HTTPS_PROXY": "nonsense://[::",
    "NO_PROXY": "",
    "no_proxy": "",
}


@contextmanager
def running_service(database_url: str, name: str, served: str = "AIPlayer", **settings: str) -> Iterator[str]:
    """The URL of a service of a test's own.

    Args:
        database_url: A copy of the demo catalogue.
        name: The name of the service's log.
        served: Which service of `service.py`.
        settings: Environment variables.
    """
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with service(port, demo_environment(database_url) | settings, name=name, served=served) as program:
        wait_until_ready(url, program)
        yield url


def processes_of(client: httpx.Client, service_name: str) -> list[psutil.Process]:
    """The processes of the gateway or of a runner, of the client's service, which this process has started."""
    parents = [child for child in psutil.Process().children() if str(client.base_url.port) in child.cmdline()]
    return [
        child
        for parent in parents
        for child in parent.children(recursive=True)
        if re.search(rf"--service-name {service_name}\b", " ".join(child.cmdline()))
    ]


@contextmanager
def hanging(client: httpx.Client, runner: str) -> Iterator[psutil.Process]:
    """A runner of the client's service that does nothing for as long as this lasts, or until it is sent SIGCONT."""
    (process,) = processes_of(client, runner)
    process.send_signal(signal.SIGSTOP)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGCONT)


@contextmanager
def running_page(service_url: str) -> Iterator[str]:
    """The URL of a page before a service."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with page(port, service_url) as program, httpx.Client(transport=httpx.HTTPTransport(retries=0)) as http:
        for _ in range(300):
            time.sleep(0.1)
            program.check()
            try:
                if http.get(f"{url}/_stcore/health").is_success:
                    break
            except httpx.HTTPError:
                pass
        yield url


def of_long_pictures(weights: Path) -> dict[str, str]:
    """Environment variables of a service whose pictures take seconds, by a miniature Stable Diffusion in many steps.

    Args:
        weights: The folder of the miniature.
    """
    return {
        "AIPLAYER_DIFFUSION_WEIGHTS": str(weights),
        "AIPLAYER_DIFFUSION_WIDTH_PX": "512",
        "AIPLAYER_DIFFUSION_HEIGHT_PX": "256",
        "AIPLAYER_DIFFUSION_STEPS": "100",
        "AIPLAYER_DIFFUSION_PRECISION": "float32",
        "AIPLAYER_DIFFUSION_JIT_COMPILE": "false",
    }


def demo_environment(database_url: str) -> dict[str, str]:
    """What a service needs that uses a copy of the demo catalogue, its own models, no card and no network."""
    return Database(database_url, Settings().models, is_copy=True).environment() | {"CUDA_VISIBLE_DEVICES": ""}


def copy_demo_database(folder: Path) -> str:
    """The URL of a copy of the demo catalogue, so that tests leave no likes behind."""
    return f"sqlite:///{copy_sqlite(STATE / 'aiplayer.db', folder)}"


def post_ok(client: httpx.Client, path: str, **body: object) -> dict:
    """The JSON answer to a request that must succeed."""
    response = client.post(path, json=body)
    assert response.status_code == 200, response.text
    return response.json()


def require_program(*names: str, package: str) -> str:
    """The path of the first of these programs; without any the test is skipped, loudly, and under CI it fails."""
    for name in names:
        if path := shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin"):
            return path

    message = f"MISSING PROGRAM: {names[0]}. Install the Debian package {package} to run this test."
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)
