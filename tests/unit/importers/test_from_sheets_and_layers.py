"""Excel, GeoPackage and shapefiles give what was put into them."""

from __future__ import annotations

import contextlib
import io
import random
import warnings
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest
import shapely

from geo.errors import DataError
from geo.model.building import Inspection
from geo.model.location import Location
from geo.model.visit import Visit
from tests.unit.importers.files import flags, imported, reasons, refusal


def book(sheets: dict[str, list[list[object]]]) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def wall(*parts: int) -> datetime:
    return datetime(*parts)  # type: ignore[misc,arg-type] # noqa: DTZ001 - cells have no zone


def test_a_workbook_with_titles_and_other_sheets(tmp_path: Path) -> None:
    content = book(
        {
            "Läs mig": [["Så här fyller du i"]],
            "Besök": [
                ["Patrullbesök vecka 10"],
                [],
                [None, "Plats", "Start", "Slut", "Antal", "Öst", "Nord", "Väder"],
                [None, "torget", wall(2021, 3, 12, 23, 50), wall(2021, 3, 13, 0, 10), 2,
                 362_000.5, 6_375_000, "regn"],
                [],
                [None, 12, "2021-03-12 23.50", "2021-03-13 00:10", 2.0, "362000,5", "6 375 000"],
                [None, "torget", "#N/A", None, 1],
                [None, "torget", wall(2021, 3, 12, 23, 50), None, 1, 1, None],
            ],
        }
    )  # fmt: skip
    result = imported(tmp_path, "visits", "besök.xlsx", content)
    first, second = (item.record for item in result.parsed)
    assert isinstance(first, Visit)
    assert isinstance(second, Visit)
    assert [item.line for item in result.parsed] == [4, 6]  # as the sheet numbers its rows
    assert first.start_at == datetime(2021, 3, 12, 22, 50, tzinfo=UTC)
    assert (first.location_id, second.location_id) == ("torget", "12")
    assert (first.lon, first.lat, first.end_at) == (second.lon, second.lat, second.end_at)
    assert result.crs == "EPSG:3006 (SWEREF 99 TM)"
    assert result.unknown_columns == ("Väder",)
    assert [(line, field) for line, field, _ in reasons(result)] == [(7, "Start"), (8, "Nord")]


def test_dates_of_a_sheet_are_days(tmp_path: Path) -> None:
    content = book(
        {
            "a": [
                ["building_id", "space", "inspected_at", "outcome", "due_on"],
                ["H1", "Vind", wall(2021, 3, 12, 10, 0), "Brist", wall(2021, 4, 1)],
                ["H1", "Vind", date(2021, 3, 12), "Brist", wall(2021, 4, 1, 9, 30)],
            ]
        }
    )
    result = imported(tmp_path, "inspections", "a.xlsx", content)
    (item,) = result.parsed
    assert isinstance(item.record, Inspection)
    assert item.record.due_on == date(2021, 4, 1)
    ((line, field, reason),) = reasons(result)
    assert (line, field) == (3, "due_on")
    assert "en tid" in reason


def test_a_workbook_of_other_things_is_refused(tmp_path: Path) -> None:
    content = book({"a": [["x", "y?"], [1, 2]], "b": []})
    assert "inget blad" in refusal(tmp_path, "inspections", "a.xlsx", content)


PLACES = gpd.GeoDataFrame(
    {
        "location_id": ["a", "b", "c"],
        "name": ["Åäö", "Örby", "Ån"],
        "kind": ["torg", "park", "stig"],
        "visits_per_week": [1.5, None, 2.0],
        "source": [None, "källa", None],
    },
    geometry=[
        shapely.Point(12.7, 57.5),
        shapely.Polygon([(12.6, 57.4), (12.61, 57.4), (12.61, 57.41)]),
        shapely.LineString([(12.6, 57.4), (12.61, 57.41)]),
    ],
    crs=4326,
)


def as_geopackage(path: Path, layers: dict[str, gpd.GeoDataFrame]) -> bytes:
    for name, frame in layers.items():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a layer without a coordinate system is meant
            frame.to_file(path, layer=name, driver="GPKG")
    return path.read_bytes()


def as_shapefile(folder: Path, frame: gpd.GeoDataFrame, *leave_out: str, encoding: str) -> bytes:
    folder.mkdir()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # names longer than ten characters are cut
        frame.to_file(folder / "platser.shp", encoding=encoding)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as out:
        for path in sorted(folder.iterdir()):
            if path.suffix not in leave_out:
                out.write(path, f"mapp/{path.name}")
    return buffer.getvalue()


def check(result: object, frame: gpd.GeoDataFrame) -> None:
    parsed = getattr(result, "parsed", ())
    assert reasons(result) == []  # type: ignore[arg-type]
    assert len(parsed) == len(frame)
    for item, (_, row) in zip(parsed, frame.iterrows(), strict=True):
        record = item.record
        assert isinstance(record, Location)
        assert (record.location_id, record.name, record.kind) == (
            row["location_id"], row["name"], row["kind"],
        )  # fmt: skip
        assert (record.visits_per_week or 0) == (
            0 if row["visits_per_week"] != row["visits_per_week"] else row["visits_per_week"]
        )
        # A micrometre in degrees; ring direction and start are the format's business.
        assert shapely.hausdorff_distance(record.geometry, row.geometry) < 1e-9


