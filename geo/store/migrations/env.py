"""Alembic's entry: migrate over the connection the program already holds."""

from __future__ import annotations

from alembic import context

from geo.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    # The caller's transaction is the migration's: all of it, or none.
    transaction_per_migration=False,
)
context.run_migrations()
