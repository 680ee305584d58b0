"""Reports hold exactly the rows given, and nothing a person typed does anything in them."""

import csv
import io
import json
import zipfile
from datetime import UTC, date, datetime

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pyogrio
import pytest
import shapely
import shapely.geometry
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import CrsError, DataError
from geo.formula import guarded, unguarded
from geo.model.hours import UnsafeHours
from geo.model.period import Period
from geo.reports import to_excel as excel
from geo.reports.cells import as_cell
from geo.reports.export import MEDIA_TYPES, REPORT_FORMATS, report_file
from geo.reports.stamp import ReportStamp, report_name, shows_examples, stamp_notes
from geo.reports.to_csv import to_csv
from geo.reports.to_excel import to_excel
from geo.reports.to_geojson import to_geojson
from geo.reports.to_geopackage import to_geopackage
from geo.wording import Wording

SV, EN = Wording("sv"), Wording("en")

STAMP = ReportStamp(
    title="Täckning per vecka",
    period=Period(date(2021, 3, 1), date(2021, 6, 1)),
    filters=("Prioritet 1", "Bara Kinna"),
    made_at=datetime(2021, 6, 2, 7, 30, tzinfo=UTC),
    data_until=datetime(2021, 5, 31, 21, 59, tzinfo=UTC),
)

HOSTILE = (
    "=1+1",
    '=HYPERLINK("http://x.example/?"&A1;"klicka")',
    "+46",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    "  =1+1",
    "\N{FULLWIDTH EQUALS SIGN}1+1",
    "'=1+1",
    "'t Hoff",
    "http://x.example/",
    "mailto:a@b.example",
    "internal:Om!A1",
    "{=1+1}",
    "a;b,c\"d'e",
    "två\nrader",
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    "\N{RIGHT-TO-LEFT OVERRIDE}elif",
    "å ä ö \N{POLICE CAR}",
    "NaN",
    "1e5",
    "007",
    "TRUE",
    "2021-03-01",
    "'; DROP TABLE rows; --",
    "_x0041_",
    "x" * 2_000,
)


def _places(names=HOSTILE):
    return gpd.GeoDataFrame(
        {"location_id": [f"p{i}" for i in range(len(names))], "name": list(names)},
        geometry=[shapely.Point(12.694 + i / 1e3, 57.507) for i in range(len(names))],
        crs="EPSG:4326",
    )


def _mixed():
    """Every kind of value, in a second row also missing."""
    return gpd.GeoDataFrame(
        {
            "name": ["Torget", None],
            "visits": [3, 0],
            "target_share": [1 / 3, np.nan],
            "officer_min": [-12.5, 1e-7],
            "example": [True, False],
            "start_at": pd.to_datetime(["2021-10-31T01:30:00Z", None], utc=True),
            "due_on": [date(2021, 3, 12), None],
            "unsafe_hours": [UnsafeHours.parse("Fr,Sa 20:00-02:00"), None],
            "spaces": [("källare", "vind"), ()],
        },
        geometry=[
            # Its ring runs clockwise, against RFC 7946.
            shapely.Polygon([(12.1, 57.1), (12.1, 57.2), (12.3, 57.2), (12.3, 57.1)]),
            shapely.LineString([(12.123456789012345, 57.5), (12.2, 57.6)]),
        ],
        crs="EPSG:4326",
    )


def _csv_rows(content, delimiter=";"):
    text = content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


def _sheets(content):
    return openpyxl.load_workbook(io.BytesIO(content))


class TestFormulaGuard:
    @given(st.text())
    def test_what_is_guarded_can_be_read_back(self, text):
        assert unguarded(guarded(text)) == text

    @given(st.text(alphabet="=+-@\t\r\n' ;ab1"))
    def test_no_guarded_text_begins_like_a_formula(self, text):
        assert guarded(text).lstrip()[:1] not in set("=+-@")
        assert guarded(text)[:1] not in set("=+-@\t\r\n")

    def test_ordinary_text_is_left_alone(self):
        assert guarded("Kinna centrum, torget") == "Kinna centrum, torget"
        assert guarded("") == ""


