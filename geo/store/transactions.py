"""How a database is read from and written to: one transaction, errors in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

from geo.store import postgres
from geo.store.trouble import said


def is_postgres(engine: Engine) -> bool:
    """Tell whether the database is PostgreSQL; otherwise it is SQLite."""
    return engine.dialect.name == "postgresql"


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Lend a connection to read with."""
    with said(), engine.connect() as connection:
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Lend a connection inside a transaction, while nobody else writes; all of it or nothing."""
    with said(), engine.connect() as connection:
        # SQLite takes the write lock at once instead of failing half-way.
        writer = connection.execution_options(writes=True)
        with writer.begin():
            if is_postgres(engine):
                postgres.take_turn(writer)
            yield writer


@contextmanager
def one_revision(engine: Engine) -> Iterator[Connection]:
    """Lend a connection that sees one revision, whatever others write meanwhile."""
    # SQLite's readers see one moment as it is; PostgreSQL's must ask for it.
    seen = {"isolation_level": "REPEATABLE READ"} if is_postgres(engine) else {}
    with said(), engine.connect().execution_options(**seen) as connection, connection.begin():
        yield connection
