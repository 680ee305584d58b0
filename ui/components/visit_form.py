"""The form for a visit: two taps on a phone, everything else for who has the time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import streamlit as st

from geo.errors import DataError
from geo.model.time import STOCKHOLM, local_day
from geo.model.visit import SUGGESTED_REASONS, Visit
from geo.wording import Wording
from ui.components.drafts import Faults, faults, form_id, get, put, seed
from ui.components.fields import (
    FIRST,
    OTHER_DAY,
    SECOND,
    day_field,
    day_of,
    fault,
    fold_field,
    keep_known,
    kind_field,
    note_field,
    suggested,
)
from ui.viewmodels.entries import MOST_BY_TAP, QUICK_MINUTES, VisitEntry, visit_preview, visit_span
from ui.viewmodels.log_choices import Choice

OWN_TIMES: Final = 0
"""The length that stands for typed times."""

_MANY: Final = MOST_BY_TAP + 1


def visit_form(
    prefix: str,
    *,
    places: Sequence[Choice],
    kinds: Sequence[str],
    now: datetime,
    wording: Wording,
    is_correction: bool = False,
) -> None:
    """Draw the form for a visit.

    A new visit is logged by its length and ends now; a correction always shows its times.
    """
    found = faults(prefix)
    labels = {choice.key: choice.label for choice in places}
    keep_known(prefix, "location_id", labels)
    st.selectbox(
        wording("Plats"),
        list(labels),
        index=None,
        key=f"{prefix}_location_id",
        format_func=lambda key: labels.get(key, key),
        placeholder=wording("Sök plats"),
        persist_state="session",
    )
    fault(found, "location_id")
    seed(prefix, minutes=QUICK_MINUTES[1], done=True)
    if is_correction:
        put(prefix, minutes=OWN_TIMES)
    else:
        st.segmented_control(
            wording("Hur många minuter? Besöket slutar nu."),
            [*QUICK_MINUTES, OWN_TIMES],
            key=f"{prefix}_minutes",
            required=True,
            format_func=lambda n: str(n) if n else wording("Egna tider"),
            on_change=_propose_times,
            args=(prefix, now),
            persist_state="session",
        )
    if get(prefix, "minutes") == OWN_TIMES:
        _own_times(prefix, found, now=now, wording=wording, is_correction=is_correction)
    _officers(prefix, found, wording)
    kind_field(prefix, found, kinds, label=wording("Typ av patrull"), wording=wording)
    st.segmented_control(
        wording("Blev besöket av?"),
        [True, False],
        key=f"{prefix}_done",
        required=True,
        format_func=lambda done: wording("Ja") if done else wording("Nej, det blev inte av"),
        persist_state="session",
    )
    if not get(prefix, "done"):
        suggested(
            prefix,
            "reason",
            SUGGESTED_REASONS,
            label=wording("Varför blev det inte av?"),
            wording=wording,
        )
        fault(found, "not_done_reason")
    note_field(prefix, found, wording, about=wording("Anteckning om platsen, inte om personer"))


def read_visit(prefix: str, *, now: datetime) -> VisitEntry:
    """Give what stands in the form for a visit."""
    minutes = get(prefix, "minutes", QUICK_MINUTES[1])
    officers = get(prefix, "officers", 1)
    return VisitEntry(
        visit_id=form_id(prefix),
        location_id=get(prefix, "location_id"),
        minutes=None if minutes == OWN_TIMES else int(minutes),
        on=day_of(prefix, today=local_day(now)),
        start=get(prefix, "start", "") or "",
        end=get(prefix, "end", "") or "",
        start_is_second=get(prefix, "start_fold") == SECOND,
        end_is_second=get(prefix, "end_fold") == SECOND,
        kind=get(prefix, "kind"),
        officers=(get(prefix, "officers_text", "") or "") if officers == _MANY else str(officers),
        is_done=bool(get(prefix, "done", True)),
        reason=get(prefix, "reason"),
        note=get(prefix, "note", "") or "",
    )


def fill_visit(prefix: str, visit: Visit) -> None:
    """Put a stored visit into the form, to be corrected."""
    begins, ends = (at.astimezone(STOCKHOLM) for at in (visit.start_at, visit.end_at))
    put(
        prefix,
        id=visit.visit_id,
        location_id=visit.location_id,
        minutes=OWN_TIMES,
        day=OTHER_DAY,
        on=begins.date(),
        start=f"{begins:%H:%M}",
        end=f"{ends:%H:%M}",
        start_fold=SECOND if begins.fold else FIRST,
        end_fold=SECOND if ends.fold else FIRST,
        officers=min(visit.officers, _MANY),
        officers_text=str(visit.officers),
        kind=visit.kind,
        done=visit.done,
        reason=visit.not_done_reason,
        note=visit.note or "",
    )


def visit_summary(prefix: str, *, now: datetime, wording: Wording) -> str:
    """Say in a line what saving the form would store."""
    return visit_preview(read_visit(prefix, now=now), now=now, wording=wording)


def _propose_times(prefix: str, now: datetime) -> None:
    """Start the own times from the length that was chosen before, ending now."""
    if get(prefix, "minutes") == OWN_TIMES and not get(prefix, "start"):
        local = now.astimezone(STOCKHOLM)
        put(prefix, end=f"{local:%H:%M}")


def _own_times(
    prefix: str, found: Faults, *, now: datetime, wording: Wording, is_correction: bool
) -> None:
    day_field(prefix, now=now, wording=wording, is_correction=is_correction)
    fault(found, "on")
    with st.container(horizontal=True, gap="small"):
        for name, label in (("start", wording("Från")), ("end", wording("Till"))):
            st.text_input(
                label,
                key=f"{prefix}_{name}",
                max_chars=8,
                placeholder=wording("TT:MM"),
                width=130,
                persist_state="session",
            )
    fault(found, "start_at", "end_at")
    try:
        span = visit_span(read_visit(prefix, now=now), now=now)
    except DataError:
        return
    if span.start_is_twofold:
        fold_field(prefix, "start_fold", get(prefix, "start"), wording)
    if span.end_is_twofold:
        fold_field(prefix, "end_fold", get(prefix, "end"), wording)


def _officers(prefix: str, found: Faults, wording: Wording) -> None:
    seed(prefix, officers=1, officers_text=str(_MANY))
    st.segmented_control(
        wording("Antal poliser"),
        list(range(1, _MANY + 1)),
        key=f"{prefix}_officers",
        required=True,
        format_func=lambda n: wording("{n}+", n=n) if n == _MANY else str(n),
        persist_state="session",
    )
    if get(prefix, "officers") == _MANY:
        st.text_input(
            wording("Hur många?"),
            key=f"{prefix}_officers_text",
            max_chars=4,
            width=130,
            persist_state="session",
        )
    fault(found, "officers")
