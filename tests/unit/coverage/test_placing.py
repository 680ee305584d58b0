"""Which places a visit counts for; fixes to visits."""

from __future__ import annotations

from datetime import datetime, timedelta

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.coverage.fixes import visits_from_fixes
from geo.coverage.placing import FAR_OUTSIDE_M, distance_outside_m, place_visits
from geo.crs import to_stored, unproject
from tests.unit.coverage.frames import local

# Somewhere in Kinna; all shapes below are metres from here, in EPSG:3006.
EAST, NORTH = 351_000.0, 6_376_000.0

UTC_MOMENTS = "datetime64[us, UTC]"


def at_m(x: float, y: float) -> tuple[float, float]:
    lon, lat = unproject([EAST + x], [NORTH + y])
    return float(lon[0]), float(lat[0])


def shape(geometry, *, id: str = "torget", radius: float | None = None, start=None, end=None):
    moved = shapely.transform(geometry, lambda xy: np.add(xy, (EAST, NORTH)))
    return {
        "location_id": id,
        "start_at": start,
        "end_at": end,
        "radius_m": np.nan if radius is None else radius,
        "geometry": to_stored(moved),
    }


def places(*rows) -> gpd.GeoDataFrame:
    frame = gpd.GeoDataFrame(list(rows), geometry="geometry", crs="EPSG:4326")
    for column in ("start_at", "end_at"):
        frame[column] = pd.to_datetime(pd.Series(frame[column], dtype=object), utc=True).astype(
            UTC_MOMENTS
        )
    return frame


def visits(*rows) -> pd.DataFrame:
    """Rows of (name of place or None, metres or None, start, minutes)."""
    records = []
    for number, (location_id, metres, start, minutes) in enumerate(rows):
        lon, lat = at_m(*metres) if metres else (np.nan, np.nan)
        start_at = local(start) if isinstance(start, str) else start
        records.append(
            (
                f"b{number}",
                location_id,
                lon,
                lat,
                start_at,
                start_at + timedelta(minutes=minutes),
                2,
            )
        )
    frame = pd.DataFrame(
        records,
        columns=["visit_id", "location_id", "lon", "lat", "start_at", "end_at", "officers"],
    )
    for column in ("start_at", "end_at"):
        frame[column] = pd.to_datetime(frame[column], utc=True).astype(UTC_MOMENTS)
    return frame.astype({"location_id": object})


CIRCLE = shape(shapely.Point(0, 0), radius=75)
DAY = "2021-06-04 20:00"


def placed(visit_frame, place_frame):
    found = place_visits(visit_frame, place_frame)
    return list(zip(found["visit_id"], found["location_id"], strict=True))


def test_a_visit_that_names_its_place_counts_there_wherever_it_was():
    frame = visits(("torget", None, DAY, 10), ("torget", (5_000, 0), DAY, 10))
    assert placed(frame, places(CIRCLE)) == [("b0", "torget"), ("b1", "torget")]


@pytest.mark.parametrize(
    ("metres", "inside"),
    # 53.03 = 75/√2. A polygon of 16 segments a quarter would lose the rim between its corners:
    # 75·cos(90°/32) = 74.91 m.
    [((0, 0), True), ((74.99, 0), True), ((75.01, 0), False), ((53.02, 53.02), True)]
    + [((74.95 * np.cos(a), 74.95 * np.sin(a)), True) for a in np.linspace(0, 6.2, 9)],
)
def test_a_point_with_a_radius_is_a_true_circle_in_metres(metres, inside):
    assert bool(placed(visits((None, metres, DAY, 10)), places(CIRCLE))) == inside


def test_polygons_and_corridors():
    square = shape(shapely.box(0, 0, 100, 100), id="yta")
    street = shape(shapely.LineString([(0, 200), (300, 200)]), id="gata", radius=20)
    frame = visits(
        (None, (50, 50), DAY, 10),  # in the square
        (None, (50, 101), DAY, 10),  # beside it: a polygon without a margin ends at its edge
        (None, (150, 219.9), DAY, 10),  # beside the street, within its half-width
        (None, (150, 220.1), DAY, 10),
        (None, (319, 200), DAY, 10),  # beyond its end: the corridor ends round
    )
    assert placed(frame, places(square, street)) == [("b0", "yta"), ("b2", "gata"), ("b4", "gata")]


