"""A column of written times → seconds: the rules of ``geo.importers.times``, a column at a time.

Only what is certain to mean the same is read the quick way; all else goes through `read_moment`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geo.errors import DataError
from geo.importers.fixes.batch import Bools, Ints
from geo.importers.times import read_moment
from geo.model.time import SECOND_US, STOCKHOLM, to_us

_NONE: Final = np.iinfo(np.int64).min
_WALL: Final = r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?"
_LOCAL: Final = _WALL + "$"
_AWARE: Final = _WALL + r"(Z|[+-](0\d|1[0-3]):?[0-5]\d)$"


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """A column's moments.

    Attributes
    ----------
    at_s
        Whole seconds since 1970 UTC, cut; 0 where there is none.
    missing, unreadable
        Which rows have no time, and which one that is none.
    ambiguous
        Which were written in local time in the hour that comes twice; the first is taken.
    """

    at_s: Ints
    missing: Bools
    unreadable: Bools
    ambiguous: Bools


def moments_of(column: Any) -> Moments:
    """Read an Arrow array of times: text, or timestamps with or without a zone."""
    if pa.types.is_timestamp(column.type):
        return _of_timestamps(column)
    return _of_text(column)


def _of_timestamps(column: Any) -> Moments:
    moments = pd.Series(column.to_pandas())
    missing = moments.isna().to_numpy()
    if column.type.tz is None:
        at_s, ambiguous = _from_local(moments)
    else:
        at_s, ambiguous = _whole_seconds(moments), np.zeros(len(moments), dtype=bool)
    return _checked(at_s, missing, ambiguous)


def _of_text(column: Any) -> Moments:
    text = pc.fill_null(pc.utf8_trim_whitespace(column.cast(pa.string())), "")
    missing = _bools(pc.equal(text, ""))
    at_s: Ints = np.full(len(text), _NONE)
    ambiguous = np.zeros(len(text), dtype=bool)
    aware = np.flatnonzero(_bools(pc.match_substring_regex(text, _AWARE)))
    if len(aware):
        written = text.take(pa.array(aware)).to_pandas()
        at_s[aware] = _whole_seconds(
            pd.to_datetime(written, format="ISO8601", errors="coerce", utc=True)
        )
    local = np.flatnonzero(_bools(pc.match_substring_regex(text, _LOCAL)))
    if len(local):
        written = text.take(pa.array(local)).to_pandas()
        at_s[local], ambiguous[local] = _from_local(
            pd.to_datetime(written, format="ISO8601", errors="coerce")
        )
    for row in np.flatnonzero((at_s == _NONE) & ~missing).tolist():
        try:
            moment = read_moment(text[row].as_py())
        except DataError:
            continue
        at_s[row] = to_us(moment.at) // SECOND_US
        ambiguous[row] = moment.also_at is not None
    return _checked(at_s, missing, ambiguous)


def _checked(at_s: Ints, missing: Bools, ambiguous: Bools) -> Moments:
    unreadable = ~missing & (at_s < 0)  # also what lies before 1970: a typing error
    none = missing | unreadable
    return Moments(np.where(none, 0, at_s), missing, unreadable, ambiguous & ~none)


def _from_local(wall: pd.Series) -> tuple[Ints, Bools]:
    """Place wall-clock times in Sweden; those that come twice are their first."""
    first = wall.dt.tz_localize(STOCKHOLM, ambiguous=np.ones(len(wall), bool), nonexistent="NaT")
    second = wall.dt.tz_localize(STOCKHOLM, ambiguous=np.zeros(len(wall), bool), nonexistent="NaT")
    return _whole_seconds(first), (first.notna() & (first != second)).to_numpy()


def _whole_seconds(moments: pd.Series) -> Ints:
    """Cut moments to seconds; the least whole number where there is none."""
    naive = moments.dt.tz_convert("UTC").dt.tz_localize(None)
    seconds: Ints = naive.to_numpy().astype("datetime64[s]").astype(np.int64)
    return seconds


def _bools(flags: Any) -> Bools:
    return np.asarray(flags.to_numpy(zero_copy_only=False), dtype=bool)
