"""Import a file: compare its rows with what stands, store the good ones, say what happened.

One bad row never loses the others, and nothing is stored by halves: all good
rows and the receipt go in one transaction, which ``undo_import`` takes back as
one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from pathlib import Path

from geo.errors import ConflictError, DataError, NotFoundError
from geo.importers.door import MAX_BYTES, read_import
from geo.importers.result import ImportKind
from geo.model.location import Location
from geo.model.receipt import Receipt, Remark
from geo.model.record import Record
from geo.services.comparison import Comparison
from geo.store.store import Change, Put, Store, Stored, Withdraw
from geo.store.tables import RECORD_TYPES
from geo.wording import say

Progress = Callable[[int, int | None], None]

_UNDO = "undo:"
"""How the origin of what an undoing wrote begins."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do: its receipt, and the changes that would be written."""

    receipt: Receipt
    changes: tuple[Change, ...]


def shown_name(name: str) -> str:
    """Give a file's name as it can be stored and shown, whatever bytes it is made of."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def plan_import(
    store: Store,
    kind: ImportKind,
    path: Path,
    *,
    now: datetime,
    name: str | None = None,
    update: bool = False,
    crs: str | None = None,
    layer: str | None = None,
    max_bytes: int = MAX_BYTES,
    progress: Progress | None = None,
) -> Plan:
    """Read a file and say row by row what storing it would do; stores nothing.

    With `update`, a record of the same id and other content is replaced (its history
    is kept) instead of the row being turned away; `crs` is the coordinate system of
    the file, where it cannot tell by itself; `name` what the user calls the file.

    Returns
    -------
    Plan
        Also where nothing could be read at all: then the receipt says why.
    """
    try:
        result = read_import(
            kind,
            path,
            now=now,
            name=name,
            crs=crs,
            layer=layer,
            max_bytes=max_bytes,
            progress=progress,
        )
    except DataError as exc:
        refused = Remark(reason=exc.message)
        return Plan(
            Receipt(
                kind=kind, file=shown_name(name or path.name or str(path)), rejected=(refused,)
            ),
            (),
        )
    comparison = Comparison(store, result, update=update)
    for done, parsed in enumerate(result.parsed):
        comparison.take(parsed)
        if progress is not None and done % 1_000 == 0:
            progress(done, len(result.parsed))
    return Plan(comparison.receipt(), tuple(comparison.changes))


def import_file(
    store: Store,
    kind: ImportKind,
    path: Path,
    *,
    import_id: str,
    now: datetime,
    update: bool = False,
    crs: str | None = None,
    max_bytes: int = MAX_BYTES,
    progress: Progress | None = None,
) -> Receipt:
    """Plan an import and store it; plan again where somebody else wrote in between."""
    tries_left = 3
    while True:
        plan = plan_import(
            store,
            kind,
            path,
            now=now,
            update=update,
            crs=crs,
            max_bytes=max_bytes,
            progress=progress,
        )
        try:
            return run_import(store, plan, import_id=import_id, now=now)
        except ConflictError:
            tries_left -= 1
            if not tries_left:
                raise


def run_import(store: Store, plan: Plan, *, import_id: str, now: datetime) -> Receipt:
    """Store what a plan says, and its receipt; gives the receipt with its id.

    A plan without anything to store is only answered: its receipt gets no id.

    Raises
    ------
    ConflictError
        Where the store changed since the plan was made; nothing is stored then.
    """
    if not plan.changes:
        return plan.receipt
    receipt = plan.receipt.model_copy(update={"import_id": import_id, "imported_at": now})
    store.write([*plan.changes, Put(receipt)], origin=_origin(import_id), at=now)
    return receipt


def undo_import(store: Store, import_id: str, *, now: datetime) -> Receipt:
    """Take back everything an import wrote, as one transaction.

    What it added is withdrawn, what it replaced is put back — as far as that is not
    undone too: imports can be undone in any order.  A record that somebody has
    changed since is left alone and named in the receipt.

    Raises
    ------
    NotFoundError
        Where there is no such import.
    ConflictError
        Where it is undone already.
    """
    found = store.standing(Receipt, [import_id])
    if not found:
        raise NotFoundError(say("Importen {import_id} finns inte.", import_id=import_id))
    if found[0].record.undone_at is not None:
        raise ConflictError(say("Importen {import_id} är redan ångrad.", import_id=import_id))
    taken_back = {_origin(r.import_id or "") for r in imports(store) if r.undone_at is not None}
    changes: list[Change] = []
    kept: list[str] = []
    for record_type in RECORD_TYPES:
        if record_type is Receipt:
            continue
        standing = {s.record.record_id: s.version for s in store.standing(record_type)}
        for written in store.written_by(record_type, _origin(import_id)):
            record_id = written.record.record_id
            if written.version == standing.get(record_id) == 1:  # nearly always
                changes.append(Withdraw(record_type, record_id, expects=1))
                continue
            versions = store.history(record_type, record_id)
            if _is_still_there(written, versions[-1]):
                changes += _before(written, versions, taken_back)
            elif not versions[-1].withdrawn:
                kept.append(written.record.shown_id)
    changes, doubled = _without_overlaps(store, changes)
    kept += doubled
    undone = found[0].record.model_copy(update={"undone_at": now, "kept_at_undo": tuple(kept)})
    store.write(
        [*changes, Put(undone, expects=found[0].version)], origin=f"{_UNDO}{import_id}", at=now
    )
    return undone


def imports(store: Store) -> list[Receipt]:
    """Give the receipts of all imports, newest first."""
    receipts = [stored.record for stored in store.standing(Receipt)]
    return sorted(receipts, key=lambda r: (r.imported_at is not None, r.imported_at), reverse=True)


def _origin(import_id: str) -> str:
    return f"import:{import_id}"


def _is_still_there(written: Stored[Record], last: Stored[Record]) -> bool:
    """Tell whether the last version is what was written, if need be restored by another undo."""
    if last.version == written.version:
        return True
    restored = last.origin.startswith(_UNDO)
    return restored and (last.record, last.withdrawn) == (written.record, written.withdrawn)


def _before(
    written: Stored[Record], versions: Sequence[Stored[Record]], taken_back: Collection[str]
) -> list[Change]:
    """Say how to bring a record back to what stood before a version was written.

    What an undone import wrote no longer counts, nor does what an undoing put back:
    that stands further down as what somebody wrote.
    """
    last = versions[-1]
    expects = 0 if last.withdrawn else last.version
    earlier = [
        version
        for version in versions[: written.version - 1]
        if version.origin not in taken_back and not version.origin.startswith(_UNDO)
    ]
    if earlier and not earlier[-1].withdrawn:
        return [Put(earlier[-1].record, expects=expects)]
    record = written.record
    return [Withdraw(type(record), record.record_id, expects=expects)] if expects else []


def _without_overlaps(store: Store, changes: Sequence[Change]) -> tuple[list[Change], list[str]]:
    """Leave out places that would end up designated twice; somebody has gone on from them."""
    if not any(change.record_type is Location for change in changes):
        return list(changes), []
    places = {stored.record.record_id: stored.record for stored in store.standing(Location)}
    after = dict(places)
    for change in changes:
        if isinstance(change, Put) and isinstance(change.record, Location):
            after[change.record_id] = change.record
        elif change.record_type is Location:
            after.pop(change.record_id, None)
    doubled = {
        one.location_id
        for one, other in combinations(after.values(), 2)
        if one.location_id == other.location_id and one.overlaps(other)
    }
    left = [
        change
        for change in changes
        if change.record_type is not Location or _place_of(change, places) not in doubled
    ]
    return left, sorted(doubled)


def _place_of(change: Change, places: Mapping[str, Location]) -> str:
    if isinstance(change, Put) and isinstance(change.record, Location):
        return change.record.location_id
    return places[change.record_id].location_id
