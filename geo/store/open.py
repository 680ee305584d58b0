"""Open a database by its URL: create it, migrate it, set it up for safety."""

from __future__ import annotations

import sqlite3
from pathlib import Path
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
    make_url,
    select,
)
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from geo.errors import StorageError
from geo.store import postgres
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
            is_ready = _found_version(connection) == NEWEST
        # Only who must change the tables waits for other writers, and for Alembic to be read in.
        if not is_ready:
            from geo.store.migrate import migrate

            with engine.connect() as connection:
                migrate(connection.execution_options(writes=True))
    except (SQLAlchemyError, sqlite3.Error) as exc:
        engine.dispose()
        raise _cannot_open(url, exc) from exc
    except StorageError:
        engine.dispose()
        raise
    return SqlStore(engine)


def connect(url: str) -> Engine:
    """Make an engine for a URL, without asking anything of the database yet."""
    try:
        target = make_url(url)
        backend = target.get_backend_name()
        if backend not in {"sqlite", "postgresql"}:
            raise ArgumentError(backend)
        if backend == "sqlite" and _is_plain_file(target.database):
            path = Path(str(target.database)).expanduser()
            path.parent.mkdir(parents=True, exist_ok=True)
            target = target.set(database=str(path))
        is_postgres = backend == "postgresql"
        engine = (
            create_engine(postgres.with_driver(target), **postgres.engine_options())
            if is_postgres
            else create_engine(target)
        )
    except ImportError as exc:
        raise StorageError(
            say("Drivrutinen {driver} för databasen är inte installerad.", driver=exc.name or "?")
        ) from exc
    except (ArgumentError, NoSuchModuleError, ValueError) as exc:
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


def _found_version(connection: Connection) -> str | None:
    """Read which step of the schema a database is at; None where it has no tables of ours."""
    if not inspect(connection).has_table(_VERSION.name):
        return None
    found: str | None = connection.scalar(select(_VERSION.c.version_num))
    return found


def _is_plain_file(database: str | None) -> bool:
    return database not in {None, "", ":memory:"} and not str(database).startswith("file:")


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
    except (ArgumentError, ValueError):
        return url.partition(":")[0] + ":…"


def _cannot_open(url: str, exc: Exception) -> StorageError:
    meaning = sentence(exc)
    if meaning is not None and meaning.template != AWAY:
        return StorageError(meaning)
    shown, reason = _without_password(url), own_words(exc)
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
