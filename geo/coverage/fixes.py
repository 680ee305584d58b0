"""GPS fixes → visits: the seam behind which a faster engine may stand.

A track's fixes inside a place are joined to one visit while each comes within
``max_gap_s`` of the one before it inside.  So a short step outside, or a fix that noise
threw there, does not end the visit.  Time comes from the clock and not from the length of
the line, since presence is standing still.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.coverage.cells import NAT_US, microseconds
from geo.coverage.placing import covered_by
from geo.model.time import SECOND_US


def visits_from_fixes(
    fixes: pd.DataFrame,
    places: gpd.GeoDataFrame,
    *,
    max_gap_s: float = 300,
    min_dwell_s: float = 0,
) -> pd.DataFrame:
    """Find when each track was inside each designated place.

    Parameters
    ----------
    fixes
        ``track_id, at, lon, lat`` in any order; fixes without a time or position are left
        out.
    places
        As for ``place_visits``; a fix counts while the place is designated.
    max_gap_s
        The longest time between two fixes inside that are one visit, inclusive.
    min_dwell_s
        The shortest visit to keep, from first to last fix, inclusive; 0 keeps also the
        visit of a single fix.

    Returns
    -------
    DataFrame
        ``track_id, location_id, start_at, end_at, fix_count``: first and last fix inside,
        in order of track (first appearance), start, place.
    """
    at = microseconds(fixes["at"])
    lon = fixes["lon"].to_numpy(dtype=np.float64)
    lat = fixes["lat"].to_numpy(dtype=np.float64)
    tracks, track_ids = pd.factorize(fixes["track_id"])
    known = (at != NAT_US) & np.isfinite(lon) & np.isfinite(lat) & (tracks >= 0)
    known_at = np.flatnonzero(known)
    order = known_at[np.lexsort((at[known_at], tracks[known_at]))]
    at, track = at[order], tracks[order]
    fix, piece = covered_by(lon[order], lat[order], at, at, places)

    codes, location_ids = pd.factorize(places["location_id"])
    pairs = np.unique(np.column_stack([codes[piece], fix]), axis=0).astype(np.int64)
    place, fix = pairs[:, 0], pairs[:, 1]

    # In order of place, then fix: a visit ends where the place or the track does, or at a gap.
    ends = np.ones(len(fix), dtype=bool)
    ends[:-1] = (
        (place[1:] != place[:-1])
        | (track[fix[1:]] != track[fix[:-1]])
        | (at[fix[1:]] - at[fix[:-1]] > max_gap_s * SECOND_US)
    )
    last = np.flatnonzero(ends)
    first = np.r_[0, last[:-1] + 1][: len(last)]
    start, end = at[fix[first]], at[fix[last]]
    keep = np.flatnonzero(end - start >= min_dwell_s * SECOND_US)
    keep = keep[np.lexsort((place[first][keep], start[keep], track[fix[first]][keep]))]
    return pd.DataFrame(
        {
            "track_id": track_ids.take(track[fix[first]][keep]),
            "location_id": location_ids.take(place[first][keep]),
            "start_at": pd.to_datetime(start[keep], unit="us", utc=True).as_unit("us"),
            "end_at": pd.to_datetime(end[keep], unit="us", utc=True).as_unit("us"),
            "fix_count": (last - first + 1)[keep],
        }
    )
