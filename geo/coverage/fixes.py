"""GPS fixes → visits: the seam, and behind it the engine.

A track's fixes inside a place are joined to one visit while each comes within
``max_gap_s`` of the one before it inside.  So a short step outside, or a fix that noise
threw there, does not end the visit.  Time comes from the clock and not from the length of
the line, since presence is standing still.
"""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from geo.coverage.engine.visits import MAX_GAP_S, Rules, find_visits


def visits_from_fixes(
    fixes: pd.DataFrame,
    places: gpd.GeoDataFrame,
    *,
    max_gap_s: float = MAX_GAP_S,
    min_dwell_s: float = 0,
) -> pd.DataFrame:
    """Find when each track was inside each designated place.

    Parameters
    ----------
    fixes
        ``track_id, at, lon, lat`` in any order; fixes without a time or position are left
        out.  Positions are rounded to 1e-7 degrees.
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
        in order of track (first appearance), start, place.  ``geo.coverage.engine.visits``
        also counts what was left out, and follows the lines between fixes.
    """
    found = find_visits(fixes, places, rules=Rules(max_gap_s=max_gap_s, min_dwell_s=min_dwell_s))
    return found.visits[["track_id", "location_id", "start_at", "end_at", "fix_count"]]
