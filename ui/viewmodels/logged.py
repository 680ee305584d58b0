"""What was logged, told in a line: for confirmations, lists, histories and conflicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from geo.model.activity import Activity
from geo.model.building import OUTCOME_WORDS, SPACE_WORDS, Inspection
from geo.model.record import Record
from geo.model.time import local_day
from geo.model.visit import Visit
from geo.services.snapshot import Snapshot
from geo.store.store import Stored
from geo.wording import Wording, mark, quote
from ui.viewmodels.kinds import kind_shown, kind_told

_CODE_WORDS: Mapping[str, str] = {
    **{str(code): word for code, word in OUTCOME_WORDS.items()},
    **{str(code): word for code, word in SPACE_WORDS.items()},
}

_FIELD_WORDS: Mapping[str, str] = {
    "location_id": mark("plats"),
    "start_at": mark("början"),
    "end_at": mark("slut"),
    "kind": mark("typ"),
    "officers": mark("antal poliser"),
    "done": mark("blev av"),
    "not_done_reason": mark("anledning"),
    "note": mark("anteckning"),
    "building_id": mark("byggnad"),
    "space": mark("utrymme"),
    "inspected_at": mark("tid för genomgången"),
    "outcome": mark("utfall"),
    "deficiencies": mark("vad som är fel"),
    "due_on": mark("klart senast"),
    "fixed_on": mark("åtgärdad"),
    "from_on": mark("första dagen"),
    "to_on": mark("sista dagen"),
    "place_text": mark("var"),
}

_ORIGINS: Mapping[str, str] = {
    "account": mark("konto {name}"),
    "import": mark("import {name}"),
    "undo": mark("ångrad import {name}"),
    "demo": mark("exempeldata"),
}


@dataclass(frozen=True, slots=True)
class Names:
    """What places and buildings are called."""

    places: Mapping[str, str]
    buildings: Mapping[str, str]

    def place(self, location_id: str) -> str:
        """Name a place; its key where it has gone."""
        return self.places.get(location_id, location_id)

    def building(self, building_id: str) -> str:
        """Give a building's address; its key where it has gone."""
        return self.buildings.get(building_id, building_id)


@dataclass(frozen=True, slots=True)
class Told:
    """A record in two lines: what it is about, and what was done."""

    title: str
    detail: str


