"""A record of every kind, with what is easily lost on the way to a database and back."""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from shapely import LineString, Point, Polygon
from sqlalchemy import text

from geo.model.activity import Activity
from geo.model.boundary import Boundary
from geo.model.building import Building, Inspection
from geo.model.hours import UnsafeHours
from geo.model.location import Location
from geo.model.promise import CountRule, Promise, PromiseItem
from geo.model.receipt import Receipt, Remark
from geo.model.record import Record
from geo.model.visit import Fix, Track, Visit
from geo.store.held import tables_of
from geo.store.open import connect, open_store
from geo.store.tables import RECORD_TYPES
from geo.wording import Amount, quote, say

AT = datetime(2021, 5, 1, 12, tzinfo=UTC)


def a_visit(visit_id: str = "b1", **content: object) -> Visit:
    values = {
        "visit_id": visit_id,
        "location_id": "p1",
        "start_at": AT,
        "end_at": AT + timedelta(minutes=15),
        **content,
    }
    return Visit.model_validate(values)


EVERY_KIND: tuple[Record, ...] = (
    Location(
        location_id="p1",
        name="Gångtunneln 'åäö' \"%s\" {{ 7*7 }}",
        kind="gångtunnel",
        geometry=LineString([(12.69, 57.5), (12.7, 57.51)]),
        radius_m=12.5,
        priority=1,
        visits_per_week=2.5,
        minutes_per_visit=10,
        unsafe_hours=UnsafeHours.parse("Fr,Sa 20:00-02:00"),
        designated_from=date(2021, 1, 12),
        designated_to=date(2022, 1, 1),
        review_on=date(2021, 10, 1),
        source="källa\nmed två rader",
        example=True,
    ),
    Location(location_id="p2", name="Torget", kind="torg", geometry=Point(12.7, 57.5)),
    Building(
        building_id="h1",
        address="Snickarevägen 4",
        area="Snickaren",
        spaces=("källare", "vind"),
        geometry=Polygon([(12.6, 57.5), (12.61, 57.5), (12.61, 57.51)]),
    ),
    Inspection(
        inspection_id="g1",
        building_id="h1",
        space="källare",
        inspected_at=AT,
        outcome="brist",
        deficiencies="trasigt lås",
        due_on=date(2021, 6, 1),
        fixed_on=date(2021, 5, 20),
    ),
    a_visit(lon=12.123456789012345, lat=57.5, flags=("ser konstig ut",), note="=1+1"),
    # The repeated hour of 31 October: two moments with the same local clock.
    a_visit(
        "b2",
        start_at=datetime(2021, 10, 31, 0, 30, tzinfo=UTC),
        end_at=datetime(2021, 10, 31, 1, 30, tzinfo=UTC),
        done=False,
        not_done_reason="larm",
    ),
    Track(
        track_id="t1",
        name="spår",
        fixes=(Fix(AT, 12.5, 57.5), Fix(AT + timedelta(microseconds=1), 12.6, 57.6)),
    ),
    Activity(
        activity_id="a1",
        kind="riktad insats narkotika",
        from_on=date(2021, 3, 1),
        to_on=date(2021, 3, 2),
        place_text="Kinna",
    ),
    Promise(promise_id="l1", title="2021", from_on=date(2021, 1, 1), to_on=date(2022, 1, 1)),
    PromiseItem(
        item_id="l1-1",
        promise_id="l1",
        order=1,
        owner="polisen",
        text="Minst fyra",
        target=4,
        rule=CountRule(counts="activities", kinds=("riktad insats narkotika",)),
    ),
    Boundary(boundary_id="1463", name="Mark", geometry=Polygon([(12, 57), (13, 57), (13, 58)])),
    Receipt(
        import_id="i1",
        kind="visits",
        file="besök.csv",
        accepted=3,
        flagged=(Remark(line=2, reason=say("Rad {line}: {what}", line=2, what=quote("{x}"))),),
        rejected=(
            Remark(line=4, field="start_at", reason=say("Värde saknas.")),
            Remark(
                reason=say(
                    "{most} {few} {words}",
                    most=Amount(200_000),
                    few=Amount(0.5, digits=1),
                    words=(say("källare"), "b"),
                )
            ),
        ),
        crs="EPSG:4326 (WGS 84)",
        encoding="cp1252",
        imported_at=AT,
    ),
)


def all_versions(url: str) -> list[Any]:
    """Give every version of every record above that a database has."""
    with closing(open_store(url)) as store:
        return [
            asdict(stored)
            for record_type in RECORD_TYPES
            for record_id in sorted({r.record_id for r in EVERY_KIND})
            for stored in store.history(record_type, record_id)
        ]


def run_sql(url: str, *statements: str) -> None:
    """Do to a database what the program never would."""
    with closing(open_store(url)) as store, store.engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def holds_nothing(url: str) -> bool:
    """Tell whether there is no such file, or no table in the database."""
    if url.startswith("sqlite"):
        return not Path(url.removeprefix("sqlite:///")).exists()
    engine = connect(url)
    with engine.connect() as connection:
        found = tables_of(connection)
    engine.dispose()
    return not found
