"""The coverage table: one row per place and calendar piece of a period."""

from __future__ import annotations

from typing import Final, Literal

import pandas as pd

from geo.coverage.cells import cut
from geo.coverage.hours import hit_in_time_share
from geo.coverage.intervals import days_since_last, longest_gap_and_idleness
from geo.coverage.presence import officer_min, patrol_min, visit_count
from geo.coverage.stays import lay
from geo.coverage.target import target_share
from geo.model.period import Grain, Period

FIGURES: Final = (
    "visits",
    "officer_min",
    "patrol_min",
    "days_since_last",
    "longest_gap_days",
    "avg_idleness_days",
    "target_share",
    "hit_in_time_share",
)

Figure = Literal[
    "visits",
    "officer_min",
    "patrol_min",
    "days_since_last",
    "longest_gap_days",
    "avg_idleness_days",
    "target_share",
    "hit_in_time_share",
]


def coverage_table(
    designations: pd.DataFrame, presence: pd.DataFrame, *, period: Period, by: Grain = "all"
) -> pd.DataFrame:
    """Count presence per place and calendar piece.

    Parameters
    ----------
    designations
        Pieces of the places' histories: ``location_id, name, start_at, end_at``
        (missing = open), ``visits_per_week, minutes_per_visit`` (missing = no target),
        ``unsafe_hours`` (UnsafeHours or None).  Several rows per place; not overlapping.
    presence
        Done visits, one row per visit and place it counts for: ``location_id, start_at,
        end_at, officers``.  Any order.  It should reach back before the period, so that
        ``days_since_last`` sees the visit before it.
    period
        Local days the table is about.
    by
        The calendar pieces that make the rows.

    Returns
    -------
    DataFrame
        ``location_id, name, period_start, period_end`` (ISO days, the piece cut to the
        period but not to the designation) and ``FIGURES``; places in order of first
        appearance, then by time.  No row where a place was not designated at all in a
        piece; otherwise always one, also without visits.  NaN where not measurable or
        never visited; nothing is rounded.  The name is that of the last designation
        in the piece.

    Raises
    ------
    ValueError
        Where designations of one place overlap, or a visit has no start or end or
        ends before it starts.
    """
    cells = cut(designations, period=period, grain=by)
    stays = lay(presence, cells)
    longest, idleness = longest_gap_and_idleness(stays, cells)
    last = cells.designation[cells.row_last]
    # Pieces follow one upon the other: each ends where the next begins.
    borders = [piece.from_on.isoformat() for piece in cells.pieces] + [period.to_on.isoformat()]
    days = pd.array(borders, dtype="str")
    return pd.DataFrame(
        {
            "location_id": designations["location_id"].array.take(last),
            "name": designations["name"].array.take(last),
            "period_start": days.take(cells.row_piece),
            "period_end": days.take(cells.row_piece + 1),
            "visits": visit_count(stays, cells),
            "officer_min": officer_min(stays, cells),
            "patrol_min": patrol_min(stays, cells),
            "days_since_last": days_since_last(stays, cells),
            "longest_gap_days": longest,
            "avg_idleness_days": idleness,
            "target_share": target_share(designations, stays, cells),
            "hit_in_time_share": hit_in_time_share(designations, stays, cells),
        },
        copy=False,
    )
