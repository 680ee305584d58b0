"""The year the example happens in: its weeks, its silences, its days and nights."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from geo.model.time import STOCKHOLM, UTC
from geo.services.demo.dice import Dice

FIRST_ON = date(2021, 1, 1)
END_ON = date(2022, 1, 1)
LAST_ON = END_ON - timedelta(days=1)
_WEEK = timedelta(days=7)
_TOPIC = 1

MONDAYS: tuple[date, ...] = tuple(date(2020, 12, 28) + week * _WEEK for week in range(53))
"""Mondays of the ISO weeks that touch 2021, from 2020-W53 to 2021-W52."""

_SUMMER_SILENCES = (28, 29, 30)
_OTHER_SILENCES = (7, 15, 36)


@dataclass(frozen=True, slots=True)
class Year:
    """2021, and the Mondays of the weeks in which nobody reported anything."""

    silent_mondays: frozenset[date]

    def is_open(self, day: date) -> bool:
        """Tell whether a day is in the year and not in a silent week."""
        return FIRST_ON <= day < END_ON and monday_of(day) not in self.silent_mondays

    def open_day(self, day: date) -> date | None:
        """Move a day by whole weeks out of a silent one; ``None`` if the year is over by then."""
        while FIRST_ON <= day < END_ON:
            if self.is_open(day):
                return day
            day += _WEEK
        return None

    def open_weekday(self, day: date) -> date | None:
        """Move a day to the next Monday to Friday that is not in a silent week."""
        if day.weekday() >= 5:
            day = monday_of(day) + _WEEK
        return self.open_day(day)


def the_year(*, seed: int) -> Year:
    """Choose one summer week and one other week in which nothing at all is reported."""
    dice = Dice(seed=seed, topic=_TOPIC)
    weeks = (dice.pick(_SUMMER_SILENCES), dice.pick(_OTHER_SILENCES))
    return Year(frozenset(date.fromisocalendar(2021, week, 1) for week in weeks))


def monday_of(day: date) -> date:
    """Give the Monday of a day's ISO week."""
    return day - timedelta(days=day.weekday())


def local(day: date, minute: int) -> datetime:
    """Give the moment, in UTC, at which a wall clock in Mark shows a minute of a day."""
    wall = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=STOCKHOLM)
    # In UTC at once: on a moment with a zone, Python reckons in wall clock.
    return wall.astimezone(UTC)
