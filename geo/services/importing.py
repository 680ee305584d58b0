"""Import a file: compare its rows with what stands, store the good ones, say what happened.

One bad row never loses the others, and nothing is stored by halves: all good
rows and the receipt go in one transaction, which ``undo_import`` takes back as
one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from geo.errors import ConflictError, DataError, NotFoundError
from geo.importers.door import MAX_BYTES, read_import
from geo.importers.result import ImportKind
from geo.model.receipt import Receipt, Remark
from geo.model.record import Record
from geo.services.comparison import Comparison
from geo.store.store import Change, Put, Store, Stored, Withdraw
from geo.store.tables import RECORD_TYPES
from geo.wording import say

Progress = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do: its receipt, and the changes that would be written."""

    receipt: Receipt
    changes: tuple[Change, ...]


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
        refused = Remark(reason=str(exc.message))
        return Plan(Receipt(kind=kind, file=name or path.name, rejected=(refused,)), ())
    comparison = Comparison(store, result, update=update)
    for parsed in result.parsed:
        comparison.take(parsed)
    return Plan(comparison.receipt(), tuple(comparison.changes))


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
    store.write([*plan.changes, Put(receipt)], origin=f"import:{import_id}", at=now)
    return receipt


def undo_import(store: Store, import_id: str, *, now: datetime) -> Receipt:
    """Take back everything an import wrote, as one transaction.

    What it added is withdrawn, what it replaced is put back.  A record that
    somebody has changed since is left alone and named in the receipt.

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
    changes: list[Change] = []
    kept: list[str] = []
    for record_type in RECORD_TYPES:
        if record_type is Receipt:
            continue
        standing = {s.record.record_id: s.version for s in store.standing(record_type)}
        for written in store.written_by(record_type, f"import:{import_id}"):
            record_id = written.record.record_id
            if standing.get(record_id) == written.version:
                changes.append(_before(store, written))
            else:
                kept.append(record_id)
    undone = found[0].record.model_copy(update={"undone_at": now, "kept_at_undo": tuple(kept)})
    store.write(
        [*changes, Put(undone, expects=found[0].version)], origin=f"undo:{import_id}", at=now
    )
    return undone


def imports(store: Store) -> list[Receipt]:
    """Give the receipts of all imports, newest first."""
    receipts = [stored.record for stored in store.standing(Receipt)]
    return sorted(receipts, key=lambda r: (r.imported_at is not None, r.imported_at), reverse=True)


def _before(store: Store, written: Stored[Record]) -> Change:
    """Say how to bring a record back to what stood before a version was written."""
    record_type, record_id = type(written.record), written.record.record_id
    earlier = store.history(record_type, record_id)[: written.version - 1]
    if not earlier or earlier[-1].withdrawn:
        return Withdraw(record_type, record_id, expects=written.version)
    return Put(earlier[-1].record, expects=written.version)
