"""When: patrol minutes inside a place's unsafe hours, and by weekday and hour."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pandas as pd

from geo.coverage.cells import Cells, Floats, Ints, add_up, cut
from geo.coverage.stays import Stays, lay
from geo.model.hours import FIRST_MONDAY_US, WEEK_MIN, UnsafeHours
from geo.model.period import Period
from geo.model.time import HOUR_US, MINUTE_US, WEEK_US, utc_offsets

HOURS_PER_WEEK = 7 * 24


def hit_in_time_share(designations: pd.DataFrame, stays: Stays, cells: Cells) -> Floats:
    """Find the share of patrol minutes inside the unsafe hours, per row.

    NaN without unsafe hours or without minutes.  A piece of the place's history without
    unsafe hours is not measurable: its minutes do not count.
    """
    hours, which = _distinct(designations["unsafe_hours"])
    share = np.full(cells.row_count, np.nan)
    if not hours:
        return share
    start, end = stays.fresh()
    which_stay = which[cells.designation][stays.cell]
    counts = np.flatnonzero((start < end) & (which_stay >= 0))
    cell, to_utc = stays.cell[counts], _to_utc(stays, cells)[counts]
    entry, start, end = _on_the_wall(start[counts] + to_utc, end[counts] + to_utc, cells)
    if len(entry) > len(counts):
        counts, cell = counts[entry], cell[entry]
    inside = _weekly(tuple(hours)).inside_us(which_stay[counts], start, end)
    row = cells.row[cell]
    patrolled = add_up(row, end - start, cells.row_count)
    hit = add_up(row, inside, cells.row_count)
    np.divide(hit, patrolled, out=share, where=patrolled > 0)
    return share


def weekday_hour_minutes(
    designations: pd.DataFrame, presence: pd.DataFrame, *, period: Period
) -> Floats:
    """Spread patrol minutes over the hours of the week, by local wall clock.

    Returns
    -------
    ndarray of shape (7, 24)
        Minutes, Monday first.  Each place's own minutes are added up, so the matrix
        adds up to ``patrol_min`` of all rows of the coverage table.  The hour that
        comes back in autumn gets the minutes of both.
    """
    cells = cut(designations, period=period, grain="all")
    stays = lay(presence, cells)
    start, end = stays.fresh()
    to_utc = _to_utc(stays, cells)
    some = start < end
    _, start, end = _on_the_wall((start + to_utc)[some], (end + to_utc)[some], cells)
    minutes: Floats = (_by_hour(start, end) / MINUTE_US).reshape(7, 24)
    return minutes


def _to_utc(stays: Stays, cells: Cells) -> Ints:
    """Give what leads each stay from the stacked time line to microseconds since 1970 UTC."""
    return (cells.origin_us - cells.place * cells.stride)[stays.cell]


def _on_the_wall(start_us: Ints, end_us: Ints, cells: Cells) -> tuple[Ints, Ints, Ints]:
    """Turn UTC intervals of the cells' period into wall clock, cut where the clocks shift.

    Returns
    -------
    tuple of ndarray
        Which interval each piece is of, and its start and end in microseconds since the
        first Monday of 1970, by the wall.
    """
    spans, offsets = utc_offsets(cells.origin_us, cells.origin_us + cells.length_us)
    entry = np.arange(len(start_us))
    for shift in spans[1:]:
        across = np.flatnonzero((start_us < shift) & (shift < end_us))
        if len(across):
            entry = np.r_[entry, entry[across]]
            start_us = np.r_[start_us, np.full(len(across), shift)]
            end_us = np.r_[end_us, end_us[across]]
            end_us[across] = shift
    to_wall = offsets[np.searchsorted(spans, start_us, side="right") - 1] - FIRST_MONDAY_US
    return entry, start_us + to_wall, end_us + to_wall


def _by_hour(start: Ints, end: Ints) -> Floats:
    """Spread intervals of wall clock (microseconds since a Monday) over 168 hours."""
    first = start // HOUR_US
    count = (end - 1) // HOUR_US - first + 1
    entry = np.repeat(np.arange(len(start)), count)
    hour = first[entry] + np.arange(len(entry)) - np.repeat(np.cumsum(count) - count, count)
    inside = np.minimum(end[entry], (hour + 1) * HOUR_US) - np.maximum(start[entry], hour * HOUR_US)
    return add_up(hour % HOURS_PER_WEEK, inside, HOURS_PER_WEEK)


@lru_cache(maxsize=32)
def _weekly(hours: tuple[UnsafeHours, ...]) -> _Weekly:
    """Lay hours on one line; a table asked for again has the same."""
    return _Weekly(hours)


def _distinct(column: pd.Series) -> tuple[list[UnsafeHours], Ints]:
    """List the different hours and, per designation, which of them it has (−1: none)."""
    position: dict[UnsafeHours, int] = {}
    which = [
        position.setdefault(value, len(position)) if isinstance(value, UnsafeHours) else -1
        for value in column
    ]
    return list(position), np.array(which, dtype=np.int64)


class _Weekly:
    """The windows of many weekly hours on one line: hours h from ``h`` to ``h + 1`` weeks."""

    def __init__(self, hours: Sequence[UnsafeHours]) -> None:
        windows: list[tuple[int, int, int]] = []
        for position, each in enumerate(hours):
            # A window of no length at Monday 00:00 stands before the first real one.
            before = 0
            for opens, closes in ((0, 0), *each.windows):
                windows.append((position * WEEK_MIN + opens, closes - opens, before))
                before += closes - opens
        windows.append((len(hours) * WEEK_MIN, 0, 0))
        self._opens, self._lengths, self._before = np.array(windows, dtype=np.int64).T * MINUTE_US
        self._weekly = np.array([each.minutes_per_week for each in hours]) * MINUTE_US

    def inside_us(self, which: Ints, start: Ints, end: Ints) -> Ints:
        """Measure how much of each interval of wall clock lies inside the hours it is given."""
        at = start % WEEK_US + which * WEEK_US
        window = np.searchsorted(self._opens, at, side="right") - 1
        into, length = at - self._opens[window], self._lengths[window]
        inside: Ints = np.minimum(into + (end - start), length) - np.minimum(into, length)
        # Few reach into the next window or the next week; those take the long way.
        far = np.flatnonzero(at + (end - start) > self._opens[window + 1])
        inside[far] = self._elapsed(which[far], end[far]) - self._elapsed(which[far], start[far])
        return inside

    def _elapsed(self, which: Ints, wall: Ints) -> Ints:
        """Count the microseconds inside from the first Monday of 1970 to a wall clock."""
        week = wall // WEEK_US
        at = wall + (which - week) * WEEK_US
        window = np.searchsorted(self._opens, at, side="right") - 1
        inside = np.minimum(at - self._opens[window], self._lengths[window])
        counted: Ints = week * self._weekly[which] + self._before[window] + inside
        return counted
