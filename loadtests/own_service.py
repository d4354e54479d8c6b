"""A service of a measurement's own, on a copy of the database, so that no like and no title stays behind."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from pydantic import SecretStr
from sqlalchemy.engine import make_url

from aiplayer.settings import STATE, ModelPins, Settings
from infra.instances import OPEN_SERVICE, free_port, service, set_environment, wait_until_ready
from infra.local import loading
from infra.programs import Program

FOLDER = STATE / "load"
# The names of copies begin with it.
COPY = "copy"


@dataclass(frozen=True)
class Database:
    """A database that is measured, and the models that were made for its catalogue.

    Attributes:
        url: The database's URL, which may hold a password.
        models: The pinned models.
        is_copy: Whether it is a copy, which is removed when the measurement ends.
    """

    url: str
    models: ModelPins
    is_copy: bool

    def environment(self) -> dict[str, str]:
        """The variables by which a process uses it; no title is sent to a translator, and nobody needs a key."""
        own = {"AIPLAYER_DATABASE_URL": self.url, "AIPLAYER_TRANSLATE_TITLES": "false"}
        return {**OPEN_SERVICE, **own, **set_environment(self.models)}

    def note(self) -> str:
        """What a person should know of what stays behind."""
        if self.is_copy:
            return "on a copy of the database, which is removed at the end"
        return "on the database itself, which is no SQLite file: the playlists and likes of this run stay in its log"


@dataclass(frozen=True)
class OwnService:
    """A running service.

    Attributes:
        url: Where it listens.
        program: Its processes.
    """

    url: str
    program: Program


@contextmanager
def database_to_measure(url: str | None = None) -> Iterator[Database]:
    """A copy of a database for as long as the context lasts; of SQLite alone, any other is used as it is.

    Args:
        url: Any SQLAlchemy URL; None for the configured one.
    """
    settings = Settings() if url is None else Settings(database_url=SecretStr(url))
    source = settings.database_url.get_secret_value()
    parsed = make_url(source)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        yield Database(source, settings.models, is_copy=False)
        return

    FOLDER.mkdir(parents=True, exist_ok=True)
    remove_left_copies(FOLDER)
    folder = Path(tempfile.mkdtemp(prefix=f"{COPY}-{os.getpid()}-", dir=FOLDER))
    try:
        copy = copy_sqlite(Path(parsed.database).expanduser(), folder)
        yield Database(f"sqlite:///{copy}", settings.models, is_copy=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def remove_left_copies(folder: Path) -> None:
    """Remove the copies of measurements that were killed; the name of a copy says which process made it."""
    for copy in folder.glob(f"{COPY}-*"):
        _, pid, _ = copy.name.split("-", 2)
        if not psutil.pid_exists(int(pid)):
            shutil.rmtree(copy, ignore_errors=True)


def copy_sqlite(file: Path, folder: Path) -> Path:
    """Copy an SQLite database that may be in use.

    Args:
        file: The database.
        folder: Where the copy is put, under the same name.
    """
    copy = folder / file.name
    source = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)
    target = sqlite3.connect(copy)
    try:
        source.backup(target)
    finally:
        source.close()
        target.close()
    return copy


@contextmanager
def own_service(database: Database, name: str, settings: Mapping[str, str] | None = None) -> Iterator[OwnService]:
    """A service on a free port, ready to serve, which is stopped at the end.

    Args:
        database: What it serves.
        name: The name of its log.
        settings: Further environment variables.

    Raises:
        Unavailable: it does not start.
    """
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with service(port, database.environment() | dict(settings or {}), name=name) as program:
        with loading() as tell:
            wait_until_ready(url, program, tell=tell)
        yield OwnService(url, program)
