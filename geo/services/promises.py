"""How the citizen promise stands at the end of a day: item by item, with the records counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from geo.coverage.pace import Pace, pace
from geo.coverage.presence import counted_visits
from geo.coverage.table import coverage_table
from geo.model.period import Period
from geo.model.promise import Promise, PromiseItem
from geo.model.time import day_start_at
from geo.services.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Standing:
    """One promise item at the end of one day."""

    promise: Promise
    item: PromiseItem
    pace: Pace
    record_ids: tuple[str, ...]
    """The records behind the number: activities, visits, places or ``building/space``."""
    missing_ids: tuple[str, ...] = ()
    """What is still to do, where the target is all there is."""


def promise_standing(snapshot: Snapshot, *, on: date) -> list[Standing]:
    """Count every item of every promise whose period has begun by the end of a day."""
    promises = {p.promise_id: p for p in snapshot.promises if p.from_on <= on}
    return [
        _standing(snapshot, promises[item.promise_id], item, on=on)
        for item in snapshot.promise_items
        if item.promise_id in promises
    ]


def promise_records(standings: Sequence[Standing]) -> list[Mapping[str, Any]]:
    """Make standings plain values for JSON."""
    return [
        {
            "promise_id": one.promise.promise_id,
            "promise": one.promise.title,
            "from": one.promise.from_on.isoformat(),
            "to": one.promise.to_on.isoformat(),
            "item_id": one.item.item_id,
            "text": one.item.text,
            "owner": one.item.owner,
            "on": one.pace.on.isoformat(),
            "actual": one.pace.actual,
            "target": one.pace.target,
            "expected": one.pace.expected,
            "status": one.pace.status,
            "records": list(one.record_ids),
        }
        for one in standings
    ]


def _standing(snapshot: Snapshot, promise: Promise, item: PromiseItem, *, on: date) -> Standing:
    whole = Period(promise.from_on, promise.to_on)
    so_far = Period(whole.from_on, min(whole.to_on, _day_after(on)))
    match item.rule.counts:
        case "activities":
            counted = _activities(snapshot, so_far, kinds=item.rule.kinds)
        case "visits":
            counted = _visits(snapshot, so_far)
        case "places_on_target":
            return _places_on_target(snapshot, promise, item, so_far, on=on)
        case "spaces_reviewed":
            return _spaces_reviewed(snapshot, promise, item, so_far, on=on)
    return Standing(promise, item, pace(len(counted), item.target, whole, on=on), counted)


def _activities(snapshot: Snapshot, period: Period, *, kinds: Sequence[str]) -> tuple[str, ...]:
    wanted = {kind.casefold() for kind in kinds}
    return tuple(
        activity.activity_id
        for activity in sorted(snapshot.activities, key=lambda a: (a.from_on, a.activity_id))
        if activity.kind.casefold() in wanted and period.from_on <= activity.from_on < period.to_on
    )


def _visits(snapshot: Snapshot, period: Period) -> tuple[str, ...]:
    """Name the visits begun in the period at a place while it was designated; each once."""
    counted = counted_visits(snapshot.designations, snapshot.presence, period=period)
    return tuple(sorted(counted["visit_id"].unique()))


def _places_on_target(
    snapshot: Snapshot, promise: Promise, item: PromiseItem, so_far: Period, *, on: date
) -> Standing:
    rows = coverage_table(snapshot.designations, snapshot.presence, period=so_far, by="all")
    measurable = rows[rows["target_share"].notna()]
    reached = measurable["target_share"] >= 1
    target = float(len(measurable)) if item.share_of_all else item.target
    counted = tuple(measurable.loc[reached, "location_id"])
    # A weekly target is met or not at any time of the year, so half the year gone does
    # not make half the places enough.
    status = pace(len(counted), target, so_far, on=on)
    return Standing(promise, item, status, counted, tuple(measurable.loc[~reached, "location_id"]))


def _spaces_reviewed(
    snapshot: Snapshot, promise: Promise, item: PromiseItem, so_far: Period, *, on: date
) -> Standing:
    kinds = item.rule.kinds
    stock = {
        f"{row.building_id}/{row.space}"
        for row in snapshot.spaces.itertuples()
        if not kinds or row.space in kinds
    }
    done = snapshot.inspections
    done = done[
        (done["outcome"] != "ej_tilltrade")
        & (done["inspected_at"] >= pd.Timestamp(day_start_at(so_far.from_on)))
        & (done["inspected_at"] < pd.Timestamp(day_start_at(so_far.to_on)))
    ]
    reviewed = {f"{row.building_id}/{row.space}" for row in done.itertuples()} & stock
    target = float(len(stock)) if item.share_of_all else item.target
    whole = Period(promise.from_on, promise.to_on)
    return Standing(
        promise,
        item,
        pace(len(reviewed), target, whole, on=on),
        tuple(sorted(reviewed)),
        tuple(sorted(stock - reviewed)),
    )


def _day_after(on: date) -> date:
    return date.fromordinal(on.toordinal() + 1)
