"""The pace line of a promise item: what an even pace expects, and the steps of what was done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from geo.model.period import Period
from geo.model.time import STOCKHOLM
from geo.services.coverage import coverage
from geo.services.promises import Standing
from geo.services.snapshot import Snapshot
from geo.wording import Wording


@dataclass(frozen=True, slots=True, eq=False)
class PaceLine:
    """What to draw; days as ``datetime64``, midnight of the local day."""

    expected: pd.DataFrame
    """``day, number``: where an even pace stands; two points."""
    steps: pd.DataFrame
    """``day, number, note``: the count from each day on, up to the day asked for."""
    first_on: date
    last_on: date
    on: date
    target: float
    expected_words: str
    done_words: str
    description: str


def pace_line(
    snapshot: Snapshot, standing: Standing, wording: Wording, *, on: date
) -> PaceLine | None:
    """Give the line of an item that can be measured; None for one that cannot."""
    pace, promise = standing.pace, standing.promise
    if pace.target is None or pace.status == "not_measurable":
        return None
    is_level = standing.item.rule.counts == "places_on_target"
    if is_level:
        steps = _places_by_month(snapshot, standing, on=on)
    else:
        steps = _summed(_days(snapshot, standing), first_on=promise.from_on, on=on)
    frame = pd.DataFrame(steps, columns=["on", "number"])
    frame["day"] = pd.to_datetime(frame["on"])
    frame["note"] = [
        wording("{day}: {n}", day=wording.day(day), n=wording.number(number))
        for day, number in steps
    ]
    return PaceLine(
        expected=pd.DataFrame(
            {
                "day": pd.to_datetime([promise.from_on, promise.to_on]),
                "number": [pace.target if is_level else 0.0, pace.target],
            }
        ),
        steps=frame[["day", "number", "note"]],
        first_on=promise.from_on,
        last_on=promise.to_on - timedelta(days=1),
        on=on,
        target=pace.target,
        expected_words=wording("alla mätbara platser") if is_level else wording("jämn takt"),
        done_words=wording("når målet") if is_level else wording("gjort"),
        description=_described(standing, wording, on=on),
    )


def first_reviews(snapshot: Snapshot, standing: Standing) -> Mapping[str, date]:
    """Give the day each counted space was first gone through in the promise's period."""
    events = snapshot.inspections[snapshot.inspections["outcome"] != "ej_tilltrade"]
    days = events["inspected_at"].dt.tz_convert(STOCKHOLM).dt.date
    first: dict[str, date] = {}
    for building_id, space, day in zip(events["building_id"], events["space"], days, strict=True):
        key = f"{building_id}/{space}"
        if standing.promise.from_on <= day < standing.promise.to_on:
            first[key] = min(day, first.get(key, day))
    return first


def _described(standing: Standing, wording: Wording, *, on: date) -> str:
    pace = standing.pace
    return wording(
        "{text}: {actual} av {target} till och med {day}, där jämn takt ger {expected}.",
        text=standing.item.text,
        actual=wording.number(pace.actual or 0),
        target=wording.number(pace.target or 0),
        day=wording.day(on),
        expected=wording.number(pace.expected or 0, digits=2),
    )


def _days(snapshot: Snapshot, standing: Standing) -> Iterable[date]:
    """Give the day of each thing counted."""
    counted = set(standing.record_ids)
    match standing.item.rule.counts:
        case "activities":
            return [a.from_on for a in snapshot.activities if a.activity_id in counted]
        case "visits":
            visits = snapshot.presence[snapshot.presence["visit_id"].isin(counted)]
            once = visits.drop_duplicates("visit_id")["start_at"]
            return list(once.dt.tz_convert(STOCKHOLM).dt.date)
        case _:
            first = first_reviews(snapshot, standing)
            return [day for key, day in first.items() if key in counted]


def _summed(days: Iterable[date], *, first_on: date, on: date) -> list[tuple[date, int]]:
    """Add up per day, from the first day of the promise to the day asked for."""
    per_day = Counter(days)
    steps, total = [(first_on, 0)], 0
    for day in sorted(per_day):
        total += per_day[day]
        steps.append((day, total))
    return [*steps, (on + timedelta(days=1), total)]


def _places_by_month(snapshot: Snapshot, standing: Standing, *, on: date) -> list[tuple[date, int]]:
    """Count the places on target at the end of each month, and of the day asked for."""
    whole = Period(standing.promise.from_on, on + timedelta(days=1))
    steps = []
    for month in whole.pieces("month"):
        rows = coverage(snapshot, Period(whole.from_on, month.to_on))
        steps.append((month.to_on, int((rows["target_share"] >= 1).sum())))
    return steps
