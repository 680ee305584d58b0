"""Seconds in each place on each day, the line between fixes; beside geopandas' overlay of segments.

The peer asked for is ecoscope.  Its newest release on PyPI, 1.7.3, asks for geopandas ≤ 0.14.2 and
so cannot be installed beside this program; what it would do with the segments of a trajectory is
done here with geopandas: overlay them with the places, and share each segment's time by length.
All seconds are compared before any time is printed.
Run as ``python -m bench.place_days`` from the repository's folder.
"""

from __future__ import annotations

from datetime import timedelta

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from bench._engine import MAX_GAP_S, Size, patrols_of, size, time_beside
from bench._patrols import Patrols
from bench._table import tell
from geo.coverage.cube.hours import HOURS_PER_DAY, hour_borders_us
from geo.coverage.cube.totals import lay_time
from geo.coverage.engine.index import PlaceIndex, index_places
from geo.coverage.engine.visits import Rules, visits_of
from geo.model.period import Period
from geo.model.time import SECOND_US, from_us, local_day

QUICK, FULL = Size(100_000, 200, 7), Size(1_000_000, 200, 7)
AT_LEAST = {"2 threads": 1_000.0}
ECOSCOPE = "ecoscope 1.7.3 asks for geopandas ≤ 0.14.2: geopandas' overlay stands in for it"


def days_of(patrols: Patrols) -> Period:
    """Find the local days with a fix."""
    every = patrols.tracks.at_us(np.arange(len(patrols.tracks)))
    first, last = (local_day(from_us(int(each))) for each in (every.min(), every.max()))
    return Period(first, last + timedelta(days=1))


def place_days(patrols: Patrols, index: PlaceIndex, period: Period, *, threads: int) -> np.ndarray:
    """Measure the seconds in each place on each day, every track's own."""
    rules = Rules(max_gap_s=MAX_GAP_S, max_away_s=0)
    found = visits_of(
        patrols.tracks, index, by="lines", rules=rules, threads=threads, form="compiled"
    )
    time_us = np.zeros((len(index.place_ids), period.days), dtype=np.int64)
    borders = hour_borders_us(period)[::HOURS_PER_DAY]
    ones = np.ones_like(found.place)
    lay_time(time_us, borders, found.place, found.start_us, found.end_us, factor=ones)
    return time_us / SECOND_US


def overlay_days(patrols: Patrols, period: Period) -> np.ndarray:
    """Do the same with geopandas: lines between fixes, overlay, time shared by length."""
    tracks = patrols.tracks
    points = gpd.GeoSeries.from_xy(patrols.lon_deg, patrols.lat_deg, crs="EPSG:4326")
    xy = shapely.get_coordinates(points.to_crs("EPSG:3006").array)
    at_us = tracks.at_us(np.arange(len(tracks)))
    took_us = np.diff(at_us)
    track = tracks.track_of(np.arange(len(tracks)))
    begin = np.flatnonzero((track[1:] == track[:-1]) & (took_us <= MAX_GAP_S * SECOND_US))
    lines = shapely.linestrings(np.stack([xy[begin], xy[begin + 1]], axis=1))
    days = pd.to_datetime(at_us, unit="us", utc=True).tz_convert("Europe/Stockholm").normalize()
    day = (days.tz_localize(None) - pd.Timestamp(period.from_on)).days.to_numpy()
    # Patrols begin after midnight and end before the next; no line is on two days.
    assert (day[begin] == day[begin + 1]).all()
    segments = gpd.GeoDataFrame(
        {"day": day[begin], "s_per_m": took_us[begin] / SECOND_US / shapely.length(lines)},
        geometry=lines,
        crs="EPSG:3006",
    )
    areas = patrols.places[["geometry"]].to_crs("EPSG:3006")
    areas["place"] = np.arange(len(areas))
    inside = gpd.overlay(segments, areas, how="intersection", keep_geom_type=True)
    inside["seconds"] = inside.length * inside["s_per_m"]
    total = inside.groupby(["place", "day"])["seconds"].sum()
    seconds = np.zeros((len(areas), period.days))
    seconds[total.index.get_level_values(0), total.index.get_level_values(1)] = total
    return seconds


def main() -> None:
    """Compare, then time, then write."""
    wanted = size(QUICK, FULL)
    patrols = patrols_of(wanted)
    index = index_places(patrols.places)
    period = days_of(patrols)
    usual = overlay_days(patrols, period)
    for threads in (1, 2):
        ours = place_days(patrols, index, period, threads=threads)
        np.testing.assert_allclose(ours, usual, rtol=1e-4, atol=0.01)
    tell(f"{int(usual.sum())} seconds on {period.days} days, the same per place and day")
    time_beside(
        "place_days", wanted, AT_LEAST, patrols=patrols, what="place and day: ",
        ours=lambda threads: place_days(patrols, index, period, threads=threads),
        peer=("geopandas", lambda: overlay_days(patrols, period)),
        more={"ecoscope": ECOSCOPE},
    )  # fmt: skip
    print(f"   {ECOSCOPE}")


if __name__ == "__main__":
    main()
