"""A period of local days, and the calendar pieces it is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, get_args

from geo.errors import DataError
from geo.model.time import day_start_at
from geo.wording import say

Grain = Literal["day", "week", "month", "all"]
"""How finely a period is cut: by day, ISO week from Monday, calendar month, or not at all."""

GRAINS: tuple[Grain, ...] = get_args(Grain)

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Years a period may lie in; outside them a date is a slip of the finger."""


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Local days ``[from_on, to_on)``: the first day is in it, the last is not.

    Raises
    ------
    DataError
        Where it holds no day, or lies outside the years ``FIRST_YEAR`` to ``LAST_YEAR``.

    Examples
    --------
    >>> march = Period(date(2021, 3, 1), date(2021, 4, 1))
    >>> march.days
    31
    >>> (march.end_at - march.start_at).total_seconds() / 3600  # clocks went forward
    743.0
    """

    from_on: date
    to_on: date

    def __post_init__(self) -> None:
        if self.to_on == self.from_on:
            raise DataError(
                say(
                    "Perioden har ingen dag: den börjar och slutar {day}. "
                    "Slutdagen räknas inte med.",
                    day=self.from_on.isoformat(),
                )
            )
        if self.to_on < self.from_on:
            raise DataError(
                say(
                    "Perioden slutar {to} men börjar först {start}.",
                    to=self.to_on.isoformat(),
                    start=self.from_on.isoformat(),
                )
            )
        if self.from_on.year < FIRST_YEAR or self.to_on > date(LAST_YEAR + 1, 1, 1):
            raise DataError(
                say(
                    "Perioden {start} till {to} ligger utanför åren {first}–{last}.",
                    start=self.from_on.isoformat(),
                    to=self.to_on.isoformat(),
                    first=FIRST_YEAR,
                    last=LAST_YEAR,
                )
            )

    @property
    def start_at(self) -> datetime:
        """The moment the first day begins, in UTC."""
        # UTC and not local: subtracting two local datetimes of one zone ignores clock shifts.
        return day_start_at(self.from_on)

    @property
    def end_at(self) -> datetime:
        """The moment after the last day, in UTC (exclusive)."""
        return day_start_at(self.to_on)

    @property
    def days(self) -> int:
        """Number of local days."""
        return (self.to_on - self.from_on).days

    @property
    def last_on(self) -> date:
        """The last day that is in the period."""
        return self.to_on - timedelta(days=1)

    def __contains__(self, on: date) -> bool:
        """Tell whether a local day lies in the period."""
        return self.from_on <= on < self.to_on

    def previous(self) -> Period:
        """Give the period of equally many days just before this one."""
        return Period(self.from_on - timedelta(days=self.days), self.from_on)

    def pieces(self, grain: Grain) -> tuple[Period, ...]:
        """Cut the period at calendar borders.

        Returns
        -------
        tuple of Period
            Days, ISO weeks (from Monday) or calendar months, in order; the first
            and last are cut to the period.  ``"all"`` gives the period itself.
        """
        if grain == "all":
            return (self,)
        pieces = []
        start = self.from_on
        while start < self.to_on:
            end = min(_next_border(start, grain), self.to_on)
            pieces.append(Period(start, end))
            start = end
        return tuple(pieces)


def _next_border(on: date, grain: Literal["day", "week", "month"]) -> date:
    match grain:
        case "day":
            return on + timedelta(days=1)
        case "week":
            return on + timedelta(days=7 - on.weekday())
        case "month":
            return (on.replace(day=1) + timedelta(days=32)).replace(day=1)
