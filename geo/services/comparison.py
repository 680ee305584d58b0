"""Compare the rows of a file with what stands: new, the same, another content, or impossible."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

import shapely
from shapely.geometry.base import BaseGeometry

from geo.importers.quoting import quoted
from geo.importers.result import ImportResult, Parsed
from geo.model.activity import Activity
from geo.model.building import Building, Inspection
from geo.model.location import Location
from geo.model.receipt import Receipt, Remark
from geo.model.record import Record
from geo.model.visit import Track, Visit
from geo.services.designating import place_changes
from geo.services.recording import (
    FLAG_FAR_OUTSIDE,
    building_faults,
    far_outside,
    flagged,
    no_such_place,
)
from geo.store.store import Change, Put, Store, Stored
from geo.wording import Message, say

_SAYS_WHERE_FROM = frozenset(
    {"visit_id", "inspection_id", "activity_id", "track_id", "flags", "source", "name"}
)


class Comparison:
    """Takes the rows of one file one by one; gathers what to write and what to say of each."""

    def __init__(self, store: Store, result: ImportResult, *, update: bool) -> None:
        self._store = store
        self._result = result
        self._update = update
        self._writes: dict[str, Change] = {}
        self._lines: dict[str, tuple[int, Record]] = {}
        self._accepted = self._updated = self._duplicates = 0
        self._flagged: list[Remark] = []
        self._rejected = [
            Remark(line=row.line, field=row.field, reason=row.reason) for row in result.rejected
        ]

    @property
    def changes(self) -> Iterable[Change]:
        """What is to be written, in the order of the file."""
        return self._writes.values()

    def receipt(self) -> Receipt:
        """Say what has come of the rows taken so far."""
        return Receipt(
            kind=self._result.kind,
            file=self._result.file,
            accepted=self._accepted,
            updated=self._updated,
            duplicates=self._duplicates,
            flagged=tuple(sorted(self._flagged, key=_line)),
            rejected=tuple(sorted(self._rejected, key=_line)),
            unknown_columns=self._result.unknown_columns,
            crs=self._result.crs,
            encoding=self._result.encoding,
        )

    def take(self, parsed: Parsed[Record]) -> None:
        """Place one row among new, duplicate and rejected."""
        record = parsed.record
        if isinstance(record, Visit) and record.location_id is not None:
            record = flagged(record, is_far=record.visit_id in self._far_outside)
        fault = next(iter(self._faults(record)), None)
        if fault is not None:
            self._reject(parsed, *fault)
            return
        known = self._lines.get(record.record_id)
        if known is not None:
            self._take_again(parsed, record, *known)
            return
        standing = self._standing.get(record.record_id)
        if standing is not None and _same(standing.record, record):
            self._duplicates += _rows(record)
        elif standing is not None and not self._update:
            self._reject(
                parsed,
                _id_field(record),
                say(
                    "{record_id} finns redan med annat innehåll; "
                    "importera med uppdatering för att ersätta.",
                    record_id=quoted(record.shown_id),
                ),
            )
            return
        elif not self._put(parsed, record, expects=standing.version if standing else 0):
            return
        self._lines[record.record_id] = (parsed.line, record)
        self._flag(parsed, record)

    def _take_again(
        self, parsed: Parsed[Record], record: Record, line: int, earlier: Record
    ) -> None:
        if _same(earlier, record):
            self._duplicates += _rows(record)
            return
        self._reject(
            parsed,
            _id_field(record),
            say("Samma id finns på rad {line} med annat innehåll.", line=line),
        )

    def _put(self, parsed: Parsed[Record], record: Record, *, expects: int) -> bool:
        changes: list[Change] = [Put(record, expects=expects)]
        if isinstance(record, Location):
            if self._meets_another(record):
                self._reject(
                    parsed,
                    "designated_from",
                    say(
                        "Platsen {location_id} är redan utpekad under den tiden; "
                        "ange när den gamla utpekningen slutar, eller importera med uppdatering.",
                        location_id=quoted(record.location_id),
                    ),
                )
                return False
            changes = self._place_changes(record, expects=expects)
        if not parsed.id_given and _content(record) in self._contents:
            self._flagged.append(
                Remark(
                    line=parsed.line,
                    reason=say("Raden liknar en som redan finns. Är det en dubblett?"),
                )
            )
        self._contents.add(_content(record))
        self._writes.update((change.record_id, change) for change in changes)
        self._accepted += _rows(record)
        self._updated += _rows(record) if expects else 0
        return True

    def _meets_another(self, new: Location) -> bool:
        """Tell whether a piece overlaps one it may not cut."""
        return any(
            # A piece of this very file has no version yet: two rows that overlap are a slip.
            piece.overlaps(new) and not (self._update and version)
            for record_id, (piece, version) in self._pieces.get(new.location_id, {}).items()
            if record_id != new.record_id
        )

    def _place_changes(self, new: Location, *, expects: int) -> list[Change]:
        pieces = self._pieces.setdefault(new.location_id, {})
        changes = place_changes(new, tuple(pieces.values()), expects=expects)
        for change in changes:
            if isinstance(change, Put) and isinstance(change.record, Location):
                pieces[change.record_id] = (change.record, 0)
            else:
                pieces.pop(change.record_id, None)
        return changes

    def _flag(self, parsed: Parsed[Record], record: Record) -> None:
        self._flagged += [
            Remark(line=parsed.line, field=flag.field, reason=flag.reason) for flag in parsed.flags
        ]
        if isinstance(record, Visit) and FLAG_FAR_OUTSIDE in record.flags:
            self._flagged.append(
                Remark(line=parsed.line, field="location_id", reason=Message(FLAG_FAR_OUTSIDE))
            )

    def _faults(self, record: Record) -> Iterable[tuple[str, Message]]:
        match record:
            case Visit() | Activity():
                if record.location_id is not None and record.location_id not in self._pieces:
                    yield "location_id", no_such_place(record.location_id)
            case Inspection():
                building = self._buildings.get(record.building_id)
                for fault in building_faults(building, record):
                    yield "building_id" if building is None else "space", fault

    def _reject(self, parsed: Parsed[Record], field: str | None, reason: Message) -> None:
        self._rejected.append(Remark(line=parsed.line, field=field, reason=reason))

    @cached_property
    def _standing(self) -> Mapping[str, Stored[Record]]:
        parsed = self._result.parsed
        if not parsed:
            return {}
        ids = [row.record.record_id for row in parsed]
        stored = self._store.standing(type(parsed[0].record), ids)
        return {one.record.record_id: one for one in stored}

    @cached_property
    def _pieces(self) -> dict[str, dict[str, tuple[Location, int]]]:
        """Every place's pieces by their key, each with the version that stands."""
        by_place: dict[str, dict[str, tuple[Location, int]]] = {}
        for stored in self._store.standing(Location):
            pieces = by_place.setdefault(stored.record.location_id, {})
            pieces[stored.record.record_id] = (stored.record, stored.version)
        return by_place

    @cached_property
    def _far_outside(self) -> frozenset[str]:
        visits = [row.record for row in self._result.parsed if isinstance(row.record, Visit)]
        pieces = [piece for place in self._pieces.values() for piece, _ in place.values()]
        return far_outside(visits, pieces)

    @cached_property
    def _buildings(self) -> Mapping[str, Building]:
        return {s.record.building_id: s.record for s in self._store.standing(Building)}

    @cached_property
    def _contents(self) -> set[tuple[object, ...]]:
        parsed = self._result.parsed
        if all(row.id_given for row in parsed):
            return set()
        return {_content(s.record) for s in self._store.standing(type(parsed[0].record))}


def _same(one: Record, other: Record) -> bool:
    """Tell whether two records say the same; flags are ours, not the file's."""
    if isinstance(one, Visit) and isinstance(other, Visit):
        return one.model_copy(update={"flags": ()}) == other.model_copy(update={"flags": ()})
    return one == other


def _content(record: Record) -> tuple[object, ...]:
    """Give what a row says, without what it is called and where it came from."""
    return tuple(
        shapely.to_wkb(value) if isinstance(value, BaseGeometry) else value
        for name, value in record
        if name not in _SAYS_WHERE_FROM
    )


def _rows(record: Record) -> int:
    """Count the rows a record was made of: a track's are its points."""
    return len(record.fixes) if isinstance(record, Track) else 1


def _id_field(record: Record) -> str:
    return next(name for name in type(record).model_fields if name.endswith("_id"))


def _line(remark: Remark) -> tuple[int, str]:
    return remark.line or 0, remark.field or ""