@pytest.mark.parametrize("code", [4326, 4258, 3006, 3007, 3008, 3012, 3018])
def test_a_geopackage_in_any_system(tmp_path: Path, code: int) -> None:
    content = as_geopackage(tmp_path / "x.gpkg", {"platser": PLACES.to_crs(code)})
    result = imported(tmp_path, "locations", "a.gpkg", content)
    check(result, PLACES)
    assert result.crs is not None
    assert result.crs.startswith("EPSG:4326" if code == 4258 else f"EPSG:{code}")
    assert flags(result) == []
    # Reading leaves nothing beside the user's file.
    assert {path.name for path in tmp_path.iterdir()} == {"x.gpkg", "a.gpkg"}


@pytest.mark.parametrize("code", [None, 3857, 3021])
def test_a_geopackage_without_a_usable_system_is_refused(tmp_path: Path, code: int | None) -> None:
    frame = PLACES.to_crs(code) if code else PLACES.set_crs(None, allow_override=True)
    content = as_geopackage(tmp_path / "x.gpkg", {"platser": frame})
    sentence = refusal(tmp_path, "locations", "a.gpkg", content)
    assert "SWEREF 99 TM" in sentence


def test_the_layer_is_chosen_by_name_or_columns(tmp_path: Path) -> None:
    other = gpd.GeoDataFrame({"höjd": [1]}, geometry=[shapely.Point(12.7, 57.5)], crs=4326)
    both = as_geopackage(tmp_path / "x.gpkg", {"annat": other, "mina platser": PLACES})
    check(imported(tmp_path, "locations", "a.gpkg", both), PLACES)
    same = as_geopackage(tmp_path / "y.gpkg", {"a": PLACES, "b": PLACES[:1]})
    assert "a, b" in refusal(tmp_path, "locations", "a.gpkg", same)
    check(imported(tmp_path, "locations", "a.gpkg", same, layer="b"), PLACES[:1])
    named = as_geopackage(tmp_path / "z.gpkg", {"a": PLACES, "locations": PLACES[:2]})
    check(imported(tmp_path, "locations", "a.gpkg", named), PLACES[:2])


@pytest.mark.parametrize("code", [4326, 3006, 3007, 3008, 3018])
@pytest.mark.parametrize(
    ("encoding", "leave_out", "told"),
    [("utf-8", (), "utf-8"), ("utf-8", (".cpg",), "utf-8"), ("ISO-8859-1", (".cpg",), "cp1252"),
     ("ISO-8859-1", (), "iso8859-1")],
)  # fmt: skip
def test_a_zipped_shapefile_in_any_system_and_encoding(
    tmp_path: Path, code: int, encoding: str, leave_out: tuple[str, ...], told: str
) -> None:
    points = PLACES[:1]
    content = as_shapefile(tmp_path / "x", points.to_crs(code), *leave_out, encoding=encoding)
    result = imported(tmp_path, "locations", "a.zip", content)
    check(result, points)
    assert result.crs is not None
    assert result.crs.startswith(f"EPSG:{code}")
    assert result.encoding == told
    assert result.unknown_columns == ()  # visits_per is known though it is cut


@pytest.mark.parametrize("form", ["gpkg", "zip"])
def test_a_damaged_layer_is_read_or_refused_but_never_crashes(tmp_path: Path, form: str) -> None:
    chance = random.Random(20210328)
    folder = tmp_path / "x"
    as_shapefile(folder, PLACES[:1], encoding="utf-8")
    parts = {path.name: path.read_bytes() for path in folder.iterdir()}
    package = as_geopackage(tmp_path / "x.gpkg", {"platser": PLACES})

    def damaged(content: bytes) -> bytes:
        broken = bytearray(content)
        for _ in range(chance.choice((0, 1, 5, 50)) if broken else 0):
            broken[chance.randrange(16, len(broken))] = chance.randrange(256)
        if broken and chance.random() < 0.2:
            del broken[chance.randrange(len(broken)) :]
        return bytes(broken)

    for _ in range(60):
        content = package
        if form == "zip":
            buffer = io.BytesIO()
            with zipfile.ZipFile(buffer, "w") as out:
                for name, part in parts.items():
                    out.writestr(name, part if name.endswith(("prj", "cpg")) else damaged(part))
            content = buffer.getvalue()
        else:
            content = damaged(package)
        with contextlib.suppress(DataError):
            imported(tmp_path, "locations", f"a.{form}", content)


def test_geometry_that_crosses_itself_costs_its_row(tmp_path: Path) -> None:
    frame = PLACES.copy()
    frame.loc[1, "geometry"] = shapely.Polygon(
        [(12.6, 57.4), (12.7, 57.5), (12.7, 57.4), (12.6, 57.5)]
    )
    content = as_geopackage(tmp_path / "x.gpkg", {"platser": frame})
    result = imported(tmp_path, "locations", "a.gpkg", content)
    assert [item.line for item in result.parsed] == [1, 3]
    ((line, field, reason),) = reasons(result)
    assert (line, field) == (2, "geometry")
    assert "korsar" in reason