class TestCells:
    def test_a_naive_moment_is_a_mistake(self):
        with pytest.raises(ValueError, match="without time zone"):
            as_cell(pd.Timestamp("2021-03-01 12:00"))

    @pytest.mark.parametrize(
        "missing", [None, np.nan, pd.NA, pd.NaT, np.inf, -np.inf, np.float64("nan"), (), []]
    )
    def test_missing_is_nothing(self, missing):
        assert as_cell(missing) is None

    def test_flags_are_not_numbers_and_numbers_are_not_flags(self):
        assert as_cell(np.True_) is True
        assert as_cell(np.int64(1)) == 1
        assert as_cell(np.int64(1)) is not True

    def test_a_character_no_file_can_hold_is_replaced(self):
        assert as_cell("a\x00b\ud800c") == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}c"


class TestCsv:
    def test_hostile_text_comes_back_and_begins_like_no_formula(self):
        rows = _csv_rows(to_csv(_places(), wording=SV))

        assert [unguarded(row["name"]) for row in rows] == list(HOSTILE)
        assert [row["name"] for row in rows if row["name"].lstrip()[:1] in set("=+-@")] == []

    def test_excel_is_told_that_it_is_utf8(self):
        assert to_csv(_places(), wording=SV).startswith(b"\xef\xbb\xbf")

    def test_swedish_has_semicolon_decimal_comma_and_ja(self):
        first, second = _csv_rows(to_csv(_mixed(), wording=SV))

        assert first["officer_min"] == "-12,5", "a real negative number is no formula"
        assert first["target_share"] == "0,3333333333333333"
        assert second["officer_min"] == "0,0000001"
        assert (first["example"], second["example"]) == ("ja", "nej")

    def test_english_has_comma_and_decimal_point(self):
        first, _ = _csv_rows(to_csv(_mixed(), wording=EN), delimiter=",")

        assert first["officer_min"] == "-12.5"

    def test_moments_are_local_with_the_offset_that_tells_the_two_halves_of_autumn_apart(self):
        first, second = _csv_rows(to_csv(_mixed(), wording=SV))

        assert first["start_at"] == "2021-10-31 02:30:00+01:00"
        assert first["due_on"] == "2021-03-12"
        assert second["start_at"] == second["due_on"] == second["name"] == ""

    def test_hours_and_spaces_are_written_as_they_are_read(self):
        first, second = _csv_rows(to_csv(_mixed(), wording=SV))

        assert UnsafeHours.parse(first["unsafe_hours"]) == _mixed()["unsafe_hours"][0]
        assert first["spaces"] == "källare;vind"
        assert second["spaces"] == ""

    @given(
        st.lists(st.floats(allow_nan=False, allow_infinity=False, width=64), min_size=1, max_size=5)
    )
    def test_numbers_keep_all_their_digits(self, numbers):
        rows = _csv_rows(to_csv(pd.DataFrame({"x": numbers, "n": 1}), wording=SV))

        assert [float(row["x"].replace(",", ".")) for row in rows] == numbers

    def test_points_become_lon_and_lat_once(self):
        places = _places(["a"]).assign(lon=[1.0], lat=[2.0])

        (row,) = _csv_rows(to_csv(places, wording=EN), delimiter=",")

        assert list(row) == ["location_id", "name", "lon", "lat"]
        assert (float(row["lon"]), float(row["lat"])) == (12.694, 57.507)

    def test_other_shapes_become_text_that_reads_back_exactly(self):
        rows = _csv_rows(to_csv(_mixed(), wording=SV))

        shapes = [shapely.from_wkt(row["geometry"]) for row in rows]
        assert all(shapely.equals_exact(shapes, _mixed().geometry.to_numpy(), tolerance=0))

    def test_no_rows_are_a_header(self):
        assert to_csv(_places()[:0], wording=SV).decode("utf-8-sig") == (
            "location_id;name;lon;lat\r\n"
        )


