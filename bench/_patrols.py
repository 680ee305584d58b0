"""Made-up patrols among clustered places, as many as a bench asks for; nothing in them is real.

Places are polygons of 32 to 64 corners round a town's centre, more and larger on top of each
other there.  A patrol goes from place to place on foot or by car and stays a while; a receiver
gives a fix every 5 to 30 seconds with some metres of noise, and now and then nothing for a while.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.coverage.engine.tracks import Tracks
from geo.crs import unproject

EAST, NORTH = 351_000.0, 6_376_000.0
"""The middle of the town, in EPSG:3006."""

ORIGIN_US = 1_609_455_600_000_000
"""2021-01-01 in Sweden."""

_TRACK = 2_000
_NOISE_M = 4.0
_SPREAD_M = 2_500.0
"""How far from the centre places lie: the standard deviation."""


@dataclass(frozen=True, slots=True, eq=False)
class Patrols:
    """The same fixes as int32 columns and as degrees.

    Attributes
    ----------
    places
        ``location_id, start_at, end_at, radius_m, geometry``.
    tracks
        The fixes, whole seconds.
    lon_deg, lat_deg
        Their positions, rounded to 1e-7 degrees.
    """

    places: gpd.GeoDataFrame
    tracks: Tracks
    lon_deg: np.ndarray[tuple[int], np.dtype[np.float64]]
    lat_deg: np.ndarray[tuple[int], np.dtype[np.float64]]


def make_patrols(*, fixes: int, places: int, seed: int = 2021) -> Patrols:
    """Make about so many fixes among so many places.

    Parameters
    ----------
    fixes, places
        How many.
    seed
        For chance.
    """
    rng = np.random.default_rng(seed)
    # As dense for many places as for 200: about a third of the fixes are inside.
    spread_m = _SPREAD_M * max(1.0, (places / 200) ** 0.5)
    centre = rng.normal(0, spread_m, (places, 2))
    frame = _places(rng, centre)
    tracks = max(fixes // _TRACK, 1)
    lengths = np.full(tracks, fixes // tracks)
    at = np.empty(lengths.sum(), dtype=np.int32)
    metres = np.empty((len(at), 2))
    first = np.r_[0, np.cumsum(lengths)]
    for track in range(tracks):
        here = slice(first[track], first[track + 1])
        at[here], metres[here] = _patrol(rng, centre, int(lengths[track]))
        at[here] += int(rng.integers(0, 360)) * 86_400
    metres += rng.normal(0, _NOISE_M, metres.shape)
    lon, lat = unproject(EAST + metres[:, 0], NORTH + metres[:, 1])
    lon_units, lat_units = (np.rint(each * 1e7).astype(np.int32) for each in (lon, lat))
    columns = Tracks(lon_units, lat_units, at, first, origin_us=ORIGIN_US, tick_us=1_000_000)
    return Patrols(frame, columns, lon_units / 1e7, lat_units / 1e7)


def _places(rng: np.random.Generator, centre: np.ndarray) -> gpd.GeoDataFrame:
    shapes = []
    for number, (x, y) in enumerate(centre):
        radius = rng.uniform(40, 150)
        turn = np.linspace(0, 2 * np.pi, 64 if number % 2 else 32, endpoint=False)
        far = radius * (1.0 if number % 2 else rng.uniform(0.6, 1.0, len(turn)))
        lon, lat = unproject(EAST + x + far * np.cos(turn), NORTH + y + far * np.sin(turn))
        shapes.append(shapely.Polygon(np.column_stack([lon, lat])))
    never = pd.Series([pd.NaT] * len(shapes), dtype="datetime64[us, UTC]")
    return gpd.GeoDataFrame(
        {
            "location_id": [f"p{number:04d}" for number in range(len(shapes))],
            "start_at": never,
            "end_at": never,
            "radius_m": np.nan,
        },
        geometry=shapes,
        crs="EPSG:4326",
    )


def _patrol(
    rng: np.random.Generator, centre: np.ndarray, fixes: int
) -> tuple[np.ndarray, np.ndarray]:
    """Give moments and places in metres of one patrol."""
    wait = rng.integers(5, 31, fixes)
    wait[rng.random(fixes) < 0.005] += 900
    at = np.cumsum(wait)
    stops = fixes // 15 + 2
    stop = centre[rng.integers(0, len(centre), stops)] + rng.normal(0, 25, (stops, 2))
    pace = rng.choice([1.5, 8.0], stops - 1, p=[0.3, 0.7])
    travel = np.hypot(*(stop[1:] - stop[:-1]).T) / pace
    stay = rng.exponential(300, stops)
    arrives = np.r_[0, np.cumsum(travel + stay[:-1])]
    moments = np.column_stack([arrives, arrives + stay]).ravel()
    where = np.repeat(stop, 2, axis=0)
    x, y = (np.interp(at, moments, where[:, axis]) for axis in (0, 1))
    return at, np.column_stack([x, y])
