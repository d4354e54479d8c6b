"""The real service on a copy of the demo catalogue, and what tests need to start and to ask it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from aiplayer.settings import STATE, Settings
from infra.local import free_port, service, wait_until_ready
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
def running_service(database_url: str, name: str, **settings: str) -> Iterator[str]:
    """The URL of a service of a test's own.

    Args:
        database_url: A copy of the demo catalogue.
        name: The name of the service's log.
        settings: Environment variables.
    """
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with service(port, demo_environment(database_url) | settings, name=name) as program:
        wait_until_ready(url, program)
        yield url


def demo_environment(database_url: str) -> dict[str, str]:
    """What a service needs that uses a copy of the demo catalogue, its own models, and no network."""
    return Database(database_url, Settings().models, is_copy=True).environment()


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