class TestExcel:
    def test_every_hostile_text_is_a_text(self):
        content = to_excel(_places(), stamp=STAMP, wording=SV)
        sheet = _sheets(content).worksheets[0]
        names = [row[1] for row in sheet.iter_rows(min_row=2)]

        assert [cell.data_type for cell in names] == ["s"] * len(HOSTILE)
        assert [cell.hyperlink for cell in names] == [None] * len(HOSTILE)
        # XML cannot hold a carriage return: it is escaped (ECMA-376, 22.9.2.19), which openpyxl
        # shows as it stands. "_x0041_" is escaped in turn, and so stays as it was typed.
        as_read = [text.replace("\r", "_x000D_") for text in HOSTILE]
        assert [cell.value for cell in names] == as_read

    def test_the_file_has_no_formula_link_or_outside_part(self):
        with zipfile.ZipFile(io.BytesIO(to_excel(_places(), stamp=STAMP, wording=SV))) as parts:
            sheets = [name for name in parts.namelist() if "worksheets/" in name]
            text = b"".join(parts.read(name) for name in sheets)

        assert len(sheets) == 2
        assert b"<f>" not in text
        assert b"<hyperlink" not in text

    def test_values_have_their_kinds(self):
        sheet = _sheets(to_excel(_mixed(), stamp=STAMP, wording=SV)).worksheets[0]
        header, first, second = [[cell.value for cell in row] for row in sheet.iter_rows()]
        first, second = (
            dict(zip(header, first, strict=True)),
            dict(zip(header, second, strict=True)),
        )

        assert first["officer_min"] == -12.5
        assert first["target_share"] == 1 / 3
        assert first["example"] is True
        # 01:30 UTC is 02:30 in Mark that night; Excel knows no offset.
        assert first["start_at"] == datetime(2021, 10, 31, 2, 30)  # noqa: DTZ001 - as Excel has it
        assert first["due_on"] == datetime(2021, 3, 12)  # noqa: DTZ001 - as openpyxl gives a day
        assert second["visits"] == 0
        assert second["name"] is None
        assert second["target_share"] is None

    def test_dates_look_like_dates(self):
        sheet = _sheets(to_excel(_mixed(), stamp=STAMP, wording=SV)).worksheets[0]
        formats = {cell.value: sheet.cell(2, cell.column).number_format for cell in sheet[1]}

        assert formats["start_at"] == "yyyy-mm-dd hh:mm"
        assert formats["due_on"] == "yyyy-mm-dd"

    def test_the_header_stays_and_filters(self):
        sheet = _sheets(to_excel(_places(), stamp=STAMP, wording=SV)).worksheets[0]

        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == f"A1:D{len(HOSTILE) + 1}"

    def test_the_second_sheet_says_what_the_rows_are(self):
        book = _sheets(to_excel(_mixed(), stamp=STAMP, wording=SV))
        said = [(row[0].value, row[1].value) for row in book["Om"].iter_rows(min_row=2)]

        assert book.sheetnames == ["Rader", "Om"]
        assert said == [
            ("Titel", "Täckning per vecka"),
            ("Period", "1 mars – 31 maj 2021"),
            ("Urval", "Prioritet 1"),
            ("Urval", "Bara Kinna"),
            ("Framställd", "2 juni 2021 09:30"),
            ("Data till och med", "31 maj 2021 23:59"),
            ("Obs", "Innehåller påhittade exempeldata"),
            ("Tider", "Svensk lokal tid"),
        ]

    def test_a_hostile_title_is_text_too(self):
        stamp = ReportStamp("=1+1", None, ("@SUM(A1)",), STAMP.made_at, None)

        sheet = _sheets(to_excel(_mixed(), stamp=stamp, wording=SV))["Om"]

        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
        assert sheet["B2"].value == "=1+1"

    def test_text_too_long_for_a_cell_is_cut_where_one_sees_it(self):
        rows = pd.DataFrame({"note": ["x" * 40_000]})

        value = _sheets(to_excel(rows, stamp=STAMP, wording=SV)).worksheets[0]["A2"].value

        assert len(value) == 32_767
        assert value.endswith("x…")

    def test_more_rows_than_a_sheet_holds_are_refused(self, monkeypatch):
        monkeypatch.setattr(excel, "MOST_ROWS", 3)

        with pytest.raises(DataError, match="Excel rymmer 3 rader, urvalet har 4"):
            to_excel(pd.DataFrame({"x": range(4)}), stamp=STAMP, wording=SV)

    def test_the_same_view_gives_the_same_bytes(self):
        assert to_excel(_mixed(), stamp=STAMP, wording=SV) == to_excel(
            _mixed(), stamp=STAMP, wording=SV
        )

    def test_the_file_was_made_when_the_stamp_says_and_not_by_the_clock(self):
        made_at = _sheets(to_excel(_mixed(), stamp=STAMP, wording=SV)).properties.created

        assert made_at == STAMP.made_at.replace(tzinfo=None), "in UTC, as openpyxl gives it"

    def test_a_day_before_excel_s_calendar_is_text(self):
        rows = pd.DataFrame({"from_on": [date(1890, 5, 1)]})

        assert _sheets(to_excel(rows, stamp=STAMP, wording=SV)).worksheets[0]["A2"].value == (
            "1890-05-01"
        )


