"""Engines and migrations: SQLite by default, any SQLAlchemy URL by setting."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from aiplayer.errors import InvalidInput

MIGRATIONS = Path(__file__).parent / "migrations"


def connect(url: str, timeout_s: float = 5.0) -> Engine:
    """Make an engine whose connections are checked before use and never wait longer than `timeout_s`.

    Args:
        url: Any SQLAlchemy URL, e.g. `sqlite:///var/aiplayer.db` or `mysql+pymysql://user:password@host/name`.
        timeout_s: Longest wait for a connection, a lock or a pooled connection, in seconds.

    Raises:
        InvalidInput: the URL cannot be read or its driver is not installed; the message never repeats the URL.
    """
    try:
        parsed = make_url(url)
        engine = create_engine(parsed, pool_pre_ping=True, **_engine_options(parsed, timeout_s))
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise InvalidInput(
            "The database URL cannot be used. Give an SQLAlchemy URL whose driver is installed, such as "
            "sqlite:///path/to/file.db or mysql+pymysql://user:password@host:3306/name.",
            code="bad_database_url",
            field="AIPLAYER_DATABASE_URL",
        ) from error
    if parsed.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
    return engine


def migrate(engine: Engine) -> None:
    """Bring the schema to the newest version; does nothing where it is there already."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _engine_options(url, timeout_s: float) -> dict:
    """Timeouts go by another name in each driver."""
    if url.get_backend_name() == "sqlite":
        if url.database and url.database != ":memory:":
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        return {"connect_args": {"timeout": timeout_s}}
    pool = {"pool_timeout": timeout_s, "pool_recycle": 1800}
    if url.drivername == "mysql+pymysql":
        seconds = max(1, round(timeout_s))
        waits = {"connect_timeout": seconds, "read_timeout": seconds, "write_timeout": seconds}
        return pool | {"connect_args": waits | {"charset": "utf8mb4"}}
    return pool


def _set_up_sqlite(connection, _record) -> None:
    """Readers do not block the writer (WAL), and foreign keys hold."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()
