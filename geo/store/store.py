"""The contract of a store.

Nothing is ever overwritten or deleted.  A record is a row of versions: putting
new content adds a version, withdrawing adds a version that says so, and the
version that stands is the last one.  Each write is one transaction, all or
nothing, with one origin (an account, an import, the example data) and one
revision number; history, undo and caches all follow from that.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

import pandas as pd

from geo.model.record import Record

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class Stored(Generic[R]):
    """One version of a record, and what the store knows about it."""

    record: R
    version: int
    withdrawn: bool
    revision: int
    origin: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Put:
    """Give a record new content.

    ``expects`` is the version the writer has seen standing; 0 means none stands
    (never written, or withdrawn).
    """

    record: Record
    expects: int = 0

    @property
    def record_type(self) -> type[Record]:
        """The kind of record that is written."""
        return type(self.record)

    @property
    def record_id(self) -> str:
        """The record that is written."""
        return self.record.record_id


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Take a record back; its versions stay in the history."""

    record_type: type[Record]
    record_id: str
    expects: int


Change = Put | Withdraw


class Store(Protocol):
    """What every store can do."""

    def revision(self) -> int:
        """Give the number of the last write; 0 for an empty store.  Caches are keyed by it."""

    def write(
        self, changes: Iterable[Change], *, origin: str, at: datetime, account: str | None = None
    ) -> int:
        """Write all changes in one transaction, or none.

        `account` is who does it, where the origin (an import, say) does not tell.

        Returns
        -------
        int
            The revision, the same as before if there was nothing to write.

        Raises
        ------
        ConflictError
            Where a record does not stand at the version its change expects, or
            two changes are about the same record.
        """

    def standing(self, record_type: type[R], ids: Sequence[str] | None = None) -> list[Stored[R]]:
        """Give the records that stand, sorted by ``record_id``; `ids` narrows it."""

    def history(self, record_type: type[R], record_id: str) -> list[Stored[R]]:
        """Give every version of one record, oldest first; empty if there never was one."""

    def written_by(self, record_type: type[R], origin: str) -> list[Stored[R]]:
        """Give every version one origin wrote, sorted by ``record_id`` and version."""

    def frame(self, record_type: type[Record], columns: Sequence[str]) -> pd.DataFrame:
        """Give columns of the records that stand, in the order of ``standing``.

        Moments come as ``datetime64[us, UTC]``; everything else as the record has it.
        """

    def at_one_revision(self) -> AbstractContextManager[Store]:
        """Give the store as it is now: all that is read through it is of one revision.

        Others go on writing meanwhile; nothing is written through it.
        """

    def close(self) -> None:
        """Let go of files and connections."""
