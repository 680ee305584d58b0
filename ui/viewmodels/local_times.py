"""Days and clock times as people type them at night, made into moments."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from geo.errors import DataError
from geo.importers.times import read_moment
from geo.wording import say

_CLOCK = re.compile(r"(?:kl\.? ?)?(\d{1,2})(?:[:., ]?(\d{2}))?")


@dataclass(frozen=True, slots=True)
class LocalMoment:
    """A moment in UTC; ``is_twofold`` says that the local time comes twice that night."""

    at: datetime
    is_twofold: bool


@dataclass(frozen=True, slots=True)
class Span:
    """From one moment to another, and which of the two may mean two moments."""

    start_at: datetime
    end_at: datetime
    start_is_twofold: bool = False
    end_is_twofold: bool = False

    @property
    def minutes(self) -> int:
        """Whole minutes between the two."""
        return int((self.end_at - self.start_at).total_seconds() // 60)


def read_clock(text: str) -> time:
    """Read a time of day: ``23:50``, ``23.50``, ``2350`` and ``7`` are all understood.

    Raises
    ------
    DataError
        Where it is none.
    """
    found = _CLOCK.fullmatch(" ".join(text.split()).casefold())
    if found is not None:
        hour, minute = int(found[1]), int(found[2] or 0)
        if hour <= 23 and minute <= 59:
            return time(hour, minute)
    raise DataError(
        say("”{value}” är inte ett klockslag (skriv TT:MM, till exempel 23:50).", value=text[:40])
        if text.strip()
        else say("Klockslag saknas (skriv TT:MM, till exempel 23:50).")
    )


def placed(on: date, clock: time, *, is_second: bool = False) -> LocalMoment:
    """Place a wall-clock time in Sweden; `is_second` takes the later of two it may mean.

    Raises
    ------
    DataError
        Where the time was skipped that night in spring.
    """
    moment = read_moment(f"{on.isoformat()} {clock:%H:%M}")
    if moment.also_at is None:
        return LocalMoment(moment.at, is_twofold=False)
    return LocalMoment(moment.also_at if is_second else moment.at, is_twofold=True)


def span_of(
    on: date,
    start: time,
    end: time,
    *,
    start_is_second: bool = False,
    end_is_second: bool = False,
) -> Span:
    """Place a start and an end; an end earlier on the clock is the day after.

    Where clocks go back, an end that would lie before its start is its second
    occurrence (02:50–02:10 in that night is twenty minutes).

    Raises
    ------
    DataError
        Where one of the times was skipped that night in spring.
    """
    begins = placed(on, start, is_second=start_is_second)
    same_day = placed(on, end, is_second=end_is_second)
    if same_day.at >= begins.at:
        return Span(begins.at, same_day.at, begins.is_twofold, same_day.is_twofold)
    if same_day.is_twofold:
        later = placed(on, end, is_second=True)
        if later.at >= begins.at:
            return Span(begins.at, later.at, begins.is_twofold, end_is_twofold=False)
    ends = placed(on + timedelta(days=1), end, is_second=end_is_second)
    return Span(begins.at, ends.at, begins.is_twofold, ends.is_twofold)
