"""The database of a container: awaited, brought up to date, and filled with the packed catalogue where it has none."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, create_engine, delete, insert, select, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError

from aiplayer.catalogue import Catalogue, is_away, migrate
from aiplayer.catalogue.staging import LIVE, ROWS_A_BATCH, Batch, Staging
from aiplayer.catalogue.tables import CatalogueVersion
from aiplayer.errors import InvalidInput, Unavailable
from aiplayer.files import write_whole
from aiplayer.settings import STATE

LOOK_EVERY_S = 1.0
# Containers that share a server wait for one another under this name; one that fills the catalogue takes minutes.
LOCK, LOCK_WAIT_S = "aiplayer_setup", 1800

Tell = Callable[[str], None]


def await_database(engine: Engine, longest_s: float, tell: Tell) -> None:
    """Return when the database answers.

    Args:
        engine: The database.
        longest_s: For how long it is waited for, in seconds.
        tell: Is told that it is waited for.

    Raises:
        Unavailable: it has not answered in time. One that answers and refuses raises SQLAlchemy's errors at once.
    """
    deadline = time.monotonic() + longest_s
    is_told = False
    while True:
        try:
            with engine.connect():
                return
        except OperationalError as error:
            if not is_away(error):
                raise
            if time.monotonic() >= deadline:
                raise Unavailable(
                    f"The database has not answered for {longest_s:g} s. Start it, or correct AIPLAYER_DATABASE_URL."
                ) from None
        if not is_told:
            tell("waiting for the database")
            is_told = True
        time.sleep(LOOK_EVERY_S)


@contextmanager
def alone_in(engine: Engine) -> Iterator[None]:
    """Let no other container change this database's schema or catalogue meanwhile; the lock ends with its holder."""
    if engine.dialect.name not in ("mysql", "mariadb"):
        # A file is that of one container, whose state folder has a lock.
        yield
        return
    with engine.connect() as connection:
        lock = {"name": LOCK, "wait_s": LOCK_WAIT_S}
        if connection.scalar(text("SELECT GET_LOCK(CONCAT(:name, '_', DATABASE()), :wait_s)"), lock) != 1:
            raise Unavailable("Another container has been filling this database for half an hour. Look at its log.")
        try:
            yield
        finally:
            connection.execute(text("SELECT RELEASE_LOCK(CONCAT(:name, '_', DATABASE()))"), lock)


def bring_up_to_date(engine: Engine, packed: Path | None, tell: Tell, *, state: Path = STATE) -> None:
    """Bring the schema up to date, and put the packed catalogue in where there is none, or an older packed one.

    Args:
        engine: The database.
        packed: The packed catalogue, if there is one.
        tell: Is told what takes long.
        state: The folder in which is noted what was put in, so that another image may replace it.
    """
    migrate(engine)
    if packed is None:
        return
    source = open_packed(packed)
    catalogue, version = Catalogue(engine), Catalogue(source).version()
    if version is None:
        raise InvalidInput(f"{packed} holds no catalogue. Make the image again: python -m infra.image")

    current = catalogue.version()
    if current is None or (current != version and note_of(current, state).exists()):
        tell("filling the database with the catalogue of this image")
        copy_catalogue(source, engine, version, lambda: write_whole(note_of(version, state), f"{version}\n"))
    source.dispose()


def note_of(version: str, state: Path) -> Path:
    """The file that says that a catalogue came from an image, and so is nobody's own."""
    return state / "packed" / version


def open_packed(path: Path) -> Engine:
    """A packed catalogue, which nobody changes, so that it may lie where nothing can be written."""
    query = {"mode": "ro", "immutable": "1", "uri": "true"}
    return create_engine(URL.create("sqlite", database=f"file:{path}", query=query), hide_parameters=True)


def copy_catalogue(source: Engine, target: Engine, version: str, before_it_is_seen: Callable[[], None]) -> None:
    """Make a catalogue that of another database: seen whole at once, or not at all, whenever this is killed.

    Args:
        source: Holds the catalogue.
        target: Any database with the schema; its log of generations stays.
        version: The catalogue's version, which the copy has too.
        before_it_is_seen: Called at the end, just before the copy goes live.

    Raises:
        InvalidInput: another import fills this database.
    """
    with Staging(target, version) as staging:
        for batch in batches_of(source):
            staging.add(batch)
        before_it_is_seen()
        with target.begin() as connection:
            if staging.batches_added:
                staging.publish(connection)
            connection.execute(delete(CatalogueVersion))
            connection.execute(insert(CatalogueVersion).values(version=version, own_playlists=""))
        staging.drop()


def batches_of(source: Engine) -> Iterator[Batch]:
    """The rows of a catalogue, always in one order, so that a copy that was killed goes on."""
    with source.connect() as connection:
        for name, table in LIVE.items():
            rows = connection.execution_options(yield_per=ROWS_A_BATCH).execute(
                select(table).order_by(*table.primary_key)
            )
            for part in rows.mappings().partitions():
                yield Batch(name, [dict(row) for row in part])
