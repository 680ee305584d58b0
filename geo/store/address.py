"""A database's address: what it says, and how it is shown."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from geo.errors import StorageError
from geo.wording import say


def address(url: str) -> URL:
    """Read a URL of a database of a kind we know; a file's name is written out.

    Raises
    ------
    StorageError
        Where it is none.
    """
    try:
        target = make_url(url)
        if target.get_backend_name() not in {"sqlite", "postgresql"}:
            raise no_address(url)
    except (ArgumentError, NoSuchModuleError, ValueError) as exc:
        raise no_address(url) from exc
    path = _file_of(target)
    return target if path is None else target.set(database=str(path))


def kind_of(url: str) -> str:
    """Say which kind of database: ``sqlite`` or ``postgresql``."""
    return address(url).get_backend_name()


def file_of(url: str) -> Path | None:
    """Give the file a database is kept in; None where it is on a server, or in memory."""
    return _file_of(address(url))


def without_password(url: str) -> str:
    """Write a URL as it may be shown."""
    try:
        return make_url(url).render_as_string(hide_password=True)
    except (ArgumentError, ValueError):
        return url.partition(":")[0] + ":…"


def no_address(url: str) -> StorageError:
    """Say that a URL names no database."""
    return StorageError(
        say(
            "”{url}” är ingen databasadress; skriv till exempel sqlite:///var/trygg.db.",
            url=without_password(url),
        )
    )


def _file_of(target: URL) -> Path | None:
    name = target.database or ""
    is_file = name not in {"", ":memory:"} and not name.startswith("file:")
    if target.get_backend_name() != "sqlite" or not is_file:
        return None
    return Path(name).expanduser()
