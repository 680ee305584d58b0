"""A place's history: what a new piece does to the pieces it meets."""

from __future__ import annotations

from collections.abc import Iterable

from geo.model.location import Location
from geo.store.store import Change, Put, Withdraw


def place_changes(
    new: Location, pieces: Iterable[tuple[Location, int]], *, expects: int
) -> list[Change]:
    """Say what must be written so that a place's history has a new piece.

    The new piece is right about its own days and says nothing of others: a piece
    it meets keeps the days before and after it, and is withdrawn where none are
    left.  A piece that says the same of other days was about these: it is replaced.

    Parameters
    ----------
    new
        The piece to add, or the new content of one that begins on the same day.
    pieces
        Those the place has, each with the version that stands.
    expects
        The version that stands under the new piece's own key; 0 for none.
    """
    changes: list[Change] = [Put(new, expects=expects)]
    for old, version in pieces:
        if old.record_id == new.record_id or not old.overlaps(new):
            continue
        corrected = _says_the_same(old, new)
        begins_before = _begins_before(old, new)
        if begins_before and not corrected:
            earlier = old.model_copy(update={"designated_to": new.designated_from})
            changes.append(Put(earlier, expects=version))
        else:
            changes.append(Withdraw(Location, old.record_id, expects=version))
        if new.designated_to is not None and not corrected and _ends_after(old, new):
            changes.append(Put(old.model_copy(update={"designated_from": new.designated_to})))
    return changes


def _says_the_same(one: Location, other: Location) -> bool:
    days = {"designated_from": None, "designated_to": None}
    return one.model_copy(update=days) == other.model_copy(update=days)


def _begins_before(old: Location, new: Location) -> bool:
    return new.designated_from is not None and (
        old.designated_from is None or old.designated_from < new.designated_from
    )


def _ends_after(old: Location, new: Location) -> bool:
    return new.designated_to is not None and (
        old.designated_to is None or old.designated_to > new.designated_to
    )
