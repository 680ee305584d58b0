"""Bring a database's tables to what this version of the program needs, with Alembic."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.util.exc import CommandError
from sqlalchemy import Connection, inspect

from geo.errors import StorageError
from geo.store import postgres
from geo.store.migrations import NEWEST
from geo.store.tables import metadata
from geo.store.trouble import newer_version
from geo.wording import say

MIGRATIONS = Path(__file__).with_name("migrations")


def migrate(connection: Connection) -> None:
    """Make the tables or change them, in one transaction.

    Raises
    ------
    StorageError
        Where tables with our names are somebody else's, or a newer version's.
    """
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    with connection.begin():
        if connection.dialect.name == "postgresql":
            # Of two programs that start at once, one makes the tables and the other finds them.
            postgres.take_turn(connection)
            postgres.require_postgis(connection)
        found = MigrationContext.configure(connection).get_current_revision()
        if found == NEWEST:
            return
        if found is None and set(metadata.tables) & set(inspect(connection).get_table_names()):
            raise StorageError(
                say(
                    "Databasen har tabeller med våra namn men är inte gjord av programmet; "
                    "välj en annan databas."
                )
            )
        try:
            command.upgrade(config, "head")
        except CommandError as exc:
            raise newer_version(found or "?") from exc