class TestGeoJson:
    def test_hostile_text_comes_back(self, tmp_path):
        path = tmp_path / "rows.geojson"
        path.write_bytes(to_geojson(_places(), stamp=STAMP, wording=SV))

        assert json.loads(path.read_bytes())["features"][0]["properties"]["name"] == HOSTILE[0]
        back = gpd.read_file(path)
        assert back["name"].tolist() == list(HOSTILE)
        assert back.geometry.geom_equals_exact(_places().geometry, tolerance=0).all()

    def test_is_as_rfc_7946_has_it(self):
        collection = json.loads(to_geojson(_mixed(), stamp=STAMP, wording=SV))
        ring = collection["features"][0]["geometry"]["coordinates"][0]

        assert set(collection) == {"type", "stamp", "features"}
        assert shapely.LinearRing(ring).is_ccw
        # Turned round, and still the same corners with all their digits.
        assert shapely.normalize(shapely.Polygon(ring)) == shapely.normalize(
            _mixed().geometry.iloc[0]
        )
        assert collection["features"][1]["geometry"]["coordinates"][0] == [12.123456789012345, 57.5]

    def test_properties_have_their_kinds(self):
        first, second = [
            feature["properties"]
            for feature in json.loads(to_geojson(_mixed(), stamp=STAMP, wording=SV))["features"]
        ]

        assert first == {
            "name": "Torget",
            "visits": 3,
            "target_share": 1 / 3,
            "officer_min": -12.5,
            "example": True,
            "start_at": "2021-10-31T02:30:00+01:00",
            "due_on": "2021-03-12",
            "unsafe_hours": "Fr,Sa 20:00-02:00",
            "spaces": "källare;vind",
        }
        assert second["target_share"] is None

    def test_the_stamp_is_a_foreign_member(self):
        assert json.loads(to_geojson(_mixed(), stamp=STAMP, wording=SV))["stamp"] == {
            "title": "Täckning per vecka",
            "from": "2021-03-01",
            "to": "2021-06-01",
            "filters": ["Prioritet 1", "Bara Kinna"],
            "made_at": "2021-06-02T09:30:00+02:00",
            "data_until": "2021-05-31T23:59:00+02:00",
            "audience": None,
            "withheld": None,
            "notice": "Innehåller påhittade exempeldata",
        }

    def test_rows_without_geometry_have_none(self):
        collection = json.loads(to_geojson(pd.DataFrame({"x": [1, 2]}), stamp=STAMP, wording=SV))

        assert [feature["geometry"] for feature in collection["features"]] == [None, None]

    def test_no_rows_are_an_empty_collection(self):
        collection = json.loads(to_geojson(_places()[:0], stamp=STAMP, wording=SV))

        assert collection["features"] == []


