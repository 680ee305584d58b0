"""One more visit and one less, and a filter's answer; ``geo.coverage.cube`` says it with numpy."""

from __future__ import annotations

from datetime import date

import numpy as np

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
def _lay(totals: Ints, hour_us: Ints, start: int, end: int, factor: int) -> None:
    """Add the time from start to end to its hours, and to the same hour of all later weeks."""
    hour = _hour_of(hour_us, start)
    while start < end:
        until = min(hour_us[hour + 1], end)
        time = (until - start) * factor
        if time != 0:
            for column in range(_WEEK + hour, len(totals), _WEEK):
                totals[column] += time
        start = until
        hour += 1


@compiled
def _lay_visit(lane: Ints, hour_us: Ints, start: int, end: int, officers: int, sign: int) -> None:
    """Count a visit and its officers' time, or take them off again."""
    hour = _hour_of(hour_us, start)
    for column in range(_WEEK + hour, len(lane), _WEEK):
        lane[column, 0] += sign
        if sign > 0:
            lane[column, 3] = max(lane[column, 3], end + 1)
    while start < end:
        until = min(hour_us[hour + 1], end)
        time = (until - start) * officers * sign
        if time != 0:
            for column in range(_WEEK + hour, len(lane), _WEEK):
                lane[column, 1] += time
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
def _has_room(wants: Ints, room: int, near: int, kind_count: int) -> bool:
    """Tell whether all sets of kinds a visit can make fit, and if not, ask for that many."""
    most = min(4 * near + 2, 1 << kind_count) if near else 0
    has_room = bool(wants[0] + most <= room)
    wants[1] = 0 if has_room else most
    return has_room


@compiled
def _lay_set(
    state: State, place: int, kinds: int, start: int, end: int, sign: int, kind_count: int
) -> None:
    """Add time to a set of kinds; there is room for a new one."""
    if kinds & (kinds - 1) == 0:
        kind = 0
        while kinds >> kind != 1:
            kind += 1
        totals = state.lanes[place * (kind_count + 1) + kind, :, 2]
        _lay(totals, state.hour_us, start, end, sign)
        return
    row = state.blend_first[place]
    while row >= 0 and state.blend_kinds[row] != kinds:
        row = state.blend_next[row]
    if row < 0:
        row = state.wants[0]
        state.wants[0] += 1
        state.blend_place[row] = place
        state.blend_kinds[row] = kinds
        state.blend_next[row] = state.blend_first[place]
        state.blend_first[place] = row
    _lay(state.blends[row], state.hour_us, start, end, sign)


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
            _lay_set(state, place, without | bit, start, until, sign, kind_count)
            if without:
                _lay_set(state, place, without, start, until, -sign, kind_count)
            else:
                lane = place * (kind_count + 1) + kind_count
                _lay(state.lanes[lane, :, 2], state.hour_us, start, until, sign)
        start = until


@compiled
def put(
    state: State, place: Ints, kind: Ints, start_us: Ints, end_us: Ints, officers: Ints,
    origin_us: int, begin: int, kind_count: int,
) -> int:  # fmt: skip
    """Add visits, from `begin` on.

    Returns
    -------
    int
        How many are in.  Fewer than all where there is no room, for what ``state.wants`` says;
        negative, and nothing done, where one does not belong.
    """
    visits, hour_us = state.visits, state.hour_us
    if begin == 0 and not _belong(state, place, kind, start_us, end_us, origin_us, kind_count):
        return -1
    state.wants[1] = state.wants[2] = 0
    for number in range(begin, len(place)):
        here, what = place[number], kind[number]
        start, end = start_us[number] - origin_us, end_us[number] - origin_us
        if state.visit_count[here] == state.visit_room[here]:
            state.wants[2] = 1
            return number
        low = state.visit_first[here]
        high = low + state.visit_count[here]
        at = _position(visits, low, high, start, end, what, officers[number])
        if start < end:
            near = _overlapping(
                visits, low, at, at, high, state.longest_us[here], start, end, state.near
            )
            if not _has_room(state.wants, len(state.blends), near, kind_count):
                return number
            _lay_stretches(state, here, start, end, what, near, 1, kind_count)
            state.longest_us[here] = max(state.longest_us[here], end - start)
        row = high
        while row > at:
            for column in range(4):
                visits[row, column] = visits[row - 1, column]
            row -= 1
        visits[at, 0] = start
        visits[at, 1] = end
        visits[at, 2] = what
        visits[at, 3] = officers[number]
        state.visit_count[here] += 1
        lane = here * (kind_count + 1)
        for row in (lane + what, lane + kind_count):
            _lay_visit(state.lanes[row], hour_us, start, end, officers[number], 1)
    return len(place)


@compiled
def take(
    state: State, place: Ints, kind: Ints, start_us: Ints, end_us: Ints, officers: Ints,
    origin_us: int, begin: int, kind_count: int,
) -> int:  # fmt: skip
    """Take visits out again, each as it was put in, from `begin` on.

    Returns
    -------
    int
        How many are out.  Fewer than all where there is no room, as for `put`, or the next one is
        not there; negative as for `put`.
    """
    visits, hour_us = state.visits, state.hour_us
    if begin == 0 and not _belong(state, place, kind, start_us, end_us, origin_us, kind_count):
        return -1
    state.wants[1] = state.wants[2] = 0
    for number in range(begin, len(place)):
        here, what = place[number], kind[number]
        start, end = start_us[number] - origin_us, end_us[number] - origin_us
        low = state.visit_first[here]
        high = low + state.visit_count[here]
        at = _position(visits, low, high, start, end, what, officers[number])
        if (
            at == high
            or visits[at, 0] != start
            or visits[at, 1] != end
            or visits[at, 2] != what
            or visits[at, 3] != officers[number]
        ):
            return number
        if start < end:
            near = _overlapping(
                visits, low, at, at + 1, high, state.longest_us[here], start, end, state.near
            )
            # Three kinds that met leave two, a set there may not have been before.
            if not _has_room(state.wants, len(state.blends), near, kind_count):
                return number
            _lay_stretches(state, here, start, end, what, near, -1, kind_count)
        high -= 1
        for row in range(at, high):
            for column in range(4):
                visits[row, column] = visits[row + 1, column]
        state.visit_count[here] -= 1
        lane = here * (kind_count + 1)
        for each in (what, kind_count):
            totals = state.lanes[lane + each]
            _lay_visit(totals, hour_us, start, end, officers[number], -1)
            wanted = what if each == what else -1
            _mend_last(totals, visits, hour_us, low, high, start, end + 1, wanted)
    return len(place)