@dataclass(frozen=True, slots=True)
class LoggedRow:
    """One thing somebody logged, with what is needed to change it."""

    kind: str
    record_id: str
    version: int
    told: Told
    recorded: str


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version of a record: when, by whom, and what it changed."""

    when: str
    who: str
    what: str


def names_of(snapshot: Snapshot) -> Names:
    """Gather the names; a place that was renamed has its last one."""
    return Names(
        places={piece.location_id: piece.name for piece in snapshot.locations},
        buildings={building.building_id: building.address for building in snapshot.buildings},
    )


def day_told(on: date, *, today: date, wording: Wording) -> str:
    """Write a day the way people say it: today, yesterday, or its date."""
    if on == today:
        return wording("i dag")
    if on == today - timedelta(days=1):
        return wording("i går")
    return wording.day(on)


def span_told(start_at: datetime, end_at: datetime, *, today: date, wording: Wording) -> str:
    """Write when something went on: ``i dag 23:40–00:05 (dagen efter)``."""
    begins, ends = local_day(start_at), local_day(end_at)
    clocks = f"{wording.clock(start_at)}–{wording.clock(end_at)}"
    if ends != begins:
        clocks = wording("{clocks} (slutar dagen efter)", clocks=clocks)
    return f"{day_told(begins, today=today, wording=wording)} {clocks}"


def minutes_told(minutes: int, wording: Wording) -> str:
    """Write a length: minutes, and from two hours on hours too."""
    if minutes < 120:
        return wording("{n} min", n=wording.number(minutes))
    return wording("{hours} h {minutes} min", hours=minutes // 60, minutes=minutes % 60)


def officers_told(officers: int, wording: Wording) -> str:
    """Write how many there were."""
    return wording.plural("{n} polis", "{n} poliser", officers)


def told(record: Record, *, names: Names, today: date, wording: Wording) -> Told:
    """Tell a logged record in two lines."""
    match record:
        case Visit():
            return _visit_told(record, names=names, today=today, wording=wording)
        case Inspection():
            return _inspection_told(record, names=names, today=today, wording=wording)
        case Activity():
            return _activity_told(record, names=names, today=today, wording=wording)
    raise TypeError(f"nothing to tell of a {type(record).__name__}")


def _visit_told(visit: Visit, *, names: Names, today: date, wording: Wording) -> Told:
    when = span_told(visit.start_at, visit.end_at, today=today, wording=wording)
    where = (
        names.place(visit.location_id)
        if visit.location_id is not None
        else wording("Position {lat}, {lon}", lat=visit.lat, lon=visit.lon)
    )
    if not visit.done:
        reason = kind_told(visit.not_done_reason or "", wording)
        return Told(where, " · ".join([when, wording("blev inte av: {reason}", reason=reason)]))
    minutes = int((visit.end_at - visit.start_at).total_seconds() // 60)
    parts = [
        when,
        minutes_told(minutes, wording),
        officers_told(visit.officers, wording),
        kind_told(visit.kind, wording),
    ]
    return Told(where, " · ".join([*parts, *([visit.note] if visit.note else [])]))


def _inspection_told(
    inspection: Inspection, *, names: Names, today: date, wording: Wording
) -> Told:
    on = local_day(inspection.inspected_at)
    parts = [
        f"{day_told(on, today=today, wording=wording)} {wording.clock(inspection.inspected_at)}",
        wording(OUTCOME_WORDS[inspection.outcome]),
    ]
    if inspection.deficiencies:
        parts.append(inspection.deficiencies)
    if inspection.due_on is not None:
        template = (
            mark("nytt försök {day}")
            if inspection.outcome == "ej_tilltrade"
            else mark("klart senast {day}")
        )
        parts.append(wording(template, day=wording.day(inspection.due_on)))
    if inspection.fixed_on is not None:
        parts.append(wording("åtgärdad {day}", day=wording.day(inspection.fixed_on)))
    where = f"{names.building(inspection.building_id)}, {wording(inspection.space)}"
    return Told(where, " · ".join(parts))


def _activity_told(activity: Activity, *, names: Names, today: date, wording: Wording) -> Told:
    if activity.from_on == activity.to_on:
        parts = [day_told(activity.from_on, today=today, wording=wording)]
    else:
        parts = [wording.days(activity.from_on, activity.to_on)]
    if activity.location_id is not None:
        parts.append(names.place(activity.location_id))
    parts += [text for text in (activity.place_text, activity.note) if text]
    return Told(kind_shown(activity.kind, wording), " · ".join(parts))


def logged_rows(
    stored: Sequence[Stored[Record]],
    *,
    most: int,
    names: Names,
    today: date,
    wording: Wording,
) -> tuple[LoggedRow, ...]:
    """List what an account wrote last, newest first, whatever kind it is of."""
    newest = sorted(stored, key=lambda one: one.revision, reverse=True)[:most]
    return tuple(
        LoggedRow(
            kind=one.record.kind_of_record,
            record_id=one.record.record_id,
            version=one.version,
            told=told(one.record, names=names, today=today, wording=wording),
            recorded=wording("sparat {moment}", moment=wording.moment(one.recorded_at)),
        )
        for one in newest
    )


def changes_told(
    before: Record, after: Record, *, names: Names, wording: Wording
) -> tuple[str, ...]:
    """Say field by field what became different."""
    return tuple(
        wording(
            "{field}: {before} → {after}",
            field=wording(_FIELD_WORDS.get(name, name)),
            before=_value_told(name, old, names=names, wording=wording),
            after=_value_told(name, getattr(after, name), names=names, wording=wording),
        )
        for name, old in before
        if name in _FIELD_WORDS and old != getattr(after, name)
    )


def _value_told(name: str, value: object, *, names: Names, wording: Wording) -> str:
    match value:
        case None | "":
            return wording("(tomt)")
        case bool():
            return wording("ja") if value else wording("nej")
        case datetime():
            return wording.moment(value)
        case date():
            return wording.day(value)
        case int() | float():
            return wording.number(value)
    return _text_told(name, str(value), names=names, wording=wording)


def _text_told(name: str, text: str, *, names: Names, wording: Wording) -> str:
    match name:
        case "location_id":
            return names.place(text)
        case "building_id":
            return names.building(text)
        case "outcome" | "space":
            return wording(_CODE_WORDS.get(text, text))
        case "kind" | "not_done_reason":
            text = kind_told(text, wording)
    return wording.message(quote(text))


def conflict_told(
    seen: Record | None, standing: Record | None, *, names: Names, wording: Wording
) -> str:
    """Say in one sentence what somebody else did to a record one was correcting."""
    if standing is None:
        return wording(
            "Någon annan hann ta bort uppgiften. Det du skrev står kvar; "
            "spara igen om den ska finnas."
        )
    changed = "; ".join(changes_told(seen, standing, names=names, wording=wording)) if seen else ""
    if not changed:
        return wording(
            "Någon annan hann spara uppgiften på nytt. Det du skrev står kvar; "
            "spara igen för att ersätta."
        )
    return wording(
        "Någon annan hann ändra ({changed}). Det du skrev står kvar; spara igen för att ersätta.",
        changed=changed,
    )


def history_told(
    versions: Sequence[Stored[Record]], *, names: Names, wording: Wording
) -> tuple[VersionRow, ...]:
    """Tell a record's versions, the newest first."""
    rows = []
    for index, stored in enumerate(versions):
        before = versions[index - 1] if index else None
        if stored.withdrawn:
            what = wording("Borttagen")
        elif before is None:
            what = wording("Skapad")
        elif before.withdrawn:
            what = wording("Lagd tillbaka")
        else:
            changed = changes_told(before.record, stored.record, names=names, wording=wording)
            what = "; ".join(changed) or wording("Sparad utan ändring")
        rows.append(
            VersionRow(
                when=wording.moment(stored.recorded_at),
                who=origin_told(stored.origin, wording),
                what=what,
            )
        )
    return tuple(reversed(rows))


def origin_told(origin: str, wording: Wording) -> str:
    """Say who or what wrote something."""
    kind, _, name = origin.partition(":")
    return wording(_ORIGINS[kind], name=name) if kind in _ORIGINS else origin
