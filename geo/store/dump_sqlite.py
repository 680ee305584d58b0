"""A dump of a SQLite database: the file itself, copied while others write in it."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, Final
from urllib.parse import quote

from sqlalchemy import Engine, NullPool, create_engine, text
from sqlalchemy.engine import URL

from geo.errors import StorageError
from geo.store.archive import Writable
from geo.store.held import Held, TableDigest, digests, held_by
from geo.store.transactions import one_revision
from geo.store.trouble import is_not_what_it_was
from geo.store.whole import sync_folder

_AT_ONCE: Final = 1 << 20
_BESIDE: Final = ("", "-wal", "-journal")
"""What SQLite keeps beside a database would be read into another one that takes its place."""


def dump(engine: Engine, out: Writable, *, beside: Path) -> Held:
    """Write the database as it is at one revision; a copy is made beside the given path."""
    with _workplace(beside) as folder:
        copy = Path(folder) / "copy.db"
        with one_revision(engine) as connection, closing(sqlite3.connect(copy)) as target:
            held = held_by(connection)
            # Within our transaction, which has read already: the revision that was summed up.
            source: Any = connection.connection.driver_connection
            source.backup(target)
        _require_same(copy, held.tables)
        with copy.open("rb") as file:
            shutil.copyfileobj(file, out, _AT_ONCE)
    return held


def is_free(path: Path) -> bool:
    """Tell whether a database can be put at a path."""
    return not any(path.with_name(path.name + ending).exists() for ending in _BESIDE)


def restore(
    dumped: IO[bytes],
    tables: Mapping[str, TableDigest],
    path: Path,
    *,
    finish: Callable[[str], None],
) -> None:
    """Make the database beside its place, finish it, and put it there whole.

    Raises
    ------
    FileExistsError
        Where somebody else put one there meanwhile.
    StorageError
        Where it does not hold what it should.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with _workplace(path) as folder:
        made = Path(folder) / path.name
        with made.open("xb") as file:
            shutil.copyfileobj(dumped, file, _AT_ONCE)
            file.flush()
            os.fsync(file.fileno())
        _require_same(made, tables)
        finish(f"sqlite:///{made}")
        path.hardlink_to(made)
        sync_folder(path.parent)


def _workplace(path: Path) -> TemporaryDirectory[str]:
    return TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.", suffix=".part")


def _require_same(path: Path, tables: Mapping[str, TableDigest]) -> None:
    # Immutable: nothing is made beside it to read it.
    url = URL.create(
        "sqlite", database=f"file:{quote(str(path))}", query={"immutable": "1", "uri": "true"}
    )
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        is_well = connection.scalar(text("PRAGMA integrity_check")) == "ok"
        if not is_well or digests(connection) != tables:
            raise StorageError(is_not_what_it_was())
