"""Removing rows of what was typed, so that no byte of it stays behind."""

from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, Delete, Engine, Update, select
from sqlalchemy.orm import InstrumentedAttribute, Session

# A transaction holds its locks for as many rows only, so that requests do not wait for a large clean-up.
ROWS_A_TRANSACTION = 500


def change_in_parts(
    engine: Engine,
    key: InstrumentedAttribute[Any],
    condition: ColumnElement[bool],
    statement: Delete | Update,
    rows: int | None = None,
) -> int:
    """Apply a statement to all rows of a condition, a part of them a transaction.

    Args:
        engine: The database.
        key: The key of the table's rows.
        condition: Holds for the rows, until the statement has changed them.
        statement: What is done with them.
        rows: How many of them a transaction; default: ROWS_A_TRANSACTION.

    Returns:
        How many rows it changed.
    """
    changed = 0
    while True:
        with Session(engine) as session:
            keys = session.scalars(select(key).where(condition).limit(rows or ROWS_A_TRANSACTION)).all()
        if not keys:
            return changed

        # The condition once more, for a row may have been changed in between.
        part = statement.where(key.in_(keys), condition).execution_options(synchronize_session=False)
        with Session(engine) as session, session.begin():
            overwrite_rows(session)
            changed += cast("CursorResult[Any]", session.execute(part)).rowcount


def overwrite_rows(session: Session) -> None:
    """Have SQLite write zeros over what is removed; its file would keep the text until the place is used again."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete=ON")


def overwrite_file(engine: Engine) -> None:
    """Have SQLite write its log of changes into its file, and empty the log."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
