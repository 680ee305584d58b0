"""One coverage row, the slow and obvious way: datetimes, lists and loops.

Written from domain.md §4 "One coverage row"; shares no code with ``geo.coverage``.
Moments are aware UTC datetimes on whole minutes.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")
MINUTE = timedelta(minutes=1)
DAY = timedelta(seconds=86_400)


@dataclass(frozen=True)
class Piece:
    """A piece of a place's history; ``unsafe`` holds minutes of the week, Monday 00:00 = 0."""

    location_id: str
    name: str
    start: datetime | None
    end: datetime | None
    per_week: float | None
    minutes: float | None
    unsafe: frozenset[int] | None


@dataclass(frozen=True)
class Visit:
    location_id: str
    start: datetime
    end: datetime
    officers: int


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), STOCKHOLM).astimezone(UTC)


def calendar_pieces(first: date, stop: date, by: str) -> list[tuple[date, date]]:
    """Group the days one by one under the piece they belong to."""
    groups: dict[object, list[date]] = {}
    day = first
    while day < stop:
        key = {
            "day": day,
            "week": day.isocalendar()[:2],
            "month": (day.year, day.month),
            "all": None,
        }[by]
        groups.setdefault(key, []).append(day)
        day += timedelta(days=1)
    return [(days[0], days[-1] + timedelta(days=1)) for days in groups.values()]


def week_minute(moment: datetime) -> int:
    wall = moment.astimezone(STOCKHOLM)
    return (wall.weekday() * 24 + wall.hour) * 60 + wall.minute


def minutes_covered(visits: list[Visit], start: datetime, end: datetime) -> set[datetime]:
    covered = set()
    for visit in visits:
        moment = max(visit.start, start)
        while moment < min(visit.end, end):
            covered.add(moment)
            moment += MINUTE
    return covered


def gaps(visits: list[Visit], start: datetime, end: datetime) -> list[timedelta]:
    """Cut ``[start, end)`` at every visit's ends; keep the parts nobody is in, joined again."""
    cuts = {start, end}
    for visit in visits:
        cuts |= {moment for moment in (visit.start, visit.end) if start < moment < end}
    borders = sorted(cuts)
    # A visit of zero length covers nothing, but two parts are not joined across it.
    splits = {visit.start for visit in visits if visit.start == visit.end}
    found: list[timedelta] = []
    open_since: datetime | None = None
    for left, right in itertools.pairwise(borders):
        taken = any(visit.start <= left and right <= visit.end for visit in visits)
        if open_since is not None and (taken or left in splits):
            found.append(left - open_since)
            open_since = None
        if not taken and open_since is None:
            open_since = left
    if open_since is not None:
        found.append(end - open_since)
    return found


def coverage_rows(
    pieces: list[Piece], visits: list[Visit], first: date, stop: date, by: str
) -> list[dict[str, object]]:
    rows = []
    for location_id in dict.fromkeys(piece.location_id for piece in pieces):
        mine = [visit for visit in visits if visit.location_id == location_id]
        history = sorted(
            (piece for piece in pieces if piece.location_id == location_id),
            key=lambda piece: piece.start or datetime.min.replace(tzinfo=UTC),
        )
        for from_on, to_on in calendar_pieces(first, stop, by):
            row = coverage_row(history, mine, from_on, to_on)
            if row is not None:
                rows.append({"location_id": location_id, **row})
    return rows


def coverage_row(
    history: list[Piece], visits: list[Visit], from_on: date, to_on: date
) -> dict[str, object] | None:
    spans = []
    for piece in history:
        start = max(midnight(from_on), piece.start or midnight(from_on))
        end = min(midnight(to_on), piece.end or midnight(to_on))
        if start < end:
            spans.append((piece, start, end))
    if not spans:
        return None

    visit_count = 0
    officer_minutes = 0.0
    patrol_minutes = 0
    all_gaps: list[timedelta] = []
    length = timedelta(0)
    expected, reached = 0.0, 0
    hit, hit_of = 0, 0
    for piece, start, end in spans:
        length += end - start
        begun = [visit for visit in visits if start <= visit.start < end]
        visit_count += len(begun)
        for visit in visits:
            overlap = min(visit.end, end) - max(visit.start, start)
            if overlap > timedelta(0):
                officer_minutes += overlap / MINUTE * visit.officers
        covered = minutes_covered(visits, start, end)
        patrol_minutes += len(covered)
        all_gaps += gaps(visits, start, end)
        if piece.per_week:
            expected += piece.per_week * ((end - start) / timedelta(hours=168))
            reached += sum(
                1
                for visit in begun
                if piece.minutes is None or (visit.end - visit.start) / MINUTE >= piece.minutes
            )
        if piece.unsafe is not None:
            hit_of += len(covered)
            hit += sum(1 for moment in covered if week_minute(moment) in piece.unsafe)

    stop = spans[-1][2]
    ends = [visit.end for visit in visits if visit.start < stop]
    since = max(stop - max(ends), timedelta(0)) if ends else None
    return {
        "name": spans[-1][0].name,
        "period_start": from_on.isoformat(),
        "period_end": to_on.isoformat(),
        "visits": visit_count,
        "officer_min": officer_minutes,
        "patrol_min": float(patrol_minutes),
        "days_since_last": None if since is None else since / DAY,
        "longest_gap_days": max(all_gaps, default=timedelta(0)) / DAY,
        "avg_idleness_days": sum((gap / DAY) ** 2 for gap in all_gaps) / (2 * (length / DAY)),
        "target_share": min(1.0, reached / expected) if expected else None,
        "hit_in_time_share": hit / hit_of if hit_of else None,
    }
