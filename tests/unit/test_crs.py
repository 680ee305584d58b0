"""Metres and degrees: Lantmäteriet's control points, and what nothing is measured in."""

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS

from geo.crs import METRIC, project, require_metric, to_metric, to_stored, unproject
from geo.errors import CrsError


@pytest.mark.parametrize(
    ("lat", "lon", "north", "east"),
    [(57, 12.75, 6319636.937, 363331.554), (55, 12.75, 6097106.672, 356083.438)],
)
def test_control_points_of_sweref_99_tm(lat: float, lon: float, north: float, east: float) -> None:
    found_east, found_north = project([lon], [lat])
    assert found_east[0] == pytest.approx(east, abs=0.001)
    assert found_north[0] == pytest.approx(north, abs=0.001)


@given(lon=st.floats(11, 24), lat=st.floats(55, 69))
def test_there_and_back_is_the_same_place(lon: float, lat: float) -> None:
    back_lon, back_lat = unproject(*project(lon, lat))
    assert float(back_lon) == pytest.approx(lon, abs=1e-9)
    assert float(back_lat) == pytest.approx(lat, abs=1e-9)


def test_shapes_keep_x_before_y() -> None:
    metric = to_metric(shapely.Point(12.75, 57))
    assert metric.y == pytest.approx(6319636.937, abs=0.001)
    assert shapely.equals_exact(to_stored(metric), shapely.Point(12.75, 57), tolerance=1e-9)


@pytest.mark.parametrize("crs", [METRIC, "EPSG:3007", CRS(25832)])
def test_projected_metres_will_do(crs: object) -> None:
    assert require_metric(crs) == CRS(crs)


@pytest.mark.parametrize(
    ("crs", "sentence"),
    [
        (None, "saknas"),
        ("EPSG:4326", "inte är i meter"),
        ("EPSG:2263", "inte är i meter"),  # New York, in feet
        ("EPSG:3857", "sträcker ut längder"),
        ("+proj=merc +datum=WGS84 +units=m", "sträcker ut längder"),
        ("hej", "okänt"),
    ],
)
def test_degrees_feet_and_mercator_will_not(crs: object, sentence: str) -> None:
    with pytest.raises(CrsError, match=sentence):
        require_metric(crs)
