"""Open a database by its URL: create it, migrate it, set it up for safety."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from geo.errors import StorageError
from geo.store.sql import SqlStore
from geo.store.tables import writes
from geo.wording import say

_MIGRATIONS = Path(__file__).with_name("migrations")
_BUSY_TIMEOUT_MS = 10_000


def open_store(url: str) -> SqlStore:
    """Open the database `url` names, creating or migrating it first; it may be empty.

    Raises
    ------
    StorageError
        Where the URL names no database, the folder cannot be written, the file is no
        database, or it was made by a newer version of the program.
    """
    engine = connect(url)
    try:
        with engine.connect() as connection:
            migrate(connection.execution_options(writes=True))
    except (SQLAlchemyError, sqlite3.Error) as exc:
        engine.dispose()
        raise _cannot_open(url, exc) from exc
    return SqlStore(engine)


def connect(url: str) -> Engine:
    """Make an engine for a URL, without asking anything of the database yet."""
    try:
        target = make_url(url)
        backend = target.get_backend_name()
        if backend not in {"sqlite", "postgresql"}:
            raise ArgumentError(backend)
        if backend == "sqlite" and target.database not in {None, "", ":memory:"}:
            Path(str(target.database)).expanduser().parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(target)
    except (ArgumentError, NoSuchModuleError, ImportError) as exc:
        raise StorageError(
            say(
                "”{url}” är ingen databasadress; skriv till exempel sqlite:///var/trygg.db.",
                url=_without_password(url),
            )
        ) from exc
    except OSError as exc:
        raise _cannot_open(url, exc) from exc
    if backend == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def migrate(connection: Connection) -> None:
    """Bring the tables to what this version of the program needs."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    newest = ScriptDirectory.from_config(config).get_current_head()
    with connection.begin():
        found = MigrationContext.configure(connection).get_current_revision()
        if found == newest:
            return
        if found is None and inspect(connection).has_table(writes.name):
            raise StorageError(
                "Databasen har tabeller med våra namn men är inte gjord av programmet; "
                "välj en annan databas."
            )
        try:
            command.upgrade(config, "head")
        except CommandError as exc:
            raise StorageError(
                say(
                    "Databasen är gjord av en nyare version av programmet ({found}); "
                    "uppdatera programmet.",
                    found=found or "?",
                )
            ) from exc


def _prepare_sqlite(dbapi_connection: Any, _record: object) -> None:
    # SQLAlchemy's "begin" event decides when transactions begin, not the driver.
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    for pragma in (
        f"busy_timeout={_BUSY_TIMEOUT_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes_now = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes_now else "BEGIN")


def _without_password(url: str) -> str:
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return url


def _cannot_open(url: str, exc: Exception) -> StorageError:
    cause = getattr(exc, "orig", None) or exc
    return StorageError(
        say(
            "Databasen {url} går inte att öppna ({reason}); finns mappen och får den skrivas?",
            url=_without_password(url),
            reason=str(cause).splitlines()[0] if str(cause) else type(cause).__name__,
        )
    )