def test_a_position_counts_for_every_place_that_covers_it():
    other = shape(shapely.Point(60, 0), id="parken", radius=75)
    frame = visits((None, (30, 0), DAY, 10), (None, (-70, 0), DAY, 10), (None, None, DAY, 10))
    assert placed(frame, places(CIRCLE, other)) == [
        ("b0", "torget"),
        ("b0", "parken"),
        ("b1", "torget"),
    ]


@pytest.mark.parametrize(
    ("start", "minutes", "counts"),
    [
        ("2021-05-31 23:50", 9, False),  # over before the designation
        ("2021-05-31 23:50", 10, False),  # half-open: ends as it begins
        ("2021-05-31 23:50", 20, True),  # reaches into it
        ("2021-06-01 00:00", 0, True),
        ("2021-06-30 23:59", 0, True),
        ("2021-07-01 00:00", 10, False),
    ],
)
def test_positions_count_only_for_places_designated_then(start, minutes, counts):
    june = shape(
        shapely.Point(0, 0),
        radius=75,
        start=local("2021-06-01 00:00"),
        end=local("2021-07-01 00:00"),
    )
    assert bool(placed(visits((None, (0, 0), start, minutes)), places(june))) == counts


def test_a_visit_over_two_pieces_of_one_place_is_one_row():
    change = local("2021-06-05 00:00")
    frame = visits((None, (0, 0), "2021-06-04 23:50", 20))
    two = places(
        shape(shapely.Point(0, 0), radius=75, end=change),
        shape(shapely.Point(0, 0), radius=50, start=change),
    )
    assert placed(frame, two) == [("b0", "torget")]


def test_presence_carries_times_and_officers_and_no_order_is_lost():
    frame = visits((None, (0, 0), DAY, 10), ("torget", None, DAY, 15))
    found = place_visits(frame, places(CIRCLE))
    assert list(found.columns) == ["location_id", "visit_id", "start_at", "end_at", "officers"]
    assert found["visit_id"].tolist() == ["b0", "b1"]
    assert found["officers"].tolist() == [2, 2]
    assert ((found["end_at"] - found["start_at"]) / pd.Timedelta("1min")).tolist() == [10, 15]


def test_nothing_in_gives_nothing_out_with_the_same_columns():
    assert place_visits(visits(), places(CIRCLE)).empty
    no_places = places(CIRCLE).iloc[:0]
    assert place_visits(visits((None, (0, 0), DAY, 10)), no_places).empty


def test_distance_outside_is_measured_in_metres_from_the_edge():
    square = shape(shapely.box(0, 0, 100, 100), id="yta")
    frame = visits(
        ("torget", (100, 0), DAY, 10),  # 25 m outside the circle of 75
        ("torget", (10, 0), DAY, 10),
        ("yta", (150, 300), DAY, 10),  # 50 east, 200 north of its corner
        ("torget", None, DAY, 10),
        ("okänd", (0, 0), DAY, 10),
        (None, (0, 0), DAY, 10),
    )
    outside = distance_outside_m(frame, places(CIRCLE, square))
    assert outside.index.equals(frame.index)
    np.testing.assert_allclose(
        outside, [25, 0, np.hypot(50, 200), np.nan, np.nan, np.nan], atol=1e-3
    )
    assert (outside > FAR_OUTSIDE_M).tolist() == [False, False, True, False, False, False]


def test_visits_that_name_no_place_have_no_distance():
    frame = visits((None, (0, 0), DAY, 10), (None, None, DAY, 10))
    assert distance_outside_m(frame, places(CIRCLE)).isna().all()
    assert distance_outside_m(visits(), places(CIRCLE)).empty


def test_distance_is_to_the_shape_in_force_then_and_else_to_the_nearest():
    change, end = local("2021-06-05 00:00"), local("2021-07-01 00:00")
    moved = places(
        shape(shapely.Point(0, 0), radius=75, end=change),
        shape(shapely.Point(1_000, 0), radius=75, start=change, end=end),
    )
    frame = visits(
        ("torget", (0, 0), "2021-06-04 20:00", 10),
        ("torget", (0, 0), "2021-06-06 20:00", 10),
        ("torget", (0, 0), "2021-08-06 20:00", 10),
    )
    np.testing.assert_allclose(distance_outside_m(frame, moved), [0, 925, 0], atol=1e-3)


# ------------------------------------------------------------------ fixes


