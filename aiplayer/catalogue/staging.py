"""Bulk loading that can be killed at any time: rows gather in staging tables and go live in one transaction.

The catalogue that is being served stays whole until then, and a repeated import goes on after the last batch that was
committed. Staging tables are keyed by the order of their rows, so appending is fast, and servers that insist on primary
keys have them.
"""

from dataclasses import dataclass
from typing import Self

from sqlalchemy import Column, Connection, Engine, Integer, MetaData, String, Table, delete, insert, inspect, select

from aiplayer.catalogue.tables import Id, PlyMeta, SongArtist, SongInPly, SongMeta
from aiplayer.errors import InvalidInput

LIVE = {
    table.__tablename__: table.metadata.tables[table.__tablename__]
    for table in (SongMeta, SongArtist, PlyMeta, SongInPly)
}
ROWS_A_BATCH = 20_000


@dataclass(frozen=True)
class Batch:
    """Rows of one table, column names to values."""

    table: str
    rows: list[dict]


class Staging:
    """The staging tables of one import; as a context it takes up or begins the import of this version.

    Args:
        engine: The database.
        version: The version that is being imported; tables left by another version are dropped.
    """

    def __init__(self, engine: Engine, version: str) -> None:
        self.engine = engine
        self.version = version
        self.metadata = MetaData()
        self.tables = {name: _bare_table(table, self.metadata) for name, table in LIVE.items()}
        self.progress = Table(
            "staged_progress",
            self.metadata,
            Column("version", String(64), primary_key=True),
            Column("batches", Integer, nullable=False),
        )
        self.batches_added = 0
        self.batches_committed = 0

    def __enter__(self) -> Self:
        if self._can_go_on():
            committed = select(self.progress.c.batches).filter_by(version=self.version)
            with self.engine.connect() as connection:
                self.batches_committed = connection.scalar(committed) or 0

        if not self.batches_committed:
            self.metadata.drop_all(self.engine)
            self.metadata.create_all(self.engine)
            with self.engine.begin() as connection:
                connection.execute(insert(self.progress).values(version=self.version, batches=0))
        return self

    def __exit__(self, *_: object) -> None:
        """Leave what was staged, for the next try or until `drop`."""

    def add(self, batch: Batch) -> None:
        """Commit a batch, unless an earlier run has committed it; batches come in the same order every time.

        Raises:
            InvalidInput: another import is running.
        """
        self.batches_added += 1
        if self.batches_added <= self.batches_committed:
            return

        with self.engine.begin() as connection:
            # Another import of this version would have moved the count on, and then no row is updated.
            row = self.progress.update().filter_by(version=self.version, batches=self.batches_added - 1)
            updated = connection.execute(row.values(batches=self.batches_added))
            if not updated.rowcount:
                raise InvalidInput("Another import is filling this database. Let it end first.", code="import_running")
            connection.execute(insert(self.tables[batch.table]), batch.rows)

    def publish(self, connection: Connection) -> None:
        """Replace all rows of the live tables by the staged ones; the caller commits."""
        is_mysql = connection.dialect.name in ("mysql", "mariadb")
        if is_mysql:
            # What was staged keeps the keys already. Unchecked, MariaDB sorts an empty table's index entries before
            # it writes them: an import of 5.3 million entries fell from 424 to 183 s.
            connection.detach()
            connection.exec_driver_sql("SET SESSION unique_checks = 0, foreign_key_checks = 0")

        for live in reversed(LIVE.values()):
            connection.execute(delete(live))

        for name, live in LIVE.items():
            staged = self.tables[name]
            columns = [column.name for column in live.columns]
            values = [staged.c[column] for column in columns]
            keys = [staged.c[column.name] for column in live.primary_key]
            rows = select(*values).order_by(*keys)
            connection.execute(insert(live).from_select(columns, rows))

        if is_mysql:
            connection.exec_driver_sql("SET SESSION unique_checks = 1, foreign_key_checks = 1")

    def _can_go_on(self) -> bool:
        """Say whether staging tables are there, with the columns that this version of the program fills."""
        inspector = inspect(self.engine)
        for table in self.metadata.sorted_tables:
            if not inspector.has_table(table.name):
                return False
            stored_columns = {column["name"] for column in inspector.get_columns(table.name)}
            if stored_columns != set(table.columns.keys()):
                return False
        return True

    def drop(self) -> None:
        """Remove the staging tables."""
        self.metadata.drop_all(self.engine)


def _bare_table(table: Table, metadata: MetaData) -> Table:
    """Copy a table's columns without keys and indexes; the key is a number that the database gives."""
    columns = [Column(column.name, column.type, nullable=column.nullable) for column in table.columns]
    key = Column("staged_row", Id, primary_key=True, autoincrement=True)
    return Table(f"staged_{table.name}", metadata, key, *columns)
