"""What the buttons of *Logga* do: store, correct, undo.

All of them are callbacks, so that a form is emptied, a fault found and a confirmation
made before anything is drawn, and a second tap on a button finds the first one's result.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from geo.errors import ConflictError, GeoError, NotFoundError, SchemaError
from geo.model.activity import Activity
from geo.model.building import Inspection
from geo.model.record import Record
from geo.model.time import local_day
from geo.model.visit import Visit
from geo.services import recording as service
from geo.services.recording import hints, save_inspections
from geo.store.store import Stored
from geo.wording import Wording, say
from ui import deps
from ui.components import drafts, forms
from ui.components.drafts import CORRECTING, Correction, Done, FormKind
from ui.viewmodels import entries, logged

TYPES: Final[Mapping[str, type[Record]]] = {
    "visits": Visit,
    "inspections": Inspection,
    "activities": Activity,
}
_SPACE_FIELDS: Final = ("outcome", "deficiencies", "due_on", "fixed_on")
_ONE_TRY: Final = timedelta(minutes=10)
"""Presses of one form's button within this time are tries to store one and the same thing."""


# ------------------------------------------------------------------ saving a form


def save(kind: FormKind, prefix: str) -> None:
    """Store what stands in a form, or say field by field why not; nothing typed is lost."""
    now, wording = pressed_at(prefix) or deps.now(), deps.wording()
    drafts.put(prefix, faults={}, problem="")
    try:
        records = _records(kind, prefix, now=now)
    except SchemaError as exc:
        drafts.put(prefix, faults=forms.faults_told(exc, wording), warning="")
        return
    if _asks_once_more(prefix, records, wording):
        return
    drafts.put(prefix, pressed=now.isoformat())
    try:
        if prefix == CORRECTING:
            _store_correction(records[0], now=now)
        else:
            _store_new(records, now=now)
    except ConflictError as exc:
        drafts.put(prefix, problem=_conflict(records[0], exc, wording))
    except GeoError as exc:
        drafts.put(prefix, problem=wording.message(exc.message))
    else:
        _finish(kind, prefix, records)


def pressed_at(prefix: str) -> datetime | None:
    """Give when this form's button was first pressed, while a retry is still the same try."""
    pressed = drafts.get(prefix, "pressed")
    if not pressed:
        return None
    at = datetime.fromisoformat(pressed)
    return at if at <= deps.now() < at + _ONE_TRY else None


def _records(kind: FormKind, prefix: str, *, now: datetime) -> Sequence[Record]:
    earlier = _seen() if prefix == CORRECTING else None
    match kind:
        case "visits":
            return [
                entries.visit_of(
                    forms.read_visit(prefix, now=now),
                    now=now,
                    earlier=earlier if isinstance(earlier, Visit) else None,
                )
            ]
        case "inspections":
            return entries.inspections_of(
                forms.read_inspection(prefix, now=now),
                now=now,
                earlier=earlier if isinstance(earlier, Inspection) else None,
            )
        case "activities":
            return [
                entries.activity_of(
                    forms.read_activity(prefix),
                    earlier=earlier if isinstance(earlier, Activity) else None,
                )
            ]


def _asks_once_more(prefix: str, records: Sequence[Record], wording: Wording) -> bool:
    """Warn once of text that looks like it is about a person; the same text again is saved."""
    found = tuple(dict.fromkeys(hint for record in records for hint in hints(record)))
    texts = "\n".join(value for record in records for _, value in record if isinstance(value, str))
    if not found or drafts.get(prefix, "warned") == texts:
        drafts.put(prefix, warning="")
        return False
    drafts.put(prefix, warned=texts, warning=entries.hints_told(found, wording))
    return True


def _store_new(records: Sequence[Record], *, now: datetime) -> None:
    store, account = deps.store(), deps.account()
    inspections = [record for record in records if isinstance(record, Inspection)]
    if inspections:
        save_inspections(store, inspections, account=account, now=now)
        return
    (record,) = records
    try:
        service.save(store, record, account=account, now=now)
    except ConflictError:
        # The key was made here, so what stands under it is an earlier try of this very form,
        # whose answer was lost; what stands in the form now is what is meant.
        standing = store.standing(type(record), [record.record_id])
        if not standing or standing[0].origin != f"account:{account}":
            raise
        service.save(store, record, expects=standing[0].version, account=account, now=now)


def _store_correction(record: Record, *, now: datetime) -> None:
    about = drafts.correction()
    expects = 0 if about is None else about.version
    service.save(deps.store(), record, expects=expects, account=deps.account(), now=now)


def _conflict(record: Record, error: ConflictError, wording: Wording) -> str:
    """Say what somebody else changed; saving once more then replaces it."""
    about = drafts.correction()
    if about is None:
        return wording.message(error.message)
    standing = deps.store().standing(type(record), [record.record_id])
    told = logged.conflict_told(
        _seen(),
        standing[0].record if standing else None,
        names=logged.names_of(deps.snapshot()),
        wording=wording,
    )
    version = standing[0].version if standing else 0
    drafts.correct(Correction(about.kind, about.record_id, version))
    return told


