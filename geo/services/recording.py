"""Log something, correct it, take it back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from pydantic import ValidationError

from geo.coverage.placing import FAR_OUTSIDE_M, distance_outside_m
from geo.errors import ConflictError, DataError, NotFoundError
from geo.importers.quoting import quoted
from geo.model.activity import Activity
from geo.model.building import SPACE_WORDS, Building, Inspection
from geo.model.location import Location
from geo.model.personal import personal_hints
from geo.model.problems import schema_error
from geo.model.record import Record
from geo.model.visit import Visit
from geo.services.designating import place_changes
from geo.services.frames import places_of, visits_of
from geo.store.store import Change, Put, Store, Stored, Withdraw
from geo.wording import Message, mark, say

R = TypeVar("R", bound=Record)

FLAG_FAR_OUTSIDE = mark("Koordinaterna ligger mer än 100 m utanför platsen.")


def make(record_type: type[R], values: Mapping[str, Any]) -> R:
    """Make a record of what somebody typed.

    Raises
    ------
    SchemaError
        Naming everything that is wrong with it.
    """
    try:
        return record_type.model_validate(dict(values))
    except ValidationError as exc:
        raise schema_error(exc) from exc


def save(store: Store, record: Record, *, expects: int = 0, account: str, now: datetime) -> None:
    """Store a new record, or the correction of one seen at version `expects`.

    Saving the same record twice is one record: a form sent again after a lost
    answer does no harm.

    Raises
    ------
    DataError
        Where it speaks of a place, building or space that is not there, or of the future.
    ConflictError
        Where somebody else changed the record since.
    """
    wrong = next(iter(faults(store, record, now=now)), None)
    if wrong is not None:
        raise DataError(wrong)
    ready = record
    if isinstance(record, Visit) and record.location_id is not None:
        pieces = [stored.record for stored in _pieces(store, record.location_id)]
        ready = flagged(record, is_far=bool(far_outside([record], pieces)))
    changes: list[Change] = [Put(ready, expects=expects)]
    if isinstance(ready, Location):
        history = [(s.record, s.version) for s in _pieces(store, ready.location_id)]
        changes = place_changes(ready, history, expects=expects)
    try:
        store.write(changes, origin=f"account:{account}", at=now)
    except ConflictError:
        standing = store.standing(type(ready), [ready.record_id])
        if expects == 0 and standing and standing[0].record == ready:
            return
        raise


def save_inspections(
    store: Store, records: Sequence[Inspection], *, account: str, now: datetime
) -> None:
    """Store the new inspections of one walk through a building in one transaction, or none.

    Saving the same ones again does no harm.

    Raises
    ------
    DataError
        As for ``save``.
    ConflictError
        Where one of them stands already with other content.
    """
    wrong = next((fault for one in records for fault in faults(store, one, now=now)), None)
    if wrong is not None:
        raise DataError(wrong)
    try:
        store.write([Put(one) for one in records], origin=f"account:{account}", at=now)
    except ConflictError:
        for one in records:
            standing = store.standing(type(one), [one.record_id])
            if not standing or standing[0].record != one:
                raise


def take_back(
    store: Store,
    record_type: type[Record],
    record_id: str,
    *,
    expects: int,
    account: str,
    now: datetime,
) -> None:
    """Withdraw a record; it stays in the history and can be put back."""
    store.write(
        [Withdraw(record_type, record_id, expects=expects)], origin=f"account:{account}", at=now
    )


def put_back(
    store: Store, record_type: type[Record], record_id: str, *, account: str, now: datetime
) -> None:
    """Undo ``take_back``.

    Raises
    ------
    NotFoundError
        Where the record was never taken back.
    """
    versions = store.history(record_type, record_id)
    if not versions or not versions[-1].withdrawn:
        raise NotFoundError(say("Uppgiften {record_id} är inte borttagen.", record_id=record_id))
    store.write([Put(versions[-1].record)], origin=f"account:{account}", at=now)


def latest_by(
    store: Store, record_type: type[R], *, account: str, most: int = 10
) -> list[Stored[R]]:
    """Give what an account wrote last and still stands, newest first."""
    written = store.written_by(record_type, f"account:{account}")
    written.sort(key=lambda stored: stored.revision, reverse=True)
    # Only these few are read, not everything that stands: a page asks this on every click.
    ids = list(dict.fromkeys(stored.record.record_id for stored in written))
    found: list[Stored[R]] = []
    for start in range(0, len(ids), most):
        found += [
            stored
            for stored in store.standing(record_type, ids[start : start + most])
            if stored.origin == f"account:{account}"
        ]
        if len(found) >= most:
            break
    return sorted(found, key=lambda stored: stored.revision, reverse=True)[:most]


def hints(record: Record) -> tuple[str, ...]:
    """Name what in the record's free text looks like it points at a person."""
    # Keys are made by the program; one of a hundred random ones looks like a number plate.
    texts = (value for name, value in record if isinstance(value, str) and not name.endswith("_id"))
    return tuple(dict.fromkeys(hint for text in texts for hint in personal_hints(text)))


def faults(store: Store, record: Record, *, now: datetime) -> Iterable[Message]:
    """Name what stands against storing a valid record here and now."""
    match record:
        case Visit():
            if record.start_at > now:
                yield say("Besöket ligger i framtiden.")
            if record.location_id is not None and not _pieces(store, record.location_id):
                yield no_such_place(record.location_id)
        case Inspection():
            if record.inspected_at > now:
                yield say("Genomgången ligger i framtiden.")
            found = store.standing(Building, [record.building_id])
            yield from building_faults(found[0].record if found else None, record)
        case Activity():
            if record.location_id is not None and not _pieces(store, record.location_id):
                yield no_such_place(record.location_id)


def no_such_place(location_id: str) -> Message:
    """Say that a place is not there."""
    return say("Platsen {location_id} finns inte.", location_id=quoted(location_id))


def building_faults(building: Building | None, inspection: Inspection) -> Iterable[Message]:
    """Say whether the inspected space exists."""
    if building is None:
        yield say("Byggnaden {building_id} finns inte.", building_id=quoted(inspection.building_id))
    elif inspection.space not in building.spaces:
        yield say(
            "Utrymmet {space} finns inte i registret för byggnaden {building_id}.",
            building_id=quoted(inspection.building_id),
            space=Message(SPACE_WORDS[inspection.space]),
        )


def far_outside(visits: Sequence[Visit], pieces: Sequence[Location]) -> frozenset[str]:
    """Name the visits whose coordinates are more than 100 m outside the place they name."""
    if not visits or not pieces:
        return frozenset()
    frame = visits_of(visits)
    is_far = distance_outside_m(frame, places_of(pieces)) > FAR_OUTSIDE_M
    return frozenset(frame.loc[is_far, "visit_id"])


def flagged(visit: Visit, *, is_far: bool) -> Visit:
    """Give a visit its flag for being far outside its place, or take it off."""
    others = tuple(flag for flag in visit.flags if flag != FLAG_FAR_OUTSIDE)
    return visit.model_copy(update={"flags": (*others, FLAG_FAR_OUTSIDE) if is_far else others})


def _pieces(store: Store, location_id: str) -> list[Stored[Location]]:
    return [s for s in store.standing(Location) if s.record.location_id == location_id]
