"""Visits laid on the cells they touch: what all presence figures are counted from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from geo.coverage.cells import NAT_US, Bools, Cells, Ints, codes_in, microseconds

NEVER: Final = NAT_US
"""In place of a moment: it never happened."""


_FEW_PLACES: Final = 1 << 16
_END_OF_TIME: Final = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True, eq=False)
class Stays:
    """One entry per visit and cell it touches, in order of cell, then start.

    ``start`` and ``end`` are clipped to the cell, on the stacked time line.  A visit
    of zero length touches the cell it lies in.
    """

    cell: Ints
    start: Ints
    end: Ints
    seen_to: Ints
    """How far the cell was already covered by earlier entries; its start at the least."""
    begins: Bools
    """Whether the visit starts in this cell."""
    whole_us: Ints
    """The visit's whole length, not clipped."""
    officers: Ints
    last_seen: Ints
    """Per row: the latest end among visits begun before the row's end; ``NEVER`` if none."""
    visit: Ints
    """Which row of the presence frame."""

    def fresh(self) -> tuple[Ints, Ints]:
        """Give the part of each entry no earlier entry covers; empty where start ≥ end."""
        return np.maximum(self.start, self.seen_to), self.end


def lay(presence: pd.DataFrame, cells: Cells) -> Stays:
    """Lay visits on cells.

    Rows count as they stand: two rows of the same hours are two visits.  Rows of
    places that are not among the cells' are left out.

    Raises
    ------
    ValueError
        Where a visit lacks its start or end, or ends before it starts.
    """
    place = codes_in(cells.places, presence["location_id"])
    start = microseconds(presence["start_at"])
    end = microseconds(presence["end_at"])
    if len(start) and (start.min() == NAT_US or end.min() == NAT_US):
        raise ValueError("a visit lacks its start or its end")
    if (end < start).any():
        raise ValueError("a visit ends before it starts")
    officers = presence["officers"].to_numpy(dtype=np.int64)
    start, end = start - cells.origin_us, end - cells.origin_us

    # A visit of zero length at the first moment of the period is in it.
    during = (place >= 0) & (start < cells.length_us) & ((end > 0) | (start >= 0))
    earlier = (place >= 0) & (start < 0) & ~during
    base = place * cells.stride
    visit = np.flatnonzero(during)
    entered = np.maximum(start[visit], 0) + base[visit]
    order = _order(place[visit], start[visit], entered, place_count=len(cells.places))
    visit, entered = visit[order], entered[order]
    left = np.minimum(end[visit], cells.length_us) + base[visit]

    first, stop = _touched(cells, entered, left)
    entry, cell = _expand(first, stop - first)
    opens = cells.start[cell]
    from_us = np.maximum(entered[entry], opens)
    to_us = np.minimum(left[entry], cells.end[cell])
    covered = np.maximum.accumulate(to_us)
    source = visit[entry]
    began = start[source] + base[source]
    begins = began >= opens
    # Entries of earlier cells end at this cell's start at the latest: no grouping is needed.
    seen_to = opens
    np.maximum(seen_to[1:], covered[:-1], out=seen_to[1:])
    return Stays(
        cell=cell,
        start=from_us,
        end=to_us,
        seen_to=seen_to,
        begins=begins,
        whole_us=end[source] - start[source],
        officers=officers[source],
        last_seen=_last_seen(cells, entered, left, place[earlier], end[earlier]),
        visit=source,
    )


def _order(place: Ints, start: Ints, entered: Ints, *, place_count: int) -> Ints:
    """Find the order of place, then start; where starts are in order already, of place alone."""
    if place_count <= _FEW_PLACES and bool((start[1:] >= start[:-1]).all()):
        # Small numbers are sorted by counting, six times as fast.
        return np.argsort(place.astype(np.uint16), kind="stable")
    return np.argsort(entered, kind="stable")


def _touched(cells: Cells, entered: Ints, left: Ints) -> tuple[Ints, Ints]:
    """Find the cells from ``first`` up to ``stop`` that each visit touches; visits in order."""
    # Visits are in order, so the few cells are looked up among them, not they among the cells.
    ended = np.searchsorted(entered, cells.end, side="left")
    first = np.repeat(np.arange(len(ended) + 1), np.diff(ended, prepend=0, append=len(entered)))
    # One more cell at the end of time, which nothing reaches, for visits after the last.
    start = np.append(cells.start, _END_OF_TIME)
    end = np.append(cells.end, _END_OF_TIME)
    opens = start[first]
    stop = first + ((opens < left) | (opens <= entered))
    beyond = np.flatnonzero(left > end[first])
    stop[beyond] = np.searchsorted(cells.start, left[beyond], side="left")
    return first, stop


def _expand(first: Ints, count: Ints) -> tuple[Ints | slice, Ints]:
    """Pair each visit with the `count` cells from `first` on, in order of cell, then visit."""
    if (count == 1).all():
        return slice(None), first  # All as they are, without a copy.
    visit = np.repeat(np.arange(len(first)), count)
    nth = np.arange(len(visit)) - np.repeat(np.cumsum(count) - count, count)
    cell = first[visit] + nth
    # Almost in order already, which a stable sort makes use of; it keeps visits in order.
    order = np.argsort(cell, kind="stable")
    return visit[order], cell[order]


def _last_seen(
    cells: Cells, entered: Ints, left: Ints, earlier_place: Ints, earlier_end: Ints
) -> Ints:
    """Find the latest end among the visits of a row's place begun before the row's end."""
    latest_before = np.full(len(cells.places), NEVER)
    np.maximum.at(latest_before, earlier_place, earlier_end)
    last_seen = latest_before[cells.row_place]
    base = cells.row_place * cells.stride
    last_seen = np.where(last_seen == NEVER, NEVER, last_seen + base)
    if len(entered) == 0:
        return last_seen
    begun = np.searchsorted(entered, cells.end[cells.row_last], side="left")
    # The running maximum of another place lies below this place's part of the time line.
    latest = np.maximum.accumulate(left)[np.maximum(begun - 1, 0)]
    return np.where((begun > 0) & (latest >= base), np.maximum(latest, last_seen), last_seen)
