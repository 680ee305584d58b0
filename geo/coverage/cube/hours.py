"""The local days and hours of a period, laid out as moments."""

from __future__ import annotations

import numpy as np

from geo.coverage.cells import Ints
from geo.model.period import Period
from geo.model.time import HOUR_US, to_us, utc_offsets

HOURS_PER_DAY = 24


def hour_borders_us(period: Period) -> Ints:
    """Find when each hour of each local day begins, by the wall clock.

    Returns
    -------
    ndarray of shape (days × 24 + 1,)
        Microseconds since 1970 UTC, never falling; the last is the end of the period.  The hour
        that is left out in spring has no length; the one that comes back in autumn has two.
    """
    first, end = to_us(period.start_at), to_us(period.end_at)
    spans, offsets = utc_offsets(first, end)
    wall = first + offsets[0] + np.arange(period.days * HOURS_PER_DAY + 1) * HOUR_US
    # A wall clock shown twice means the earlier moment, one never shown the moment of the shift.
    shown_until = spans[1:] + offsets[:-1]
    span = np.zeros(len(wall), dtype=np.int64)
    for until in shown_until:
        span += wall >= until
    borders: Ints = np.maximum(wall - offsets[span], spans[span])
    borders[-1] = end
    return borders
