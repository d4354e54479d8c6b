"""The real service and the real page, started once for all tests, on a copy of the demo database."""

import os
import time
from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import Engine

from aiplayer.catalogue import connect
from infra.local import ENVIRONMENT, free_port, page
from tests.support.mariadb import MariaDB
from tests.support.service import copy_demo_database, require_program, running_service

os.environ.setdefault("BENTOML_HOME", ENVIRONMENT["BENTOML_HOME"])

# Fixtures that start a process: whoever asks for one is no test of `make check`.
STARTED = {"browser", "mariadb", "page_url", "service_url"}
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that use what a fixture has started."""
    for item in items:
        parameters = item.callspec.params.values() if hasattr(item, "callspec") else ()
        if STARTED & set(item.fixturenames) or STARTED & {value for value in parameters if isinstance(value, str)}:
            item.add_marker(pytest.mark.process)


@pytest.fixture(scope="session")
def database_url(tmp_path_factory) -> str:
    """A copy of the demo catalogue, so that tests leave no likes behind."""
    return copy_demo_database(tmp_path_factory.mktemp("database"))


@pytest.fixture(scope="session")
def service_url(database_url: str) -> Iterator[str]:
    with running_service(database_url, "test-service") as url:
        yield url


@pytest.fixture(scope="session")
def client(service_url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=service_url, timeout=60) as http:
        yield http


@pytest.fixture(scope="session")
def page_url(service_url: str) -> Iterator[str]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with page(port, service_url) as program:
        transport = httpx.HTTPTransport(retries=0)
        with httpx.Client(transport=transport) as http:
            for _ in range(300):
                time.sleep(0.1)
                program.check()
                try:
                    if http.get(f"{url}/_stcore/health").is_success:
                        break
                except httpx.HTTPError:
                    pass
        yield url


@pytest.fixture(scope="session")
def mariadb() -> Iterator[MariaDB]:
    """A server of our own, without any database."""
    server = require_program("mariadbd", "mysqld", package="mariadb-server")
    with MariaDB(server, require_program("mariadb-install-db", package="mariadb-server")) as running:
        yield running


@pytest.fixture(params=["sqlite", "mariadb"])
def empty_database(request, tmp_path) -> str:
    """The URL of an empty database, once for each engine."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    return request.getfixturevalue("mariadb").new_database()


@pytest.fixture
def engine(empty_database) -> Iterator[Engine]:
    """An engine on an empty database, once for each kind of server."""
    engine = connect(empty_database)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def published(tmp_path_factory):
    """A miniature Stable Diffusion 1.x as diffusers publishes them, and its folder."""
    from tests.support.stable_diffusion import publish

    return publish(tmp_path_factory.mktemp("stable-diffusion"))


@pytest.fixture(scope="session")
def browser():
    """Chromium, driven by Playwright."""
    from playwright.sync_api import sync_playwright

    path = require_program(*CHROMIUM_NAMES, package="chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM_FLAGS))
        yield chromium
        chromium.close()
