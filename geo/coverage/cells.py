"""Time cut into cells: one place, one calendar piece, one piece of the place's history.

Every figure of the coverage table is found per cell and then brought together per
row (place × calendar piece), since a place may have changed target or designation
within a calendar piece.

All places lie one after the other on one *stacked* time line of whole microseconds:
the moment t of place p is ``p · stride + (t − period start)``.  There a cell is just
a number range, apart from all others and in order, so one sorted search finds the
cells of every visit of every place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geo.model.period import Grain, Period
from geo.model.time import to_us

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

NAT_US: Final = np.iinfo(np.int64).min
"""How a missing moment looks among microseconds."""

# Far beyond any period, near enough that differences cannot overflow.
_ALWAYS_US: Final = 2**60


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Cells of a period in order of place, then time, on the stacked time line.

    ``start`` and ``end`` are half-open; ``row`` is the row of the result a cell
    belongs to, ``designation`` the designation it comes from.
    """

    places: pd.Index[str]
    """Each place once, in order of first appearance."""
    origin_us: int
    stride: int
    length_us: int
    place: Ints
    start: Ints
    end: Ints
    designation: Ints
    row: Ints
    pieces: tuple[Period, ...]
    row_place: Ints
    row_piece: Ints
    row_last: Ints
    """The last cell of each row; its end is the end of the row's time."""

    @property
    def row_count(self) -> int:
        """Number of rows: place × calendar piece in which the place was designated."""
        return len(self.row_place)

    def length(self) -> Ints:
        """Elapsed microseconds of each cell."""
        return self.end - self.start

    def per_row(self, amounts: NDArray[np.generic]) -> Floats:
        """Add up an amount given per cell over the cells of each row."""
        return add_up(self.row, amounts, self.row_count)


def add_up(group: Ints, amounts: NDArray[np.generic], group_count: int) -> Floats:
    """Add up amounts by group number; whole microseconds stay exact up to 285 years."""
    total: Floats = np.bincount(group, weights=amounts, minlength=group_count).astype(np.float64)
    return total


def microseconds(moments: pd.Series) -> Ints:
    """Give aware moments as microseconds since 1970 UTC; ``NAT_US`` where missing.

    Raises
    ------
    ValueError
        Where the moments carry no zone.
    """
    array = moments.array
    if not isinstance(array, pd.arrays.DatetimeArray) or array.tz is None:
        raise ValueError(f"{moments.name} must be aware moments")
    return array.to_numpy("M8[us]").view(np.int64)


def codes_in(places: pd.Index[str], ids: pd.Series) -> Ints:
    """Give the position of each id among `places`, −1 where it is not there."""
    if isinstance(ids.array, pd.Categorical):
        # The extra −1 at the end answers for code −1, a missing id.
        by_category = np.append(places.get_indexer(ids.array.categories), -1)
        coded: Ints = by_category[ids.array.codes]
        return coded
    # Arrow looks up text four times as fast as factorize and get_indexer together.
    values = pa.array(ids, type=pa.large_string(), from_pandas=True)
    known = pa.array(places, type=pa.large_string())
    found: Ints = pc.fill_null(pc.index_in(values, value_set=known), -1).to_numpy()
    return found.astype(np.int64)


def cut(designations: pd.DataFrame, *, period: Period, grain: Grain) -> Cells:
    """Cut a period into calendar pieces and these to the designations of each place.

    Raises
    ------
    ValueError
        Where two designations of one place overlap, or where places × period do not
        fit on the stacked time line (146 000 places for a year, 14 600 for ten).
    """
    codes, places = pd.factorize(designations["location_id"])
    if (codes < 0).any():
        raise ValueError("a designation has no location_id")
    origin, end_us = to_us(period.start_at), to_us(period.end_at)
    length = end_us - origin
    if len(places) * (length + 1) > 2**62:
        raise ValueError(f"{len(places)} places are too many for {period.days} days at once")
    opens = microseconds(designations["start_at"])
    closes = microseconds(designations["end_at"])
    opens = np.where(opens == NAT_US, -_ALWAYS_US, opens)
    closes = np.where(closes == NAT_US, _ALWAYS_US, closes)
    in_time = np.lexsort((opens, codes))
    place, opens, closes = codes[in_time], opens[in_time], closes[in_time]
    same = place[1:] == place[:-1]
    if (same & (opens[1:] < closes[:-1])).any():
        raise ValueError("two designations of one place overlap")

    pieces = period.pieces(grain)
    borders = np.array([to_us(piece.start_at) for piece in pieces] + [end_us]) - origin
    start = np.maximum(opens[:, None] - origin, borders[None, :-1])
    end = np.minimum(closes[:, None] - origin, borders[None, 1:])
    designation, piece = np.nonzero(start < end)
    start, end = start[designation, piece], end[designation, piece]
    place = place[designation]

    # Designations of a place are in order of time, so the cells of a row stand together.
    first = np.ones(len(place), dtype=bool)
    first[1:] = (place[1:] != place[:-1]) | (piece[1:] != piece[:-1])
    last = np.ones(len(place), dtype=bool)
    last[:-1] = first[1:]
    stride = length + 1
    return Cells(
        places=places,
        origin_us=origin,
        stride=stride,
        length_us=length,
        place=place,
        start=start + place * stride,
        end=end + place * stride,
        designation=in_time[designation],
        row=np.cumsum(first) - 1,
        pieces=pieces,
        row_place=place[first],
        row_piece=piece[first],
        row_last=np.flatnonzero(last),
    )
