"""The store in memory: for trying things out, and for tests that need no disk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import RLock
from typing import Any, TypeVar, cast

import pandas as pd
from typing_extensions import override

from geo.model.location import Location
from geo.model.record import Record
from geo.store.changes import conflict, in_one_write, refuse_overlaps
from geo.store.store import Change, Put, Store, Stored, Withdraw

R = TypeVar("R", bound=Record)


class MemoryStore(Store):
    """Records in dictionaries; safe to share between threads, gone with the process."""

    def __init__(self) -> None:
        self._versions: dict[type[Record], dict[str, list[Stored[Any]]]] = {}
        self._revision = 0
        self._lock = RLock()
        self._told: list[Callable[[int], None]] = []

    def on_write(self, heard: Callable[[int], None]) -> Callable[[], None]:
        """Call `heard` with the revision of each write; gives the way to stop that."""
        with self._lock:
            self._told.append(heard)

        def leave() -> None:
            with self._lock:
                if heard in self._told:
                    self._told.remove(heard)

        return leave

    @override
    def close(self) -> None:
        """Keep everything: there is nothing to let go of."""

    @override
    def revision(self) -> int:
        with self._lock:
            return self._revision

    @override
    def write(
        self, changes: Iterable[Change], *, origin: str, at: datetime, account: str | None = None
    ) -> int:
        wanted = [c for of_type in in_one_write(changes).values() for c in of_type]
        with self._lock:
            for change in wanted:
                if _standing_version(self._seen(change)) != change.expects:
                    raise conflict(change)
            if not wanted:
                return self._revision
            refuse_overlaps(self._pieces_after(wanted))
            self._revision += 1
            for change in wanted:
                versions = self._begun(change)
                taken_back = isinstance(change, Withdraw)
                versions.append(
                    Stored(
                        record=change.record if isinstance(change, Put) else versions[-1].record,
                        version=len(versions) + 1,
                        withdrawn=taken_back,
                        revision=self._revision,
                        origin=origin,
                        recorded_at=at.astimezone(UTC),
                    )
                )
            for heard in self._told:
                heard(self._revision)
            return self._revision

    @override
    def standing(self, record_type: type[R], ids: Sequence[str] | None = None) -> list[Stored[R]]:
        wanted = None if ids is None else set(ids)
        with self._lock:
            return [
                cast("Stored[R]", versions[-1])
                for record_id, versions in sorted(self._versions.get(record_type, {}).items())
                if not versions[-1].withdrawn and (wanted is None or record_id in wanted)
            ]

    @override
    def history(self, record_type: type[R], record_id: str) -> list[Stored[R]]:
        with self._lock:
            return list(self._versions.get(record_type, {}).get(record_id, ()))

    @override
    def written_by(self, record_type: type[R], origin: str) -> list[Stored[R]]:
        with self._lock:
            return [
                stored
                for _, versions in sorted(self._versions.get(record_type, {}).items())
                for stored in versions
                if stored.origin == origin
            ]

    @override
    def frame(self, record_type: type[Record], columns: Sequence[str]) -> pd.DataFrame:
        records = [stored.record for stored in self.standing(record_type)]
        moments = {name for name in columns if name in {"start_at", "end_at", "inspected_at"}}
        return pd.DataFrame(
            {
                name: pd.Series(
                    pd.DatetimeIndex(
                        pd.to_datetime([getattr(r, name) for r in records], utc=True)
                    ).as_unit("us")
                )
                if name in moments
                else pd.Series([getattr(r, name) for r in records], dtype=object)
                for name in columns
            }
        )

    @override
    @contextmanager
    def at_one_revision(self) -> Iterator[Store]:
        still = MemoryStore()
        with self._lock:
            still._revision = self._revision
            still._versions = {
                record_type: {record_id: list(versions) for record_id, versions in known.items()}
                for record_type, known in self._versions.items()
            }
        yield still

    def _pieces_after(self, changes: Sequence[Change]) -> Iterable[Location]:
        pieces = {s.record.record_id: s.record for s in self.standing(Location)}
        for change in changes:
            if isinstance(change, Put) and isinstance(change.record, Location):
                pieces[change.record_id] = change.record
            elif change.record_type is Location:
                pieces.pop(change.record_id, None)
        return pieces.values()

    def _seen(self, change: Change) -> Sequence[Stored[Any]]:
        return self._versions.get(change.record_type, {}).get(change.record_id, ())

    def _begun(self, change: Change) -> list[Stored[Any]]:
        return self._versions.setdefault(change.record_type, {}).setdefault(change.record_id, [])


def _standing_version(versions: Sequence[Stored[Any]]) -> int:
    return versions[-1].version if versions and not versions[-1].withdrawn else 0