def _seen() -> Record | None:
    """Give the version of the record being corrected that was seen when it was opened."""
    about = drafts.correction()
    if about is None:
        return None
    versions = deps.store().history(TYPES[about.kind], about.record_id)
    version = about.version or len(versions)
    return versions[version - 1].record if 0 < version <= len(versions) else None


def _finish(kind: FormKind, prefix: str, records: Sequence[Record]) -> None:
    """Empty the form for the next one, and remember what to confirm."""
    is_correction = prefix == CORRECTING
    ids = tuple(record.record_id for record in records)
    drafts.confirm(Done(kind, ids, "changed" if is_correction else "saved"))
    drafts.drop(prefix, "id", "pressed", "warned", "warning", "problem", "faults")
    if is_correction:
        drafts.close_correction()
    elif kind == "visits":
        drafts.put(prefix, note="", done=True, reason=None, day="today", start="", end="")
        drafts.drop(prefix, "minutes", "start_fold", "end_fold")
    elif kind == "inspections":
        for record in records:
            if isinstance(record, Inspection):
                drafts.drop(prefix, f"spaces_{record.building_id}")
                drafts.drop(prefix, *(f"{record.space}_{name}" for name in _SPACE_FIELDS))
        drafts.drop(prefix, "when_is_now", "day", "clock", "clock_fold")
    else:
        drafts.drop(prefix, "from_on")
        drafts.put(prefix, kind=None, to_on=None, location_id=None, place_text="", note="")


# ------------------------------------------------------------------ what is stored already


def _trying(act: Callable[[], None]) -> bool:
    """Do something to the store; where it cannot be done, keep the sentence to show."""
    drafts.notify("")
    try:
        act()
    except GeoError as exc:
        drafts.notify(deps.wording().message(exc.message))
        return False
    return True


def _standing(kind: FormKind, record_id: str) -> Stored[Record]:
    standing = deps.store().standing(TYPES[kind], [record_id])
    if not standing:
        raise NotFoundError(say("Uppgiften finns inte längre."))
    return standing[0]


def _withdraw(kind: FormKind, record_id: str, *, expects: int) -> None:
    service.take_back(
        deps.store(),
        TYPES[kind],
        record_id,
        expects=expects,
        account=deps.account(),
        now=deps.now(),
    )


def _replace(record: Record, *, expects: int) -> None:
    service.save(deps.store(), record, expects=expects, account=deps.account(), now=deps.now())


def undo() -> None:
    """Take back what was just saved, or bring back what a change replaced."""
    done = drafts.done()
    if done is None:
        return
    is_change = done.what in {"changed", "fixed"}

    def act() -> None:
        for record_id in done.ids:
            versions = deps.store().history(TYPES[done.kind], record_id)
            if is_change and len(versions) > 1:
                _replace(versions[-2].record, expects=versions[-1].version)
            else:
                _withdraw(done.kind, record_id, expects=versions[-1].version)

    if _trying(act):
        drafts.confirm(Done(done.kind, done.ids, "back" if is_change else "taken"))


def put_back() -> None:
    """Put back what was just taken back."""
    done = drafts.done()
    if done is None:
        return

    def act() -> None:
        for record_id in done.ids:
            service.put_back(
                deps.store(),
                TYPES[done.kind],
                record_id,
                account=deps.account(),
                now=deps.now(),
            )

    if _trying(act):
        drafts.confirm(Done(done.kind, done.ids, "saved"))


def take_back(kind: FormKind, record_id: str) -> None:
    """Take back one record of the list."""
    if _trying(lambda: _withdraw(kind, record_id, expects=_standing(kind, record_id).version)):
        drafts.close_correction()
        drafts.confirm(Done(kind, (record_id,), "taken"))


def put_right(inspection_id: str) -> None:
    """Say that a deficiency was put right today."""

    def act() -> None:
        found = _standing("inspections", inspection_id)
        fixed = found.record.model_copy(update={"fixed_on": local_day(deps.now())})
        _replace(fixed, expects=found.version)

    if _trying(act):
        drafts.confirm(Done("inspections", (inspection_id,), "fixed"))


def open_correction(kind: FormKind, record_id: str) -> None:
    """Put a record as it stands into the form for corrections."""

    def act() -> None:
        found = _standing(kind, record_id)
        drafts.clear(CORRECTING)
        match found.record:
            case Visit() as visit:
                forms.fill_visit(CORRECTING, visit)
            case Inspection() as inspection:
                forms.fill_inspection(CORRECTING, inspection)
            case Activity() as activity:
                forms.fill_activity(CORRECTING, activity)
        drafts.correct(Correction(kind, record_id, found.version))

    if _trying(act):
        drafts.forget_done()
