"""A dump of a PostgreSQL database, by PostgreSQL's own programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Final

from sqlalchemy import Connection, Engine, text

from geo.errors import StorageError
from geo.store import postgres
from geo.store.archive import Writable
from geo.store.held import Held, TableDigest, digests, held_by
from geo.store.postgres_programs import run_program
from geo.store.transactions import one_revision
from geo.store.trouble import is_not_what_it_was, said

_TO_DROP: Final = """
    SELECT format('DROP %s IF EXISTS %s CASCADE',
                  CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
                               WHEN 'S' THEN 'SEQUENCE' WHEN 'f' THEN 'FOREIGN TABLE'
                               ELSE 'TABLE' END,
                  pg_class.oid::regclass)
    FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
    WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
      AND nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'
      AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid
                      AND classid = 'pg_class'::regclass AND deptype = 'e')
    UNION ALL
    SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', pg_proc.oid::regprocedure)
    FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace
    WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'
      AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid
                      AND classid = 'pg_proc'::regclass AND deptype = 'e')
"""
"""How to take away everything that is neither the server's nor an extension's."""


def dump(engine: Engine, out: Writable) -> Held:
    """Write the database as it is at one revision, the same that is summed up."""
    with one_revision(engine) as connection:
        held = held_by(connection)
        snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
        options = (f"--snapshot={snapshot}", "--format=custom", "--lock-wait-timeout=10s")
        run_program(connection, "pg_dump", *options, sink=out)
    return held


def is_free(connection: Connection) -> bool:
    """Tell whether a database has nothing in it but extensions."""
    return not connection.execute(text(_TO_DROP)).first()


def restore(dumped: IO[bytes], tables: Mapping[str, TableDigest], engine: Engine) -> None:
    """Put everything back in one transaction; nobody else of ours writes until it is verified.

    Raises
    ------
    FileExistsError
        Where the database is not empty; it is left as it was.
    StorageError
        Where pg_restore fails, or what came back is not what it should be.
    """
    with said(), postgres.turn_kept(engine) as keeping:
        if not is_free(keeping):
            raise FileExistsError
        with engine.begin() as connection:
            postgres.require_postgis(connection)
        options = ("--single-transaction", "--exit-on-error", "--no-owner")
        also = ("--no-privileges", "--no-comments")
        run_program(keeping, "pg_restore", *options, *also, source=dumped)
        with one_revision(engine) as connection:
            is_same = digests(connection) == tables
        if not is_same:
            with engine.begin() as connection:
                for statement in connection.scalars(text(_TO_DROP)).all():
                    connection.exec_driver_sql(statement)
            raise StorageError(is_not_what_it_was())
