"""Engines and migrations: SQLite by default, any SQLAlchemy URL by setting."""

import os
import re
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from aiplayer.errors import InvalidInput

# Most connections of a process at once.
CONNECTIONS = 15
MIGRATIONS = Path(__file__).parent / "migrations"
# MySQL's servers number their errors below it, its clients from it on: no connection, a lost one.
FIRST_CLIENT_ERROR = 2000
# A table that does not exist, and an unknown column.
MISSING_IN_MYSQL = {1146, 1054}
MISSING_IN_SQLITE = re.compile("no such (table|column)|has no column named")
# What SQLAlchemy reads as user and password: up to the first @ behind the colon.
CREDENTIALS = re.compile(r"[\w+]+://[^:/]*(:[^@]*)?@")


def connect(url: str, timeout_s: float = 5.0, statement_timeout_s: float | None = None) -> Engine:
    """Make an engine whose connections are checked before use and never wait without end.

    Its errors do not repeat the parameters of statements, for these hold titles.

    Args:
        url: Any SQLAlchemy URL, e.g. `sqlite:///var/aiplayer.db` or `mysql+pymysql://user:password@host/name`.
        timeout_s: Longest wait for a connection, a lock or a pooled connection, in seconds.
        statement_timeout_s: Longest wait for the answer to one statement; default: `timeout_s`.

    Raises:
        InvalidInput: the URL cannot be read or its driver is not installed; the message never repeats the URL.
    """
    parsed = _parse(url)
    try:
        options = _options(parsed, timeout_s, statement_timeout_s or timeout_s)
        engine = create_engine(parsed, hide_parameters=True, **options)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise _bad_url() from error

    if parsed.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
    return engine


def is_away(error: DBAPIError) -> bool:
    """Whether a MySQL server did not answer, unlike one that refuses: no right, no such database, a full disk."""
    code = error.orig.args[0] if error.orig is not None and error.orig.args else None
    return isinstance(code, int) and code >= FIRST_CLIENT_ERROR


def is_outdated(error: DBAPIError) -> bool:
    """Whether the database lacks a table or a column of this version: nobody has brought its schema up to date."""
    code = error.orig.args[0] if error.orig is not None and error.orig.args else None
    return code in MISSING_IN_MYSQL or MISSING_IN_SQLITE.search(str(error.orig)) is not None


def migrate(engine: Engine) -> None:
    """Bring the schema to the newest version; does nothing where it is there already.

    Where it was cut off, the next one goes on.
    """
    # Set-up migrates; the service, which starts more often, is spared the import.
    from alembic import command
    from alembic.config import Config

    config = Config()
    # In values of this configuration a percent sign stands for itself when it is doubled.
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            # By itself SQLite's driver begins no transaction for statements that change the schema.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _parse(url: str) -> URL:
    """The parts of a URL; `~` begins a path of SQLite as it does in a shell."""
    credentials = CREDENTIALS.match(url)
    if credentials and "@" in url[credentials.end() :]:
        raise _bad_url("The user name or the password in the database URL holds an @. Write %40 for it, and %25 for %.")

    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        # The error of a port that is no number repeats what may be a part of the password.
        raise _bad_url() from None

    if parsed.get_backend_name() == "sqlite" and parsed.database:
        return parsed.set(database=os.path.expanduser(parsed.database))
    return parsed


def _bad_url(
    message: str = "The database URL cannot be used. Give an SQLAlchemy URL whose driver is installed, such as "
    "sqlite:///path/to/file.db or mysql+pymysql://user:password@host:3306/name.",
) -> InvalidInput:
    return InvalidInput(message, code="bad_database_url", field="AIPLAYER_DATABASE_URL")


def _options(url: URL, timeout_s: float, statement_timeout_s: float) -> dict:
    """The pool, whose connections stay open, and timeouts, which go by another name in each driver."""
    pool: dict[str, Any] = {"pool_size": CONNECTIONS, "max_overflow": 0, "pool_timeout": timeout_s}
    if url.get_backend_name() == "sqlite":
        waits = {"timeout": timeout_s}
        if not url.database or url.database == ":memory:":
            return {"connect_args": waits}
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        return pool | {"connect_args": waits}

    # A server may have closed a connection meanwhile; a file cannot.
    pool |= {"pool_recycle": 1800, "pool_pre_ping": True}
    if url.get_driver_name() == "pymysql":
        waits = {"connect_timeout": max(1, round(timeout_s))}
        waits |= dict.fromkeys(("read_timeout", "write_timeout"), max(1, round(statement_timeout_s)))
        return pool | {"connect_args": waits | {"charset": "utf8mb4"}}
    return pool


def _set_up_sqlite(connection, _record) -> None:
    """Readers do not block the writer (WAL), what is committed outlives a power cut (FULL), and foreign keys hold."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()