def fixes(*rows: tuple[str, float, tuple[float, float]]) -> pd.DataFrame:
    """Rows of (track, seconds after 20:00, metres)."""
    records = [(t, local(DAY) + timedelta(seconds=s), *at_m(*xy)) for t, s, xy in rows]
    frame = pd.DataFrame(records, columns=["track_id", "at", "lon", "lat"])
    frame["at"] = pd.to_datetime(frame["at"], utc=True).astype(UTC_MOMENTS)
    return frame


def seconds(found: pd.DataFrame) -> list[tuple[str, str, float, float, int]]:
    zero = pd.Timestamp(local(DAY))
    return [
        (
            row.track_id,
            row.location_id,
            (row.start_at - zero).total_seconds(),
            (row.end_at - zero).total_seconds(),
            row.fix_count,
        )
        for row in found.itertuples()
    ]


IN, OUT = (0.0, 0.0), (500.0, 0.0)


def test_fixes_inside_are_joined_while_the_gap_is_at_most_the_limit():
    found = visits_from_fixes(
        fixes(("t", 0, IN), ("t", 300, IN), ("t", 601, IN), ("t", 700, IN)), places(CIRCLE)
    )
    assert seconds(found) == [("t", "torget", 0, 300, 2), ("t", "torget", 601, 700, 2)]


def test_a_short_step_outside_does_not_end_a_visit_but_is_not_counted():
    found = visits_from_fixes(fixes(("t", 0, IN), ("t", 60, OUT), ("t", 120, IN)), places(CIRCLE))
    assert seconds(found) == [("t", "torget", 0, 120, 2)]


def test_tracks_are_kept_apart_and_order_of_rows_does_not_matter():
    found = visits_from_fixes(
        fixes(("u", 60, IN), ("t", 30, IN), ("u", 0, IN), ("t", 90, IN)), places(CIRCLE)
    )
    assert seconds(found) == [("u", "torget", 0, 60, 2), ("t", "torget", 30, 90, 2)]


def test_short_dwell_is_left_out_only_on_request():
    drive_through = fixes(("t", 0, OUT), ("t", 10, IN), ("t", 20, OUT))
    assert seconds(visits_from_fixes(drive_through, places(CIRCLE))) == [("t", "torget", 10, 10, 1)]
    assert visits_from_fixes(drive_through, places(CIRCLE), min_dwell_s=1).empty


def test_fixes_without_time_or_position_are_left_out():
    frame = fixes(("t", 0, IN), ("t", 60, IN), ("t", 120, IN))
    frame.loc[0, "at"] = pd.NaT
    frame.loc[1, "lon"] = np.nan
    assert seconds(visits_from_fixes(frame, places(CIRCLE))) == [("t", "torget", 120, 120, 1)]


def slow_visits(rows, circles, max_gap: int) -> set[tuple[str, str, float, float, int]]:
    """Walk each track's fixes past each place, one by one."""
    found = set()
    for track in {row[0] for row in rows}:
        for name, x, y, radius in circles:
            open_visit: list[float] = []
            for _, at, (px, py) in sorted(row for row in rows if row[0] == track):
                if np.hypot(px - x, py - y) > radius:
                    continue
                if open_visit and at - open_visit[-1] > max_gap:
                    found.add((track, name, open_visit[0], open_visit[-1], len(open_visit)))
                    open_visit = []
                open_visit.append(at)
            if open_visit:
                found.add((track, name, open_visit[0], open_visit[-1], len(open_visit)))
    return found


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["t", "u"]),
            st.integers(0, 40).map(lambda n: n * 50),
            # Whole tens of metres plus a half: never on a rim.
            st.tuples(st.integers(-12, 12), st.integers(-12, 12)).map(
                lambda xy: (xy[0] * 10 + 0.5, xy[1] * 10 + 0.5)
            ),
        ),
        max_size=25,
    ),
    st.sampled_from([100, 300]),
)
def test_equals_walking_each_track_past_each_place(rows, max_gap):
    circles = [("torget", 0, 0, 75), ("parken", 60, 10, 50)]
    frame = places(*[shape(shapely.Point(x, y), id=name, radius=r) for name, x, y, r in circles])
    found = visits_from_fixes(fixes(*rows), frame, max_gap_s=max_gap)
    assert len(found) == len(seconds(found))
    assert sorted(seconds(found)) == sorted(slow_visits(rows, circles, max_gap))


def test_moments_come_out_as_they_went_in():
    found = visits_from_fixes(fixes(("t", 0, IN)), places(CIRCLE))
    assert str(found["start_at"].dtype) == UTC_MOMENTS
    assert found["start_at"][0] == datetime.fromisoformat("2021-06-04T18:00:00+00:00")
