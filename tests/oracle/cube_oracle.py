"""Counts per place under a filter, the slow and obvious way: one visit and one minute at a time.

Shares no code with ``geo.coverage``.  Moments are aware UTC datetimes on whole minutes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tests.oracle.coverage_oracle import MINUTE, STOCKHOLM


@dataclass(frozen=True)
class Visit:
    place: str
    kind: str
    start: datetime
    end: datetime
    officers: int


Count = tuple[int, int, int, datetime | None]
"""Visits, officer minutes, patrol minutes, last end."""


def count(
    visits: list[Visit], place: str, first: date, stop: date, *, hours: set[tuple[int, int]],
    kinds: set[str],
) -> Count:  # fmt: skip
    mine = [visit for visit in visits if visit.place == place and visit.kind in kinds]
    started, officer_minutes = 0, 0
    somebody_there = set()
    ends = []
    for visit in mine:
        wall = visit.start.astimezone(STOCKHOLM)
        if (wall.weekday(), wall.hour) in hours:
            started += first <= wall.date() < stop
            if wall.date() < stop:
                ends.append(visit.end)
        moment = visit.start
        while moment < visit.end:
            wall = moment.astimezone(STOCKHOLM)
            if first <= wall.date() < stop and (wall.weekday(), wall.hour) in hours:
                officer_minutes += visit.officers
                somebody_there.add(moment)
            moment += MINUTE
    return started, officer_minutes, len(somebody_there), max(ends, default=None)


def previous(first: date, stop: date) -> tuple[date, date]:
    return first - timedelta(days=(stop - first).days), first
