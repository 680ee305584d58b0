"""Coordinate systems: detected, named, and never guessed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS, Transformer

from geo.errors import CrsError
from geo.importers.coordinates import (
    SWEREF_TM,
    WGS84,
    ZONES,
    System,
    choose_reading,
    place,
    system_named,
    system_of_wkt,
)
from geo.importers.outline import near_mark, simplified_mark
from geo.importers.result import ImportResult
from geo.model.visit import Visit
from tests.unit.importers.files import flags, imported, reasons, refusal

KINNA = (12.676481, 57.494381)  # SCB's centre of the locality
ALL = (SWEREF_TM, *ZONES)


def moved(lon: float, lat: float, code: str) -> tuple[float, float]:
    east, north = Transformer.from_crs("EPSG:4326", code, always_xy=True).transform(lon, lat)
    return float(east), float(north)


def visits(header: str, *pairs: tuple[object, object]) -> str:
    rows = "".join(f"2021-03-12 20:00;15;{x};{y}\n" for x, y in pairs)
    return f"start_at;minutes;{header}\n{rows}"


def positions(result: ImportResult) -> list[tuple[float, float]]:
    found = [item.record for item in result.parsed if isinstance(item.record, Visit)]
    return [(v.lon, v.lat) for v in found if v.lon is not None and v.lat is not None]


def test_lantmateriets_control_points(tmp_path: Path) -> None:
    """57 N 12.75 E and 55 N 12.75 E, as Lantmäteriet publishes them (domain.md section 4)."""
    text = visits("E;N", ("363331,554", "6319636,937"), ("356083,438", "6097106,672"))
    result = imported(tmp_path, "visits", "a.csv", text)
    assert result.crs == "EPSG:3006 (SWEREF 99 TM)"
    # A millimetre is 1e-8 degrees.
    assert positions(result) == [
        (pytest.approx(12.75, abs=1e-7), pytest.approx(57.0, abs=1e-7)),
        (pytest.approx(12.75, abs=1e-7), pytest.approx(55.0, abs=1e-7)),
    ]
    assert all("utanför Mark" in text for _, _, text in flags(result))  # 20 and 250 km south


@pytest.mark.parametrize("code", ["EPSG:3006", "EPSG:3007", "EPSG:3008"])
@pytest.mark.parametrize("header", ["E;N", "öst;nord", "Easting;Northing", "x;y", "lon;lat"])
def test_metres_in_mark_are_told_apart_by_zone(tmp_path: Path, code: str, header: str) -> None:
    east, north = moved(*KINNA, code)
    result = imported(tmp_path, "visits", "a.csv", visits(header, (east, north)))
    assert result.crs is not None
    assert result.crs.startswith(code)
    assert positions(result) == [
        (pytest.approx(KINNA[0], abs=1e-8), pytest.approx(KINNA[1], abs=1e-8))
    ]
    assert flags(result) == []


@settings(deadline=None)
@given(
    st.sampled_from(ALL),
    st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=20),
)
def test_a_zone_is_told_right_or_not_at_all(
    system: System, shares: list[tuple[float, float]]
) -> None:
    west, south, east, north = simplified_mark().bounds
    lon = np.array([west + a * (east - west) for a, _ in shares])
    lat = np.array([south + b * (north - south) for _, b in shares])
    inside = near_mark(lon, lat)
    code = system.code
    x, y = Transformer.from_crs("EPSG:4326", code, always_xy=True).transform(lon, lat)
    try:
        reading = choose_reading(
            np.asarray(x), np.asarray(y), declared=None, in_degrees=False, file="a.csv"
        )
    except CrsError:
        assert not inside.all() or code not in {"EPSG:3006", "EPSG:3007", "EPSG:3008"}
        return
    if inside.all():
        assert reading.system == system
    assert not reading.swapped


def test_positions_that_fit_several_zones_are_asked_about(tmp_path: Path) -> None:
    """Borås lies outside Mark: 108 km east of one meridian or of another, who knows?"""
    text = visits("E;N", moved(12.94, 57.72, "EPSG:3007"))
    sentence = refusal(tmp_path, "visits", "a.csv", text)
    assert "EPSG:3007" in sentence
    assert "crs" in sentence
    named = imported(tmp_path, "visits", "a.csv", text, crs="EPSG:3007")
    assert positions(named) == [(pytest.approx(12.94, abs=1e-8), pytest.approx(57.72, abs=1e-8))]
    assert "utanför Mark" in flags(named)[0][2]


def test_a_column_may_name_the_system(tmp_path: Path) -> None:
    east, north = moved(12.94, 57.72, "EPSG:3008")
    rows = f"2021-03-12 20:00;15;{east};{north};SWEREF 99 13 30\n"
    text = f"start_at;minutes;E;N;koordinatsystem\n{rows}{rows}"
    result = imported(tmp_path, "visits", "a.csv", text)
    assert result.crs == "EPSG:3008 (SWEREF 99 13 30)"
    assert positions(result)[0] == (pytest.approx(12.94), pytest.approx(57.72))
    twice = text + rows.replace("13 30", "TM")
    assert "flera koordinatsystem" in refusal(tmp_path, "visits", "a.csv", twice)


def test_a_file_wholly_swapped_is_read_right_and_says_so(tmp_path: Path) -> None:
    text = visits("lon;lat", (57.5, 12.7), (57.49, 12.68))
    result = imported(tmp_path, "visits", "a.csv", text)
    assert positions(result) == [(12.7, 57.5), (12.68, 57.49)]
    assert [(line, field) for line, field, _ in flags(result)] == [(2, "lon, lat"), (3, "lon, lat")]
    assert all("omkastade" in text for _, _, text in flags(result))


def test_swapped_metres_are_read_right_and_say_so(tmp_path: Path) -> None:
    east, north = moved(*KINNA, "EPSG:3006")
    result = imported(tmp_path, "visits", "a.csv", visits("x;y", (north, east)))
    assert positions(result)[0] == (pytest.approx(KINNA[0]), pytest.approx(KINNA[1]))
    assert "omkastade" in flags(result)[0][2]
    assert result.crs == "EPSG:3006 (SWEREF 99 TM)"


def test_one_swapped_row_among_right_ones_is_turned_away(tmp_path: Path) -> None:
    text = visits("lon;lat", (12.7, 57.5), (57.5, 12.7), (12.68, 57.49))
    result = imported(tmp_path, "visits", "a.csv", text)
    assert positions(result) == [(12.7, 57.5), (12.68, 57.49)]
    ((line, field, text),) = reasons(result)
    assert (line, field) == (3, "lon, lat")
    assert "omkastade" in text


@pytest.mark.parametrize(
    ("x", "y", "field", "part"),
    [
        ("192.5", "57.5", "lon, lat", "utanför EPSG:4326"),
        ("12.7", "-91", "lon, lat", "utanför EPSG:4326"),
        ("362000", "6375000", "lon, lat", "utanför EPSG:4326"),  # metres among degrees
        ("nan", "57.5", "lon", "inte ett tal"),
        ("12.7", "inf", "lat", "inte ett tal"),
        ("12.7", "norrut", "lat", "inte ett tal"),
        ("12.7", "", "lat", "ena koordinaten"),
    ],
)
def test_an_impossible_position_costs_only_its_row(
    tmp_path: Path, x: str, y: str, field: str, part: str
) -> None:
    text = visits("lon;lat", (12.7, 57.5), (x, y), ("12,68", "57,49"))
    result = imported(tmp_path, "visits", "a.csv", text)
    assert positions(result) == [(12.7, 57.5), (12.68, 57.49)]
    ((line, told, reason),) = reasons(result)
    assert (line, told) == (3, field)
    assert part in reason


def test_a_position_outside_its_system_costs_only_its_row(tmp_path: Path) -> None:
    good = moved(*KINNA, "EPSG:3006")
    text = visits("E;N", good, (0, 0), good, (good[0], good[1] * 10), good)
    result = imported(tmp_path, "visits", "a.csv", text)
    assert len(result.parsed) == 3
    assert [line for line, _, _ in reasons(result)] == [3, 5]
    assert all("utanför EPSG:3006" in text for _, _, text in reasons(result))


def test_places_just_outside_are_not_warned_of_and_far_ones_are() -> None:
    """Mark's simplified outline ends at 12.284 E; a degree is 59.9 km there."""
    outline = simplified_mark()
    west = outline.bounds[0]
    lat = (
        max(y for x, y in outline.boundary.geoms[0].coords if x == west)
        if (outline.boundary.geom_type == "MultiLineString")
        else max(y for x, y in outline.boundary.coords if x == west)
    )
    lon = np.array([west - 2.0 / 59.9, west - 4.0 / 59.9])
    assert near_mark(lon, np.array([lat, lat])).tolist() == [True, False]


