"""Weekly hours when a place is said to be unsafe, written as OSM ``opening_hours``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from opening_hours import OpeningHours, State, validate
from pydantic_core import core_schema

from geo.errors import HoursError
from geo.model.period import Period
from geo.model.time import DAY_US, MINUTE_US, WEEK_US, to_us, utc_offsets
from geo.wording import say

WEEK_MIN: Final = 7 * 24 * 60

FIRST_MONDAY_US: Final = 4 * DAY_US
"""1970-01-05 00:00, the first Monday after the epoch, in microseconds of wall clock."""

MAX_CHARS: Final = 500

# A Monday like any other: the hours asked of it must be those of every week.
_SOME_MONDAY = datetime(2021, 3, 1)  # noqa: DTZ001 - wall clock, which is what the library takes

# Weekday names and clock times, joined by the separators of the specification.
_WEEKLY = re.compile(
    r"""(?: 24/7 | closed | open
      | (?:Mo|Tu|We|Th|Fr|Sa|Su)(?:-(?:Mo|Tu|We|Th|Fr|Sa|Su))?
      | \d{2}:\d{2}-\d{2}:\d{2} \+? | \d{2}:\d{2}\+
      | [,;\s] )+""",
    re.VERBOSE,
)

Window = tuple[int, int]


class UnsafeHours:
    """Hours of the week, in local wall clock, that come back every week.

    Two are equal when they mean the same hours, however they are written; ``str()``
    gives the expression, and parsing that gives an equal value.

    Examples
    --------
    >>> UnsafeHours.parse("Sa,Su 20:00-02:00").windows
    ((0, 120), (8400, 8760), (9840, 10080))
    """

    __slots__ = ("_expression", "_windows")

    def __init__(self, expression: str, windows: tuple[Window, ...]) -> None:
        self._expression = expression
        self._windows = windows

    @classmethod
    def parse(cls, expression: str) -> UnsafeHours:
        """Read an ``opening_hours`` expression such as ``Fr,Sa 20:00-02:00``.

        An open end (``20:00+``) runs to midnight, as the library reads it.

        Raises
        ------
        HoursError
            Where it cannot be read, differs from week to week (dates, months, week
            numbers, holidays, the sun), is uncertain or has a comment, or never applies.
        """
        return _parse(expression)

    @property
    def expression(self) -> str:
        """The hours as ``opening_hours`` writes them."""
        return self._expression

    @property
    def windows(self) -> tuple[Window, ...]:
        """Half-open ``[start, end)`` in minutes of the week from Monday 00:00.

        Sorted, apart from each other, and cut at the end of Sunday: Sunday
        22:00–02:00 is ``(0, 120)`` and ``(9960, 10080)``.
        """
        return self._windows

    @property
    def minutes_per_week(self) -> int:
        """Minutes of an ordinary week that are inside."""
        return sum(end - start for start, end in self._windows)

    def matrix(self) -> NDArray[np.float64]:
        """Give the share of each weekday and hour that is inside.

        Returns
        -------
        ndarray of shape (7, 24)
            Monday first; 0 is outside, 1 wholly inside.
        """
        inside = np.zeros(WEEK_MIN)
        for start, end in self._windows:
            inside[start:end] = 1.0
        share: NDArray[np.float64] = inside.reshape(7, 24, 60).mean(axis=2)
        return share

    def intervals(self, period: Period) -> NDArray[np.int64]:
        """List the absolute intervals of a period that are inside.

        A moment is inside when its wall clock is.  So on the night the clocks go
        forward 02:00–03:00 gives nothing, and on the night they go back it gives
        two hours.

        Returns
        -------
        ndarray of shape (n, 2)
            Half-open ``[start, end)`` in microseconds since 1970 UTC, in order,
            apart from each other.
        """
        start_us, end_us = to_us(period.start_at), to_us(period.end_at)
        spans, offsets = utc_offsets(start_us, end_us)
        windows = np.array(self._windows, dtype=np.int64).reshape(-1, 2) * MINUTE_US
        found = []
        for begin, end, offset in zip(spans, [*spans[1:], end_us], offsets, strict=True):
            first_week = (begin + offset - FIRST_MONDAY_US) // WEEK_US
            last_week = (end + offset - FIRST_MONDAY_US) // WEEK_US
            weeks = np.arange(first_week, last_week + 1) * WEEK_US + FIRST_MONDAY_US
            wall = (weeks[:, None, None] + windows[None]).reshape(-1, 2)
            clipped = np.clip(wall - offset, begin, end)
            found.append(clipped[clipped[:, 0] < clipped[:, 1]])
        inside = np.concatenate(found)
        # Windows cut at the end of Sunday, or at a clock shift, are joined again.
        opens = np.r_[True, inside[1:, 0] > inside[:-1, 1]][: len(inside)]
        closes = np.r_[opens[1:], True][: len(inside)]
        return np.column_stack([inside[opens, 0], inside[closes, 1]])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, UnsafeHours) and self._windows == other._windows

    def __hash__(self) -> int:
        return hash(self._windows)

    def __str__(self) -> str:
        return self._expression

    def __repr__(self) -> str:
        return f"UnsafeHours.parse({self._expression!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return UnsafeHours, (self._expression, self._windows)

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: object, _handler: object) -> Any:
        """Let records hold hours: an instance in Python, its expression in JSON."""
        return core_schema.is_instance_schema(cls, serialization=core_schema.to_string_ser_schema())


@lru_cache(maxsize=1024)
def _parse(expression: str) -> UnsafeHours:
    text = expression.strip()
    if len(text) > MAX_CHARS:
        raise HoursError(say("Otrygga timmar får ha högst {most} tecken.", most=MAX_CHARS))
    if not validate(text):
        raise HoursError(
            say(
                "Otrygga timmar ”{text}” går inte att läsa; skriv till exempel Fr,Sa 20:00-02:00 "
                "(dagarna heter Mo Tu We Th Fr Sa Su).",
                text=text,
            )
        )
    hours = OpeningHours(text)
    written = str(hours)
    if not _WEEKLY.fullmatch(written):
        raise HoursError(
            say(
                "Otrygga timmar ”{text}” måste vara samma varje vecka: bara veckodagar och "
                "klockslag, inte datum, månader, veckonummer, helgdagar, solens tider eller "
                "kommentarer.",
                text=text,
            )
        )
    windows = _windows(hours)
    if not windows:
        raise HoursError(say("Otrygga timmar ”{text}” infaller aldrig.", text=text))
    return UnsafeHours(written, windows)


def _windows(hours: OpeningHours) -> tuple[Window, ...]:
    """Read one week minute by minute of wall clock; windows from Sunday before come along."""
    found = hours.intervals(_SOME_MONDAY, _SOME_MONDAY + timedelta(days=7))
    return _joined(
        (_minute(start), _minute(end)) for start, end, state, _ in found if state == State.OPEN
    )


def _minute(at: datetime) -> int:
    return (at - _SOME_MONDAY) // timedelta(minutes=1)


def _joined(windows: Iterable[Window]) -> tuple[Window, ...]:
    joined: list[Window] = []
    for start, end in windows:
        if joined and joined[-1][1] == start:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return tuple(joined)
