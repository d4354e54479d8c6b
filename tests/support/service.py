"""The real service on a copy of the demo catalogue, and what tests need to start and to ask it."""

import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from aiplayer.settings import STATE, Settings
from infra.local import free_port, page, service, wait_until_ready

TITLE = "비 오는 날 카페에서 듣는 재즈"
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
    """What a service needs that uses a copy of the demo catalogue, its own models, and no network."""
    pins = {f"AIPLAYER_MODELS__{kind.upper()}": tag for kind, tag in Settings().models.model_dump().items()}
    return {"AIPLAYER_DATABASE_URL": database_url, "AIPLAYER_TRANSLATE_TITLES": "false", **pins}


def copy_demo_database(folder: Path) -> str:
    """The URL of a copy of the demo catalogue, so that tests leave no likes behind."""
    copy = folder / "aiplayer.db"
    with sqlite3.connect(STATE / "aiplayer.db") as source, sqlite3.connect(copy) as target:
        source.backup(target)
    source.close()
    target.close()
    return f"sqlite:///{copy}"


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
