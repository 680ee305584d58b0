"""A backup as one file: a dump, what it must hold when it is restored, and a seal on both.

The file is an ordinary zip.  Its comment is the SHA-256 of all bytes before it, so that whatever
is torn off or altered is seen, in the dump or anywhere else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, BinaryIO, Final, Literal, Protocol
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from geo.errors import FileError
from geo.store.held import Held, TableDigest
from geo.store.whole import written_whole
from geo.wording import say

Kind = Literal["sqlite", "postgresql"]

_DUMP: Final = "dump"
_MANIFEST: Final = "manifest.json"
_SEAL: Final = 64
"""Length of the seal in bytes: hexadecimal digits."""
_AT_ONCE: Final = 1 << 20


class Writable(Protocol):
    """Where a dump is written to."""

    def write(self, data: bytes, /) -> int:
        """Write all of it."""


class Manifest(BaseModel):
    """What a backup says about itself."""

    model_config = ConfigDict(frozen=True)

    form: Literal[1] = 1
    kind: Kind
    program: str
    server: str
    step: str
    revision: int
    made_at: AwareDatetime
    tables: Mapping[str, TableDigest]
    dump_sha256: str

    @property
    def rows(self) -> int:
        """How many rows the backup has in all."""
        return sum(table.rows for table in self.tables.values())


def write_archive(
    path: Path,
    dump: Callable[[Writable], Held],
    *,
    kind: Kind,
    program: str,
    now: datetime,
) -> Manifest:
    """Write a backup, only for its owner's eyes; `dump` is called to write what is backed up.

    The file is there when it is whole, on disk and read back, and not before.
    """
    with written_whole(path, mode=0o600) as file:
        with ZipFile(file, "w") as archive:
            archive.comment = b"0" * _SEAL
            # PostgreSQL compresses its dumps itself.
            packed = _member(_DUMP, now, ZIP_DEFLATED if kind == "sqlite" else ZIP_STORED)
            with archive.open(packed, "w", force_zip64=True) as member:
                summed = _Summed(member)
                held = dump(summed)
            manifest = Manifest(
                kind=kind,
                program=program,
                server=held.server,
                step=held.step,
                revision=held.revision,
                made_at=now,
                tables=held.tables,
                dump_sha256=summed.hexdigest(),
            )
            archive.writestr(
                _member(_MANIFEST, now, ZIP_STORED), manifest.model_dump_json(indent=1)
            )
        _seal(file)
        _require_whole(file, path.name)
    return manifest


def read_archive(path: Path) -> Manifest:
    """Read what a backup says about itself, once every byte of it has been verified.

    Raises
    ------
    FileError
        Where it is torn, altered or something else, or of a later version of the program.
    """
    with _opened(path) as file:
        return _require_whole(file, path.name)


@contextmanager
def opened_dump(path: Path) -> Iterator[IO[bytes]]:
    """Open the dump in a backup."""
    with _opened(path) as file, ZipFile(file) as archive, archive.open(_DUMP) as member:
        yield member


class _Summed:
    """A file that is written to, and summed up on the way."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._sum = hashlib.sha256()

    def write(self, data: bytes, /) -> int:
        self._sum.update(data)
        return self._file.write(data)

    def hexdigest(self) -> str:
        return self._sum.hexdigest()


def _member(name: str, now: datetime, compression: int) -> ZipInfo:
    info = ZipInfo(name, now.astimezone(UTC).timetuple()[:6])
    info.compress_type = compression
    info.external_attr = 0o600 << 16
    return info


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        file = path.open("rb")
    except FileNotFoundError as exc:
        raise FileError(say("Filen {file} finns inte.", file=path.name)) from exc
    with file:
        yield file


def _seal(file: BinaryIO) -> None:
    sealed = file.seek(-_SEAL, 2)
    seal = _sum_of(file, sealed).encode("ascii")
    file.seek(sealed)
    file.write(seal)


def _sum_of(file: IO[bytes], length: int | None = None) -> str:
    """Sum up a file from its beginning, or so many bytes of it."""
    file.seek(0)
    summed, left = hashlib.sha256(), length
    while data := file.read(_AT_ONCE if left is None else min(left, _AT_ONCE)):
        summed.update(data)
        left = None if left is None else left - len(data)
    return summed.hexdigest()


def _require_whole(file: BinaryIO, name: str) -> Manifest:
    broken = FileError(
        say(
            "{file} är ingen hel säkerhetskopia: den är avbruten, ändrad eller en annan sorts "
            "fil. Använd en annan säkerhetskopia.",
            file=name,
        )
    )
    if file.seek(0, 2) <= _SEAL:
        raise broken
    seal = _sum_of(file, file.seek(-_SEAL, 2)).encode("ascii")
    if file.read(_SEAL) != seal:
        raise broken
    try:
        with ZipFile(file) as archive:
            written = archive.read(_MANIFEST)
            with archive.open(_DUMP) as member:
                found = _sum_of(member)
    except (BadZipFile, KeyError) as exc:
        raise broken from exc
    try:
        manifest = Manifest.model_validate_json(written)
    except ValidationError as exc:
        raise FileError(
            say(
                "Säkerhetskopian {file} är gjord av en annan version av programmet; återställ den "
                "med den versionen.",
                file=name,
            )
        ) from exc
    if manifest.dump_sha256 != found:
        raise broken
    return manifest
