"""The real service and the real page, started once for all tests, on a copy of the demo database."""

import gc
import os
import re
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from sqlalchemy import Engine
from xdist.scheduler import LoadScopeScheduling

from aiplayer.catalogue import connect
from infra.programs import ENVIRONMENT
from tests.support.mariadb import MariaDB
from tests.support.service import (
    SONG_TO_COME,
    copy_demo_database,
    of_long_pictures,
    require_program,
    running_page,
    running_service,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser

os.environ.setdefault("BENTOML_HOME", ENVIRONMENT["BENTOML_HOME"])
# Else every model that a test stores would be told to BentoML's makers.
os.environ.setdefault("BENTOML_DO_NOT_TRACK", ENVIRONMENT["BENTOML_DO_NOT_TRACK"])
# Set after a library of the hub has been imported, it would have no effect.
os.environ.setdefault("HF_HUB_OFFLINE", "1")

# Whoever asks for one of these fixtures is no test of `make check`: they start a process, or build a network.
STARTED = {"browser", "mariadb", "nginx", "page_url", "s3_endpoint", "s3_repository", "service_url", "slow_service_url"}
BUILT = {"multilingual_use", "networks", "published", "small_file", "unet"}
SLOW_TO_IMPORT = {"sentence_transformers", "tensorflow", "torch"}
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
# Folders whose modules share what takes seconds to make: the demo catalogue's playlists, a page of plots.
SHARING_FOLDERS = {"demo", "explore"}


# A module with such a line is left out unread where its tests would be: reading it imports TensorFlow or torch.
WHOLE_MODULE = re.compile(r"^pytestmark = pytest\.mark\.(heavy|process|slow)$", re.MULTILINE)
# Modules whose tests or fixtures ask for one of these share it, and stay together.
STARTED_ONCE = {
    "product": ("client", "page_url", "service_url"),
    "long pictures": ("slow_client", "slow_service_url"),
}
ASKS_FOR = r"^def test_\w+\([^)]*\b(?:{names})\b|^@pytest\.fixture.*\ndef \w+\([^)]*\b(?:{names})\b"


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out the modules whose every test is left out by the expression of `-m`."""
    if collection_path.suffix != ".py":
        return None
    whole = WHOLE_MODULE.search(collection_path.read_text(encoding="utf-8"))
    return True if whole and f"not {whole.group(1)}" in config.option.markexpr else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that use what a fixture has started or built, and put the modules that take long first."""
    for item in items:
        parameters = item.callspec.params.values() if hasattr(item, "callspec") else ()
        fixtures = {*item.fixturenames, *(value for value in parameters if isinstance(value, str))}
        if STARTED & fixtures:
            item.add_marker(pytest.mark.process)
        if BUILT & fixtures:
            item.add_marker(pytest.mark.heavy)

    # What takes long comes first, so that no worker begins it when the others have ended: the product longest.
    long_modules = {
        item.path for item in items if item.get_closest_marker("process") or item.get_closest_marker("heavy")
    }
    items.sort(key=lambda item: (group_of(item.path) != "product", item.path not in long_modules))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Keep `make check` quick, and spare the garbage collector what imports have made.

    It would walk through all of it again and again.
    """
    if "not heavy" in session.config.option.markexpr and (slow := SLOW_TO_IMPORT & sys.modules.keys()):
        raise pytest.UsageError(f"A test module imports {', '.join(slow)}. Give it `pytestmark = pytest.mark.heavy`.")
    gc.collect()
    gc.freeze()


@cache
def group_of(module: Path) -> str:
    """The modules that stay with one worker: those that share what was started once, a folder, or a module alone."""
    text = module.read_text(encoding="utf-8")
    for group, names in STARTED_ONCE.items():
        if re.search(ASKS_FOR.format(names="|".join(names)), text, re.MULTILINE):
            return group
    return str(module.parent if module.parent.name in SHARING_FOLDERS else module)


class ModuleScheduling(LoadScopeScheduling):
    """A module stays with one worker, and so do modules that share what takes long, such as a running service."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(self.config.rootpath / nodeid.split("::")[0])


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> ModuleScheduling:
    """How `--numprocesses` shares the tests out."""
    return ModuleScheduling(config, log)


@pytest.fixture(scope="session")
def database_url(tmp_path_factory) -> str:
    """A copy of the demo catalogue, so that tests leave no likes behind.

    In it one song is not out yet, and of every second song a duration of two to five minutes is known.
    """
    url = copy_demo_database(tmp_path_factory.mktemp("database"))
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection, connection:
        soon = str(datetime.now(UTC).date() + timedelta(days=2))
        connection.execute("UPDATE song_meta SET issue_date = ? WHERE song_name = ?", (soon, SONG_TO_COME))
        connection.execute("UPDATE song_meta SET duration_ms = 120000 + song_id * 7919 % 180000 WHERE song_id % 2 = 0")
    return url


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
    with running_page(service_url) as url:
        yield url


@pytest.fixture(scope="session")
def slow_service_url(tmp_path_factory, published) -> Iterator[str]:
    """A service whose pictures take seconds."""
    database_url = copy_demo_database(tmp_path_factory.mktemp("database-of-long-pictures"))
    with running_service(database_url, "test-long-pictures", **of_long_pictures(published.folder)) as url:
        yield url


@pytest.fixture(scope="session")
def slow_client(slow_service_url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=slow_service_url, timeout=60) as http:
        yield http


# Playwright keeps an event loop running meanwhile, which modules with loops of their own cannot bear.
@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """Chromium for the tests of a module, driven by Playwright."""
    from playwright.sync_api import sync_playwright

    path = require_program(*CHROMIUM, package="chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM_FLAGS))
        yield chromium
        chromium.close()


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
def multilingual_use():
    """The title encoder as it is published where nobody has tuned one."""
    from aiplayer.titles.encoder import create

    return create()


@pytest.fixture(scope="session")
def served_use(multilingual_use, tmp_path_factory):
    """The same encoder as it is served."""
    from aiplayer.titles.encoder import load_to_serve

    folder = tmp_path_factory.mktemp("encoder")
    multilingual_use.save(str(folder))
    return load_to_serve(folder)


@pytest.fixture(scope="session")
def published(tmp_path_factory):
    """A miniature Stable Diffusion 1.x as diffusers publishes them, and its folder."""
    from tests.support.stable_diffusion import publish

    return publish(tmp_path_factory.mktemp("stable-diffusion"))
