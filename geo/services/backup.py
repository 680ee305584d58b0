"""Save everything in a file, while the program is used."""

from __future__ import annotations

import errno
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from geo.config import program_version
from geo.errors import FileError, StorageError
from geo.store import dump_postgres, dump_sqlite
from geo.store.archive import Manifest, Writable, read_archive, write_archive
from geo.store.held import Held
from geo.store.open import open_existing
from geo.wording import say

_NAMES: Final = re.compile(r"trygg-\d{8}T\d{6}Z\.zip")
_UNFINISHED: Final = ".trygg-*.part"
_ABANDONED_AFTER: Final = timedelta(days=1)
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@dataclass(frozen=True, slots=True)
class Rotation:
    """A backup in a folder of backups, and what became of the older ones.

    Attributes
    ----------
    removed
        Names of those there were enough newer ones of.
    damaged
        Names of those among the newer ones that are not whole; they are left.
    """

    file: Path
    manifest: Manifest
    removed: tuple[str, ...]
    damaged: tuple[str, ...]


def back_up(url: str, file: Path, *, now: datetime) -> Manifest:
    """Save the database of a URL in a file, of one revision; others may go on writing.

    It is saved as it is, also where it was made by an older version of the program.

    Raises
    ------
    StorageError
        Where there is no such database, or it cannot be read or the file written; what stood
        there before then stands.
    """
    engine, _ = open_existing(url)

    def dump(out: Writable) -> Held:
        if engine.dialect.name == "postgresql":
            return dump_postgres.dump(engine, out)
        return dump_sqlite.dump(engine, out, beside=file)

    try:
        with _written_to(file.parent):
            return write_archive(
                file,
                dump,
                kind="postgresql" if engine.dialect.name == "postgresql" else "sqlite",
                program=program_version(),
                now=now,
            )
    finally:
        engine.dispose()


def back_up_into(url: str, folder: Path, *, keep: int, now: datetime) -> Rotation:
    """Save the database in a folder, under a name of its time, and keep the newest that are whole.

    Older ones are removed when the new one has been read back from the folder, and only where
    `keep` whole ones are left.
    """
    if not folder.is_dir():
        raise StorageError(
            say(
                "Mappen {folder} finns inte; skapa den, eller se efter att disken är ansluten.",
                folder=str(folder),
            )
        )
    file = folder / f"trygg-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}.zip"
    back_up(url, file, now=now)
    manifest = read_archive(file)
    others = sorted(
        (path for path in folder.iterdir() if _NAMES.fullmatch(path.name) and path != file),
        reverse=True,
    )
    whole, removed, damaged = 1, [], []
    for path in others:
        if whole >= keep:
            path.unlink()
            removed.append(path.name)
        elif _is_whole(path):
            whole += 1
        else:
            damaged.append(path.name)
    _sweep(folder, now)
    return Rotation(file, manifest, tuple(removed), tuple(damaged))


def _is_whole(path: Path) -> bool:
    try:
        read_archive(path)
    except FileError:
        return False
    return True


def _sweep(folder: Path, now: datetime) -> None:
    """Remove what backups left behind that were killed half-way, once nobody can be at it."""
    for path in folder.glob(_UNFINISHED):
        touched = datetime.fromtimestamp(path.stat().st_mtime, tz=UTC)
        if now - touched > _ABANDONED_AFTER:
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


@contextmanager
def _written_to(folder: Path) -> Iterator[None]:
    """Say what is wrong with the place that is written to."""
    try:
        yield
    except (OSError, sqlite3.Error) as exc:
        is_full = getattr(exc, "sqlite_errorname", None) == "SQLITE_FULL"
        if is_full or getattr(exc, "errno", None) in _NO_ROOM:
            raise StorageError(
                say(
                    "Det finns inte plats för säkerhetskopian i {folder}: ingen gjordes. Gör plats "
                    "eller välj en annan disk.",
                    folder=str(folder),
                )
            ) from exc
        raise StorageError(
            say(
                "Säkerhetskopian gick inte att skriva i {folder} ({reason}): ingen gjordes. Finns "
                "mappen, finns det plats, och får programmet skriva där?",
                folder=str(folder),
                reason=getattr(exc, "strerror", None) or str(exc),
            )
        ) from exc
