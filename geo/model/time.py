"""Swedish local time and absolute time, and the way between them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

STOCKHOLM: Final = ZoneInfo("Europe/Stockholm")
"""The zone in which days, weeks and hours of the day are meant."""

SECOND_US: Final = 1_000_000
MINUTE_US: Final = 60 * SECOND_US
HOUR_US: Final = 60 * MINUTE_US
DAY_US: Final = 24 * HOUR_US
WEEK_US: Final = 7 * DAY_US

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

__all__ = [
    "DAY_US",
    "HOUR_US",
    "MINUTE_US",
    "SECOND_US",
    "STOCKHOLM",
    "UTC",
    "WEEK_US",
    "day_start_at",
    "from_us",
    "local_day",
    "to_us",
    "utc_offsets",
]


def day_start_at(on: date) -> datetime:
    """Give the moment, in UTC, at which a local day begins."""
    return datetime.combine(on, time.min, STOCKHOLM).astimezone(UTC)


def local_day(at: datetime) -> date:
    """Give the local day an aware moment lies in."""
    if at.tzinfo is None:
        raise ValueError("a moment must be aware")
    return at.astimezone(STOCKHOLM).date()


def to_us(at: datetime) -> int:
    """Count whole microseconds from 1970-01-01 UTC to an aware moment."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def from_us(us: int) -> datetime:
    """Give the moment, in UTC, that many microseconds after 1970-01-01."""
    return _EPOCH + timedelta(microseconds=us)


def _offset_us(us: int) -> int:
    offset = from_us(us).astimezone(STOCKHOLM).utcoffset()
    if offset is None:
        raise ValueError("the zone knows no offset")
    return offset // timedelta(microseconds=1)


@lru_cache(maxsize=256)
def utc_offsets(start_us: int, end_us: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """List the spans of constant UTC offset in Sweden within ``[start_us, end_us)``.

    Returns
    -------
    tuple of ndarray
        Where each span begins (the first at `start_us`), and its offset: local
        wall clock = UTC + offset.  Microseconds; read-only, the same arrays are
        given to every caller.
    """
    starts = [start_us]
    offsets = [_offset_us(start_us)]
    at = start_us
    while at < end_us:
        # Clocks have never shifted twice within a week in Sweden.
        after = min(at + WEEK_US, end_us)
        offset = _offset_us(after)
        if offset != offsets[-1]:
            low, high = at, after
            while high - low > 1:
                middle = (low + high) // 2
                if _offset_us(middle) == offsets[-1]:
                    low = middle
                else:
                    high = middle
            if high < end_us:
                starts.append(high)
                offsets.append(offset)
        at = after
    spans = np.array(starts, dtype=np.int64), np.array(offsets, dtype=np.int64)
    for array in spans:
        array.flags.writeable = False
    return spans
