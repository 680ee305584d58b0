"""The calendar pieces of a period as they are named, and those nobody reported anything in."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_date

from geo.coverage.completeness import completeness
from geo.model.period import Grain, Period
from geo.services.snapshot import Snapshot
from geo.wording import Wording, mark, rounded

SHOWN_GRAINS: tuple[Grain, ...] = ("day", "week", "month")

GRAIN_WORDS: dict[Grain, str] = {
    "day": mark("dag"),
    "week": mark("vecka"),
    "month": mark("månad"),
}

MOST_DAYS_BY_DAY = 92
"""Longer periods are not shown day by day: the columns would be thinner than a finger's width."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One day, week or month of a period, with its name; ``is_silent``: nothing was reported."""

    period: Period
    label: str
    is_silent: bool
    is_cut: bool
    """Whether the period holds only a part of the week or month."""

    @property
    def key(self) -> str:
        """The first day, as coverage rows name it."""
        return self.period.from_on.isoformat()


@dataclass(frozen=True, slots=True)
class Cut:
    """How finely to show a period, and the weeks of it nobody reported anything in (Mondays)."""

    grain: Grain
    silent: tuple[date, ...] = ()


def silent_weeks(everything: Snapshot, period: Period) -> tuple[date, ...]:
    """Name, by their Mondays, the ISO weeks of a period in which nothing at all was reported.

    Whole weeks are looked at, also where the period holds only a part, and every visit of
    every kind, also those that were not done.
    """
    first = period.from_on - timedelta(days=period.from_on.weekday())
    last = period.last_on + timedelta(days=7 - period.last_on.weekday())
    weeks = completeness(everything.visits["start_at"], period=Period(first, last))
    silent = weeks.loc[~weeks["is_reported"], "period_start"]
    return tuple(date.fromisoformat(day) for day in silent)


def pieces_of(period: Period, wording: Wording, cut: Cut) -> tuple[Piece, ...]:
    """Cut a period and name its pieces; no two have the same name.

    A day is silent where its week is, a month where all its weeks are.
    """
    grain, pieces = cut.grain, period.pieces(cut.grain)
    labels = [_label(piece.from_on, grain, wording) for piece in pieces]
    if max(Counter(labels).values()) > 1:
        labels = [
            f"{label} {_year(piece.from_on, grain)}"
            for label, piece in zip(labels, pieces, strict=True)
        ]
    quiet = set(cut.silent)
    return tuple(
        Piece(
            piece,
            label,
            is_silent=all(monday in quiet for monday in _mondays(piece)),
            is_cut=piece != _whole(piece, grain),
        )
        for piece, label in zip(pieces, labels, strict=True)
    )


def grains_for(period: Period) -> tuple[Grain, ...]:
    """Name how finely a period can be shown."""
    return SHOWN_GRAINS if period.days <= MOST_DAYS_BY_DAY else ("week", "month")


def length_told(period: Period, wording: Wording) -> str:
    """Say how long a period is: ``13 veckor``, or ``45 dagar`` where it is no whole weeks."""
    weeks, left = divmod(period.days, 7)
    if left == 0:
        return wording.plural("{n} vecka", "{n} veckor", weeks)
    return wording.plural("{n} dag", "{n} dagar", period.days)


def visits_counted(visits: float, wording: Wording) -> str:
    """Write a number of visits: ``902 besök``."""
    return wording.plural("{n} besök", "{n} besök", round(visits))


def minutes_counted(minutes: float, wording: Wording) -> str:
    """Write a number of patrol minutes: ``13 944 patrullminuter``."""
    return wording.plural("{n} patrullminut", "{n} patrullminuter", int(rounded(minutes)))


def _mondays(piece: Period) -> list[date]:
    first = piece.from_on - timedelta(days=piece.from_on.weekday())
    return [first + timedelta(weeks=n) for n in range((piece.last_on - first).days // 7 + 1)]


def _whole(piece: Period, grain: Grain) -> Period:
    """Give the whole week or month a piece lies in."""
    start = piece.from_on
    if grain == "week":
        monday = start - timedelta(days=start.weekday())
        return Period(monday, monday + timedelta(days=7))
    if grain == "month":
        first = start.replace(day=1)
        return Period(first, (first + timedelta(days=32)).replace(day=1))
    return piece


def _label(start: date, grain: Grain, wording: Wording) -> str:
    if grain == "week":
        return wording.week(start)
    if grain == "month":
        return format_date(start, format="LLL", locale=wording.locale).rstrip(".")
    return wording.day_short(start)


def _year(start: date, grain: Grain) -> int:
    return start.isocalendar().year if grain == "week" else start.year
