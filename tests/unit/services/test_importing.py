"""What comes of the rows of a file, against what stands."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import Point

from geo.errors import ConflictError, NotFoundError
from geo.importers.result import ImportKind
from geo.model.building import Building, Inspection
from geo.model.location import Location
from geo.model.receipt import Receipt
from geo.model.visit import Visit
from geo.services.importing import imports, plan_import, run_import, undo_import
from geo.services.recording import FLAG_FAR_OUTSIDE
from geo.store.memory import MemoryStore
from geo.store.store import Put, Store

NOW = datetime(2022, 1, 10, 8, tzinfo=UTC)
Import = Callable[..., Receipt]


@pytest.fixture
def store() -> Store:
    store = MemoryStore()
    store.write(
        [
            Put(
                Location(
                    location_id="torget",
                    name="Torget",
                    kind="torg",
                    geometry=Point(12.694, 57.507),
                    radius_m=50,
                )
            ),
            Put(
                Building(
                    building_id="h1",
                    address="Gatan 1",
                    area="Hedbo",
                    spaces=("källare",),
                    geometry=Point(12.69, 57.5),
                )
            ),
        ],
        origin="account:local",
        at=NOW - timedelta(days=300),
    )
    return store


@pytest.fixture
def imported(store: Store, tmp_path: Path) -> Import:
    count = iter(range(100))

    def bring_in(
        kind: ImportKind, text: str, *, name: str = "rader.csv", update: bool = False
    ) -> Receipt:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        plan = plan_import(store, kind, path, now=NOW, update=update)
        return run_import(store, plan, import_id=f"i{next(count)}", now=NOW)

    return bring_in


VISITS = """visit_id,location_id,start_at,end_at
b1,torget,2021-05-03T20:00+02:00,2021-05-03T20:15+02:00
b2,torget,2021-05-04T20:00+02:00,2021-05-04T20:15+02:00
"""


def places_file(*properties: dict[str, object]) -> str:
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": {"name": "Torget", "kind": "torg", "radius_m": 50, **own},
                    "geometry": {"type": "Point", "coordinates": [12.694, 57.507]},
                }
                for own in properties
            ],
        }
    )


def standing_visits(store: Store) -> list[str]:
    return [stored.record.visit_id for stored in store.standing(Visit)]


class TestRows:
    def test_good_ones_are_stored_with_their_import_as_origin(
        self, store: Store, imported: Import
    ) -> None:
        receipt = imported("visits", VISITS)
        assert (receipt.accepted, receipt.exit_code) == (2, 0)
        assert {stored.origin for stored in store.standing(Visit)} == {"import:i0"}

    def test_one_bad_row_loses_no_other(self, store: Store, imported: Import) -> None:
        receipt = imported("visits", VISITS + "b3,nowhere,2021-05-04 20:00,2021-05-04 20:15\n")
        assert standing_visits(store) == ["b1", "b2"]
        assert [(r.line, r.field) for r in receipt.rejected] == [(4, "location_id")]
        assert receipt.exit_code == 1

    def test_nothing_good_stores_nothing_and_has_no_number(
        self, store: Store, imported: Import
    ) -> None:
        before = store.revision()
        receipt = imported("visits", "visit_id,location_id,start_at,end_at\nb3,nowhere,x,y\n")
        assert (receipt.exit_code, receipt.import_id) == (2, None)
        assert store.revision() == before

    def test_a_file_that_cannot_be_read_still_gets_a_receipt(self, imported: Import) -> None:
        receipt = imported("visits", "", name="tom.csv")
        assert (receipt.exit_code, receipt.file) == (2, "tom.csv")
        assert str(receipt.rejected[0].reason) == "Filen tom.csv är tom."
        assert receipt.rejected[0].line is None

    def test_a_plan_stores_nothing(self, store: Store, tmp_path: Path) -> None:
        path = tmp_path / "b.csv"
        path.write_text(VISITS)
        before = store.revision()
        assert plan_import(store, "visits", path, now=NOW).receipt.accepted == 2
        assert store.revision() == before


class TestTheSameId:
    def test_same_content_is_a_duplicate(self, store: Store, imported: Import) -> None:
        imported("visits", VISITS)
        again = imported("visits", VISITS)
        assert (again.accepted, again.duplicates, again.exit_code) == (0, 2, 0)
        assert [len(store.history(Visit, b)) for b in ("b1", "b2")] == [1, 1]

    def test_other_content_is_turned_away(self, store: Store, imported: Import) -> None:
        imported("visits", VISITS)
        receipt = imported("visits", VISITS.replace("20:15", "20:30"))
        assert [(r.line, r.field) for r in receipt.rejected] == [(2, "visit_id"), (3, "visit_id")]
        assert all(s.version == 1 for s in store.standing(Visit))

    def test_other_content_replaces_when_asked_and_keeps_the_history(
        self, store: Store, imported: Import
    ) -> None:
        imported("visits", VISITS)
        receipt = imported("visits", VISITS.replace("20:15", "20:30"), update=True)
        assert (receipt.accepted, receipt.updated) == (2, 2)
        ends = [s.record.end_at.minute for s in store.history(Visit, "b1")]
        assert ends == [15, 30]

    def test_twice_in_one_file(self, imported: Import) -> None:
        rows = VISITS.splitlines()
        receipt = imported("visits", "\n".join([*rows, rows[1], rows[1].replace("20:15", "20:45")]))
        assert (receipt.accepted, receipt.duplicates) == (2, 1)
        assert [(r.line, str(r.reason)) for r in receipt.rejected] == [
            (5, "Samma id finns på rad 2 med annat innehåll.")
        ]


class TestRowsWithoutAnId:
    ROWS = "location_id,start_at,end_at\ntorget,2021-05-03 20:00,2021-05-03 20:15\n"

    def test_the_same_file_again_is_a_duplicate(self, imported: Import) -> None:
        imported("visits", self.ROWS)
        again = imported("visits", self.ROWS)
        assert (again.accepted, again.duplicates, again.flagged) == (0, 1, ())

    def test_an_equal_row_of_another_file_is_flagged_and_kept(
        self, store: Store, imported: Import
    ) -> None:
        imported("visits", self.ROWS)
        receipt = imported("visits", self.ROWS + "torget,2021-05-05 20:00,2021-05-05 20:15\n")
        assert (receipt.accepted, receipt.duplicates) == (2, 0)
        assert [r.line for r in receipt.flagged] == [2]
        assert len(standing_visits(store)) == 3

    def test_a_copy_under_another_name_is_another_file(
        self, store: Store, imported: Import
    ) -> None:
        imported("visits", self.ROWS)
        receipt = imported("visits", self.ROWS, name="kopia.csv")
        assert (receipt.accepted, receipt.duplicates) == (1, 0)
        assert [r.line for r in receipt.flagged] == [2]
        assert len(standing_visits(store)) == 2


class TestVisits:
    def test_far_outside_the_place_they_name_are_flagged_not_refused(
        self, store: Store, imported: Import
    ) -> None:
        # 0.001° of latitude is 111 m: 61 m and 173 m outside the circle of 50 m.
        receipt = imported(
            "visits",
            "visit_id,location_id,lon,lat,start_at,end_at\n"
            "near,torget,12.694,57.508,2021-05-03 20:00,2021-05-03 20:15\n"
            "far,torget,12.694,57.509,2021-05-03 20:00,2021-05-03 20:15\n",
        )
        assert receipt.accepted == 2
        assert [(r.line, str(r.reason)) for r in receipt.flagged] == [(3, FLAG_FAR_OUTSIDE)]
        flags = {s.record.visit_id: s.record.flags for s in store.standing(Visit)}
        assert flags == {"near": (), "far": (FLAG_FAR_OUTSIDE,)}


class TestInspections:
    def test_need_their_building_and_its_space(self, store: Store, imported: Import) -> None:
        receipt = imported(
            "inspections",
            "building_id,space,inspected_at,outcome\n"
            "h1,källare,2021-05-03 10:00,brist\n"
            "h1,vind,2021-05-03 10:00,brist\n"
            "h2,källare,2021-05-03 10:00,brist\n",
        )
        assert [(r.line, r.field) for r in receipt.rejected] == [(3, "space"), (4, "building_id")]
        assert len(store.standing(Inspection)) == 1


class TestPlaces:
    def test_a_new_target_ends_the_old_piece_where_it_begins(
        self, store: Store, imported: Import
    ) -> None:
        text = places_file(
            {"location_id": "torget", "visits_per_week": 5, "designated_from": "2021-07-01"}
        )
        assert imported("locations", text, name="p.geojson").exit_code == 2
        assert imported("locations", text, name="p.geojson", update=True).accepted == 1
        pieces = {s.record.designated_from: s.record for s in store.standing(Location)}
        assert pieces[None].designated_to == date(2021, 7, 1)
        assert pieces[date(2021, 7, 1)].visits_per_week == 5

    def test_pieces_that_follow_each_other_come_in_together(
        self, store: Store, imported: Import
    ) -> None:
        own = {"location_id": "nytt"}
        receipt = imported(
            "locations",
            places_file(
                {**own, "designated_from": "2021-01-01", "designated_to": "2021-07-01"},
                {**own, "designated_from": "2021-07-01"},
            ),
            name="p.geojson",
        )
        assert (receipt.accepted, receipt.rejected) == (2, ())

    def test_pieces_that_overlap_do_not(self, imported: Import) -> None:
        own = {"location_id": "nytt"}
        receipt = imported(
            "locations",
            places_file(
                {**own, "designated_from": "2021-01-01", "designated_to": "2021-07-02"},
                {**own, "designated_from": "2021-07-01"},
            ),
            name="p.geojson",
        )
        assert receipt.accepted == 1
        assert [(r.line, r.field) for r in receipt.rejected] == [(2, "designated_from")]


class TestUndo:
    def test_takes_back_all_that_was_added(self, store: Store, imported: Import) -> None:
        imported("visits", VISITS)
        receipt = undo_import(store, "i0", now=NOW)
        assert standing_visits(store) == []
        assert (receipt.undone_at, receipt.kept_at_undo) == (NOW, ())

    def test_puts_back_what_was_replaced(self, store: Store, imported: Import) -> None:
        imported("visits", VISITS)
        imported("visits", VISITS.replace("20:15", "20:30"), update=True)
        undo_import(store, "i1", now=NOW)
        assert {s.record.end_at.minute for s in store.standing(Visit)} == {15}

    def test_opens_again_the_piece_a_new_target_had_ended(
        self, store: Store, imported: Import
    ) -> None:
        text = places_file({"location_id": "torget", "designated_from": "2021-07-01"})
        imported("locations", text, name="p.geojson", update=True)
        undo_import(store, "i0", now=NOW)
        assert [s.record.designated_to for s in store.standing(Location)] == [None]

    def test_leaves_alone_what_somebody_changed_since(self, store: Store, imported: Import) -> None:
        imported("visits", VISITS)
        (b1,) = store.standing(Visit, ["b1"])
        mended = b1.record.model_copy(update={"officers": 4})
        store.write([Put(mended, expects=1)], origin="account:local", at=NOW)

        receipt = undo_import(store, "i0", now=NOW)

        assert standing_visits(store) == ["b1"]
        assert receipt.kept_at_undo == ("b1",)

    def test_in_reverse_order_leads_back_to_the_start(self, store: Store, imported: Import) -> None:
        imported("visits", VISITS)
        imported("visits", VISITS.replace("20:15", "20:30"), update=True)
        imported("visits", VISITS.replace("20:15", "20:45"), update=True)
        for import_id in ("i2", "i1", "i0"):
            assert undo_import(store, import_id, now=NOW).kept_at_undo == ()
        assert standing_visits(store) == []

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
    @given(data=st.data())
    def test_in_any_order_leaves_the_last_that_is_not_undone(
        self, tmp_path: Path, data: st.DataObject
    ) -> None:
        """Imports and undoings in any order, against: the newest row not taken back stands."""
        store = MemoryStore()
        path = tmp_path / "rader.csv"
        written: dict[str, int] = {}
        for step in range(data.draw(st.integers(1, 7))):
            undoable = sorted(written)
            if undoable and data.draw(st.booleans()):
                import_id = data.draw(st.sampled_from(undoable))
                undo_import(store, import_id, now=NOW)
                del written[import_id]
            else:
                officers = data.draw(st.integers(1, 3))
                path.write_text(
                    "visit_id,lon,lat,start_at,end_at,officers\n"
                    f"b1,12.694,57.507,2021-05-03 20:00,2021-05-03 20:15,{officers}\n"
                )
                plan = plan_import(store, "visits", path, now=NOW, update=True)
                if run_import(store, plan, import_id=f"i{step}", now=NOW).import_id:
                    written[f"i{step}"] = officers
            assert [s.record.officers for s in store.standing(Visit)] == list(written.values())[-1:]

    def test_never_designates_a_place_twice(self, store: Store, imported: Import) -> None:
        own = {"location_id": "nytt"}
        always = {**own, "designated_from": "2021-01-01"}
        summer = {**own, "visits_per_week": 9, "designated_from": "2021-06-01"}
        imported("locations", places_file(always), name="p.geojson")
        imported(
            "locations",
            places_file({**summer, "designated_to": "2021-09-01"}),
            name="p.geojson",
            update=True,
        )
        # Somebody goes on from there; then the summer cannot simply be lifted out.
        (autumn,) = store.standing(Location, ["nytt@2021-09-01"])
        renamed = autumn.record.model_copy(update={"name": "Nytt namn"})
        store.write([Put(renamed, expects=autumn.version)], origin="account:a", at=NOW)

        receipt = undo_import(store, "i1", now=NOW)

        assert "nytt" in receipt.kept_at_undo
        pieces = [s.record for s in store.standing(Location) if s.record.location_id == "nytt"]
        assert len(pieces) == 3

    def test_can_be_followed_by_the_same_import(self, store: Store, imported: Import) -> None:
        imported("visits", VISITS)
        undo_import(store, "i0", now=NOW)
        assert imported("visits", VISITS).accepted == 2
        assert standing_visits(store) == ["b1", "b2"]

    def test_is_done_once(self, store: Store, imported: Import) -> None:
        imported("visits", VISITS)
        undo_import(store, "i0", now=NOW)
        with pytest.raises(ConflictError, match="redan ångrad"):
            undo_import(store, "i0", now=NOW)

    def test_of_something_unknown(self, store: Store) -> None:
        with pytest.raises(NotFoundError, match="finns inte"):
            undo_import(store, "i9", now=NOW)


def test_receipts_are_kept_newest_first(store: Store, imported: Import) -> None:
    imported("visits", VISITS)
    imported("visits", VISITS.replace("b1", "b8").replace("b2", "b9"))
    assert {receipt.import_id for receipt in imports(store)} == {"i0", "i1"}
