"""What the page *Data* says of an import before and after, and of what can be exported."""

import csv
import io
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point

from geo.importers.result import IMPORT_KINDS, ImportKind
from geo.model.location import Location
from geo.model.period import Period
from geo.model.receipt import Receipt, Remark
from geo.reports.export import report_file
from geo.services.exporting import EXPORT_KINDS, export_rows
from geo.services.importing import imports, plan_import, run_import, undo_import
from geo.services.selection import Selection
from geo.services.snapshot import read_snapshot
from geo.store.memory import MemoryStore
from geo.store.store import Put
from geo.wording import Wording, say
from ui.viewmodels import exporting, importing, receipts

SV = Wording("sv")
NOW = datetime(2022, 1, 3, 12, tzinfo=UTC)
YEAR = Selection(Period(date(2021, 1, 1), date(2022, 1, 1)))

VISITS = """plats;start;slut;antal;anteckning;väder
torget;2021-03-12 23:50;2021-03-13 00:10;2;Lugnt;sol
torget;2021-03-28 02:30;2021-03-28 03:10;2;;sol
borta;2021-03-12 20:00;2021-03-12 20:10;2;;sol
torget;2021-10-31 02:30;2021-10-31 03:45;1;=1+1;sol
"""


@pytest.fixture
def store() -> MemoryStore:
    store = MemoryStore()
    place = Location(location_id="torget", name="Torget", kind="torg", geometry=Point(12.69, 57.5))
    store.write([Put(place)], origin="account:lokal", at=NOW)
    return store


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "besök.csv"
    path.write_text(VISITS, encoding="utf-8")
    return path


def test_a_plan_is_told_before_anything_is_stored(store: MemoryStore, file: Path) -> None:
    plan = plan_import(store, "visits", file, now=NOW)
    told = receipts.receipt_told(plan.receipt, SV, is_plan=True)
    # Line 3 has the hour skipped in spring, line 4 an unknown place; line 5 the double hour.
    assert told.headline == (
        "2 rader i filen besök.csv kan sparas; inget är sparat än. 2 rader avvisas."
    )
    assert not told.is_good
    assert dict(told.numbers) == {
        "Kan sparas": "2",
        "Finns redan": "0",
        "Att se över": "1",
        "Avvisas": "2",
    }
    assert "Kolumner som inte används: väder" in told.facts
    turned_away, to_look_at = told.remarks
    assert [row for row, _ in turned_away.rows] == ["Rad 3, start", "Rad 4, location_id"]
    assert to_look_at.rows[0][0] == "Rad 5, start"
    rows = importing.first_rows(plan, SV)
    assert rows["start_at"].tolist() == ["12 mars 2021 23:50", "31 okt. 2021 02:30"]
    assert "officers" in importing.columns_used(plan)
    assert "source" not in importing.columns_used(plan)


def test_a_receipt_can_be_opened_in_a_spreadsheet(store: MemoryStore) -> None:
    receipt = Receipt(
        kind="visits", file="f.csv", rejected=(Remark(line=3, field="=A1", reason=say("+1 fel")),)
    )
    text = receipts.receipt_csv(receipt, SV).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert rows == [["utfall", "rad", "kolumn", "orsak"], ["Avvisad", "3", "'=A1", "'+1 fel"]]


def test_a_file_that_cannot_be_read_is_one_sentence(store: MemoryStore, tmp_path: Path) -> None:
    empty = tmp_path / "tom.csv"
    empty.touch()
    plan = plan_import(store, "visits", empty, now=NOW)
    told = receipts.receipt_told(plan.receipt, SV, is_plan=True)
    assert told.headline == "Filen tom.csv är tom."
    assert told.remarks == ()


def test_a_long_receipt_shows_the_first_and_counts_the_rest() -> None:
    many = tuple(Remark(line=n, reason=say("fel")) for n in range(2, 30))
    told = receipts.receipt_told(Receipt(kind="visits", file="f.csv", rejected=many), SV)
    (group,) = told.remarks
    assert len(group.rows) == receipts.MOST_REMARKS
    # 28 rejected, 20 shown.
    assert group.left_out == "8 rader till står i kvittot som går att hämta."


