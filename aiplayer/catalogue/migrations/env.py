"""Alembic's entry point: runs the migrations on the connection that `migrate` hands over."""

from alembic import context

from aiplayer.catalogue.tables import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
