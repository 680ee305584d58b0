"""The citizen promise item by item: what was promised, what is counted, and whether the pace holds.

Counted is what was done.  Whether it had an effect is not said, because it is not known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from geo.coverage.pace import PaceStatus
from geo.model.period import Period
from geo.model.promise import Owner, Promise
from geo.model.time import local_day
from geo.services.promises import Standing, promise_standing
from geo.services.selection import Selection
from geo.services.snapshot import Snapshot
from geo.wording import Wording, mark
from ui.viewmodels.kinds import kind_told
from ui.viewmodels.plain import plain
from ui.viewmodels.promise_lines import PaceLine, first_reviews, pace_line
from ui.viewmodels.space_states import natural
from ui.viewmodels.table import Column, Table, shares, whole
from ui.viewmodels.tackning import place_rows, state_told

STATUS_WORDS: Mapping[PaceStatus, str] = {
    "met": mark("uppfyllt"),
    "on_pace": mark("i fas"),
    "behind": mark("efter"),
    "not_measurable": mark("ej mätbart"),
}
STATUS_SYMBOLS: Mapping[PaceStatus, str] = {
    "met": "✓",
    "on_pace": "→",
    "behind": "◐",
    "not_measurable": "◌",
}
STATUS_COLOURS: Mapping[PaceStatus, str] = {
    "met": "met",
    "on_pace": "accent",
    "behind": "behind",
    "not_measurable": "unmeasured",
}

OWNER_WORDS: Mapping[Owner, str] = {
    "polisen": mark("Polisen"),
    "kommunen": mark("Marks kommun"),
    "mbab": mark("MBAB"),
    "alla": mark("Alla"),
}


@dataclass(frozen=True, slots=True, eq=False)
class ItemCard:
    """One promise item as it is shown; texts are plain."""

    item_id: str
    text: str
    owner: str
    status: PaceStatus
    status_told: str
    count: str
    """What is counted against what: ``3 av 4``."""
    pace: str
    """What an even pace would have given, in a sentence; empty where there is none."""
    note: str
    line: PaceLine | None
    records: Table
    """What the number counts."""
    missing: Table | None
    """What is still to do, where the target is all there is."""


@dataclass(frozen=True, slots=True, eq=False)
class PromisePage:
    """One promise at the end of one day."""

    title: str
    sentence: str
    """Markdown."""
    about: str
    cards: tuple[ItemCard, ...]


def promises_begun(snapshot: Snapshot, *, on: date) -> tuple[Promise, ...]:
    """List the promises whose period has begun by a day, the latest first."""
    begun = [promise for promise in snapshot.promises if promise.from_on <= on]
    return tuple(sorted(begun, key=lambda p: (p.from_on, p.promise_id), reverse=True))


def promise_page(
    snapshot: Snapshot, selection: Selection, wording: Wording, promise_id: str, on: date
) -> PromisePage:
    """Say how a promise stands at the end of a day."""
    del selection  # A promise has a period of its own; its filters are in the snapshot.
    standings = [
        one for one in promise_standing(snapshot, on=on) if one.promise.promise_id == promise_id
    ]
    promise = next(p for p in snapshot.promises if p.promise_id == promise_id)
    last = min(on, promise.to_on - timedelta(days=1))
    return PromisePage(
        title=promise.title,
        sentence=_sentence(standings, wording, last),
        about=_about(promise, last, wording),
        cards=tuple(_card(snapshot, one, wording, last) for one in standings),
    )


def status_told(status: PaceStatus, wording: Wording) -> str:
    """Write a status with its symbol: ``✓ uppfyllt``."""
    return f"{STATUS_SYMBOLS[status]} {wording(STATUS_WORDS[status])}"


def _sentence(standings: Sequence[Standing], wording: Wording, on: date) -> str:
    measured = [one for one in standings if one.pace.status != "not_measurable"]
    if not standings:
        return wording("Löftet har inga punkter.")
    if not measured:
        return wording("Ingen av löftets punkter har ett mål som går att mäta.")
    count = {status: sum(one.pace.status == status for one in measured) for status in STATUS_WORDS}
    said = [
        wording.plural(
            "Till och med {day} har **{met} av {n}** mätbar punkt uppfyllts; "
            "**{on_pace}** är i fas och **{behind}** är efter.",
            "Till och med {day} har **{met} av {n}** mätbara punkter uppfyllts; "
            "**{on_pace}** är i fas och **{behind}** är efter.",
            len(measured),
            day=wording.day(on),
            met=wording.number(count["met"]),
            on_pace=wording.number(count["on_pace"]),
            behind=wording.number(count["behind"]),
        )
    ]
    behind = [one.item.text for one in measured if one.pace.status == "behind"]
    if behind:
        texts = "; ".join(f"**{plain(text)}**" for text in behind)
        said.append(wording("Efter: {texts}.", texts=texts))
    return " ".join(said)


def _about(promise: Promise, last: date, wording: Wording) -> str:
    return wording(
        "Löftet gäller {days}. Räknat från {first} till slutet av {last}.",
        days=wording.days(promise.from_on, promise.to_on - timedelta(days=1)),
        first=wording.day(promise.from_on),
        last=wording.day(last),
    )


def _card(snapshot: Snapshot, standing: Standing, wording: Wording, on: date) -> ItemCard:
    item, pace = standing.item, standing.pace
    is_withheld = item.rule.counts == "places_on_target" and snapshot.audience != "intern"
    records, missing = _behind(snapshot, standing, wording, on)
    return ItemCard(
        item_id=item.item_id,
        text=item.text,
        owner=wording(OWNER_WORDS[item.owner]),
        status=pace.status,
        status_told=status_told(pace.status, wording),
        count="–" if is_withheld else _count(standing, wording),
        pace=wording("Platsernas mål visas bara för polisen.")
        if is_withheld
        else _pace(standing, wording),
        note=item.note or "",
        line=pace_line(snapshot, standing, wording, on=on),
        records=records,
        missing=missing,
    )


def _count(standing: Standing, wording: Wording) -> str:
    actual = wording.number(standing.pace.actual or 0)
    if standing.pace.status == "not_measurable":
        return actual
    target = standing.pace.target or 0
    return wording("{actual} av {target}", actual=actual, target=wording.figure(target, digits=1))


def _pace(standing: Standing, wording: Wording) -> str:
    pace = standing.pace
    if pace.status == "not_measurable":
        if standing.item.target is None and not standing.item.share_of_all:
            return wording("Löftet anger inget antal, så det går bara att räkna.")
        return wording("Inget att mäta mot än.")
    if standing.item.rule.counts == "places_on_target":
        return wording("Platser som når sitt eget mål, av dem som har ett.")
    if pace.status == "met":
        return wording("Målet är nått.")
    left = (pace.target or 0) - (pace.actual or 0)
    return wording(
        "Jämn takt ger {expected} till den dagen. {left} återstår.",
        expected=wording.figure(pace.expected or 0, digits=2),
        left=wording.number(left),
    )


# ------------------------------------------------------------------ the rows behind the number


def _behind(
    snapshot: Snapshot, standing: Standing, wording: Wording, on: date
) -> tuple[Table, Table | None]:
    match standing.item.rule.counts:
        case "activities":
            return _activities(snapshot, standing, wording), None
        case "visits":
            return _visits(snapshot, standing, wording), None
        case "places_on_target":
            return _places(snapshot, standing, wording, on)
        case "spaces_reviewed":
            return _spaces(snapshot, standing, wording)


def _activities(snapshot: Snapshot, standing: Standing, wording: Wording) -> Table:
    by_id = {activity.activity_id: activity for activity in snapshot.activities}
    names = {place.location_id: place.name for place in snapshot.locations}
    counted = [by_id[key] for key in reversed(standing.record_ids)]
    rows = pd.DataFrame(
        {
            "when": [one.from_on for one in counted],
            "kind": [one.kind for one in counted],
            "where": [
                one.place_text or names.get(one.location_id or "", one.location_id)
                for one in counted
            ],
            "note": [one.note for one in counted],
        },
        dtype=object,
    )
    return Table(
        title=wording("Det som räknas: {text}", text=standing.item.text),
        columns=(
            Column(name="when", title=wording("När"), shown=wording.day, width=150),
            Column(
                name="kind",
                title=wording("Typ"),
                shown=lambda kind: kind_told(kind, wording),
                width=190,
            ),
            Column(name="where", title=wording("Var"), missing="–", width=220),
            Column(name="note", title=wording("Anteckning"), missing="–", width=320),
        ),
        rows=rows,
        ids=tuple(one.activity_id for one in counted),
        empty=wording("Inget är loggat. Logga på sidan Logga."),
    )


def _visits(snapshot: Snapshot, standing: Standing, wording: Wording) -> Table:
    presence = snapshot.presence
    rows = presence[presence["visit_id"].isin(standing.record_ids)]
    names = {place.location_id: place.name for place in snapshot.locations}
    rows = rows.assign(
        name=rows["location_id"].map(names),
        minutes=(rows["end_at"] - rows["start_at"]).dt.total_seconds() / 60,
    ).sort_values("start_at", ascending=False, ignore_index=True)
    is_internal = snapshot.audience == "intern"
    return Table(
        title=wording("Det som räknas: {text}", text=standing.item.text),
        columns=_visit_columns(wording) if is_internal else _visit_days(wording),
        rows=rows,
        ids=tuple(rows["visit_id"]),
        empty=wording("Inget besök är loggat. Logga på sidan Logga."),
    )


def _visit_columns(wording: Wording) -> tuple[Column, ...]:
    return (
        Column(
            name="start_at",
            title=wording("Började"),
            shown=lambda at: wording.moment(at.to_pydatetime()),
            width=170,
        ),
        Column(name="name", title=wording("Plats"), width=240),
        Column(name="minutes", title=wording("Minuter"), shown=whole(wording)),
        Column(name="officers", title=wording("Poliser"), shown=whole(wording)),
    )


def _visit_days(wording: Wording) -> tuple[Column, ...]:
    """Give what partners are shown of a visit: where, and on which day."""
    return (
        Column(
            name="start_at",
            title=wording("Dag"),
            shown=lambda at: wording.day(local_day(at.to_pydatetime())),
            width=170,
        ),
        Column(name="name", title=wording("Plats"), width=240),
    )


def _places(
    snapshot: Snapshot, standing: Standing, wording: Wording, on: date
) -> tuple[Table, Table]:
    rows = place_rows(snapshot, Period(standing.promise.from_on, on + timedelta(days=1)))
    return (
        _places_table(rows, standing.record_ids, wording("Platser som når sitt mål"), wording),
        _places_table(
            rows, standing.missing_ids, wording("Platser som inte når sitt mål"), wording
        ),
    )


def _places_table(rows: pd.DataFrame, ids: tuple[str, ...], title: str, wording: Wording) -> Table:
    kept = rows[rows["location_id"].isin(ids)].reset_index(drop=True)
    kept = kept.assign(told=[state_told(state, wording) for state in kept["state"]])
    return Table(
        title=title,
        columns=(
            Column(name="name", title=wording("Plats"), is_pinned=True, width=240),
            Column(name="told", title=wording("Läge"), codes="state", width=160),
            Column(name="target_share", title=wording("Andel av målet"), shown=shares(wording)),
            Column(name="counting_visits", title=wording("Räknas"), shown=whole(wording)),
            Column(
                name="expected_visits",
                title=wording("Väntat"),
                shown=lambda value: wording.number(value, digits=1),
            ),
        ),
        rows=kept,
        ids=tuple(kept["location_id"]),
        empty=wording("Ingen plats."),
    )


def _spaces(snapshot: Snapshot, standing: Standing, wording: Wording) -> tuple[Table, Table]:
    reviewed = first_reviews(snapshot, standing)
    done = _space_rows(snapshot, standing.record_ids)
    for row in done:
        row["when"] = reviewed.get(f"{row['building_id']}/{row['space']}")
    place = (
        Column(name="address", title=wording("Adress"), is_pinned=True, width=180),
        Column(name="area", title=wording("Område"), width=140),
        Column(name="space", title=wording("Utrymme"), shown=wording, width=110),
    )
    when = Column(
        name="when",
        title=wording("Först genomgånget"),
        shown=wording.day,
        missing="–",
        width=160,
    )
    left = _space_rows(snapshot, standing.missing_ids)
    names = ["building_id", "address", "area", "space", "when"]
    return (
        Table(
            title=wording("Genomgångna utrymmen"),
            columns=(*place, when),
            rows=pd.DataFrame(done, columns=names),
            ids=tuple(str(row["building_id"]) for row in done),
            empty=wording("Inget utrymme är genomgånget än. Logga på sidan Logga."),
        ),
        Table(
            title=wording("Återstår, i den ordning man går"),
            columns=place,
            rows=pd.DataFrame(left, columns=names),
            ids=tuple(str(row["building_id"]) for row in left),
            empty=wording("Inget återstår."),
        ),
    )


def _space_rows(snapshot: Snapshot, keys: Sequence[str]) -> list[dict[str, Any]]:
    buildings = {building.building_id: building for building in snapshot.buildings}
    found = []
    for key in keys:
        # A key of a building may itself hold a slash; a space never does.
        building_id, _, space = key.rpartition("/")
        building = buildings[building_id]
        found.append(
            {
                "building_id": building_id,
                "address": building.address,
                "area": building.area,
                "space": space,
            }
        )
    return sorted(found, key=lambda row: (row["area"], natural(row["address"]), row["space"]))
