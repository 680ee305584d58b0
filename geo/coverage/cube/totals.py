"""Totals laid anew from the visits of some places, with numpy."""

from __future__ import annotations

import numpy as np

from geo.coverage.cells import Ints
from geo.coverage.cube.state import END, KIND, OFFICERS, START, WEEK, State, visits_at, with_blends
from geo.coverage.cube.stretches import Stretches, stretches_of


def lay_anew(state: State, places: Ints, *, kind_count: int) -> State:
    """Lay all totals of some places anew.

    Parameters
    ----------
    state
        Its totals are changed.
    places
        Which places, each once.
    kind_count
        How many kinds there are.

    Returns
    -------
    State
        The same arrays, or larger ones where new sets of kinds turned up.
    """
    place = np.repeat(places, state.visit_count[places])
    parts = [visits_at(state, one) for one in places.tolist()]
    visits = np.concatenate([np.empty((0, 4), dtype=np.int64), *parts])
    start, end = visits[:, START], visits[:, END]
    found = stretches_of(
        place, start, end, visits[:, KIND],
        kind_count=kind_count, length_us=int(state.hour_us[-1]),
    )  # fmt: skip
    state, blend = _blends_of(state, found, kind_count)

    lanes = (places[:, None] * kind_count + np.arange(kind_count)).ravel()
    of_places = np.zeros(len(state.visit_count), dtype=bool)
    of_places[places] = True
    used = int(state.blend_count[0])
    blends = np.flatnonzero(of_places[state.blend_place[:used]])
    for totals, rows in (
        (state.started, lanes), (state.officer_us, lanes), (state.last, lanes),
        (state.patrol_us, blends),
    ):  # fmt: skip
        totals[rows] = 0

    lane = place * kind_count + visits[:, KIND]
    column = WEEK + np.searchsorted(state.hour_us, start, side="right") - 1
    np.add.at(state.started, (lane, column), 1)
    np.maximum.at(state.last, (lane, column), end + 1)
    _lay_time(state.officer_us, state.hour_us, lane, start, end, factor=visits[:, OFFICERS])
    ones = np.ones(len(blend), dtype=np.int64)
    _lay_time(state.patrol_us, state.hour_us, blend, found.start_us, found.end_us, factor=ones)

    for lane_ in lanes:
        for totals in (state.started, state.officer_us):
            weeks = totals[lane_].reshape(-1, WEEK)
            np.add.accumulate(weeks, axis=0, out=weeks)
        weeks = state.last[lane_].reshape(-1, WEEK)
        np.maximum.accumulate(weeks, axis=0, out=weeks)
    for blend_ in blends:
        weeks = state.patrol_us[blend_].reshape(-1, WEEK)
        np.add.accumulate(weeks, axis=0, out=weeks)
    return state


def _lay_time(
    totals: Ints, hour_us: Ints, row: Ints, start: Ints, end: Ints, *, factor: Ints
) -> None:
    """Add the time of intervals to the hours they reach over."""
    some = start < end
    row, start, end, factor = row[some], start[some], end[some], factor[some]
    first = np.searchsorted(hour_us, start, side="right") - 1
    count = np.searchsorted(hour_us, end, side="left") - first
    entry = np.repeat(np.arange(len(row)), count)
    hour = first[entry] + np.arange(len(entry)) - np.repeat(np.cumsum(count) - count, count)
    time = np.minimum(end[entry], hour_us[hour + 1]) - np.maximum(start[entry], hour_us[hour])
    np.add.at(totals, (row[entry], WEEK + hour), time * factor[entry])


def _blends_of(state: State, found: Stretches, kind_count: int) -> tuple[State, Ints]:
    """Find the row of each stretch's place and set of kinds; make those that are new."""
    several = (found.kinds & (found.kinds - 1)) != 0
    # Whole powers of two up to 2⁶¹ are exact as floats.
    only = np.log2(np.where(several, 1, found.kinds)).astype(np.int64)
    blend = found.place * kind_count + only
    pairs = np.column_stack([found.place[several], found.kinds[several]])
    each, which = np.unique(pairs, axis=0, return_inverse=True)
    rows = np.array([_known(state, *pair) for pair in each.tolist()], dtype=np.int64)
    new = np.flatnonzero(rows < 0)
    used = int(state.blend_count[0])
    if used + len(new) > len(state.blend_kinds):
        state = with_blends(state, used + len(new) - len(state.blend_kinds))
    for row, pair in enumerate(each[new].tolist(), start=used):
        place, kinds = pair
        state.blend_place[row], state.blend_kinds[row] = place, kinds
        state.blend_next[row] = state.blend_first[place]
        state.blend_first[place] = row
    rows[new] = used + np.arange(len(new))
    state.blend_count[0] = used + len(new)
    blend[several] = rows[which.ravel()]
    return state, blend


def _known(state: State, place: int, kinds: int) -> int:
    row = int(state.blend_first[place])
    while row >= 0 and state.blend_kinds[row] != kinds:
        row = int(state.blend_next[row])
    return row