@compiled
def _mend_last(
    lane: Ints, visits: Ints, hour_us: Ints, low: int, high: int, start: int, gone: int, kind: int
) -> None:
    """Find the latest end anew, in all weeks where it is the one that is gone; −1 for any kind."""
    hour = _hour_of(hour_us, start)
    for column in range(_WEEK + hour, len(lane), _WEEK):
        if lane[column, 3] != gone:
            return
        latest = lane[column - _WEEK, 3]
        if column - _WEEK < len(hour_us) - 1:
            opens, closes = hour_us[column - _WEEK], hour_us[column - _WEEK + 1]
            row = _position(visits, low, high, opens, opens, 0, 0)
            while row < high and visits[row, 0] < closes:
                if kind in (-1, visits[row, 2]):
                    latest = max(latest, visits[row, 1] + 1)
                row += 1
        if latest == gone:
            return
        lane[column, 3] = latest


@compiled
def _belong(
    state: State, place: Ints, kind: Ints, start_us: Ints, end_us: Ints, origin_us: int,
    kind_count: int,
) -> bool:  # fmt: skip
    """Tell whether all visits are of the places, kinds and period."""
    length_us = state.hour_us[len(state.hour_us) - 1]
    belong = True
    for number in range(len(place)):
        start, end = start_us[number] - origin_us, end_us[number] - origin_us
        belong &= 0 <= place[number] < len(state.visit_count) and 0 <= kind[number] < kind_count
        belong &= 0 <= start < length_us and start <= end <= length_us
    return belong


@compiled
def add_up(
    lanes: Ints, blends: Ints, blend_kinds: Ints, blend_place: Ints, blend_count: int,
    wanted: int, kind_count: int, columns: Ints, out: Ints,
) -> None:  # fmt: skip
    """Add up the totals of the hours wanted, for the period and the one before it.

    Parameters
    ----------
    lanes, blends, blend_kinds, blend_place
        Of the state.
    blend_count
        How many blends are in use.
    wanted
        Kinds, as bits.
    kind_count
        How many kinds there are.
    columns
        ``(3, hours)``: of the hours wanted, in the week that ends where the previous period begins,
        where the period begins, and where it ends.
    out
        ``(places, 8)``, zeros: visits, officer time, patrol time and last end of the period, then
        of the one before.
    """
    hours = columns.shape[1]
    is_any = wanted == (1 << kind_count) - 1
    for lane in range(len(lanes)):
        place, kind = lane // (kind_count + 1), lane % (kind_count + 1)
        if is_any != (kind == kind_count) or (not is_any and wanted >> kind & 1 == 0):
            continue
        visits = officer = patrol = visits_before = officer_before = patrol_before = 0
        latest, latest_before = out[place, 3], out[place, 7]
        for number in range(hours):
            column = columns[2, number]
            visits += lanes[lane, column, 0]
            officer += lanes[lane, column, 1]
            patrol += lanes[lane, column, 2]
            latest = max(latest, lanes[lane, column, 3])
        for number in range(hours):
            column = columns[1, number]
            visits_before += lanes[lane, column, 0]
            officer_before += lanes[lane, column, 1]
            patrol_before += lanes[lane, column, 2]
            latest_before = max(latest_before, lanes[lane, column, 3])
        out[place, 0] += visits - visits_before
        out[place, 1] += officer - officer_before
        out[place, 2] += patrol - patrol_before
        out[place, 3] = latest
        for number in range(hours):
            column = columns[0, number]
            visits_before -= lanes[lane, column, 0]
            officer_before -= lanes[lane, column, 1]
            patrol_before -= lanes[lane, column, 2]
        out[place, 4] += visits_before
        out[place, 5] += officer_before
        out[place, 6] += patrol_before
        out[place, 7] = latest_before
    if is_any:
        return
    for blend in range(blend_count):
        if blend_kinds[blend] & wanted == 0:
            continue
        patrol = patrol_before = 0
        for number in range(hours):
            here = blends[blend, columns[1, number]]
            patrol += blends[blend, columns[2, number]] - here
            patrol_before += here - blends[blend, columns[0, number]]
        out[blend_place[blend], 2] += patrol
        out[blend_place[blend], 6] += patrol_before


def warm_up() -> None:
    """Compile, or load from disk, what a cube calls."""
    day = Period(date(2021, 1, 1), date(2021, 1, 2))
    state = with_visits(empty_state(day, place_count=1, kind_count=1), np.array([1]))
    zero, one = np.zeros(1, dtype=np.int64), np.ones(1, dtype=np.int64)
    put(state, zero, zero, zero, one, one, 0, 0, 1)
    take(state, zero, zero, zero, one, one, 0, 0, 1)
    columns, out = np.zeros((3, 1), dtype=np.int64), np.zeros((1, 8), dtype=np.int64)
    add_up(state.lanes, state.blends, state.blend_kinds, state.blend_place, 0, 1, 1, columns, out)