def test_the_same_file_again_says_that_all_of_it_was_there(
    store: MemoryStore, tmp_path: Path
) -> None:
    path = tmp_path / "en.csv"
    path.write_text("\n".join(VISITS.splitlines()[:2]), encoding="utf-8")
    run_import(store, plan_import(store, "visits", path, now=NOW), import_id="i1", now=NOW)
    told = receipts.receipt_told(
        plan_import(store, "visits", path, now=NOW).receipt, SV, is_plan=True
    )
    assert told.headline == "Allt i filen en.csv finns redan; inget nytt att spara."
    assert told.is_good


def test_an_undone_import_says_what_was_kept(store: MemoryStore, file: Path) -> None:
    plan = plan_import(store, "visits", file, now=NOW)
    run_import(store, plan, import_id="i1", now=NOW)
    (before,) = receipts.import_rows(imports(store), SV)
    assert before.can_undo
    assert before.detail == "Besök · 3 jan. 2022 13:00 · 2 rader sparade · 2 avvisade"
    first = next(iter(plan.changes))
    assert isinstance(first, Put)
    changed = first.record.model_copy(update={"officers": 5})
    store.write([Put(changed, expects=1)], origin="account:lokal", at=NOW)
    undo_import(store, "i1", now=NOW)
    (after,) = receipts.import_rows(imports(store), SV)
    assert not after.can_undo
    assert f"1 uppgift behölls, eftersom någon har ändrat den sedan dess: {first.record_id}." in (
        after.undone
    )


@given(name=st.text(max_size=400))
def test_any_name_becomes_one_that_can_lie_in_a_folder_of_its_own(name: str) -> None:
    made = importing.file_name(name, SV)
    assert made not in {"", ".", ".."}
    assert not set(made) & set("/\\\0\n")
    assert len(made) <= 100
    assert Path("/tmp/x", made).parent == Path("/tmp/x")


def test_a_file_s_ending_survives_a_long_name() -> None:
    assert importing.file_name("C:\\Users\\x\\" + "å" * 300 + ".geojson", SV).endswith("å.geojson")


@pytest.mark.parametrize("kind", EXPORT_KINDS)
def test_every_offered_format_can_be_made_even_of_nothing(kind: str, store: MemoryStore) -> None:
    assert kind in importing.KIND_WORDS
    snapshot = read_snapshot(store)
    told = exporting.export_told(snapshot, YEAR, SV, kind)  # type: ignore[arg-type]  # from EXPORT_KINDS
    stamp = exporting.export_stamp(
        snapshot,
        YEAR,
        SV,
        kind,  # type: ignore[arg-type]  # from EXPORT_KINDS
        has_examples=told.has_examples,
        now=NOW,
    )
    for form in exporting.formats_of(kind):  # type: ignore[arg-type]  # from EXPORT_KINDS
        rows = export_rows(snapshot, kind, YEAR)  # type: ignore[arg-type]  # from EXPORT_KINDS
        made = report_file(rows, form=form, kind=kind, stamp=stamp, wording=SV)
        assert made.content


@pytest.mark.parametrize("kind", IMPORT_KINDS)
def test_every_kind_of_import_is_named_and_explained(kind: ImportKind) -> None:
    assert kind in importing.import_kinds(SV)
    assert importing.kind_help(kind, SV).endswith(".")
    names = [row.name for row in importing.column_help(kind, SV)]
    assert ("lon" in names) == (kind in {"locations", "buildings", "visits"})


def test_the_view_is_told_with_its_filters() -> None:
    chosen = Selection(YEAR.period, visit_kinds=("bil",), priorities=(1, 2))
    assert exporting.view_told(chosen, SV) == (
        "1 januari – 31 december 2021 · Besök: bil · Prioritet: 1, 2"
    )
