"""One more visit and one less, and a filter's answer; ``geo.coverage.cube`` says it with numpy."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from geo.coverage.cells import Ints
from geo.coverage.cube.state import WEEK as _WEEK
from geo.coverage.cube.state import State, empty_state, with_visits
from geo.coverage.engine.compiled import compiled, inlined
from geo.model.period import Period
from geo.model.time import HOUR_US


@inlined
def _hour_of(hour_us: Ints, moment: int) -> int:
    """Find the last hour that begins at a moment or before; clocks are off by an hour at most."""
    hour = min(moment // HOUR_US, len(hour_us) - 2)
    while hour_us[hour] > moment:
        hour -= 1
    while hour_us[hour + 1] <= moment:
        hour += 1
    return hour


@compiled
def _lay(totals: Ints, row: int, hour_us: Ints, start: int, end: int, factor: int) -> None:
    """Add the time from start to end to its hours, and to the same hour of all later weeks."""
    hour = _hour_of(hour_us, start)
    while start < end:
        until = min(hour_us[hour + 1], end)
        time = (until - start) * factor
        if time != 0:
            for column in range(_WEEK + hour, totals.shape[1], _WEEK):
                totals[row, column] += time
        start = until
        hour += 1


@inlined
def _is_before(visits: Ints, row: int, start: int, end: int, kind: int, officers: int) -> bool:
    """Tell whether a row comes before a visit, which no equal one does."""
    if visits[row, 0] != start:
        return bool(visits[row, 0] < start)
    if visits[row, 1] != end:
        return bool(visits[row, 1] < end)
    if visits[row, 2] != kind:
        return bool(visits[row, 2] < kind)
    return bool(visits[row, 3] < officers)


@inlined
def _position(
    visits: Ints, low: int, high: int, start: int, end: int, kind: int, officers: int
) -> int:
    """Find the first row not before a visit."""
    while low < high:
        middle = (low + high) // 2
        if _is_before(visits, middle, start, end, kind, officers):
            low = middle + 1
        else:
            high = middle
    return low


@inlined
def _overlapping(
    visits: Ints, low: int, before: int, after: int, high: int, longest: int,
    start: int, end: int, near: Ints,
) -> int:  # fmt: skip
    """List the rows, below `before` and from `after` on, that share time with a visit there."""
    count = 0
    row = before - 1
    while row >= low and visits[row, 0] > start - longest:
        if visits[row, 1] > start and visits[row, 0] < visits[row, 1]:
            near[count] = row
            count += 1
        row -= 1
    row = after
    while row < high and visits[row, 0] < end:
        if visits[row, 0] < visits[row, 1]:
            near[count] = row
            count += 1
        row += 1
    return count


@inlined
def _has_room(blend_count: Ints, room: int, near: int, kind_count: int) -> bool:
    """Tell whether all sets of kinds a visit can make fit, and if not, ask for that many."""
    wanted = min(4 * near + 2, 1 << kind_count) if near else 0
    has_room = bool(blend_count[0] + wanted <= room)
    blend_count[1] = 0 if has_room else wanted
    return has_room


@compiled
def _blend(state: State, place: int, kinds: int, kind_count: int) -> int:
    """Find the row of a set of kinds; there is room for a new one."""
    if kinds & (kinds - 1) == 0:
        kind = 0
        while kinds >> kind != 1:
            kind += 1
        return place * kind_count + kind
    row = state.blend_first[place]
    while row >= 0 and state.blend_kinds[row] != kinds:
        row = state.blend_next[row]
    if row < 0:
        row = state.blend_count[0]
        state.blend_count[0] += 1
        state.blend_place[row] = place
        state.blend_kinds[row] = kinds
        state.blend_next[row] = state.blend_first[place]
        state.blend_first[place] = row
    return int(row)


@compiled
def _lay_stretches(
    state: State, place: int, start: int, end: int, kind: int, count: int, sign: int,
    kind_count: int,
) -> None:  # fmt: skip
    """Move the time of a visit, stretch by stretch, into the sets its kind joins; or back."""
    bit = 1 << kind
    while start < end:
        until = end
        without = 0
        for position in range(count):
            row = state.near[position]
            if state.visits[row, 0] > start:
                until = min(until, state.visits[row, 0])
            elif state.visits[row, 1] > start:
                until = min(until, state.visits[row, 1])
                without |= 1 << state.visits[row, 2]
        if without & bit == 0:
            blend = _blend(state, place, without | bit, kind_count)
            _lay(state.patrol_us, blend, state.hour_us, start, until, sign)
            if without:
                blend = _blend(state, place, without, kind_count)
                _lay(state.patrol_us, blend, state.hour_us, start, until, -sign)
        start = until


@compiled
def put(
    state: State, place: Ints, start_us: Ints, end_us: Ints, kind: Ints, officers: Ints,
    begin: int, kind_count: int,
) -> int:  # fmt: skip
    """Add visits, from `begin` on.

    Returns
    -------
    int
        How many are in; fewer than all where there is no room for more sets of kinds, in which
        case ``blend_count[1]`` says for how many there should be.
    """
    visits, hour_us = state.visits, state.hour_us
    for number in range(begin, len(place)):
        here, start, end = place[number], start_us[number], end_us[number]
        low = state.visit_first[here]
        high = low + state.visit_count[here]
        at = _position(visits, low, high, start, end, kind[number], officers[number])
        if start < end:
            near = _overlapping(
                visits, low, at, at, high, state.longest_us[here], start, end, state.near
            )
            if not _has_room(state.blend_count, len(state.blend_kinds), near, kind_count):
                return number
            _lay_stretches(state, here, start, end, kind[number], near, 1, kind_count)
            state.longest_us[here] = max(state.longest_us[here], end - start)
        row = high
        while row > at:
            for column in range(4):
                visits[row, column] = visits[row - 1, column]
            row -= 1
        visits[at, 0] = start
        visits[at, 1] = end
        visits[at, 2] = kind[number]
        visits[at, 3] = officers[number]
        state.visit_count[here] += 1
        lane = here * kind_count + kind[number]
        _lay(state.officer_us, lane, hour_us, start, end, officers[number])
        begun = _WEEK + _hour_of(hour_us, start)
        for column in range(begun, state.started.shape[1], _WEEK):
            state.started[lane, column] += 1
        for column in range(begun, state.last.shape[1], _WEEK):
            if state.last[lane, column] > end:
                break
            state.last[lane, column] = end + 1
    return len(place)


@compiled
def take(
    state: State, place: Ints, start_us: Ints, end_us: Ints, kind: Ints, officers: Ints,
    begin: int, kind_count: int,
) -> int:  # fmt: skip
    """Take visits out again, each as it was put in, from `begin` on.

    Returns
    -------
    int
        How many are out; fewer than all where there is no room, as for `put`, or the next one
        is not there.
    """
    visits, hour_us = state.visits, state.hour_us
    for number in range(begin, len(place)):
        here, start, end = place[number], start_us[number], end_us[number]
        low = state.visit_first[here]
        high = low + state.visit_count[here]
        at = _position(visits, low, high, start, end, kind[number], officers[number])
        if (
            at == high
            or visits[at, 0] != start
            or visits[at, 1] != end
            or visits[at, 2] != kind[number]
            or visits[at, 3] != officers[number]
        ):
            return number
        if start < end:
            near = _overlapping(
                visits, low, at, at + 1, high, state.longest_us[here], start, end, state.near
            )
            # Three kinds that met leave two, a set there may not have been before.
            if not _has_room(state.blend_count, len(state.blend_kinds), near, kind_count):
                return number
            _lay_stretches(state, here, start, end, kind[number], near, -1, kind_count)
        high -= 1
        for row in range(at, high):
            for column in range(4):
                visits[row, column] = visits[row + 1, column]
        state.visit_count[here] -= 1
        lane = here * kind_count + kind[number]
        _lay(state.officer_us, lane, hour_us, start, end, -officers[number])
        hour = _hour_of(hour_us, start)
        for column in range(_WEEK + hour, state.started.shape[1], _WEEK):
            state.started[lane, column] -= 1
        _mend_last(state, lane, low, high, hour, end + 1, kind[number])
    return len(place)


@compiled
def _mend_last(
    state: State, lane: int, low: int, high: int, hour: int, gone: int, kind: int
) -> None:
    """Find the latest end anew, from an hour on in all weeks where it is the one that is gone."""
    visits, last = state.visits, state.last
    for column in range(_WEEK + hour, last.shape[1], _WEEK):
        if last[lane, column] != gone:
            return
        latest = last[lane, column - _WEEK]
        if column - _WEEK < len(state.hour_us) - 1:
            opens = state.hour_us[column - _WEEK]
            closes = state.hour_us[column - _WEEK + 1]
            row = _position(visits, low, high, opens, opens, 0, 0)
            while row < high and visits[row, 0] < closes:
                if visits[row, 2] == kind:
                    latest = max(latest, visits[row, 1] + 1)
                row += 1
        if latest == gone:
            return
        last[lane, column] = latest


@compiled
def add_up(
    started: NDArray[np.int32], officer_us: Ints, last: Ints, patrol_us: Ints,
    blend_kinds: Ints, blend_place: Ints, blend_count: int, wanted: int,
    before: int, begin: int, end: int, mask: Ints, out: Ints,
) -> None:  # fmt: skip
    """Add up the totals of the hours wanted, for the period and the one before it.

    Parameters
    ----------
    started, officer_us, last, patrol_us, blend_kinds, blend_place
        Of the state.
    blend_count
        How many rows of `patrol_us` are in use.
    wanted
        Kinds, as bits.
    before, begin, end
        Columns at which the week begins that ends where the previous period begins, the period
        begins, and the period ends.
    mask
        ``(3, 168)``: of the week at each of these, −1 for hours wanted and 0 for others.
    out
        ``(places, 8)``, zeros: visits, officer time, patrol time and last end of the period, then
        of the one before.
    """
    for lane in range(len(started)):
        if blend_kinds[lane] & wanted == 0:
            continue
        visits = visits_before = time = time_before = latest = latest_before = 0
        for hour in range(_WEEK):
            there = started[lane, end + hour] & mask[2, hour]
            here = started[lane, begin + hour]
            visits += there - (here & mask[1, hour])
            visits_before += (here & mask[1, hour]) - (started[lane, before + hour] & mask[0, hour])
        for hour in range(_WEEK):
            here = officer_us[lane, begin + hour] & mask[1, hour]
            time += (officer_us[lane, end + hour] & mask[2, hour]) - here
            time_before += here - (officer_us[lane, before + hour] & mask[0, hour])
        for hour in range(_WEEK):
            latest = max(latest, last[lane, end + hour] & mask[2, hour])
            latest_before = max(latest_before, last[lane, begin + hour] & mask[1, hour])
        place = blend_place[lane]
        out[place, 0] += visits
        out[place, 1] += time
        out[place, 3] = max(out[place, 3], latest)
        out[place, 4] += visits_before
        out[place, 5] += time_before
        out[place, 7] = max(out[place, 7], latest_before)
    for blend in range(blend_count):
        if blend_kinds[blend] & wanted == 0:
            continue
        time = time_before = 0
        for hour in range(_WEEK):
            here = patrol_us[blend, begin + hour] & mask[1, hour]
            time += (patrol_us[blend, end + hour] & mask[2, hour]) - here
            time_before += here - (patrol_us[blend, before + hour] & mask[0, hour])
        out[blend_place[blend], 2] += time
        out[blend_place[blend], 6] += time_before


def warm_up() -> None:
    """Compile, or load from disk, what a cube calls."""
    day = Period(date(2021, 1, 1), date(2021, 1, 2))
    state = with_visits(empty_state(day, place_count=1, kind_count=1), np.array([1]))
    zero, one = np.zeros(1, dtype=np.int64), np.ones(1, dtype=np.int64)
    put(state, zero, zero, one, zero, one, 0, 1)
    take(state, zero, zero, one, zero, one, 0, 1)
    masks, out = np.zeros((3, _WEEK), dtype=np.int64), np.zeros((1, 8), dtype=np.int64)
    add_up(
        state.started, state.officer_us, state.last, state.patrol_us, state.blend_kinds,
        state.blend_place, 1, 1, 0, 0, 0, masks, out,
    )  # fmt: skip
