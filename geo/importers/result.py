"""What reading one file gives: the records in it, and what was turned away and why."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar, get_args

from geo.model.record import Record
from geo.model.visit import Track
from geo.wording import Message

ImportKind = Literal[
    "locations", "buildings", "inspections", "visits", "activities", "track", "boundary"
]
"""What can be imported, named as on the command line."""

IMPORT_KINDS: tuple[ImportKind, ...] = get_args(ImportKind)

R_co = TypeVar("R_co", bound=Record, covariant=True)


@dataclass(frozen=True, slots=True)
class Flag:
    """Something to look at again in a row that is accepted.

    ``field`` is the column as the file names it.
    """

    field: str | None
    reason: Message


@dataclass(frozen=True, slots=True)
class Parsed(Generic[R_co]):
    """One record and where it stood.

    ``line`` is counted as the user sees it: the physical line a CSV record begins
    on (the header is line 1), the row of a sheet, the ordinal of a GeoJSON feature,
    of a layer's row or of a track's segment, from 1.  ``id_given`` is false where
    the record's key was made from the file's content and the line.
    """

    line: int
    record: R_co
    id_given: bool
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """One row that was turned away, or, with no line, something left out of the file."""

    line: int | None
    field: str | None
    reason: Message


@dataclass(frozen=True, slots=True)
class ImportResult:
    """All that was read from one file; nothing is stored yet."""

    kind: ImportKind
    file: str
    sha256: str
    parsed: tuple[Parsed[Record], ...] = ()
    rejected: tuple[Rejected, ...] = ()
    unknown_columns: tuple[str, ...] = ()
    crs: str | None = None
    encoding: str | None = None

    @property
    def rows_read(self) -> int:
        """Count the rows that became records; the rows of a track are its points."""
        return sum(
            len(item.record.fixes) if isinstance(item.record, Track) else 1 for item in self.parsed
        )


def made_id(file: str, sha256: str, line: int) -> str:
    """Make a key for a row that has none: the same file again gives the same keys.

    The file's name takes part: what is equal in a file of another name may well have
    happened twice, and is for a human to judge.
    """
    named = hashlib.sha256(f"{file}\n{sha256}".encode("utf-8", "surrogateescape")).hexdigest()
    return f"{named[:12]}-{line}"
