"""A filter's answer from the totals: the hours wanted, as the week that ends at each border."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geo.coverage.cells import Bools, Ints
from geo.coverage.cube.hours import HOURS_PER_DAY
from geo.coverage.cube.state import WEEK, State


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """What was counted in a period, an entry per place; microseconds.

    Attributes
    ----------
    visits
        Visits that start in it, in the hours wanted.
    officer_us, patrol_us
        Every officer's time, and the time somebody was there, in the hours wanted.
    last_end_us
        Since 1970 UTC: the latest end among the visits begun before the period's end (also before
        the period) in the hours wanted; ``NAT_US`` where there never was one.
    """

    visits: Ints
    officer_us: Ints
    patrol_us: Ints
    last_end_us: Ints


def masks_at(borders: tuple[int, ...], weekday_hours: Bools, *, first_weekday: int) -> Ints:
    """Lay the hours wanted on the week that ends at each border.

    Parameters
    ----------
    borders
        Days since the cube's first day.
    weekday_hours
        ``(7, 24)``, Monday first.
    first_weekday
        Of the cube's first day, Monday 0.

    Returns
    -------
    ndarray of shape (borders, 168)
        −1, all bits, for hours wanted; 0 for others.
    """
    weeks = [
        np.roll(weekday_hours, -((first_weekday + border) % 7), axis=0).ravel()
        for border in borders
    ]
    return -np.array(weeks, dtype=np.int64)


def add_up(state: State, wanted: int, borders: tuple[int, ...], masks: Ints) -> Ints:
    """Do what ``kernel_cube.add_up`` does, with numpy; gives its `out`."""
    out = np.zeros((len(state.visit_count), 8), dtype=np.int64)
    lanes = len(state.started)
    lane = np.flatnonzero(state.blend_kinds[:lanes] & wanted)
    place = state.blend_place[lane]
    blend = np.flatnonzero(state.blend_kinds[: state.blend_count[0]] & wanted)
    for column, totals, row in (
        (0, state.started, lane), (1, state.officer_us, lane), (2, state.patrol_us, blend),
    ):  # fmt: skip
        of_place = state.blend_place[row]
        before, begin, end = (
            _week(totals, row, border, mask).sum(axis=1)
            for border, mask in zip(borders, masks, strict=True)
        )
        np.add.at(out[:, column], of_place, end - begin)
        np.add.at(out[:, column + 4], of_place, begin - before)
    for column, border, mask in ((3, borders[2], masks[2]), (7, borders[1], masks[1])):
        latest = _week(state.last, lane, border, mask).max(axis=1, initial=0)
        np.maximum.at(out[:, column], place, latest)
    return out


def _week(totals: np.ndarray, row: Ints, border: int, mask: Ints) -> Ints:
    first = border * HOURS_PER_DAY
    week: Ints = totals[row, first : first + WEEK] & mask
    return week
