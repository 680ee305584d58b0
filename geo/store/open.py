"""Open a database by its URL: create it, migrate it, set it up for safety."""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    MetaData,
    Table,
    Text,
    create_engine,
    event,
    inspect,
    select,
)
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from geo.errors import StorageError
from geo.store import postgres
from geo.store.address import address, file_of, no_address, without_password
from geo.store.migrations import NEWEST
from geo.store.sql import SqlStore
from geo.store.trouble import AWAY, own_words, sentence
from geo.wording import say

_VERSION = Table("alembic_version", MetaData(), Column("version_num", Text))
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
            is_ready = found_version(connection) == NEWEST
        # Only who must change the tables waits for other writers, and for Alembic to be read in.
        if not is_ready:
            from geo.store.migrate import migrate

            with engine.connect() as connection:
                migrate(connection.execution_options(writes=True))
    except (SQLAlchemyError, sqlite3.Error) as exc:
        engine.dispose()
        raise cannot_open(url, exc) from exc
    except StorageError:
        engine.dispose()
        raise
    return SqlStore(engine)


def open_existing(url: str) -> tuple[Engine, str]:
    """Connect to a database that has our tables; nothing is made, set or migrated.

    Returns
    -------
    tuple[Engine, str]
        With the step of the schema it is at.

    Raises
    ------
    StorageError
        Also where there is no such database, or nothing of ours in it.
    """
    engine = connect(url, as_found=True)
    try:
        with engine.connect() as connection:
            found = found_version(connection)
    except (SQLAlchemyError, sqlite3.Error) as exc:
        engine.dispose()
        raise cannot_open(url, exc) from exc
    if found is None:
        engine.dispose()
        raise StorageError(
            say(
                "Databasen {url} har inga uppgifter från programmet; stämmer adressen?",
                url=without_password(url),
            )
        )
    return engine, found


def connect(url: str, *, as_found: bool = False) -> Engine:
    """Make an engine for a URL, without asking anything of the database yet.

    With `as_found` a file is not made, and its settings are left as they are.
    """
    target, path = address(url), file_of(url)
    if as_found and path is not None and not path.exists():
        raise StorageError(say("Databasen {path} finns inte; stämmer adressen?", path=str(path)))
    try:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            engine = create_engine(target)
        elif target.get_backend_name() == "sqlite":
            engine = create_engine(target)
        else:
            engine = create_engine(postgres.with_driver(target), **postgres.engine_options())
    except ImportError as exc:
        raise StorageError(
            say("Drivrutinen {driver} för databasen är inte installerad.", driver=exc.name or "?")
        ) from exc
    except (ArgumentError, NoSuchModuleError, ValueError) as exc:
        raise no_address(url) from exc
    except OSError as exc:
        raise cannot_open(url, exc) from exc
    if target.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite_as_found if as_found else _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def found_version(connection: Connection) -> str | None:
    """Read which step of the schema a database is at; None where it has no tables of ours."""
    if not inspect(connection).has_table(_VERSION.name):
        return None
    found: str | None = connection.scalar(select(_VERSION.c.version_num))
    return found


def _prepare_sqlite(dbapi_connection: Any, _record: object) -> None:
    _set_sqlite(dbapi_connection, "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")


def _prepare_sqlite_as_found(dbapi_connection: Any, _record: object) -> None:
    _set_sqlite(dbapi_connection)


def _set_sqlite(dbapi_connection: Any, *pragmas: str) -> None:
    # SQLAlchemy's "begin" event decides when transactions begin, not the driver.
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    for pragma in (f"busy_timeout={_BUSY_TIMEOUT_MS}", *pragmas):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes_now = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes_now else "BEGIN")


def cannot_open(url: str, exc: Exception) -> StorageError:
    """Say that a database cannot be opened, and why, as far as the driver tells."""
    meaning = sentence(exc)
    if meaning is not None and meaning.template != AWAY:
        return StorageError(meaning)
    shown, reason = without_password(url), own_words(exc)
    if url.startswith("postgresql"):
        return StorageError(
            say(
                "Databasen {url} går inte att öppna ({reason}); stämmer adress, namn och lösenord, "
                "och är servern igång?",
                url=shown,
                reason=reason,
            )
        )
    return StorageError(
        say(
            "Databasen {url} går inte att öppna ({reason}); finns mappen och får den skrivas?",
            url=shown,
            reason=reason,
        )
    )
