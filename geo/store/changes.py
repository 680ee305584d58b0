"""What every store checks before it writes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from geo.errors import ConflictError
from geo.model.record import Record
from geo.store.store import Change
from geo.wording import say


def conflict(change: Change | None = None) -> ConflictError:
    """Say that somebody else was first."""
    if change is None:
        return ConflictError("Någon annan ändrade samma uppgift samtidigt; läs in den på nytt.")
    return ConflictError(
        say(
            "Uppgiften {record_id} har ändrats av någon annan; läs in den på nytt.",
            record_id=change.record_id,
        )
    )


def in_one_write(changes: Iterable[Change]) -> Mapping[type[Record], list[Change]]:
    """Sort changes by kind of record, and refuse two about the same record."""
    by_type: dict[type[Record], dict[str, Change]] = {}
    for change in changes:
        of_type = by_type.setdefault(change.record_type, {})
        if change.record_id in of_type:
            raise conflict(change)
        of_type[change.record_id] = change
    return {record_type: list(of_type.values()) for record_type, of_type in by_type.items()}
