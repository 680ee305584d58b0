"""What every store checks before it writes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations

from geo.errors import ConflictError
from geo.model.location import Location
from geo.model.record import Record
from geo.store.store import Change
from geo.wording import say


def conflict(change: Change | None = None) -> ConflictError:
    """Say that somebody else was first."""
    if change is None:
        return ConflictError(
            say("Någon annan ändrade samma uppgift samtidigt; läs in den på nytt.")
        )
    return ConflictError(
        say(
            "Uppgiften {record_id} har ändrats av någon annan; läs in den på nytt.",
            record_id=change.record_id,
        )
    )


def refuse_overlaps(pieces: Iterable[Location]) -> None:
    """Refuse a place that would be designated twice on one day: nothing could count it.

    Checked inside each write, because two writers can each be right alone.
    """
    by_place: dict[str, list[Location]] = {}
    for piece in pieces:
        by_place.setdefault(piece.location_id, []).append(piece)
    for location_id, history in by_place.items():
        if any(one.overlaps(other) for one, other in combinations(history, 2)):
            raise ConflictError(
                say(
                    "Platsen {location_id} skulle vara utpekad två gånger samtidigt.",
                    location_id=location_id,
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
