"""Move everything from one database to another."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from geo.errors import StorageError
from geo.store import postgres
from geo.store.address import file_of, kind_of, without_password
from geo.store.held import is_empty, revision_of
from geo.store.migrations import NEWEST
from geo.store.open import cannot_open, connect, open_existing, open_store
from geo.store.transactions import one_revision, writing
from geo.store.transfer import transfer
from geo.store.trouble import newer_version
from geo.wording import say

Progress = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class Copied:
    """What was copied, of which revision.

    Attributes
    ----------
    tables
        How many rows each table has, on both sides.
    """

    revision: int
    tables: Mapping[str, int]

    @property
    def rows(self) -> int:
        """How many rows were copied in all."""
        return sum(self.tables.values())


def copy_database(
    source_url: str, target_url: str, *, progress: Progress = lambda done, total: None
) -> Copied:
    """Copy every table, verified row by row, to a database that is empty or not yet there.

    Others may go on writing in the source: what is copied is of one revision.

    Raises
    ------
    StorageError
        Where either cannot be used, the target is not empty, or a row did not come back as it
        was; the target is then as it was before, or empty.
    """
    source, found = open_existing(source_url)
    try:
        _require_newest(source_url, found)
        _require_empty(target_url, source)
        target = open_store(target_url)
        try:
            with one_revision(source) as given, writing(target.engine) as taken:
                # Asked again: from here on nobody else writes there.
                if not is_empty(taken):
                    raise _not_empty(target_url)
                copied = Copied(revision_of(given), transfer(given, taken, progress))
                if taken.dialect.name == "postgresql":
                    postgres.tell(taken, copied.revision)
        finally:
            target.close()
    finally:
        source.dispose()
    return copied


def _require_newest(url: str, found: str) -> None:
    """Refuse a database of another version than ours: its tables are not those we know."""
    if found > NEWEST:
        raise newer_version(found)
    if found < NEWEST:
        raise StorageError(
            say(
                "Databasen {url} är från en äldre version av programmet ({found}). Ta en "
                "säkerhetskopia av den med python -m geo backup, uppdatera den med "
                "python -m geo doctor --db, och kopiera sedan.",
                url=without_password(url),
                found=found,
            )
        )


def _require_empty(url: str, source: Engine) -> None:
    """Refuse a target that has anything in it, before anything is made or migrated there."""
    path = file_of(url)
    if path is None and kind_of(url) == "sqlite":
        raise StorageError(
            say("En kopia i minnet finns inte kvar; ange en fil eller en databasserver.")
        )
    if path is not None and not path.exists():
        return
    engine = connect(url, as_found=True)
    try:
        with engine.connect() as target, source.connect() as given:
            if _whereabouts(target) == _whereabouts(given):
                raise StorageError(say("Det är samma databas; ange en annan att kopiera till."))
            if not is_empty(target):
                raise _not_empty(url)
    except (SQLAlchemyError, sqlite3.Error) as exc:
        raise cannot_open(url, exc) from exc
    finally:
        engine.dispose()


def _whereabouts(connection: Connection) -> object:
    """Give what two connections to one database share, whatever their addresses say."""
    if connection.dialect.name == "postgresql":
        asked = "SELECT current_database(), pg_postmaster_start_time()"
        return tuple(connection.execute(text(asked)).one())
    file = connection.execute(text("PRAGMA database_list")).one().file
    found = Path(file).stat()
    return found.st_dev, found.st_ino


def _not_empty(url: str) -> StorageError:
    return StorageError(
        say(
            "Databasen {url} är inte tom, och är lämnad som den var. "
            "Ange en som är tom, eller som inte finns än.",
            url=without_password(url),
        )
    )
