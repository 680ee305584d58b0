"""What is PostgreSQL's own: its pool, its one writer at a time, PostGIS, and news of writes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection, Engine, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from geo.errors import StorageError
from geo.wording import say

CHANNEL: Final = "trygg_writes"
"""Where each write says its revision, once it is committed."""

_LOCK: Final = 0x5472_7967  # "Tryg"; any number, as long as it is the same for all of us
_CONNECT_TIMEOUT_S: Final = 5
_LOCK_TIMEOUT_MS: Final = 10_000


def engine_options() -> dict[str, Any]:
    """Options of the engine: a pool that notices when the server has been away."""
    return {
        "pool_pre_ping": True,
        "pool_size": 10,
        "max_overflow": 20,
        "pool_timeout": _CONNECT_TIMEOUT_S,
        "connect_args": {
            "connect_timeout": _CONNECT_TIMEOUT_S,
            "application_name": "trygg-karta",
            # A connection that only listens notices by these that its server is gone.
            "keepalives_idle": 15,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "options": f"-c lock_timeout={_LOCK_TIMEOUT_MS} -c timezone=UTC -c jit=off",
        },
    }


def with_driver(url: str | URL) -> URL:
    """Name the driver we have, where an address names none."""
    target = make_url(url)
    return target.set(drivername="postgresql+psycopg") if "+" not in target.drivername else target


def take_turn(connection: Connection) -> None:
    """Wait until no other transaction writes, until the end of this one.

    A sequence gives its numbers when asked and they are seen when committed: without turns
    revision 8 could be seen before 7, and a cache keyed by 8 would never know of 7.
    """
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


@contextmanager
def turn_kept(engine: Engine) -> Iterator[Connection]:
    """Keep the turn over more than one transaction, for work that others must not meet half-way.

    The connection commits each statement by itself.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
        try:
            yield connection
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})


def tell(connection: Connection, revision: int) -> None:
    """Tell whoever listens, when this transaction is committed."""
    connection.execute(
        text("SELECT pg_notify(:channel, :revision)"),
        {"channel": CHANNEL, "revision": str(revision)},
    )


def require_postgis(connection: Connection) -> None:
    """See that PostGIS is there; add it where we may.

    Raises
    ------
    StorageError
        Where it is not, with what an administrator has to do.
    """
    if connection.scalar(text("SELECT count(*) FROM pg_extension WHERE extname = 'postgis'")):
        return
    is_installed = connection.scalar(
        text("SELECT count(*) FROM pg_available_extensions WHERE name = 'postgis'")
    )
    if not is_installed:
        raise StorageError(
            say(
                "Databasservern saknar PostGIS; installera det där "
                "(Debian: apt install postgresql-15-postgis-3)."
            )
        )
    try:
        with connection.begin_nested():
            connection.execute(text("CREATE EXTENSION IF NOT EXISTS postgis"))
    except DBAPIError as exc:
        raise StorageError(
            say(
                "PostGIS är inte påslaget i databasen, och programmet får inte göra det; "
                "låt en administratör köra CREATE EXTENSION postgis i den."
            )
        ) from exc
