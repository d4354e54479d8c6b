"""Alembic's entry point: runs the migrations on the connection that `migrate` hands over."""

from typing import Any

from alembic import context
from alembic.ddl.mysql import MariaDBImpl, MySQLImpl
from sqlalchemy import CursorResult, Executable
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.sql.ddl import DDLElement

from aiplayer.catalogue.tables import Table

# MySQL's errors where a table, a column or an index is there already, and where a table, a column or an index is gone.
DONE_BEFORE = {1050, 1060, 1061, 1051, 1091}


class ResumedMySQL(MySQLImpl):
    """Passes over what a migration that was cut off has done already.

    MySQL commits each statement that changes the schema by itself, and a migration's number is written at its end. So
    the next run begins that migration anew. Alembic finds this class by the dialect that it names.
    """

    __dialect__ = "mysql"

    # Alembic runs every statement of a migration through this method; its public ones are one a kind of statement.
    def _exec(self, construct: Executable | str, *args: Any, **kwargs: Any) -> CursorResult | None:
        try:
            return super()._exec(construct, *args, **kwargs)
        except (OperationalError, ProgrammingError) as error:
            was_done = error.orig is not None and error.orig.args[0] in DONE_BEFORE
            if isinstance(construct, DDLElement) and was_done:
                return None
            raise


class ResumedMariaDB(ResumedMySQL, MariaDBImpl):
    """The same for URLs that begin with mariadb."""

    __dialect__ = "mariadb"


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
