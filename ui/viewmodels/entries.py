"""What was filled in on the page *Logga*, and the records made of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from geo.errors import DataError, SchemaError
from geo.importers.decimals import read_whole
from geo.model.activity import Activity
from geo.model.building import Inspection, Outcome, Space
from geo.model.time import local_day
from geo.model.visit import Visit
from geo.services.recording import make
from geo.services.snapshot import Snapshot
from geo.wording import Message, Wording, say
from ui.viewmodels.local_times import Span, placed, read_clock, span_of
from ui.viewmodels.logged import minutes_told, officers_told, span_told

QUICK_MINUTES = (5, 10, 15, 30)
"""Lengths of a visit that are one tap; the recommended 10–16 minutes are among them."""


MOST_BY_TAP = 7
"""More officers than this are typed, not tapped."""


DAYS_TO_FIX = 30


DAYS_TO_NEW_TRY = 14
"""What the forms propose as last day and as new date; both are there to be changed."""


_CLOCK_SLACK = timedelta(minutes=15)


Fault = tuple[str, Message]


@dataclass(frozen=True, slots=True)
class VisitEntry:
    """What stands in the visit form; ``minutes`` is ``None`` where own times are typed."""

    visit_id: str
    location_id: str | None
    minutes: int | None
    on: date | None
    start: str
    end: str
    start_is_second: bool
    end_is_second: bool
    kind: str | None
    officers: str
    is_done: bool
    reason: str | None
    note: str


@dataclass(frozen=True, slots=True)
class SpaceEntry:
    """What stands in the form about one space of the building."""

    inspection_id: str
    space: Space
    outcome: Outcome | None
    deficiencies: str = ""
    due_on: date | None = None
    fixed_on: date | None = None


@dataclass(frozen=True, slots=True)
class InspectionEntry:
    """What stands in the inspection form."""

    building_id: str | None
    on: date | None
    clock: str
    is_second: bool
    spaces: tuple[SpaceEntry, ...]


@dataclass(frozen=True, slots=True)
class ActivityEntry:
    """What stands in the activity form; without a last day it took one day."""

    activity_id: str
    kind: str | None
    from_on: date | None
    to_on: date | None
    location_id: str | None
    place_text: str
    note: str


def visit_span(entry: VisitEntry, *, now: datetime) -> Span:
    """Say from when to when the visit in the form went on; a quick length ends now.

    Raises
    ------
    SchemaError
        Naming the time that is none, does not exist or has not been yet.
    """
    if entry.minutes is not None:
        end_at = now.replace(second=0, microsecond=0)
        return Span(end_at - timedelta(minutes=entry.minutes), end_at)
    faults: list[Fault] = []
    start = _clock(entry.start, "start_at", faults)
    end = _clock(entry.end, "end_at", faults)
    if entry.on is None:
        faults.append(("on", say("Välj dag.")))
    if start is None or end is None or entry.on is None:
        raise SchemaError(faults)
    try:
        span = span_of(
            entry.on,
            start,
            end,
            start_is_second=entry.start_is_second,
            end_is_second=entry.end_is_second,
        )
    except DataError as exc:
        raise SchemaError([("start_at", exc.message)]) from exc
    if span.start_at > now:
        raise SchemaError([("start_at", say("Besöket ligger i framtiden."))])
    if span.end_at > now + _CLOCK_SLACK:
        raise SchemaError(
            [("end_at", say("Besöket har inte slutat än; ändra sluttiden eller dagen."))]
        )
    return span


def _clock(text: str, field: str, faults: list[Fault]) -> time | None:
    try:
        return read_clock(text)
    except DataError as exc:
        faults.append((field, exc.message))
        return None


def visit_of(entry: VisitEntry, *, now: datetime, earlier: Visit | None = None) -> Visit:
    """Make a visit of what stands in the form.

    Parameters
    ----------
    entry
        The form.
    now
        When the button was pressed.
    earlier
        The visit that is corrected; what the form does not ask for stays as it was.

    Raises
    ------
    SchemaError
        Naming every field with something wrong.
    """
    faults: list[Fault] = []
    values: dict[str, Any] = {**dict(earlier or ()), "visit_id": entry.visit_id}
    if entry.location_id is None and (earlier is None or earlier.lon is None):
        faults.append(("location_id", say("Välj plats.")))
    if not (entry.kind or "").strip():
        faults.append(("kind", say("Välj eller skriv vilken typ av patrull.")))
    if not entry.is_done and not (entry.reason or "").strip():
        faults.append(("not_done_reason", say("Välj eller skriv varför besöket inte blev av.")))
    try:
        values["officers"] = read_whole(entry.officers)
    except DataError as exc:
        faults.append(("officers", exc.message))
    try:
        span = visit_span(entry, now=now)
        values |= {"start_at": span.start_at, "end_at": span.end_at}
    except SchemaError as exc:
        faults += exc.faults
    if faults:
        raise SchemaError(faults)
    return make(
        Visit,
        {
            **values,
            "location_id": entry.location_id,
            "kind": entry.kind,
            "done": entry.is_done,
            "not_done_reason": None if entry.is_done else entry.reason,
            "note": entry.note,
        },
    )


def visit_preview(entry: VisitEntry, *, now: datetime, wording: Wording) -> str:
    """Say in a line what saving would store; empty while that cannot be said."""
    try:
        span = visit_span(entry, now=now)
        officers = read_whole(entry.officers)
    except DataError:
        return ""
    when = span_told(span.start_at, span.end_at, today=local_day(now), wording=wording)
    parts = [when, minutes_told(span.minutes, wording), officers_told(officers, wording)]
    return " · ".join(parts)


def inspections_of(
    entry: InspectionEntry, *, now: datetime, earlier: Inspection | None = None
) -> tuple[Inspection, ...]:
    """Make one inspection for each space in the form.

    Raises
    ------
    SchemaError
        Naming every field with something wrong; fields of a space are
        ``"<space>.<field>"``.
    """
    faults: list[Fault] = []
    if entry.building_id is None:
        faults.append(("building_id", say("Välj byggnad.")))
    elif not entry.spaces:
        faults.append(("spaces", say("Välj minst ett utrymme.")))
    inspected_at = _inspected_at(entry, now, faults)
    for one in entry.spaces:
        faults += [(f"{one.space}.{field}", reason) for field, reason in _space_faults(one)]
    if faults or inspected_at is None:
        raise SchemaError(faults)
    made: list[Inspection] = []
    for one in entry.spaces:
        values = {
            **dict(earlier or ()),
            "inspection_id": one.inspection_id,
            "building_id": entry.building_id,
            "space": one.space,
            "inspected_at": inspected_at,
            "outcome": one.outcome,
            "deficiencies": one.deficiencies,
            "due_on": one.due_on,
            "fixed_on": one.fixed_on,
        }
        try:
            made.append(make(Inspection, values))
        except SchemaError as exc:
            # What speaks of the whole record here is always about its days.
            faults += [(f"{one.space}.{field or 'due_on'}", why) for field, why in exc.faults]
    if faults:
        raise SchemaError(faults)
    return tuple(made)


def _inspected_at(entry: InspectionEntry, now: datetime, faults: list[Fault]) -> datetime | None:
    clock = _clock(entry.clock, "inspected_at", faults)
    if entry.on is None:
        faults.append(("on", say("Välj dag.")))
    if clock is None or entry.on is None:
        return None
    try:
        at = placed(entry.on, clock, is_second=entry.is_second).at
    except DataError as exc:
        faults.append(("inspected_at", exc.message))
        return None
    if at > now:
        faults.append(("inspected_at", say("Genomgången ligger i framtiden.")))
        return None
    return at


def _space_faults(one: SpaceEntry) -> list[Fault]:
    if one.outcome is None:
        return [("outcome", say("Välj hur det såg ut."))]
    if one.outcome == "brist" and not one.deficiencies.strip():
        return [("deficiencies", say("Skriv vad som är fel, så att det går att åtgärda."))]
    if one.outcome == "ej_tilltrade" and one.due_on is None:
        return [("due_on", say("Välj en ny dag att försöka."))]
    return []


def proposed_due_on(outcome: Outcome | None, *, on: date) -> date | None:
    """Propose a last day for a deficiency, or a new date where nobody got in."""
    match outcome:
        case "brist":
            return on + timedelta(days=DAYS_TO_FIX)
        case "ej_tilltrade":
            return on + timedelta(days=DAYS_TO_NEW_TRY)
    return None


def activity_of(entry: ActivityEntry, *, earlier: Activity | None = None) -> Activity:
    """Make an activity of what stands in the form.

    Raises
    ------
    SchemaError
        Naming every field with something wrong.
    """
    faults: list[Fault] = []
    if not (entry.kind or "").strip():
        faults.append(("kind", say("Välj eller skriv vad som gjordes.")))
    if entry.from_on is None:
        faults.append(("from_on", say("Välj dag.")))
    elif entry.to_on is not None and entry.to_on < entry.from_on:
        faults.append(("to_on", say("Aktiviteten slutar innan den börjar.")))
    if faults:
        raise SchemaError(faults)
    return make(
        Activity,
        {
            **dict(earlier or ()),
            "activity_id": entry.activity_id,
            "kind": entry.kind,
            "from_on": entry.from_on,
            "to_on": entry.to_on or entry.from_on,
            "location_id": entry.location_id,
            "place_text": entry.place_text,
            "note": entry.note,
        },
    )


def since_last_told(snapshot: Snapshot, visit: Visit, wording: Wording) -> str:
    """Say how long the place had waited for this visit; empty if it was not done.

    Feedback is what was missing in earlier promises (Brå 2018), so each logged
    visit gives some.
    """
    if not visit.done or visit.location_id is None:
        return ""
    there = snapshot.presence[snapshot.presence["location_id"] == visit.location_id]
    before = there[(there["start_at"] < visit.start_at) & (there["visit_id"] != visit.visit_id)]
    if before.empty:
        return wording("Det är det första besöket som är loggat där.")
    last_at = before["end_at"].max().to_pydatetime()
    days = (local_day(visit.start_at) - local_day(last_at)).days
    if days <= 0:
        return wording("Platsen hade ett besök tidigare samma dag.")
    return wording.plural(
        "Det var {n} dag sedan förra besöket där.",
        "Det var {n} dagar sedan förra besöket där.",
        days,
    )


def hints_told(hints: Sequence[str], wording: Wording) -> str:
    """Warn that a text looks like it points at a person, and say what to do."""
    named = [wording(hint) for hint in hints]
    listed = (
        named[0]
        if len(named) == 1
        else wording("{first} och {last}", first=", ".join(named[:-1]), last=named[-1])
    )
    return wording(
        "Texten ser ut att innehålla {what}. Det som sparas här kan begäras ut som allmän "
        "handling och ska inte handla om personer. Ändra texten, eller spara ändå om det är "
        "något annat.",
        what=listed,
    )
