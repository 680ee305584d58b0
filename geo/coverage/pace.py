"""Is a promise on its way: what is done against what the calendar expects."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from geo.model.period import Period

PaceStatus = Literal["met", "on_pace", "behind", "not_measurable"]
"""*Uppfyllt*, *i fas*, *efter*, *ej mätbart*."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Where a promise item stands at the end of one day."""

    on: date
    actual: float | None
    target: float | None
    expected: float | None
    status: PaceStatus


def days_gone(period: Period, *, on: date) -> int:
    """Count the local days of a period that are over at the end of a day."""
    return min(max((on - period.from_on).days + 1, 0), period.days)


def expected(target: float, period: Period, *, on: date) -> float:
    """Find what an even pace would have reached at the end of a day.

    ``target · (t − start) / (end − start)`` in local days, where t is the *end* of the
    day; 0 before the period, the target after it.

    Examples
    --------
    >>> year = Period(date(2021, 1, 1), date(2022, 1, 1))
    >>> round(expected(4, year, on=date(2021, 6, 30)), 2)  # 181 of 365 days are gone
    1.98
    """
    return target * days_gone(period, on=on) / period.days


def pace(actual: float | None, target: float | None, period: Period, *, on: date) -> Pace:
    """Compare a count with its target at the end of a day.

    Met where the target is reached (also before its time), else on pace where the
    expected number is; not measurable without a count or a target above 0.
    """
    if actual is None or target is None or not target > 0:
        return Pace(on, actual, target, None, "not_measurable")
    gone = days_gone(period, on=on)
    status: PaceStatus = "behind"
    if actual >= target:
        status = "met"
    # Multiplied out, so that counts are compared exactly.
    elif actual * period.days >= target * gone:
        status = "on_pace"
    return Pace(on, actual, target, target * gone / period.days, status)


def pace_line(target: float, period: Period) -> list[tuple[date, float]]:
    """List the expected number at the end of each day of the period."""
    return [(day.from_on, expected(target, period, on=day.from_on)) for day in period.pieces("day")]
