"""One filter, obeyed by every number."""

from datetime import UTC, date, datetime, timedelta

import geopandas as gpd
import pytest
from shapely import Point

from geo.model.building import Building, Inspection
from geo.model.location import Location
from geo.model.period import Period
from geo.model.visit import Visit
from geo.reports.export import ReportFormat, report_file
from geo.reports.stamp import ReportStamp
from geo.services.coverage import coverage
from geo.services.exporting import EXPORT_KINDS, ExportKind, export_rows
from geo.services.selection import Selection, narrowed
from geo.services.snapshot import Snapshot, read_snapshot
from geo.store.memory import MemoryStore
from geo.store.store import Put
from geo.wording import Wording

MAY = Period(date(2021, 5, 1), date(2021, 6, 1))
NOON = datetime(2021, 5, 10, 10, tzinfo=UTC)


def a_place(name: str, **content: object) -> Location:
    values = {"location_id": name, "name": name, "kind": "torg", "geometry": Point(12.69, 57.5)}
    return Location.model_validate({**values, **content})


def a_visit(name: str, place: str, at: datetime = NOON, **content: object) -> Visit:
    values = {
        "visit_id": name,
        "location_id": place,
        "start_at": at,
        "end_at": at + timedelta(minutes=10),
    }
    return Visit.model_validate({**values, **content})


def a_building(name: str, area: str) -> Building:
    return Building(
        building_id=name,
        address=f"{area} 1",
        area=area,
        spaces=("källare", "vind"),
        geometry=Point(12.69, 57.5),
    )


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    store = MemoryStore()
    records = [
        a_place("torget", priority=1),
        a_place("badet", kind="bad", priority=2, designated_to=date(2021, 5, 1)),
        a_visit("bil", "torget", kind="bil"),
        a_visit("fot", "torget", kind="fot"),
        a_visit("april", "torget", NOON - timedelta(days=30), kind="bil"),
        a_visit("bad", "badet", kind="bil"),
        a_building("h1", "Hedbo"),
        a_building("h2", "Assberg"),
        *(
            Inspection(
                inspection_id=f"g-{house}",
                building_id=house,
                space="vind",
                inspected_at=NOON,
                outcome="brist",
            )
            for house in ("h1", "h2")
        ),
    ]
    store.write([Put(record) for record in records], origin="account:a", at=NOON)
    return read_snapshot(store)


def visits_at(snapshot: Snapshot, place: str) -> int:
    rows = coverage(snapshot, Period(date(2021, 1, 1), date(2022, 1, 1)))
    return int(rows.set_index("location_id").loc[place, "visits"])


def test_no_filter_is_the_snapshot_itself(snapshot: Snapshot) -> None:
    assert narrowed(snapshot, Selection(MAY)) is snapshot


def test_kinds_of_visits(snapshot: Snapshot) -> None:
    by_car = narrowed(snapshot, Selection(MAY, visit_kinds=("bil",)))
    assert (visits_at(snapshot, "torget"), visits_at(by_car, "torget")) == (3, 2)
    assert set(by_car.visits["visit_id"]) == {"bil", "april", "bad"}
    # A place nobody drove to is still there.
    on_foot = narrowed(snapshot, Selection(MAY, visit_kinds=("fot",)))
    assert visits_at(on_foot, "badet") == 0


@pytest.mark.parametrize(
    "selection",
    [
        Selection(MAY, location_kinds=("torg",)),
        Selection(MAY, priorities=(1,)),
    ],
)
def test_kinds_and_priorities_of_places(snapshot: Snapshot, selection: Selection) -> None:
    kept = narrowed(snapshot, selection)
    assert [place.location_id for place in kept.locations] == ["torget"]
    assert set(kept.presence["location_id"]) == {"torget"}
    assert set(kept.designations["location_id"]) == {"torget"}


def test_housing_areas(snapshot: Snapshot) -> None:
    kept = narrowed(snapshot, Selection(MAY, areas=("Hedbo",)))
    assert [building.building_id for building in kept.buildings] == ["h1"]
    assert list(kept.inspections["inspection_id"]) == ["g-h1"]
    assert set(kept.spaces["area"]) == {"Hedbo"}


class TestExport:
    @pytest.mark.parametrize("kind", EXPORT_KINDS)
    def test_every_kind_can_be_had(self, snapshot: Snapshot, kind: ExportKind) -> None:
        expected = {
            "locations": 1,  # badet was no longer designated in May
            "buildings": 2,
            "inspections": 2,
            "visits": 3,
            "activities": 0,
            "coverage": 1,
        }
        assert len(export_rows(snapshot, kind, Selection(MAY))) == expected[kind]

    def test_the_same_filter_as_on_screen(self, snapshot: Snapshot) -> None:
        selection = Selection(MAY, visit_kinds=("bil",), location_kinds=("torg",))
        kept = narrowed(snapshot, selection)
        rows = export_rows(kept, "coverage", selection)
        assert list(rows["visits"]) == [1]

    def test_coverage_on_a_map_has_each_places_newest_shape_of_the_period(self) -> None:
        store = MemoryStore()
        moved_on = [date(2021, 5, 10), date(2021, 6, 10)]
        pieces = [
            a_place("torget", designated_to=moved_on[0]),
            a_place(
                "torget",
                designated_from=moved_on[0],
                designated_to=moved_on[1],
                geometry=Point(12.7, 57.5),
            ),
            a_place("torget", designated_from=moved_on[1], geometry=Point(12.8, 57.5)),
        ]
        store.write([Put(piece) for piece in pieces], origin="account:a", at=NOON)
        rows = export_rows(read_snapshot(store), "coverage", Selection(MAY))
        assert isinstance(rows, gpd.GeoDataFrame)
        assert rows.crs == "EPSG:4326"
        assert list(rows.geometry) == [Point(12.7, 57.5)]

    @pytest.mark.parametrize(("form", "has_shapes"), [("csv", False), ("geojson", True)])
    def test_a_table_of_coverage_has_figures_only(
        self, snapshot: Snapshot, form: ReportFormat, has_shapes: bool
    ) -> None:
        rows = export_rows(snapshot, "coverage", Selection(MAY))
        stamp = ReportStamp("x", MAY, (), NOON, data_until=None, has_examples=False)
        file = report_file(rows, form=form, kind="coverage", stamp=stamp, wording=Wording("sv"))
        assert (b"12.69" in file.content) is has_shapes
        assert b"torget" in file.content

    def test_moments_are_local_with_their_offset(self, snapshot: Snapshot) -> None:
        rows = export_rows(snapshot, "visits", Selection(MAY))
        assert rows["start_at"].iloc[0].isoformat() == "2021-05-10T12:00:00+02:00"

    def test_without_a_period_everything(self, snapshot: Snapshot) -> None:
        assert len(export_rows(snapshot, "visits", None)) == 4
        with pytest.raises(ValueError, match="period"):
            export_rows(snapshot, "coverage", None)
