"""What a reader is shown: taken away here, before any page, tile or file is made of it.

*Intern* is everything.  *Samverkan* (municipality, housing company) has no plans, no staffing, no
clock times, no positions of patrols and no free text but its own.  *Offentlig* has no records at
all: only promises, and the weekly sums of ``geo.services.public``.  (Offentlighets- och
sekretesslagen 18:1; ADR 24.)  What is taken away is absent, so that nothing downstream can show it
by mistake; what that leaves unknown is missing, never zero.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final, cast

import numpy as np
import pandas as pd

from geo.access import Account, Audience, Subject, audience_of, may
from geo.model.activity import Activity
from geo.model.boundary import Boundary
from geo.model.building import Building, Inspection
from geo.model.location import Location
from geo.model.promise import Promise, PromiseItem
from geo.model.receipt import Receipt
from geo.model.record import Record
from geo.model.time import STOCKHOLM
from geo.services.frames import designations_of
from geo.services.snapshot import Snapshot
from geo.wording import Wording, mark

AUDIENCE_NAMES: Final = MappingProxyType[Audience, str](
    {
        "intern": mark("Intern"),
        "samverkan": mark("Samverkan"),
        "offentlig": mark("Offentlig"),
    }
)

WITHHELD: Final = MappingProxyType[Audience, str](
    {
        "intern": "",
        "samverkan": mark(
            "Utan planer och mål per plats, bemanning, klockslag, patrullernas positioner "
            "och andras fritext."
        ),
        "offentlig": mark("Bara antal per område och vecka; små tal visas inte."),
    }
)
"""What is said to be left out, wherever something is left out."""

_NOON: Final = timedelta(hours=12)


def withheld_told(audience: Audience, wording: Wording) -> str:
    """Say what is left out for an audience; nothing where nothing is."""
    withheld = WITHHELD[audience]
    return wording(withheld) if withheld else ""


def seen(record: Record, account: Account, *, today: date) -> Record | None:
    """Give one record as an account may see it; None if not at all."""
    match audience_of(account), record:
        case ("intern", _) | (_, Promise()):
            return record
        case _, PromiseItem():
            return _without_note(record)
        case "samverkan", _:
            return _seen_by_partner(record, account, today)
        case _:
            return None


def _seen_by_partner(record: Record, account: Account, today: date) -> Record | None:
    match record:
        case Building() | Boundary():
            return record
        case Location():
            return None if _is_planned(record, today) else _without_plans(record, today)
        case Activity():
            return _activity(record, account, today)
        case Inspection():
            return record if account.organisation == "mbab" else _without_text(record)
        case Receipt():
            return record if may(account, "import", _subject(record)) else None
        case _:
            return None


def shown_to(snapshot: Snapshot, account: Account, *, today: date) -> Snapshot:
    """Give what an account is shown of everything that stands.

    Parameters
    ----------
    snapshot
        Everything, for *intern*.
    account
        Who reads; only the organisation matters.
    today
        The Swedish day: what begins later is a plan.

    Returns
    -------
    Snapshot
        The same for *intern*.  For *samverkan* places without plans; visits by day, of one officer
        and no length, with ids that lead nowhere; for *offentlig* promises and the boundary only.
    """
    match audience_of(account):
        case "intern":
            return snapshot
        case "samverkan":
            return _partners(snapshot, account, today)
        case _:
            return _public(snapshot)


def _partners(snapshot: Snapshot, account: Account, today: date) -> Snapshot:
    locations = tuple(
        _without_plans(piece, today)
        for piece in snapshot.locations
        if not _is_planned(piece, today)
    )
    done = snapshot.visits[snapshot.visits["done"]].reset_index(drop=True)
    numbers = {visit_id: f"b{number}" for number, visit_id in enumerate(done["visit_id"], start=1)}
    visits = done.assign(
        visit_id=done["visit_id"].map(numbers),
        lon=np.nan,
        lat=np.nan,
        start_at=_days(done["start_at"]),
        end_at=_days(done["start_at"]),
        kind="besök",
        officers=1,
        not_done_reason=None,
        source=None,
        flags=pd.Series([()] * len(done), dtype=object),
        note=None,
    )
    presence = snapshot.presence
    known = {piece.location_id for piece in locations}
    presence = presence[
        presence["visit_id"].isin(numbers) & presence["location_id"].isin(known)
    ].reset_index(drop=True)
    return replace(
        snapshot,
        audience="samverkan",
        locations=locations,
        designations=designations_of(locations),
        visits=visits,
        presence=presence.assign(
            visit_id=presence["visit_id"].map(numbers),
            start_at=_days(presence["start_at"]),
            end_at=_days(presence["start_at"]),
            officers=1,
        ),
        activities=tuple(
            shown
            for activity in snapshot.activities
            if (shown := _activity(activity, account, today)) is not None
        ),
        inspections=snapshot.inspections
        if account.organisation == "mbab"
        else snapshot.inspections.assign(
            deficiencies=None, inspected_at=_days(snapshot.inspections["inspected_at"])
        ),
        promise_items=tuple(map(_without_note, snapshot.promise_items)),
    )


def _public(snapshot: Snapshot) -> Snapshot:
    return replace(
        snapshot,
        audience="offentlig",
        locations=(),
        buildings=(),
        activities=(),
        designations=designations_of(()),
        visits=snapshot.visits.iloc[:0],
        presence=snapshot.presence.iloc[:0],
        spaces=snapshot.spaces.iloc[:0],
        inspections=snapshot.inspections.iloc[:0],
        promise_items=tuple(map(_without_note, snapshot.promise_items)),
    )


def _without_plans(piece: Location, today: date) -> Location:
    ends = piece.designated_to
    return piece.model_copy(
        update={
            "priority": None,
            "visits_per_week": None,
            "minutes_per_visit": None,
            "unsafe_hours": None,
            "designated_to": None if ends is not None and ends > today else ends,
            "review_on": None,
            "source": None,
        }
    )


def _is_planned(piece: Location, today: date) -> bool:
    return piece.designated_from is not None and piece.designated_from > today


def _activity(activity: Activity, account: Account, today: date) -> Activity | None:
    if activity.from_on > today:
        return None
    if account.organisation == "kommunen":
        return activity
    return activity.model_copy(update={"location_id": None, "place_text": None, "note": None})


def _without_text(inspection: Inspection) -> Inspection:
    local = inspection.inspected_at.astimezone(STOCKHOLM)
    noon = local.replace(hour=12, minute=0, second=0, microsecond=0, fold=0)
    return inspection.model_copy(update={"deficiencies": None, "inspected_at": noon})


def _subject(receipt: Receipt) -> Subject:
    return "boundaries" if receipt.kind == "boundary" else cast("Subject", receipt.kind)


def _without_note(item: PromiseItem) -> PromiseItem:
    return item.model_copy(update={"note": None})


def _days(moments: pd.Series[pd.Timestamp]) -> pd.Series[pd.Timestamp]:
    """Move moments to noon of their Swedish day, which every clock has once."""
    local = moments.dt.tz_convert(STOCKHOLM).dt.tz_localize(None).dt.normalize() + _NOON
    return local.dt.tz_localize(STOCKHOLM).dt.tz_convert("UTC").dt.as_unit("us")
