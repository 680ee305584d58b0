"""Which days a view is about: what the newest data allow, and the short cuts to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, get_args

from geo.model.period import Period
from geo.model.time import local_day
from geo.services.selection import Selection
from geo.services.snapshot import Snapshot
from geo.wording import Wording, mark
from ui.viewmodels.kinds import kind_told
from ui.viewmodels.link import View

Preset = Literal["4v", "13v", "year", "promise"]
PRESETS: tuple[Preset, ...] = get_args(Preset)

DEFAULT_WEEKS = 13


@dataclass(frozen=True, slots=True)
class AsOf:
    """The day whose end the state of buildings is of, and how often they are to be gone through."""

    on: date
    interval_days: int


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters can keep, from the data: sorted, each once."""

    visit_kinds: tuple[str, ...]
    location_kinds: tuple[str, ...]
    priorities: tuple[int, ...]
    areas: tuple[str, ...]


def newest_on(snapshot: Snapshot, *, now: datetime) -> date:
    """Give the last day anything is known about: of the newest visit, but never after today.

    Without visits it is the day of the newest inspection, and without both, today.
    """
    today = local_day(now)
    newest = _newest_visit_on(snapshot) or _newest_inspection_on(snapshot)
    return today if newest is None else min(today, newest)


def weeks_until(day: date, weeks: int) -> Period:
    """Give the ISO weeks that end with the one a day lies in; the last is cut at that day."""
    monday = day - timedelta(days=day.weekday())
    return Period(monday - timedelta(weeks=weeks - 1), day + timedelta(days=1))


def presets(snapshot: Snapshot, *, now: datetime) -> dict[Preset, Period]:
    """Give the period behind each short cut.

    None reaches past the newest data: days nobody can know about would read as
    days nobody came.
    """
    newest = newest_on(snapshot, now=now)
    tomorrow = newest + timedelta(days=1)
    found: dict[Preset, Period] = {
        "4v": weeks_until(newest, 4),
        "13v": weeks_until(newest, DEFAULT_WEEKS),
        "year": Period(newest.replace(month=1, day=1), tomorrow),
    }
    begun = [promise for promise in snapshot.promises if promise.from_on <= newest]
    if begun:
        latest = max(begun, key=lambda promise: promise.from_on)
        found["promise"] = Period(latest.from_on, min(latest.to_on, tomorrow))
    return found


def preset_told(preset: Preset, period: Period, wording: Wording) -> str:
    """Name a short cut; the year by its number, since the newest data may be of another year."""
    match preset:
        case "4v":
            return wording("4 v")
        case "13v":
            return wording("13 v")
        case "year":
            return str(period.from_on.year)
        case "promise":
            return wording("löftet")


def preset_of(period: Period, among: dict[Preset, Period]) -> Preset | None:
    """Name the short cut that leads to a period, if there is one."""
    return next((name for name, its in among.items() if its == period), None)


def choices(snapshot: Snapshot) -> Choices:
    """List what the filters can keep."""
    return Choices(
        visit_kinds=tuple(sorted(snapshot.visits["kind"].unique())),
        location_kinds=tuple(sorted({place.kind for place in snapshot.locations})),
        priorities=tuple(
            sorted({p.priority for p in snapshot.locations if p.priority is not None})
        ),
        areas=tuple(sorted({building.area for building in snapshot.buildings})),
    )


def selection_of(view: View, snapshot: Snapshot, known: Choices, *, now: datetime) -> Selection:
    """Make of a view what the services are asked; what does not exist is left out."""
    return Selection(
        period=view.period or presets(snapshot, now=now)["13v"],
        # In the order of what is known: one selection, whatever order it was clicked in.
        visit_kinds=tuple(kind for kind in known.visit_kinds if kind in view.visit_kinds),
        location_kinds=tuple(kind for kind in known.location_kinds if kind in view.location_kinds),
        priorities=tuple(p for p in known.priorities if p in view.priorities),
        areas=tuple(area for area in known.areas if area in view.areas),
    )


def asked_on(selection: Selection, snapshot: Snapshot, *, now: datetime) -> date:
    """Give the day whose end a state is asked of: the last of the period, but never after today.

    A period that ends with the newest visit is about how things stand.  What was inspected or
    done since then belongs to it, even though no visit has been reported so late.
    """
    last = selection.period.last_on
    if last == _newest_visit_on(snapshot):
        done = (activity.to_on for activity in snapshot.activities)
        last = max(last, _newest_inspection_on(snapshot) or last, *done)
    return min(last, local_day(now))


def filter_sentences(selection: Selection, wording: Wording) -> tuple[str, ...]:
    """Say what was left out, one sentence per filter; goes on exports and prints too."""
    said = []
    visits = tuple(kind_told(kind, wording) for kind in selection.visit_kinds)
    places = tuple(kind_told(kind, wording) for kind in selection.location_kinds)
    for template, kept in (
        (mark("Besök: {kept}"), visits),
        (mark("Platser: {kept}"), places),
        (mark("Prioritet: {kept}"), tuple(str(p) for p in selection.priorities)),
        (mark("Bostadsområden: {kept}"), selection.areas),
    ):
        if kept:
            said.append(wording(template, kept=", ".join(kept)))
    return tuple(said)


def data_age(snapshot: Snapshot, wording: Wording) -> str:
    """Say how old the data are: ``Besök t.o.m. 30 maj · MBAB t.o.m. 12 mars``."""
    newest = {
        mark("Besök t.o.m. {day}"): _newest_visit_on(snapshot),
        mark("MBAB t.o.m. {day}"): _newest_inspection_on(snapshot),
    }
    # Two different years would be misread without them.
    one_year = len({day.year for day in newest.values() if day is not None}) == 1
    write = wording.day_short if one_year else wording.day
    parts = [wording(said, day=write(day)) for said, day in newest.items() if day is not None]
    return " · ".join(parts) or wording("Inga uppgifter än")


def _newest_visit_on(snapshot: Snapshot) -> date | None:
    """Give the day the last visit began; one that ran past midnight is of the day before."""
    begun = snapshot.visits["start_at"]
    return None if begun.empty else local_day(begun.max().to_pydatetime())


def _newest_inspection_on(snapshot: Snapshot) -> date | None:
    until = snapshot.inspections_until
    return None if until is None else local_day(until)
