"""How much of what was aimed at: each place against its own target."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo.coverage.cells import Cells, Floats, Ints, cut
from geo.coverage.stays import Stays, lay
from geo.model.period import Grain, Period
from geo.model.time import MINUTE_US, WEEK_US


def target_share(designations: pd.DataFrame, stays: Stays, cells: Cells) -> Floats:
    """Compare the visits that reach the place's length with the visits expected.

    ``min(1, q / (visits_per_week · L / 168 h))`` with q = visits that start in the row's
    time and whose whole length is at least ``minutes_per_visit`` (all, where none is set).

    A piece of the place's history without a target is not measurable: neither its time
    nor its visits count, and a row of such pieces only is NaN, never 0 or 1.
    """
    expected = expected_visits(designations, cells)
    actual = counting_visits(designations, stays, cells)
    share = np.full(cells.row_count, np.nan)
    np.divide(actual, expected, out=share, where=expected > 0)
    capped: Floats = np.minimum(share, 1.0)
    return capped


def expected_visits(designations: pd.DataFrame, cells: Cells) -> Floats:
    """Add up ``visits_per_week · L / 168 h`` per row; 0 where there is no target."""
    weekly = _weekly(designations, cells)
    return cells.per_row(np.where(weekly > 0, weekly * (cells.length() / WEEK_US), 0.0))


def counting_visits(designations: pd.DataFrame, stays: Stays, cells: Cells) -> Ints:
    """Count q: the visits that start in each row's time, have a target and are long enough."""
    at_least_min = designations["minutes_per_visit"].to_numpy(dtype=np.float64, na_value=np.nan)
    at_least_us = np.nan_to_num(at_least_min[cells.designation], nan=0.0) * MINUTE_US
    # No visit is long enough where nothing is measured; NaN is not.
    at_least_us[~(_weekly(designations, cells) > 0)] = np.inf
    counts = stays.begins & (stays.whole_us >= at_least_us[stays.cell])
    return np.bincount(cells.row[stays.cell[counts]], minlength=cells.row_count)


def target_table(
    designations: pd.DataFrame, presence: pd.DataFrame, *, period: Period, by: Grain = "all"
) -> pd.DataFrame:
    """Give the two numbers behind each target share.

    Returns
    -------
    DataFrame
        ``location_id, counting_visits, expected_visits``: the same rows in the same order
        as ``coverage_table`` of the same arguments.  Where there is no target both are 0.
    """
    cells = cut(designations, period=period, grain=by)
    stays = lay(presence, cells)
    return pd.DataFrame(
        {
            "location_id": cells.places.take(cells.row_place),
            "counting_visits": counting_visits(designations, stays, cells),
            "expected_visits": expected_visits(designations, cells),
        }
    )


def _weekly(designations: pd.DataFrame, cells: Cells) -> Floats:
    weekly = designations["visits_per_week"].to_numpy(dtype=np.float64, na_value=np.nan)
    of_cells: Floats = weekly[cells.designation]
    return of_cells
