"""Put back what a backup saved, in an empty place."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import IO

from sqlalchemy.exc import SQLAlchemyError

from geo.errors import StorageError
from geo.store import dump_postgres, dump_sqlite
from geo.store.accounts import Accounts
from geo.store.address import file_of, kind_of, without_password
from geo.store.archive import Manifest, opened_dump, read_archive
from geo.store.migrations import NEWEST
from geo.store.open import cannot_open, connect, open_store
from geo.store.store import Store
from geo.store.trouble import newer_version
from geo.wording import say

Afterwards = Callable[[Store], None]


def restore(
    file: Path, url: str, *, now: datetime, afterwards: Afterwards | None = None
) -> Manifest:
    """Put a backup back where there is nothing, verified before and after, and open it.

    One made by an older version of the program is brought up to this one.  Whoever was signed in
    then has to sign in again: the session may have been ended since.

    Parameters
    ----------
    file
        The backup.
    url
        Where to: a file that does not exist, or a database with nothing in it.
    now
        When it is done.
    afterwards
        What must be done again with what was put back, before anybody uses it: disposal
        (*gallring*) of what has fallen due since the backup was made.

    Raises
    ------
    FileError
        Where the backup is torn or altered.
    StorageError
        Where it is of another kind or of a newer version, or the place is not empty; or where
        what came back is not what was saved, and is taken away again.
    """
    manifest = read_archive(file)
    _require_fit(manifest, url)

    def finish(made: str) -> None:
        with closing(open_store(made)) as store:
            Accounts(store.engine).forget_sessions_begun_before(now)
            if afterwards is not None:
                afterwards(store)

    path = file_of(url)
    try:
        with opened_dump(file) as dumped:
            if path is None:
                _restore_on_server(dumped, manifest, url)
            elif dump_sqlite.is_free(path):
                dump_sqlite.restore(dumped, manifest.tables, path, finish=finish)
            else:
                raise FileExistsError
    except FileExistsError as exc:
        raise StorageError(
            say(
                "Databasen {url} är inte tom, och är lämnad som den var. En säkerhetskopia läggs "
                "tillbaka i en fil som inte finns, eller i en ny databas (createdb); ange den "
                "med --db.",
                url=without_password(url),
            )
        ) from exc
    if path is None:
        finish(url)
    return manifest


def _require_fit(manifest: Manifest, url: str) -> None:
    if manifest.kind != kind_of(url) or (manifest.kind == "sqlite" and file_of(url) is None):
        raise StorageError(
            say(
                "Säkerhetskopian är av en databas i {kind}; återställ den till en sådan med --db, "
                "och byt sedan med python -m geo db copy.",
                kind={"sqlite": "SQLite", "postgresql": "PostgreSQL"}[manifest.kind],
            )
        )
    if manifest.step > NEWEST:
        raise newer_version(manifest.step)


def _restore_on_server(dumped: IO[bytes], manifest: Manifest, url: str) -> None:
    engine = connect(url)
    try:
        with engine.connect():
            pass  # who cannot be reached is told so in the words of opening
        dump_postgres.restore(dumped, manifest.tables, engine)
    except SQLAlchemyError as exc:
        raise cannot_open(url, exc) from exc
    finally:
        engine.dispose()
