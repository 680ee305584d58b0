"""From rows to records, kind by kind."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from geo.importers.columns import COLUMNS, template
from geo.importers.result import IMPORT_KINDS, ImportKind
from geo.model.activity import Activity
from geo.model.building import Building, Inspection
from geo.model.location import Location
from geo.model.visit import Visit
from tests.unit.importers.files import NOW, flags, imported, reasons, refusal

TABULAR: list[ImportKind] = ["locations", "buildings", "inspections", "visits", "activities"]


@pytest.mark.parametrize("kind", TABULAR)
def test_the_template_comes_in_without_a_remark(tmp_path: Path, kind: ImportKind) -> None:
    result = imported(tmp_path, kind, "mall.csv", template(kind))
    assert len(result.parsed) == 1
    assert reasons(result) == []
    assert flags(result) == []
    assert result.unknown_columns == ()


@pytest.mark.parametrize("kind", TABULAR)
def test_headers_may_be_written_in_any_way_and_order(tmp_path: Path, kind: ImportKind) -> None:
    """Every alias of every column means that column, in capitals and with spaces."""
    head, row = csv.reader(io.StringIO(template(kind).decode("utf-8-sig")), delimiter=";")
    given = dict(zip(head, row, strict=True))
    expected = imported(tmp_path, kind, "a.csv", template(kind)).parsed[0].record
    by_name = {column.name: column for column in COLUMNS[kind]}
    for name, column in by_name.items():
        if name not in given:
            continue
        for alias in column.aliases:
            renamed = {alias if key == name else key: value for key, value in given.items()}
            text = io.StringIO()
            writer = csv.writer(text)
            writer.writerow(f" {key.upper()} " for key in reversed(renamed))
            writer.writerow(reversed(renamed.values()))
            result = imported(tmp_path, kind, "a.csv", text.getvalue())
            assert result.unknown_columns == (), alias
            got = result.parsed[0].record
            key = got.record_id if kind not in {"locations", "buildings"} else expected.record_id
            assert got.model_copy(update={COLUMNS[kind][0].name: key}) == expected.model_copy(
                update={COLUMNS[kind][0].name: key}
            ), alias


def test_unknown_columns_are_kept_out_and_named(tmp_path: Path) -> None:
    text = "location_id,start_at,minutes,Polisens namn,farg\nA,2021-03-12 20:00,15,Kim,röd\n"
    result = imported(tmp_path, "visits", "a.csv", text)
    assert result.unknown_columns == ("Polisens namn", "farg")
    assert "Kim" not in repr(result)


def test_a_column_without_a_header_is_named_by_its_number(tmp_path: Path) -> None:
    text = "location_id,,,start_at,minutes\nA,,Kim,2021-03-12 20:00,15\n"
    assert imported(tmp_path, "visits", "a.csv", text).unknown_columns == ("(3)",)


def test_two_columns_that_mean_the_same_are_refused(tmp_path: Path) -> None:
    text = "location_id,Plats,start_at,minutes\nA,B,2021-03-12 20:00,15\n"
    sentence = refusal(tmp_path, "visits", "a.csv", text)
    assert "location_id" in sentence
    assert "Plats" in sentence


@pytest.mark.parametrize(
    ("kind", "head", "missing"),
    [
        ("visits", "location_id,minutes", "start_at"),
        ("visits", "location_id,start_at", "end_at"),
        ("inspections", "byggnad,utrymme,datum", "outcome"),
        ("activities", "kind,note", "happened_on"),
        ("buildings", "building_id,address,area,lon,lat", "spaces"),
    ],
)
def test_a_missing_column_is_named(
    tmp_path: Path, kind: ImportKind, head: str, missing: str
) -> None:
    assert missing in refusal(tmp_path, kind, "a.csv", f"{head}\n")


# ------------------------------------------------------------------ visits


def visits(tmp_path: Path, head: str, *rows: str) -> tuple[list[Visit], list[object], list[object]]:
    text = "\n".join((head, *rows)) + "\n"
    result = imported(tmp_path, "visits", "besök.csv", text)
    records = [item.record for item in result.parsed if isinstance(item.record, Visit)]
    return records, list(reasons(result)), list(flags(result))


def test_minutes_stand_for_the_end(tmp_path: Path) -> None:
    (visit,), rejected, flagged = visits(tmp_path, "plats;start;minuter", "A;2021-03-12 23:50;20,5")
    assert visit.end_at - visit.start_at == timedelta(minutes=20, seconds=30)
    assert (rejected, flagged) == ([], [])


def test_minutes_count_elapsed_time_over_the_autumn_hour(tmp_path: Path) -> None:
    """2021-10-31 01:30 and 90 minutes is 02:00 winter time, after a whole 02:00-03:00 in summer."""
    (visit,), _, _ = visits(tmp_path, "plats;start;minuter", "A;2021-10-31 01:30;90")
    assert visit.end_at == datetime(2021, 10, 31, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("row", "field", "part"),
    [
        ("A;2021-03-12 23:50;2021-03-12 23:40;;1", "slut", "slutar innan"),
        ("A;2021-03-12 23:50;2021-03-12 23:55;20;1", "minuter", "säger olika"),
        ("A;2021-03-12 23:50;;-5;1", "minuter", "mellan 0 och"),
        ("A;2021-03-12 23:50;;;1", "slut", "saknas"),
        ("A;;2021-03-12 23:55;;1", "start", "saknas"),
        (";2021-03-12 23:50;;20;1", None, "varken plats eller"),
        ("A;2021-03-28 02:30;;20;1", "start", "finns inte"),
        ("A;2021-02-30 20:00;;20;1", "start", "almanackan"),
        ("A;2027-01-01 20:00;;20;1", "start", "framtiden"),
        ("A;2021-03-12 23:50;;20;0", "antal", "minst 1"),
        ("A;2021-03-12 23:50;;20;1,5", "antal", "heltal"),
        ("A;2021-03-12 23:50;2021-03-14 23:50;;1", None, "längre än ett dygn"),
        ("A;2021-03-12;;20;1", "start", "klockslag"),
    ],
)
def test_a_bad_visit_is_named_and_costs_no_other(
    tmp_path: Path, row: str, field: str | None, part: str
) -> None:
    good = "A;2021-03-12 20:00;2021-03-12 20:10;;2"
    records, rejected, _ = visits(tmp_path, "plats;start;slut;minuter;antal", good, row, good)
    assert len(records) == 2
    ((line, named, reason),) = rejected  # type: ignore[misc]  # one tuple of three
    assert (line, named) == (3, field)
    assert part in reason


def test_all_that_is_wrong_with_a_row_is_said_at_once(tmp_path: Path) -> None:
    _, rejected, _ = visits(tmp_path, "plats;start;minuter;antal", "A;i går;många;x")
    assert rejected == [
        (
            2,
            "start",
            "”i går” är inte en tid (skriv ÅÅÅÅ-MM-DD TT:MM). "
            "Dessutom minuter: ”många” är inte ett tal. Dessutom antal: ”x” är inte ett tal.",
        )
    ]


def test_the_doubled_autumn_hour_is_flagged_and_kept_in_order(tmp_path: Path) -> None:
    (first, second), rejected, flagged = visits(
        tmp_path,
        "plats;start;slut",
        "A;2021-10-31 02:10;2021-10-31 02:30",
        "A;2021-10-31 02:50;2021-10-31 02:10",
    )
    assert not rejected
    assert first.start_at == datetime(2021, 10, 31, 0, 10, tzinfo=UTC)
    assert first.end_at == datetime(2021, 10, 31, 0, 30, tzinfo=UTC)
    # The second can only end in the second occurrence, twenty minutes later.
    assert second.start_at == datetime(2021, 10, 31, 0, 50, tzinfo=UTC)
    assert second.end_at == datetime(2021, 10, 31, 1, 10, tzinfo=UTC)
    assert [(line, field) for line, field, _ in flagged] == [  # type: ignore[misc]
        (2, "start"), (2, "slut"), (3, "start"), (3, "slut"),
    ]  # fmt: skip
    assert "den andra" in str(flagged[-1])


def test_now_is_the_last_moment_a_visit_may_begin(tmp_path: Path) -> None:
    records, rejected, flagged = visits(
        tmp_path, "plats;start;minuter", "A;2026-11-22T12:00Z;15", "A;2026-11-22T12:01Z;15"
    )
    assert [visit.start_at for visit in records] == [NOW]
    assert len(rejected) == 1
    assert "slutar i framtiden" in str(flagged)


def test_a_visit_not_done_needs_a_reason_but_no_end(tmp_path: Path) -> None:
    records, rejected, _ = visits(
        tmp_path,
        "plats;start;slut;genomfört;orsak",
        "A;2021-03-12 20:00;;nej;larm",
        "A;2021-03-12 20:00;;nej;",
    )
    assert [(visit.done, visit.not_done_reason) for visit in records] == [(False, "larm")]
    assert records[0].start_at == records[0].end_at
    assert "anledning" in str(rejected)


def test_hints_of_persons_are_flagged_and_never_repeated(tmp_path: Path) -> None:
    text = (
        "plats;start;minuter;anteckning;antal\n"
        "A;2021-03-12 20:00;15;ring 070-123 45 67 eller kim@example.se;1\n"
        "A;2021-03-12 20:00;15;;19850101-1234\n"
    )
    result = imported(tmp_path, "visits", "a.csv", text)
    said = [(line, field) for line, field, _ in flags(result)]
    assert said == [(2, "anteckning"), (2, "anteckning")]
    told = str(flags(result)) + str(reasons(result))
    assert "telefonnummer" in told
    assert "e-postadress" in told
    for secret in ("070", "kim", "1985"):
        assert secret not in told
    assert len(result.rejected) == 1


def test_a_file_without_headers_does_not_repeat_what_it_holds(tmp_path: Path) -> None:
    sentence = refusal(tmp_path, "visits", "a.csv", "070-123 45 67,kim@example.se\n1,2\n")
    assert "070" not in sentence
    assert "kim" not in sentence


def test_keys_are_made_of_the_name_and_the_content_and_stay_the_same(tmp_path: Path) -> None:
    text = "plats,start,minuter,id\nA,2021-03-12 20:00,15,\nA,2021-03-13 20:00,15,b7\n"
    first = imported(tmp_path, "visits", "a.csv", text)
    again = imported(tmp_path, "visits", "a.csv", text)
    renamed = imported(tmp_path, "visits", "en annan.csv", text)
    other = imported(tmp_path, "visits", "a.csv", text + "\n")
    assert [item.id_given for item in first.parsed] == [False, True]
    assert [item.record for item in first.parsed] == [item.record for item in again.parsed]
    assert first.parsed[1].record.record_id == renamed.parsed[1].record.record_id == "b7"
    made = {result.parsed[0].record.record_id for result in (first, renamed, other)}
    assert len(made) == 3
    assert all(key.endswith("-2") for key in made)


# ------------------------------------------------------------------ the other kinds


def test_inspections_in_the_housing_companys_words(tmp_path: Path) -> None:
    rows = [
        ("Utan anmärkning", "utan_anmarkning"),
        ("utan_anmarkning", "utan_anmarkning"),
        ("OK", "utan_anmarkning"),
        ("no remark", "utan_anmarkning"),
        ("Anmärkning", "anmarkning"),
        ("BRIST", "brist"),
        ("deficiency", "brist"),
        ("Ej tillträde", "ej_tilltrade"),
        ("no access", "ej_tilltrade"),
    ]
    text = "Byggnad;Utrymme;Datum;Utfall\n" + "".join(
        f"H1;Källare;2021-03-12 10:00;{word}\n" for word, _ in rows
    )
    result = imported(tmp_path, "inspections", "a.csv", text.encode("cp1252"))
    read = [item.record for item in result.parsed if isinstance(item.record, Inspection)]
    assert [record.outcome for record in read] == [code for _, code in rows]
    assert result.encoding == "cp1252"


@pytest.mark.parametrize(
    ("row", "field", "part"),
    [
        ("H1;pannrum;2021-03-12;brist;;", "utrymme", "källare, vind"),
        ("H1;vind;2021-03-12;kanske;;", "utfall", "ej tillträde"),
        ("H1;vind;2027-03-12;brist;;", "datum", "framtiden"),
        ("H1;vind;2021-03-12;brist;2021-03-01;", None, "före genomgången"),
        ("H1;vind;2021-03-12;brist;;2027-01-01", "åtgärdad", "framtiden"),
        ("H1;vind;2021-03-12;brist;13/14 2021;", "senast", "almanackan"),
        (";vind;2021-03-12;brist;;", "byggnad", "saknas"),
    ],
)
def test_a_bad_inspection_is_named(tmp_path: Path, row: str, field: str | None, part: str) -> None:
    text = f"byggnad;utrymme;datum;utfall;senast;åtgärdad\n{row}\n"
    result = imported(tmp_path, "inspections", "a.csv", text)
    ((line, named, reason),) = reasons(result)
    assert (line, named) == (2, field)
    assert part in reason


def test_an_inspection_without_a_clock_time_is_flagged(tmp_path: Path) -> None:
    text = "byggnad;utrymme;datum;utfall\nH1;vind;2021-03-12;ok\n"
    result = imported(tmp_path, "inspections", "a.csv", text)
    (item,) = result.parsed
    assert isinstance(item.record, Inspection)
    assert item.record.inspected_at == datetime(2021, 3, 11, 23, tzinfo=UTC)
    assert flags(result) == [(2, "datum", "”2021-03-12” saknar klockslag; 00:00 antas.")]


def test_activities_on_a_day_or_over_days(tmp_path: Path) -> None:
    text = (
        "kind;happened_on;from;to\n"
        "skolarbete;2021-03-12;;\n"
        "riktad insats;;2021-03-12;2021-03-14\n"
        "informationsinsats;;2021-03-12;\n"
        "möte;2021-03-12;2021-03-12;\n"
        "möte;;;2021-03-12\n"
        "möte;;;\n"
        "möte;;2021-03-14;2021-03-12\n"
        "möte;2027-01-01;;\n"
    )
    result = imported(tmp_path, "activities", "a.csv", text)
    read = [item.record for item in result.parsed if isinstance(item.record, Activity)]
    assert [(record.from_on, record.to_on) for record in read] == [
        (date(2021, 3, 12), date(2021, 3, 12)),
        (date(2021, 3, 12), date(2021, 3, 14)),
        (date(2021, 3, 12), date(2021, 3, 12)),
    ]
    assert [line for line, _, _ in reasons(result)] == [5, 6, 7, 8, 9]


def test_buildings_and_their_spaces(tmp_path: Path) -> None:
    text = (
        "building_id;address;area;spaces;lon;lat\n"
        "H1;Gatan 1;Fritsla;Källare; vind;12,79;57,55\n"  # an unquoted list: one cell too many
        'H2;Gatan 2;Fritsla;"källare;Vind";12,79;57,55\n'
        "H3;Gatan 3;Fritsla;basement,attic;12,79;57,55\n"
        "H4;Gatan 4;Fritsla;pannrum;12,79;57,55\n"
        "H5;Gatan 5;Fritsla;vind,vind;12,79;57,55\n"
        "H6;Gatan 6;Fritsla;vind;;\n"
    )
    result = imported(tmp_path, "buildings", "a.csv", text)
    read = [item.record for item in result.parsed if isinstance(item.record, Building)]
    assert [(b.building_id, b.spaces) for b in read] == [
        ("H2", ("källare", "vind")),
        ("H3", ("källare", "vind")),
    ]
    assert [(line, field) for line, field, _ in reasons(result)] == [
        (2, None), (5, "spaces"), (6, None), (7, "geometry"),
    ]  # fmt: skip


def test_locations_with_wkt_and_hours(tmp_path: Path) -> None:
    head = "location_id;name;kind;wkt;unsafe_hours;radius_m\n"
    text = head + (
        "a;A;torg;POINT (12.7 57.5);Fr,Sa 20:00-02:00;50\n"
        "b;B;park;POLYGON ((12.7 57.5, 12.71 57.5, 12.71 57.51, 12.7 57.5));;\n"
        "c;C;stig;LINESTRING (362000 6375000, 363000 6376000);;\n"  # metres among degrees
        "d;D;park;POLYGON ((12.7 57.5, 12.71 57.51, 12.71 57.5, 12.7 57.51, 12.7 57.5));;\n"
        "e;E;torg;POINT (nan 57.5);;\n"
        "f;F;torg;POINT EMPTY;;\n"
        "g;G;torg;inte wkt;;\n"
        "h;H;torg;;;\n"
        "i;I;torg;POINT (12.7 57.5);ibland;\n"
        "j;J;torg;POINT (12.7 57.5);;-5\n"
        f"k;K;torg;{'GEOMETRYCOLLECTION(' * 5_000};;\n"
    )
    result = imported(tmp_path, "locations", "a.csv", text)
    read = [item.record for item in result.parsed if isinstance(item.record, Location)]
    assert [(place.location_id, place.geometry.geom_type) for place in read] == [
        ("a", "Point"),
        ("b", "Polygon"),
    ]
    assert str(read[0].unsafe_hours) == "Fr,Sa 20:00-02:00"
    found = {line: (field, reason) for line, field, reason in reasons(result)}
    assert sorted(found) == [4, 5, 6, 7, 8, 9, 10, 11, 12]
    assert "korsar" in found[5][1]
    assert found[9] == ("wkt", "Värde saknas.")
    assert found[10][0] == "unsafe_hours"
    assert found[11] == ("radius_m", "”-5” måste vara större än 0.")
    assert {field for line, (field, _) in found.items() if line not in {10, 11}} == {"wkt"}


def test_a_location_must_have_its_key(tmp_path: Path) -> None:
    result = imported(
        tmp_path, "locations", "a.csv", "location_id,name,kind,lon,lat\n,A,torg,12.7,57.5\n"
    )
    assert reasons(result) == [(2, "location_id", "Värde saknas.")]


def test_geojson_features_lend_their_own_key(tmp_path: Path) -> None:
    text = (
        '{"type":"FeatureCollection","features":[{"type":"Feature","id":"kinna","properties":'
        '{"name":"Kinna","kind":"torg","lon":1},"geometry":{"type":"Point",'
        '"coordinates":[12.68,57.49,80]}}]}'
    )
    result = imported(tmp_path, "locations", "a.geojson", text)
    (item,) = result.parsed
    assert item.id_given
    assert item.record.record_id == "kinna@"
    assert result.unknown_columns == ("lon",)  # the geometry says where


def test_nothing_of_the_kinds_is_forgotten() -> None:
    assert set(TABULAR) | {"track", "boundary"} == set(IMPORT_KINDS)