@pytest.mark.parametrize(
    ("code", "part"),
    [("EPSG:3021", "RT 90"), ("EPSG:3857", "Mercator")],
)
def test_other_systems_are_named_and_refused(tmp_path: Path, code: str, part: str) -> None:
    assert part in refusal(tmp_path, "visits", "a.csv", visits("E;N", moved(*KINNA, code)))


def test_what_fits_nothing_is_refused(tmp_path: Path) -> None:
    assert "varken" in refusal(tmp_path, "visits", "a.csv", visits("x;y", (5_000, 4_000)))


def test_a_name_against_the_values_is_refused(tmp_path: Path) -> None:
    text = visits("E;N", moved(*KINNA, "EPSG:3006"))
    assert "i meter" in refusal(tmp_path, "visits", "a.csv", text, crs="EPSG:4326")
    degrees = visits("lon;lat", KINNA)
    assert "i grader" in refusal(tmp_path, "visits", "a.csv", degrees, crs="EPSG:3006")


@pytest.mark.parametrize("header", ["lon;N", "lon;lat;E;N", "lat;note"])
def test_half_and_double_positions_are_refused(tmp_path: Path, header: str) -> None:
    cells = ";".join("1" * (header.count(";") + 1))
    text = f"start_at;minutes;{header}\n2021-03-12 20:00;15;{cells}\n"
    refusal(tmp_path, "visits", "a.csv", text)


