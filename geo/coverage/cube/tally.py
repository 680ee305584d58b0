"""A filter's answer from the totals: the hours wanted, as the week that ends at each border."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geo.coverage.cells import Bools, Ints
from geo.coverage.cube.hours import HOURS_PER_DAY
from geo.coverage.cube.state import LAST, PATROL_US, State


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


def columns_at(borders: tuple[int, ...], weekday_hours: Bools, *, first_weekday: int) -> Ints:
    """Find the totals of the hours wanted at each border: those of the week that ends there.

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
    ndarray of shape (borders, hours wanted)
        Columns of the totals, rising.
    """
    weeks = [
        border * HOURS_PER_DAY
        + np.flatnonzero(np.roll(weekday_hours, -((first_weekday + border) % 7), axis=0))
        for border in borders
    ]
    return np.array(weeks, dtype=np.int64)


def add_up(state: State, wanted: int, columns: Ints, *, kind_count: int) -> Ints:
    """Do what ``kernel_cube.add_up`` does, with numpy; gives its `out`."""
    per_place = kind_count + 1
    out = np.zeros((len(state.visit_count), 8), dtype=np.int64)
    kinds = [kind for kind in range(kind_count) if wanted >> kind & 1]
    if len(kinds) == kind_count:
        kinds = [kind_count]
    lanes = state.lanes.reshape(-1, per_place, *state.lanes.shape[1:])
    for kind in kinds:
        before, begin, end = (lanes[:, kind, column] for column in columns)
        out[:, :LAST] += (end.sum(axis=1) - begin.sum(axis=1))[:, :LAST]
        out[:, 4:-1] += (begin.sum(axis=1) - before.sum(axis=1))[:, :LAST]
        for position, week in ((LAST, end), (4 + LAST, begin)):
            latest = week[:, :, LAST].max(axis=1, initial=0)
            np.maximum(out[:, position], latest, out=out[:, position])
    if kinds != [kind_count]:
        row = np.flatnonzero(state.blend_kinds[: state.wants[0]] & wanted)
        totals, place = state.blends[row], state.blend_place[row]
        before, begin, end = (totals[:, column].sum(axis=1) for column in columns)
        np.add.at(out[:, PATROL_US], place, end - begin)
        np.add.at(out[:, 4 + PATROL_US], place, begin - before)
    return out
