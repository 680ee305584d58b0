"""How long between visits: days since the last, longest gap, average idleness.

Gaps are the maximal pieces of a place's time with no visit under way.  Average idleness
``Σ gap² / (2L)`` is the mean, over all moments, of the time since somebody was last
there (patrolling literature: Machado et al. 2002, Chevaleyre 2004; the renewal result).
"""

from __future__ import annotations

import numpy as np

from geo.coverage.cells import Cells, Floats, add_up
from geo.coverage.stays import NEVER, Stays
from geo.model.time import DAY_US


def days_since_last(stays: Stays, cells: Cells) -> Floats:
    """Measure from the latest end among the visits begun before the end of each row's time.

    Visits before the period count too.  0 while one is under way, NaN where there
    never was one.  The end of a row's time is the end of its last piece.
    """
    since = np.maximum(cells.end[cells.row_last] - stays.last_seen, 0) / DAY_US
    days: Floats = np.where(stays.last_seen == NEVER, np.nan, since)
    return days


def longest_gap_and_idleness(stays: Stays, cells: Cells) -> tuple[Floats, Floats]:
    """Find the longest gap and the average idleness of each row, in days of 86 400 seconds.

    A place without visits has each of its pieces whole as a gap; a visit of zero length
    splits one; a row covered all the time has the gap 0.
    """
    # Each entry closes the gap since what was covered before it ...
    before = np.maximum(stays.start - stays.seen_to, 0)
    # ... and what no entry reaches up to the end of the cell is the cell's last gap.
    count = np.bincount(stays.cell, minlength=len(cells.start))
    visited = np.flatnonzero(count)
    covered = cells.start.copy()
    last = np.cumsum(count)[visited] - 1
    covered[visited] = np.maximum(stays.end[last], stays.seen_to[last])
    after = cells.end - covered

    row = cells.row[stays.cell]
    longest = np.zeros(cells.row_count, dtype=np.int64)
    np.maximum.at(longest, row, before)
    np.maximum.at(longest, cells.row, after)
    before_days, after_days = before / DAY_US, after / DAY_US
    squares = add_up(row, before_days**2, cells.row_count) + cells.per_row(after_days**2)
    length_days = cells.per_row(cells.length()) / DAY_US
    return longest / DAY_US, squares / (2 * length_days)