@pytest.mark.parametrize(
    ("name", "system"),
    [
        ("EPSG:4326", WGS84),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", WGS84),
        ("urn:ogc:def:crs:EPSG::3006", SWEREF_TM),
        ("epsg:3006", SWEREF_TM),
        ("3006", SWEREF_TM),
        ("SWEREF99 TM", SWEREF_TM),
        ("SWEREF 99 12 00", ZONES[0]),
        ("sweref99 1330", ZONES[1]),
        ("WGS84", WGS84),
    ],
)
def test_systems_by_their_many_names(name: str, system: object) -> None:
    assert system_named(name, file="a.csv") == system


@pytest.mark.parametrize("name", ["EPSG:3857", "EPSG:99999", "/etc/passwd", "+proj=utm", ""])
def test_names_of_other_systems_are_refused(name: str) -> None:
    with pytest.raises(CrsError, match="inte läses"):
        system_named(name, file="a.csv")


@pytest.mark.parametrize("system", [WGS84, *ALL])
@pytest.mark.parametrize("version", ["WKT1_GDAL", "WKT1_ESRI", "WKT2_2019"])
def test_every_dialect_of_prj_is_known(system: object, version: str) -> None:
    wkt = CRS.from_user_input(getattr(system, "code", "")).to_wkt(version)
    assert system_of_wkt(wkt, file="a.zip") == system


def test_shapes_are_reprojected_corner_by_corner() -> None:
    square = shapely.box(361_000, 6_374_000, 362_000, 6_375_000)
    placed = place([None, square], declared=None, in_degrees=None, file="a.csv")
    assert placed.geometries[0] is None
    shape = placed.geometries[1]
    assert shape is not None
    back = shapely.transform(
        shape,
        lambda xy: np.column_stack(
            Transformer.from_crs("EPSG:4326", "EPSG:3006", always_xy=True).transform(*xy.T)
        ),
    )
    assert shapely.hausdorff_distance(back, square) < 1e-4
    assert square.bounds == (361_000, 6_374_000, 362_000, 6_375_000)  # the argument is untouched