class TestGeoPackage:
    def _written(self, tmp_path, rows, **changed):
        path = tmp_path / "rows.gpkg"
        path.write_bytes(to_geopackage(rows, kind="locations", stamp=STAMP, wording=SV, **changed))
        return path

    def test_hostile_text_comes_back(self, tmp_path):
        back = gpd.read_file(self._written(tmp_path, _places()))

        assert back["name"].tolist() == list(HOSTILE)
        assert back.crs.to_epsg() == 4326
        assert back.geometry.geom_equals_exact(_places().geometry, tolerance=0).all()

    def test_values_have_their_kinds(self, tmp_path):
        path = self._written(tmp_path, _mixed())
        info = pyogrio.read_info(path)
        kinds = dict(zip(info["fields"], info["ogr_types"], strict=True))
        first, second = gpd.read_file(path).to_dict("records")

        assert pyogrio.list_layers(path)[:, 0].tolist() == ["locations"]
        assert (kinds["due_on"], kinds["start_at"]) == ("OFTDate", "OFTDateTime")
        assert first["target_share"] == 1 / 3
        assert first["officer_min"] == -12.5
        assert first["example"] is True
        assert first["start_at"] == pd.Timestamp("2021-10-31T01:30:00Z")
        assert first["due_on"] == pd.Timestamp("2021-03-12")
        assert first["spaces"] == "källare;vind"
        assert pd.isna(second["name"])
        assert pd.isna(second["start_at"])
        assert second["visits"] == 0

    def test_one_kind_of_shape_makes_a_layer_of_that_kind(self, tmp_path):
        assert pyogrio.read_info(self._written(tmp_path, _places()))["geometry_type"] == "Point"

    def test_says_where_it_comes_from(self, tmp_path):
        info = pyogrio.read_info(self._written(tmp_path, _mixed()))

        about = info["dataset_metadata"]["ABSTRACT"]
        assert "Period: 1 mars – 31 maj 2021" in about
        assert "Innehåller påhittade exempeldata" in about

    def test_rows_without_geometry_are_a_table(self, tmp_path):
        rows = pd.DataFrame({"inspection_id": ["a", "b"], "note": [None, None]})

        back = pyogrio.read_dataframe(self._written(tmp_path, rows))

        assert back["inspection_id"].tolist() == ["a", "b"]
        assert back["note"].isna().all()

    def test_a_column_called_as_a_program_s_own_keeps_its_values(self, tmp_path):
        rows = _places(["a", "b"]).assign(fid=["x", "x"])

        assert gpd.read_file(self._written(tmp_path, rows))["fid"].tolist() == ["x", "x"]

    def test_no_rows_are_an_empty_layer(self, tmp_path):
        assert len(gpd.read_file(self._written(tmp_path, _places()[:0]))) == 0


class TestEveryFormat:
    @pytest.mark.parametrize("form", REPORT_FORMATS)
    def test_is_a_file_with_name_and_kind(self, form):
        report = report_file(_mixed(), form=form, kind="locations", stamp=STAMP, wording=SV)

        assert report.name == (f"tackning-per-vecka_2021-03-01_2021-05-31_exempeldata.{form}")
        assert report.media_type == MEDIA_TYPES[form]
        assert len(report.content) > 100

    @pytest.mark.parametrize("form", REPORT_FORMATS)
    def test_leaves_the_rows_as_they_were(self, form):
        rows = _mixed()

        report_file(rows, form=form, kind="locations", stamp=STAMP, wording=SV)

        pd.testing.assert_frame_equal(pd.DataFrame(rows), pd.DataFrame(_mixed()))

    @pytest.mark.parametrize("form", REPORT_FORMATS)
    @pytest.mark.parametrize("crs", ["EPSG:3006", None])
    def test_refuses_what_is_not_in_wgs_84(self, form, crs):
        rows = _places().set_crs(crs, allow_override=True)

        with pytest.raises(CrsError, match="WGS 84"):
            report_file(rows, form=form, kind="locations", stamp=STAMP, wording=SV)


class TestStamp:
    def test_examples_show_where_a_row_is_one(self):
        assert shows_examples(pd.DataFrame({"example": [False, True]}), STAMP)
        assert not shows_examples(pd.DataFrame({"example": [False, False]}), STAMP)
        assert not shows_examples(pd.DataFrame({"visits": [1]}), STAMP)

    def test_examples_show_where_the_figures_come_from_some(self):
        stamp = ReportStamp("T", None, (), STAMP.made_at, None, has_examples=True)

        assert shows_examples(pd.DataFrame({"visits": [1]}), stamp)

    def test_without_period_filter_and_data_it_says_so_little(self):
        stamp = ReportStamp("Byggnader", None, (), STAMP.made_at, None)

        assert stamp_notes(stamp, has_examples=False, wording=SV) == (
            ("Titel", "Byggnader"),
            ("Urval", "Allt"),
            ("Framställd", "2 juni 2021 09:30"),
        )

    @pytest.mark.parametrize("title", ["../../etc/passwd", "a\r\nX: y", "C:\\con", "…", ""])
    def test_a_hostile_title_makes_a_harmless_name(self, title):
        stamp = ReportStamp(title, None, (), STAMP.made_at, None)
        name = report_name(stamp, has_examples=False, suffix=".csv", wording=SV)

        assert name.removesuffix(".csv").replace("-", "").isalnum()
        assert name.isascii()
