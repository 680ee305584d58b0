"""News of writes: whoever listens hears of each, in whatever process it was made.

PostgreSQL tells by itself at each commit (``geo.store.postgres.tell``).  SQLite counts the commits
of others in a number that is looked at four times a second; no table is read for that.  Only a
revision is ever told: what changed is in the store.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from threading import Event, Lock, Thread
from typing import Any, Final

import psycopg
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from geo.errors import StorageError
from geo.store.memory import MemoryStore
from geo.store.postgres import CHANNEL
from geo.store.sql import SqlStore
from geo.store.transactions import is_postgres

Heard = Callable[[int], None]

_LOOK_UP_S: Final = 0.25
"""How often SQLite's number is looked at, and whether it is time to stop."""
_FIRST_WAIT_S: Final = 0.5
_LONGEST_WAIT_S: Final = 30.0
_AWAY: Final = (StorageError, SQLAlchemyError, psycopg.Error, sqlite3.Error, OSError)
_STOPPING_S: Final = 5.0

_log = logging.getLogger("trygg")


class News:
    """Follows one store, in a thread of its own, until it is closed.

    While the database is away nothing is told; afterwards whoever listens hears what stands then.
    """

    def __init__(self, store: SqlStore | MemoryStore) -> None:
        self._lock = Lock()
        self._listeners: dict[object, Heard] = {}
        self._revision: int | None = None
        self._is_over = Event()
        self._thread: Thread | None = None
        if isinstance(store, MemoryStore):
            self._revision = store.revision()
            self._leave = store.on_write(self._tell)
        else:
            self._leave = self._is_over.set
            self._thread = Thread(target=self._follow, args=(store,), name="news", daemon=True)
            self._thread.start()

    @property
    def revision(self) -> int | None:
        """The last revision known of; None before the database has answered."""
        return self._revision

    def subscribe(self, heard: Heard) -> Callable[[], None]:
        """Call `heard` with each new revision, from now on; gives the way to stop that.

        Called in the thread that found out: it must be quick, and must not raise.
        """
        key = object()
        with self._lock:
            self._listeners[key] = heard

        def unsubscribe() -> None:
            with self._lock:
                self._listeners.pop(key, None)

        return unsubscribe

    def close(self) -> None:
        """Stop following; nobody hears anything more."""
        with self._lock:
            self._listeners.clear()
        self._leave()
        if self._thread is not None:
            self._thread.join(_STOPPING_S)

    def _tell(self, revision: int) -> None:
        with self._lock:
            if revision == self._revision:
                return
            self._revision = revision
            listeners = tuple(self._listeners.values())
        for heard in listeners:
            heard(revision)

    def _follow(self, store: SqlStore) -> None:
        revisions = _told_by_postgres if is_postgres(store.engine) else _counted_by_sqlite
        wait_s = _FIRST_WAIT_S
        while not self._is_over.is_set():
            try:
                for revision in revisions(store, self._is_over):
                    wait_s = _FIRST_WAIT_S
                    self._tell(revision)
            except _AWAY:
                _log.info("no news from the database; asking again in %s s", wait_s)
                self._is_over.wait(wait_s)
                wait_s = min(2 * wait_s, _LONGEST_WAIT_S)


def _told_by_postgres(store: SqlStore, is_over: Event) -> Iterator[int]:
    """Give the revision that stands, and each that is told; until it is over or the line breaks."""
    with closing(_own_connection(store.engine)) as connection:
        connection.autocommit = True
        connection.execute(f"LISTEN {CHANNEL}")
        # Asked once it listens, so that nothing falls between; what is told may be older than that.
        latest = store.revision()
        yield latest
        while not is_over.is_set():
            for told in connection.notifies(timeout=_LOOK_UP_S):
                if told.payload.isdecimal():
                    latest = max(latest, int(told.payload))
                    yield latest


def _counted_by_sqlite(store: SqlStore, is_over: Event) -> Iterator[int]:
    """Give the revision that stands, and what stands after others' commits, until it is over."""
    with closing(_own_connection(store.engine)) as connection:
        counted = None
        while not is_over.is_set():
            # Outside of a transaction, in which the number would stand still.
            (count,) = connection.execute("PRAGMA data_version").fetchone()
            if count != counted:
                yield store.revision()
                counted = count  # After the answer: without one it is asked again.
            is_over.wait(_LOOK_UP_S)


def _own_connection(engine: Engine) -> Any:
    """Make a connection of the driver that the pool knows nothing of."""
    lent = engine.raw_connection()
    own = lent.driver_connection
    lent.detach()
    return own
