"""Zip archives held to limits before anything in them is unpacked."""

from __future__ import annotations

import stat
import zipfile
from pathlib import Path, PurePosixPath
from typing import Final

from geo.errors import FileError
from geo.wording import Amount, say

MAX_ENTRIES: Final = 1_000
MAX_UNPACKED_BYTES: Final = 300_000_000
MAX_RATIO: Final = 150
"""Tables shrink to a tenth, rarely to a fiftieth; deflate ends at about a thousandth."""

_SMALL_BYTES: Final = 5_000_000
"""Below this, how much an archive shrinks says nothing and harms nobody."""

_CENTRAL: Final = b"PK\x01\x02"
_CHUNK: Final = 1 << 20
_ENCRYPTED: Final = 0x1


def _count_entries(path: Path) -> int:
    """Count the directory's entries from the bytes, so that no list of them is made first."""
    found, tail = 0, b""
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            window = tail + chunk
            found += window.count(_CENTRAL)
            tail = window[-3:]
    return found


def _damaged(file: str) -> FileError:
    return FileError(say("Filen {file} är skadad eller avbruten; hämta den på nytt.", file=file))


def _has_trick(name: str) -> bool:
    """Tell whether an entry's name could lead out of the folder it is unpacked in."""
    path = PurePosixPath(name)
    return (
        path.is_absolute() or ".." in path.parts or any(sign in name for sign in ("\\", ":", "\0"))
    )


def checked_entries(path: Path, *, file: str) -> tuple[zipfile.ZipInfo, ...]:
    """List an archive's entries once they are known to be harmless to unpack.

    Raises
    ------
    FileError
        Where it is damaged, encrypted, has too many or too large entries, shrinks
        more than tables do, or has names that lead elsewhere, links or twins.
    """
    if _count_entries(path) > MAX_ENTRIES:
        raise FileError(
            say("Filen {file} har fler än {most} delar.", file=file, most=Amount(MAX_ENTRIES))
        )
    try:
        with zipfile.ZipFile(path) as archive:
            entries = tuple(archive.infolist())
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as exc:
        raise _damaged(file) from exc
    for entry in entries:
        if _has_trick(entry.filename) or stat.S_ISLNK(entry.external_attr >> 16):
            raise FileError(say("Arkivet {file} har en sökväg som leder ut ur arkivet.", file=file))
        if entry.flag_bits & _ENCRYPTED:
            raise FileError(
                say("Filen {file} är lösenordsskyddad. Ta bort skyddet först.", file=file)
            )
    names = [entry.filename.casefold() for entry in entries]
    if len(set(names)) != len(names):
        raise FileError(say("Arkivet {file} har två delar med samma namn.", file=file))
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if unpacked > MAX_UNPACKED_BYTES or (
        unpacked > _SMALL_BYTES and unpacked > MAX_RATIO * max(packed, 1)
    ):
        raise FileError(say("Filen {file} blir orimligt stor när den packas upp.", file=file))
    return entries


def unpack(path: Path, entry: zipfile.ZipInfo, target: Path, *, file: str) -> None:
    """Unpack one checked entry to a file of our own naming.

    Raises
    ------
    FileError
        Where the entry is damaged.
    """
    try:
        with (
            zipfile.ZipFile(path) as archive,
            archive.open(entry) as source,
            target.open("wb") as out,
        ):
            while chunk := source.read(_CHUNK):
                out.write(chunk)
    except Exception as exc:  # zlib and lzma raise errors of their own kinds
        raise _damaged(file) from exc
