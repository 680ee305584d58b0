"""Small worlds for view-models: records in a store in memory, read as the pages read them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from shapely import Point

from geo.model.building import Building, Inspection
from geo.model.location import Location
from geo.model.period import Period
from geo.model.record import Record
from geo.model.time import STOCKHOLM
from geo.model.visit import Visit
from geo.services.selection import Selection
from geo.services.snapshot import Snapshot, read_snapshot
from geo.store.memory import MemoryStore
from geo.store.store import Put
from geo.wording import Wording

SV = Wording("sv")
EN = Wording("en")
HERE = Point(12.69, 57.507)
AT = datetime(2022, 1, 1, tzinfo=UTC)

# Four whole ISO weeks, v. 9–12.  The last day, 28 March, is 23 hours long: summer time began.
MARCH = Selection(Period(date(2021, 3, 1), date(2021, 3, 29)))


def local(text: str) -> datetime:
    """A moment from Swedish wall clock."""
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM)


def world(*records: Record) -> Snapshot:
    store = MemoryStore()
    store.write([Put(record) for record in records], origin="account:local", at=AT)
    return read_snapshot(store)


def place(
    location_id: str = "torget",
    *,
    per_week: float | None = None,
    minutes: float | None = None,
    unsafe: str | None = None,
    start: date | None = date(2021, 1, 1),
    end: date | None = None,
    name: str | None = None,
) -> Location:
    return Location(
        location_id=location_id,
        name=name or location_id.title(),
        kind="torg",
        geometry=HERE,
        visits_per_week=per_week,
        minutes_per_visit=minutes,
        unsafe_hours=unsafe,
        designated_from=start,
        designated_to=end,
    )


_numbers = iter(range(1_000_000))


def visit(
    start: str,
    minutes: int = 15,
    *,
    at: str = "torget",
    kind: str = "fotpatrull",
    officers: int = 1,
) -> Visit:
    begins = local(start)
    return Visit(
        visit_id=f"b{next(_numbers):06}",
        location_id=at,
        start_at=begins,
        end_at=begins.astimezone(UTC) + timedelta(minutes=minutes),
        kind=kind,
        officers=officers,
    )


def building(
    building_id: str, *spaces: str, address: str | None = None, area: str = "Hedbo"
) -> Building:
    return Building(
        building_id=building_id,
        address=address or f"{building_id.title()} 1",
        area=area,
        spaces=spaces or ("källare", "vind"),
        geometry=HERE,
    )


def inspection(
    building_id: str,
    space: str,
    on: str,
    outcome: str = "utan_anmarkning",
    *,
    due_on: date | None = None,
    fixed_on: date | None = None,
    found: str | None = None,
) -> Inspection:
    return Inspection(
        inspection_id=f"g{next(_numbers):06}",
        building_id=building_id,
        space=space,
        inspected_at=local(f"{on} 10:00"),
        outcome=outcome,
        due_on=due_on,
        fixed_on=fixed_on,
        deficiencies=found,
    )
