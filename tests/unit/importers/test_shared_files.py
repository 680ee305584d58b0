"""Every broken file of the shared folder, and the real boundary."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import shapely

from geo.errors import DataError
from geo.importers.door import read_import
from geo.importers.from_csv import read_csv
from geo.model.boundary import Boundary
from tests.unit.importers.files import NOW, flags, reasons, shared

pytestmark = pytest.mark.shared

# Read as boundaries, which need no property, so that only the structure can be wrong.
# "file": the whole file is turned away; else the features turned away, by line and member.
# Section numbers are RFC 7946's (RFC 8259 for the names in an object).
GEOJSON: dict[str, tuple[str, str] | list[tuple[int, str, str]] | str] = {
    "bad-duplicate-properties": ("file", "”type” står två gånger"),  # RFC 8259 §4
    "bad-json": ("file", "rad 3"),  # the comma is missing before the third line's name
    "bad-polygon-interiorring-rhr": "fel håll",  # §3.1.6: the hole should be clockwise
    "bad-properties-as-array": [(1, "properties", "objekt")],  # §3.2
    "badcoordtype": [(1, "coordinates", "lista")],  # §3.1.7: a position is no number
    "badfeatureid": [(1, "id", "text eller ett tal")],  # §3.2
    "bbox-contains-string": [(1, "bbox", "tal")],  # §5
    "different-first-last": [(1, "coordinates", "inte sluten")],  # §3.1.6
    "excessive_precision_truncated": [(1, "geometry", "en linje")],  # sound, but no area
    "false": [(1, "geometry", "objekt")],  # §3.1.8: a collection holds geometries
    "featurecollection-obj": ("file", "lista"),  # §3.3
    "featurecollection": ("file", "features"),  # §3.3
    "geometry_changed_semantics": [(1, "geometry", "7.1")],
    "geometrycollection_single": [(1, "geometry", "en samling geometrier")],  # sound, but no area
    "multipoint-multidimension": [(1, "coordinates", "tal")],  # §3.1.3
    "nofeaturetype": [(1, "type", "Featre")],  # §3.2
    "point-labeled-as-a-multipolygon": [(1, "coordinates", "lista")],  # §3.1.7
    "point-toofew": [(1, "coordinates", "minst två")],  # §3.1.1
    "point": [(1, "coordinates", "saknar")],  # §3.1
    "rootstring": ("file", "null"),  # §3
    "short-linearring": [(1, "coordinates", "minst fyra")],  # §3.1.6
    # The first feature has a text for a number; the second is a sound point, but no area.
    "stringcoord": [(1, "coordinates", "39.368"), (2, "geometry", "en punkt")],
}


def test_every_broken_geojson_file_has_an_expectation() -> None:
    found = {path.stem for path in shared("hostile/geojson").glob("*.geojson")}
    assert found == set(GEOJSON)


@pytest.mark.parametrize("name", GEOJSON)
def test_broken_geojson_is_turned_away_by_name(name: str) -> None:
    path = shared(f"hostile/geojson/{name}.geojson")
    expected = GEOJSON[name]
    if isinstance(expected, tuple):
        with pytest.raises(DataError) as told:
            read_import("boundary", path, now=NOW)
        assert expected[1] in str(told.value)
        assert path.name in str(told.value)
        return
    result = read_import("boundary", path, now=NOW)
    if isinstance(expected, str):
        assert not result.rejected
        assert [line for line, _, text in flags(result) if expected in text] == [1]
        return
    assert not result.parsed
    assert len(result.rejected) == len(expected)
    for (line, field, text), (at, member, part) in zip(reasons(result), expected, strict=True):
        assert (line, field) == (at, member)
        assert part in text


CSV = [
    "spectrum_comma_in_quotes",
    "spectrum_empty",
    "spectrum_json",
    "spectrum_newlines",
    "spectrum_quotes_and_newlines",
    "spectrum_utf8",
]


def test_every_csv_dialect_is_read() -> None:
    assert sorted(path.stem for path in shared("hostile/csv").glob("*.csv")) == CSV


@pytest.mark.parametrize("name", CSV)
def test_csv_gives_the_rows_of_its_twin(name: str) -> None:
    path = shared(f"hostile/csv/{name}.csv")
    table = read_csv(path, file=path.name)
    rows = [dict(zip(table.headers, row.cells, strict=True)) for row in table.rows]
    assert rows == json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    assert not table.rejected


@pytest.mark.parametrize(
    ("name", "lines"),
    # Counted by hand: "Once upon \na time" takes lines 3 and 4; the quoted ha takes 2 to 4.
    [("spectrum_newlines", [2, 3, 5]), ("spectrum_quotes_and_newlines", [2, 5])],
)
def test_a_row_is_named_by_the_line_it_begins_on(name: str, lines: list[int]) -> None:
    path = shared(f"hostile/csv/{name}.csv")
    assert [row.line for row in read_csv(path, file=path.name).rows] == lines


@pytest.mark.parametrize("name", CSV)
def test_csv_without_a_known_column_is_turned_away(name: str) -> None:
    with pytest.raises(DataError, match=r"inga kolumner som går att känna igen.*start_at"):
        read_import("visits", shared(f"hostile/csv/{name}.csv"), now=NOW)


def test_the_real_boundary_comes_in_whole() -> None:
    path = shared("boundary/mark_1463_lantmateriet_full.geojson")
    result = read_import("boundary", path, now=NOW)
    (item,) = result.parsed
    assert isinstance(item.record, Boundary)
    area = item.record.geometry
    # The numbers of the shared folder's README.
    assert area.geom_type == "MultiPolygon"
    assert len(area.geoms) == 2
    assert sum(len(part.interiors) for part in area.geoms) == 1
    assert shapely.get_num_coordinates(area) == 3_205
    assert item.record.name == "Mark"
    assert result.crs == "EPSG:4326 (WGS 84)"
    assert not result.rejected
    assert flags(result) == []
    assert "kommunkod" in result.unknown_columns


def test_localities_are_read_as_places_in_mark(tmp_path: Path) -> None:
    """SCB's own column names, `lat` before `lon`: nothing is swapped, nothing is outside."""
    text = shared("boundary/mark_tatorter_scb2023_points.csv").read_text(encoding="utf-8")
    head, *rows = text.splitlines()
    named = head.replace("code", "location_id", 1).replace("area", "kind", 1)
    path = tmp_path / "orter.csv"
    path.write_text("\n".join((named.replace(",year", ",year", 1), *rows)), encoding="utf-8")
    result = read_import("locations", path, now=NOW)
    assert len(result.parsed) == 13
    assert not result.rejected
    assert flags(result) == []
