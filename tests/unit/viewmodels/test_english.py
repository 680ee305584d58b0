"""What is said in English where records speak Swedish: kinds, spaces, reasons, quotes, numbers."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from geo.maps.layers import HousingArea, MapView
from geo.maps.legend import legend_items
from geo.model.activity import SUGGESTED_KINDS as ACTIVITY_KINDS
from geo.model.activity import Activity
from geo.model.building import SPACES
from geo.model.location import SUGGESTED_KINDS as PLACE_KINDS
from geo.model.visit import SUGGESTED_KINDS as VISIT_KINDS
from geo.model.visit import SUGGESTED_REASONS
from geo.services.importing import imports, plan_import, run_import
from geo.services.selection import Selection
from geo.store.memory import MemoryStore
from geo.store.store import Put
from geo.wording import Wording
from tests.unit.viewmodels.world import (
    EN,
    MARCH,
    SV,
    building,
    inspection,
    place,
    visit,
    world,
)
from ui.viewmodels import importing, logged, receipts
from ui.viewmodels.building_list import building_list
from ui.viewmodels.building_panel import building_panel
from ui.viewmodels.inspection_tasks import deficiency_list, no_access_list, to_do
from ui.viewmodels.kinds import kind_told
from ui.viewmodels.loften import promise_page
from ui.viewmodels.map_table import map_table
from ui.viewmodels.opened_building import opened_building
from ui.viewmodels.period import AsOf, filter_sentences, preset_told
from ui.viewmodels.place_panel import place_panel
from ui.viewmodels.rows import place_rows
from ui.viewmodels.sentence import map_sentence
from ui.viewmodels.space_states import Asked
from ui.viewmodels.table import Table
from ui.viewmodels.visits_behind import Asked as AskedVisits
from ui.viewmodels.visits_behind import visits_behind

NOW = datetime(2022, 1, 3, 12, tzinfo=UTC)
MARCH_28 = AsOf(date(2021, 3, 28), 365)
ALL_SPACES = Asked(on=date(2021, 3, 28), interval_days=365, kept="all")
SWEDISH = re.compile("[åäöÅÄÖ”]")


def words(table: Table) -> str:
    return " ".join([table.title, table.empty, *table.texts().to_numpy(dtype=str).ravel()])


@pytest.mark.parametrize("kind", [*VISIT_KINDS, *ACTIVITY_KINDS, *PLACE_KINDS, *SUGGESTED_REASONS])
def test_a_suggestion_is_translated(kind: str) -> None:
    assert kind_told(kind, SV) == kind
    assert not SWEDISH.search(kind_told(kind, EN))
    if kind not in {"garage", "station"}:
        assert kind_told(kind, EN) != kind


@pytest.mark.parametrize("text", ["Bil", "bil 7", "Data", "Källare", "hundpatrull"])
def test_free_text_stays_as_it_was_written_even_where_it_is_a_word_of_the_program(
    text: str,
) -> None:
    assert kind_told(text, EN) == text


def test_kinds_of_visits_and_places() -> None:
    snapshot = world(
        place(per_week=1),
        visit("2021-03-02 20:00", kind="bil"),
        visit("2021-03-03 20:00", kind="hundpatrull"),
    )
    behind = visits_behind(snapshot, MARCH, EN, AskedVisits(period=MARCH.period))
    assert behind.visits.texts()["Type"].tolist() == ["hundpatrull", "car"]
    rows = place_rows(snapshot, MARCH.period)
    assert map_table(rows, EN).texts()["Type"].tolist() == ["square"]
    chosen = Selection(MARCH.period, visit_kinds=("bil", "hundpatrull"), location_kinds=("torg",))
    assert filter_sentences(chosen, EN) == ("Visits: car, hundpatrull", "Places: square")
    assert map_sentence(rows, chosen, EN).endswith(
        "Only visits of type **car, hundpatrull** are counted."
    )
    panel = place_panel(
        snapshot, MARCH, EN, "torget", reported_at=snapshot.visits["start_at"], as_of=MARCH_28
    )
    assert panel is not None
    assert panel.facts[0] == "Square"


def test_a_kind_somebody_wrote_keeps_its_capitals_in_the_panel() -> None:
    own = place().model_copy(update={"kind": "GC-väg under E20"})
    snapshot = world(own)
    panel = place_panel(
        snapshot, MARCH, SV, "torget", reported_at=snapshot.visits["start_at"], as_of=MARCH_28
    )
    assert panel is not None
    assert panel.facts[0] == "GC-väg under E20"


def test_kinds_of_activities_in_a_promise_and_in_what_was_logged() -> None:
    day = date(2021, 3, 2)
    work = Activity(activity_id="a", kind="riktad insats narkotika", from_on=day, to_on=day)
    page = promise_page(world(work), MARCH, EN, "medborgarlofte-2021", date(2021, 12, 31))
    (card,) = (one for one in page.cards if one.item_id.endswith("narkotika"))
    assert card.records.texts()["Type"].tolist() == ["targeted operation, narcotics"]
    names = logged.Names({}, {})
    told = logged.told(work, names=names, today=date(2021, 12, 31), wording=EN)
    assert told.title == "Targeted operation, narcotics"
    missed = visit("2021-03-02 20:00").model_copy(
        update={"done": False, "not_done_reason": "Hann inte"}
    )
    told = logged.told(missed, names=names, today=date(2021, 12, 31), wording=EN)
    assert "did not take place: No time" in told.detail
    changed = missed.model_copy(update={"kind": "bil", "note": "vid ån"})
    (kind, note) = logged.changes_told(missed, changed, names=names, wording=EN)
    assert kind == "type: “foot patrol” → “car”"
    assert note == "note: (empty) → “vid ån”"


def test_spaces_have_english_names_wherever_they_are_listed() -> None:
    def every(house: str, when: str, outcome: str) -> list[object]:
        due_on = date(2021, 4, 1) if outcome in {"brist", "ej_tilltrade"} else None
        return [inspection(house, space, when, outcome, due_on=due_on) for space in SPACES]

    snapshot = world(
        *(building(house, *SPACES, area="A") for house in ("never", "broken", "locked", "due")),
        *every("broken", "2021-03-01", "brist"),  # type: ignore[arg-type]  # inspections
        *every("locked", "2021-03-01", "ej_tilltrade"),  # type: ignore[arg-type]  # inspections
        *every("due", "2020-01-01", "utan_anmarkning"),  # type: ignore[arg-type]  # inspections
    )
    page = promise_page(snapshot, MARCH, EN, "medborgarlofte-2021", date(2021, 12, 31))
    (card,) = (one for one in page.cards if one.item_id.endswith("kallare-vindar"))
    assert card.missing is not None
    tables = [
        *(make(snapshot, MARCH, EN, ALL_SPACES) for make in (to_do, deficiency_list)),
        *(make(snapshot, MARCH, EN, ALL_SPACES) for make in (no_access_list, building_list)),
        card.records,
        card.missing,
    ]
    for house in ("never", "broken", "due"):
        opened = opened_building(snapshot, MARCH, EN, ALL_SPACES, house)
        panel = building_panel(snapshot, EN, house, as_of=MARCH_28)
        assert opened is not None
        assert panel is not None
        tables += [opened.spaces, opened.history]
        assert "basement" in opened.next_due
        assert not SWEDISH.search(opened.next_due)
        assert not SWEDISH.search(" ".join([panel.badge, *(one.space for one in panel.spaces)]))
    for table in tables:
        shown = [words(table), *table.texts().columns]
        assert not len(table) or "basement" in " ".join(shown).lower()
        assert not SWEDISH.search(words(table)), words(table)


def test_the_legend_writes_percent_as_the_language_does() -> None:
    view = MapView({}, areas=[HousingArea("H", 0, 0, 0.5)])
    (symbol,) = (item.svg for item in legend_items(view, EN) if item.code == "area")
    assert ">64%<" in symbol
    (symbol,) = (item.svg for item in legend_items(view, SV) if item.code == "area")
    assert ">64\N{NO-BREAK SPACE}%<" in symbol


def test_the_year_is_told_by_its_number() -> None:
    for wording in (SV, EN):
        assert preset_told("year", MARCH.period, wording) == "2021"


# ------------------------------------------------------------------ receipts

FILE = """besök_id;plats;start;minuter;antal;källa
b1;torget;2021-03-12 23:50;20;2;x
b2;torget;2021-31-12 23:50;20;2;x
b3;finns-inte;2021-03-12 23:50;20;2;x
b4;torget;2021-03-12 23:50;20;två;x
b1;torget;2021-03-13 23:50;20;2;x
b5;torget;2021-10-31 02:30;20;2;x
"""


@pytest.fixture
def store() -> MemoryStore:
    made = MemoryStore()
    records = (place(), building("hus", "källare"))
    made.write([Put(record) for record in records], origin="account:local", at=NOW)
    return made


def test_a_receipt_is_read_in_the_language_of_its_reader(
    store: MemoryStore, tmp_path: Path
) -> None:
    path = tmp_path / "visits.csv"
    path.write_text(FILE, encoding="utf-8")
    run_import(store, plan_import(store, "visits", path, now=NOW), import_id="i", now=NOW)
    (receipt,) = imports(store)

    def reasons(wording: Wording) -> list[str]:
        told = receipts.receipt_told(receipt, wording)
        return [why for group in told.remarks for _, why in group.rows]

    assert reasons(EN) == [
        "“2021-31-12 23:50” is not in the calendar.",
        "The place finns-inte does not exist.",
        "“två” is not a number.",
        "The same id is on row 2 with other content.",
        "The time “2021-10-31 02:30” occurs twice (the clocks go back to winter time); the first, "
        "summer time, is assumed. Write +02:00 or +01:00 after the time.",
    ]
    assert reasons(SV)[3] == "Samma id finns på rad 2 med annat innehåll."
    assert "The same id is on row 2" in receipts.receipt_csv(receipt, EN).decode("utf-8-sig")


@pytest.mark.parametrize(
    ("kind", "text", "reason"),
    [
        (
            "inspections",
            "building_id,space,inspected_at,outcome\nhus,altan,2021-03-01 10:00,ok\n",
            "“altan” is not a space; choose among basement, attic, storage, laundry, stairwell, "
            "bike room, refuse room.",
        ),
        (
            "inspections",
            "building_id,space,inspected_at,outcome\nhus,vind,2021-03-01 10:00,ok\n",
            "The space attic is not in the register for the building hus.",
        ),
        (
            "inspections",
            "building_id,space,inspected_at,outcome\nhus,källare,2021-03-01 10:00,bra\n",
            "“bra” is not an outcome; choose among no remark, remark, deficiency, no access.",
        ),
    ],
)
def test_words_to_choose_among_are_the_reader_s(
    store: MemoryStore, tmp_path: Path, kind: str, text: str, reason: str
) -> None:
    path = tmp_path / "f.csv"
    path.write_text(text, encoding="utf-8")
    plan = plan_import(store, kind, path, now=NOW)  # type: ignore[arg-type]  # from the list above
    (remark,) = plan.receipt.rejected
    assert EN.message(remark.reason) == reason


def test_what_is_wrong_with_a_whole_file_is_said_in_english_too(
    store: MemoryStore, tmp_path: Path
) -> None:
    path = tmp_path / "places.geojson"
    path.write_text('{"type": "Sak"}', encoding="utf-8")
    plan = plan_import(store, "locations", path, now=NOW)
    told = receipts.receipt_told(plan.receipt, EN, is_plan=True)
    assert told.headline == ("The file places.geojson is not GeoJSON: “Sak” is not a type there.")


def test_the_first_rows_are_told_in_words(store: MemoryStore, tmp_path: Path) -> None:
    path = tmp_path / "places.geojson"
    path.write_text(
        '{"type": "Feature", "properties": {"location_id": "a", "name": "Åsen", "kind": "torg"}, '
        '"geometry": {"type": "Polygon", "coordinates": '
        "[[[12.6, 57.4], [12.7, 57.4], [12.7, 57.5], [12.6, 57.4]]]}}",
        encoding="utf-8",
    )
    rows = importing.first_rows(plan_import(store, "locations", path, now=NOW), EN)
    assert rows[["kind", "geometry"]].to_numpy().tolist() == [["square", "an area with 4 vertices"]]
    looks = tmp_path / "looks.csv"
    looks.write_text(
        "building_id,space,inspected_at,outcome\nhus,källare,2021-03-01 10:00,ok\n",
        encoding="utf-8",
    )
    rows = importing.first_rows(plan_import(store, "inspections", looks, now=NOW), EN)
    assert rows[["space", "outcome"]].to_numpy().tolist() == [["basement", "no remark"]]


def test_a_track_without_a_name_is_named_in_the_reader_s_language(
    store: MemoryStore, tmp_path: Path
) -> None:
    point = '<trkpt lat="57.5" lon="12.69"/>'
    path = tmp_path / "pass.gpx"
    path.write_text(
        f"<gpx><trk><trkseg>{point}</trkseg><trkseg>{point}</trkseg></trk></gpx>",
        encoding="utf-8",
    )
    plan = plan_import(store, "track", path, now=NOW)
    said = [EN.message(remark.reason) for remark in plan.receipt.rejected]
    assert said[0] == "pass, track 1, segment 1: points without a time were not read (1)."
    assert str(plan.receipt.rejected[1].reason).startswith("pass, spår 1, segment 2: ")


def test_limits_have_the_reader_s_separators(store: MemoryStore, tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text("x\n" * 200_002, encoding="utf-8")
    plan = plan_import(store, "visits", path, now=NOW)
    told = receipts.receipt_told(plan.receipt, EN, is_plan=True)
    assert "200,000 rows" in told.headline
    assert "200\N{NO-BREAK SPACE}000 rader" in receipts.receipt_told(plan.receipt, SV).headline


def test_a_file_without_a_name_is_called_a_file() -> None:
    assert (importing.file_name("..", SV), importing.file_name("..", EN)) == ("fil", "file")
