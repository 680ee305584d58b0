"""Totals laid anew from the visits of some places, with numpy."""

from __future__ import annotations

import numpy as np

from geo.coverage.cells import Ints
from geo.coverage.cube.state import (
    END,
    KIND,
    LAST,
    OFFICER_US,
    OFFICERS,
    PATROL_US,
    START,
    VISITS,
    WEEK,
    State,
    visits_at,
    with_blends,
)
from geo.coverage.cube.stretches import stretches_of


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
    several = (found.kinds & (found.kinds - 1)) != 0
    state, blend = _blends_of(state, found.place[several], found.kinds[several])

    per_place = kind_count + 1
    lanes = (places[:, None] * per_place + np.arange(per_place)).ravel()
    of_places = np.zeros(len(state.visit_count), dtype=bool)
    of_places[places] = True
    used = int(state.wants[0])
    blends = np.flatnonzero(of_places[state.blend_place[:used]])
    state.lanes[lanes] = 0
    state.blends[blends] = 0

    column = WEEK + np.searchsorted(state.hour_us, start, side="right") - 1
    any_kind = np.full(len(place), kind_count)
    for kind in (visits[:, KIND], any_kind):
        lane = place * per_place + kind
        np.add.at(state.lanes[:, :, VISITS], (lane, column), 1)
        np.maximum.at(state.lanes[:, :, LAST], (lane, column), end + 1)
        officers = state.lanes[:, WEEK:, OFFICER_US]
        lay_time(officers, state.hour_us, lane, start, end, factor=visits[:, OFFICERS])
    # Whole powers of two up to 2⁶¹ are exact as floats.
    only = np.log2(found.kinds[~several]).astype(np.int64)
    for totals, row, which in (
        (state.lanes[:, WEEK:, PATROL_US], found.place * per_place + kind_count, slice(None)),
        (state.lanes[:, WEEK:, PATROL_US], found.place[~several] * per_place + only, ~several),
        (state.blends[:, WEEK:], blend, several),
    ):
        begins, ends = found.start_us[which], found.end_us[which]
        lay_time(totals, state.hour_us, row, begins, ends, factor=np.ones_like(row))

    for lane_ in lanes:
        weeks = state.lanes[lane_].reshape(-1, WEEK, 4)
        np.add.accumulate(weeks[:, :, :LAST], axis=0, out=weeks[:, :, :LAST])
        np.maximum.accumulate(weeks[:, :, LAST], axis=0, out=weeks[:, :, LAST])
    for blend_ in blends:
        weeks = state.blends[blend_].reshape(-1, WEEK)
        np.add.accumulate(weeks, axis=0, out=weeks)
    return state


def lay_time(
    totals: Ints, borders: Ints, row: Ints, start: Ints, end: Ints, *, factor: Ints
) -> None:
    """Add the time of intervals to the pieces of time they reach over.

    Parameters
    ----------
    totals
        ``(rows, pieces)`` at the least; changed.
    borders
        Where each piece begins and the last one ends, never falling.
    row, start, end
        Which row, and half-open intervals within the borders, in the same unit.
    factor
        How many times each counts.
    """
    some = start < end
    row, start, end, factor = row[some], start[some], end[some], factor[some]
    first = np.searchsorted(borders, start, side="right") - 1
    count = np.searchsorted(borders, end, side="left") - first
    entry = np.repeat(np.arange(len(row)), count)
    piece = first[entry] + np.arange(len(entry)) - np.repeat(np.cumsum(count) - count, count)
    time = np.minimum(end[entry], borders[piece + 1]) - np.maximum(start[entry], borders[piece])
    np.add.at(totals, (row[entry], piece), time * factor[entry])


def _blends_of(state: State, of: Ints, sets: Ints) -> tuple[State, Ints]:
    """Find the blend of each place and set of kinds; make those that are new."""
    each, which = np.unique(np.column_stack([of, sets]), axis=0, return_inverse=True)
    rows = np.array([_known(state, *pair) for pair in each.tolist()], dtype=np.int64)
    new = np.flatnonzero(rows < 0)
    used = int(state.wants[0])
    if used + len(new) > len(state.blends):
        state = with_blends(state, used + len(new) - len(state.blends))
    for row, (place, kinds) in enumerate(each[new].tolist(), start=used):
        state.blend_place[row], state.blend_kinds[row] = place, kinds
        state.blend_next[row] = state.blend_first[place]
        state.blend_first[place] = row
    rows[new] = used + np.arange(len(new))
    state.wants[0] = used + len(new)
    return state, rows[which.ravel()]


def _known(state: State, place: int, kinds: int) -> int:
    row = int(state.blend_first[place])
    while row >= 0 and state.blend_kinds[row] != kinds:
        row = int(state.blend_next[row])
    return row
