"""Everything that stands in a store at one revision, as the frames coverage works on.

Reading is slow and counting is fast, so the pages read once per revision and
count as often as somebody moves a control.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd

from geo.access import Audience
from geo.coverage.placing import place_visits
from geo.model.activity import Activity
from geo.model.boundary import Boundary
from geo.model.building import Building, Inspection
from geo.model.location import Location
from geo.model.promise import Promise, PromiseItem
from geo.model.visit import Visit
from geo.services.demo import shipped_promises
from geo.services.frames import designations_of, places_of, spaces_of
from geo.store.store import Store


@dataclass(frozen=True)
class Snapshot:
    """What stands at one revision; frames have the columns of ``geo.schema``.

    Nobody changes a snapshot: whoever wants fewer rows makes a frame of their own.
    """

    revision: int
    locations: tuple[Location, ...]
    buildings: tuple[Building, ...]
    activities: tuple[Activity, ...]
    promises: tuple[Promise, ...]
    promise_items: tuple[PromiseItem, ...]
    boundaries: tuple[Boundary, ...]
    designations: pd.DataFrame
    visits: pd.DataFrame
    presence: pd.DataFrame
    spaces: pd.DataFrame
    inspections: pd.DataFrame
    audience: Audience = "intern"
    """For whom something may have been taken away; see ``geo.services.audience``."""

    @property
    def has_examples(self) -> bool:
        """Whether anything in it is invented, so that every screen says so."""
        return any(
            record.example
            for records in (self.locations, self.buildings, self.activities, self.boundaries)
            for record in records
        ) or bool(self.visits["example"].any() or self.inspections["example"].any())

    @property
    def visits_until(self) -> datetime | None:
        """When the last visit ended: the age of what is known about presence."""
        return _last(self.visits["end_at"])

    @property
    def inspections_until(self) -> datetime | None:
        """When the last inspection was made: the age of what is known about buildings."""
        return _last(self.inspections["inspected_at"])

    def place(self, location_id: str, *, on: date) -> Location | None:
        """Give the piece of a place's history in force on a day, or else the nearest one."""
        pieces = [piece for piece in self.locations if piece.location_id == location_id]
        for piece in pieces:
            if piece.is_designated(on):
                return piece
        begun = [p for p in pieces if (p.designated_from or date.min) <= on]
        if begun:
            return begun[-1]
        return pieces[0] if pieces else None


def read_snapshot(store: Store) -> Snapshot:
    """Read everything that stands, as it was at one revision."""
    with store.at_one_revision() as unchanged:
        return _read(unchanged, unchanged.revision())


def _read(store: Store, revision: int) -> Snapshot:
    locations = _sorted_pieces(stored.record for stored in store.standing(Location))
    buildings = tuple(stored.record for stored in store.standing(Building))
    visits = _visits(store)
    return Snapshot(
        revision=revision,
        locations=locations,
        buildings=buildings,
        activities=tuple(stored.record for stored in store.standing(Activity)),
        promises=_promises(store),
        promise_items=_promise_items(store),
        boundaries=tuple(stored.record for stored in store.standing(Boundary)),
        designations=designations_of(locations),
        visits=visits,
        presence=presence_of(visits, locations),
        spaces=spaces_of(buildings),
        inspections=_inspections(store),
    )


def presence_of(visits: pd.DataFrame, locations: Sequence[Location]) -> pd.DataFrame:
    """Say which visits count for which places; visits that were not done count for none."""
    done = visits[visits["done"]]
    known = {piece.location_id for piece in locations}
    nowhere_known = done["location_id"].notna() & ~done["location_id"].isin(known)
    return place_visits(done[~nowhere_known], places_of(locations))


def _promises(store: Store) -> tuple[Promise, ...]:
    """Give the promises that ship with the program and those of the store, which go first."""
    by_id = {p.promise_id: p for p in shipped_promises() if isinstance(p, Promise)}
    by_id.update((s.record.promise_id, s.record) for s in store.standing(Promise))
    return tuple(sorted(by_id.values(), key=lambda p: (p.from_on, p.promise_id)))


def _promise_items(store: Store) -> tuple[PromiseItem, ...]:
    by_id = {i.item_id: i for i in shipped_promises() if isinstance(i, PromiseItem)}
    by_id.update((s.record.item_id, s.record) for s in store.standing(PromiseItem))
    return tuple(sorted(by_id.values(), key=lambda item: (item.promise_id, item.order)))


def _visits(store: Store) -> pd.DataFrame:
    columns = (
        "visit_id",
        "location_id",
        "lon",
        "lat",
        "start_at",
        "end_at",
        "kind",
        "officers",
        "done",
        "not_done_reason",
        "source",
        "flags",
        "note",
        "example",
    )
    frame = store.frame(Visit, columns)
    return frame.astype(
        {"lon": "float64", "lat": "float64", "officers": "int64", "done": bool, "example": bool}
    )


def _inspections(store: Store) -> pd.DataFrame:
    columns = (
        "inspection_id",
        "building_id",
        "space",
        "inspected_at",
        "outcome",
        "deficiencies",
        "due_on",
        "fixed_on",
        "example",
    )
    return store.frame(Inspection, columns).astype({"example": bool})


def _sorted_pieces(pieces: Iterable[Location]) -> tuple[Location, ...]:
    return tuple(sorted(pieces, key=lambda p: (p.location_id, p.designated_from or date.min)))


def _last(moments: pd.Series[pd.Timestamp]) -> datetime | None:
    return None if moments.empty else moments.max().to_pydatetime()
