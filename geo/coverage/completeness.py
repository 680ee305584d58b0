"""Weeks in which nothing was reported at all, told apart from weeks without visits."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo.coverage.cells import NAT_US, microseconds
from geo.model.period import Period
from geo.model.time import to_us


def completeness(reported_at: pd.Series, *, period: Period) -> pd.DataFrame:
    """Tell weeks without visits apart from weeks in which nothing was reported at all.

    Parameters
    ----------
    reported_at
        When each reported thing happened: starts of all visits of all places, also those
        not done, since they too show that somebody reported.
    period
        The weeks to look at; the first and last are cut to it.

    Returns
    -------
    DataFrame
        One row per ISO week: ``period_start, period_end, reports`` (how many) and
        ``is_reported``.  Where that is False, zero visits means *unknown*, not none.
    """
    weeks = period.pieces("week")
    borders = np.array([to_us(week.start_at) for week in weeks] + [to_us(period.end_at)])
    moments = microseconds(reported_at)
    moments = moments[(moments != NAT_US) & (moments >= borders[0]) & (moments < borders[-1])]
    week = np.searchsorted(borders, moments, side="right") - 1
    reports = np.bincount(week, minlength=len(weeks))
    return pd.DataFrame(
        {
            "period_start": [week.from_on.isoformat() for week in weeks],
            "period_end": [week.to_on.isoformat() for week in weeks],
            "reports": reports,
            "is_reported": reports > 0,
        }
    )
