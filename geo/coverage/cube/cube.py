"""The cube: visits in and out, filters answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from types import ModuleType
from typing import Final

import numpy as np
import pandas as pd

from geo.coverage.cells import NAT_US, Bools, Ints, codes_in, microseconds
from geo.coverage.cube.attendance import Attendance, Change, merged, without
from geo.coverage.cube.hours import HOURS_PER_DAY
from geo.coverage.cube.state import (
    PATROL_US,
    State,
    empty_state,
    visits_at,
    with_blends,
    with_visits,
)
from geo.coverage.cube.tally import Tally, add_up, columns_at
from geo.coverage.cube.totals import lay_anew
from geo.coverage.engine.compiling import Form, engine, is_compiled
from geo.model.period import Period
from geo.model.time import to_us

ALWAYS: Final[Bools] = np.ones((7, HOURS_PER_DAY), dtype=bool)
"""All hours of the week."""
ALWAYS.flags.writeable = False


class Cube:
    """Totals of visits per place, local day, local hour and kind.

    Visits are counted as the coverage table counts them, but for designations, of which the cube
    knows nothing: give it the visits that count.  The hour that comes back in autumn is one hour
    with the time of both.  Every number is a whole one, and the same as if all had been counted
    anew.

    Parameters
    ----------
    period
        The days it has room for.  Every visit must lie in it; what is asked about need not.
    places, kinds
        What visits may be of; each once.

    Raises
    ------
    ValueError
        Where there are more than 62 kinds, or too many places × kinds for the period.

    Notes
    -----
    It is changed in place by `add` and `remove`: not to be shared between threads that do so.  It
    takes 32 bytes for each hour of the period, place and kind (and any kind as one more), whether
    visited or not, and 8 for each place and set of kinds that ever met there.
    """

    def __init__(
        self, period: Period, *, places: Sequence[str], kinds: Sequence[str] = ("patrull",)
    ) -> None:
        self.period = period
        self.places: pd.Index[str] = pd.Index(list(places), dtype="str")
        self.kinds = tuple(kinds)
        self._origin_us = to_us(period.start_at)
        self._state: State = empty_state(
            period, place_count=len(self.places), kind_count=len(self.kinds)
        )

    def __len__(self) -> int:
        """Count the visits in it."""
        return int(self._state.visit_count.sum())

    @property
    def nbytes(self) -> int:
        """How much memory it takes at the most; what was never touched may not take any yet."""
        return sum(array.nbytes for array in self._state)

    def attendance(self, presence: pd.DataFrame) -> Attendance:
        """Put a frame of visits in columns.

        Parameters
        ----------
        presence
            ``location_id, kind, start_at, end_at, officers``.

        Raises
        ------
        ValueError
            Where a place or kind is not the cube's, naming the first such row.
        """
        place = codes_in(self.places, presence["location_id"])
        kind = codes_in(pd.Index(self.kinds, dtype="str"), presence["kind"])
        for name, codes in (("location_id", place), ("kind", kind)):
            if (codes < 0).any():
                row = int(np.argmax(codes < 0))
                raise ValueError(f"row {row}: the cube has no {name} {presence[name].iloc[row]!r}")
        officers = presence["officers"].to_numpy(dtype=np.int64)
        start, end = microseconds(presence["start_at"]), microseconds(presence["end_at"])
        return Attendance(place, kind, start, end, officers)

    def add(self, attendance: Attendance, *, form: Form = "auto") -> None:
        """Add visits.

        Parameters
        ----------
        attendance
            One visit or many; two equal ones are two visits.
        form
            As for ``visits_of``; both give the same.  The numpy form lays all totals of the places
            anew, which is also the quicker way to add very many.

        Raises
        ------
        ValueError
            Where a visit is not of the cube's places, kinds and period, or ends before it starts;
            then none is added.
        """
        if _is_numpy(form):
            visits = self._checked(attendance)
            more = np.bincount(visits.place, minlength=len(self.places))
            self._state = with_visits(self._state, more)
            self._change_with_numpy(visits, merged)
        else:
            self._with_room(_kernel(form).put, attendance)

    def remove(self, attendance: Attendance, *, form: Form = "auto") -> None:
        """Take visits out, each as it was added.

        Parameters
        ----------
        attendance
            One visit or many.
        form
            As for `add`.

        Raises
        ------
        ValueError
            Where one is not in the cube; then none is taken out.
        """
        if _is_numpy(form):
            self._change_with_numpy(self._checked(attendance), without)
            return
        done = self._with_room(_kernel(form).take, attendance)
        if done < len(attendance.place):
            self._with_room(_kernel(form).put, Attendance(*(each[:done] for each in attendance)))
            raise ValueError(f"row {done}: no such visit in the cube")

    def by_place(
        self,
        period: Period,
        *,
        weekday_hours: Bools = ALWAYS,
        kinds: Sequence[str] | None = None,
        form: Form = "auto",
    ) -> tuple[Tally, Tally]:
        """Count per place, in a period and in the equally long one before it.

        Parameters
        ----------
        period
            What lies outside the cube's own holds no visits.
        weekday_hours
            ``(7, 24)``, Monday first: the hours wanted, by the wall clock.  Time counts in the
            hours in which it passed, a visit in the one in which it starts.
        kinds
            The kinds wanted; None for all.
        form
            As for `add`.

        Returns
        -------
        tuple
            Of the period, and of the one before; entries in the order of the places.

        Raises
        ------
        ValueError
            Where a kind is not the cube's.
        """
        previous = period.previous()
        borders = self._border(previous.from_on), *self._borders(period)
        columns = columns_at(borders, weekday_hours, first_weekday=self.period.from_on.weekday())
        state, wanted, kind_count = self._state, self._bits(kinds), len(self.kinds)
        if _is_numpy(form):
            found = add_up(state, wanted, columns, kind_count=kind_count)
        else:
            found = np.zeros((len(self.places), 8), dtype=np.int64)
            _kernel(form).add_up(
                state.lanes, state.blends, state.blend_kinds, state.blend_place,
                int(state.wants[0]), wanted, kind_count, columns, found,
            )  # fmt: skip
        for last in (3, 7):
            ends = found[:, last]
            found[:, last] = np.where(ends == 0, NAT_US, ends - 1 + self._origin_us)
        counted = found.T
        return Tally(*counted[:4]), Tally(*counted[4:])

    def patrol_us_by_day(self, period: Period, *, kinds: Sequence[str] | None = None) -> Ints:
        """Measure the time somebody was at each place on each day.

        Returns
        -------
        ndarray of shape (places, days)
            Microseconds; the days are those of the period that lie in the cube's.
        """
        begin, end = self._borders(period)
        hours = self._patrol_us(slice(begin, end), kinds)
        by_day: Ints = hours.sum(axis=2)
        return by_day

    def patrol_us_by_weekday_hour(
        self, period: Period, *, kinds: Sequence[str] | None = None
    ) -> Ints:
        """Add up over all places the time somebody was there, by the wall clock.

        Returns
        -------
        ndarray of shape (7, 24)
            Microseconds, Monday first.
        """
        begin, end = self._borders(period)
        days = self._patrol_us(slice(begin, end), kinds).sum(axis=0)
        found = np.zeros((7, HOURS_PER_DAY), dtype=np.int64)
        weekday = (self.period.from_on.weekday() + np.arange(begin, end)) % 7
        np.add.at(found, weekday, days)
        return found

    def _patrol_us(self, days: slice, kinds: Sequence[str] | None) -> Ints:
        """Give ``(places, days, hours)``: each total less that of the week before."""
        state, bits, per_place = self._state, self._bits(kinds), len(self.kinds) + 1
        later = slice(days.start + 7, days.stop + 7)
        shape = (-1, state.lanes.shape[1] // HOURS_PER_DAY, HOURS_PER_DAY)
        hours = np.zeros((len(self.places), days.stop - days.start, HOURS_PER_DAY), dtype=np.int64)
        for kind in range(len(self.kinds)):
            if bits >> kind & 1:
                lanes = state.lanes[kind::per_place, :, PATROL_US]
                totals = lanes.reshape(shape)
                hours += totals[:, later] - totals[:, days]
        blend = np.flatnonzero(state.blend_kinds[: state.wants[0]] & bits)
        totals = state.blends[blend].reshape(shape)
        np.add.at(hours, state.blend_place[blend], totals[:, later] - totals[:, days])
        return hours

    def _border(self, on: date) -> int:
        return min(max((on - self.period.from_on).days, 0), self.period.days)

    def _borders(self, period: Period) -> tuple[int, int]:
        return self._border(period.from_on), self._border(period.to_on)

    def _bits(self, kinds: Sequence[str] | None) -> int:
        if kinds is None:
            return (1 << len(self.kinds)) - 1
        unknown = sorted(set(kinds) - set(self.kinds))
        if unknown:
            raise ValueError(f"the cube has no kind {unknown[0]!r}")
        return sum(1 << self.kinds.index(kind) for kind in set(kinds))

    def _checked(self, attendance: Attendance) -> Attendance:
        """Give the visits with moments since the period's start."""
        place, kind, start, end, officers = (
            np.ascontiguousarray(column, dtype=np.int64) for column in attendance
        )
        start, end = start - self._origin_us, end - self._origin_us
        length = self._state.hour_us[-1]
        wrong = (start < 0) | (start >= length) | (end < start) | (end > length)
        wrong |= (place < 0) | (place >= len(self.places)) | (kind < 0) | (kind >= len(self.kinds))
        if wrong.any():
            row = int(np.argmax(wrong))
            raise ValueError(
                f"row {row}: place {place[row]}, kind {kind[row]}, {start[row]} to {end[row]} µs "
                f"of {length}: a visit must be of the cube's places and kinds, lie in its period, "
                "and not end before it starts"
            )
        return Attendance(place, kind, start, end, officers)

    def _with_room(self, change: Callable[..., int], attendance: Attendance) -> int:
        """Run a kernel until all is done or there is another reason to stop than want of room."""
        visits = [np.ascontiguousarray(column, dtype=np.int64) for column in attendance]
        done = 0
        while True:
            done = change(self._state, *visits, self._origin_us, done, len(self.kinds))
            if done < 0:
                self._checked(attendance)
            _, blends, more = self._state.wants.tolist()
            if blends:
                self._state = with_blends(self._state, blends)
            elif more:
                places = visits[0][done:]
                self._state = with_visits(
                    self._state, np.bincount(places, minlength=len(self.places))
                )
            else:
                return done

    def _change_with_numpy(self, visits: Attendance, change: Change) -> None:
        """Change the visits of each place they are of, and lay those places anew."""
        rows = np.column_stack([visits.start_us, visits.end_us, visits.kind, visits.officers])
        order = np.argsort(visits.place, kind="stable")
        places, first = np.unique(visits.place[order], return_index=True)
        groups = np.split(order, first[1:]) if len(places) else []
        changed, missing = [], []
        for place, group in zip(places, groups, strict=True):
            now, not_there = change(visits_at(self._state, int(place)), rows[group])
            changed.append(now)
            missing += group[not_there].tolist()
        if missing:
            raise ValueError(f"row {min(missing)}: no such visit in the cube")
        state = self._state
        for place, now in zip(places, changed, strict=True):
            here = state.visit_first[place]
            state.visits[here : here + len(now)] = now
            state.visit_count[place] = len(now)
            state.longest_us[place] = (now[:, 1] - now[:, 0]).max(initial=0)
        self._state = lay_anew(state, places, kind_count=len(self.kinds))


def _is_numpy(form: Form) -> bool:
    return form == "numpy" or (form == "auto" and not is_compiled())


def _kernel(form: Form) -> ModuleType:
    engine(form)
    from geo.coverage.engine import kernel_cube

    return kernel_cube
