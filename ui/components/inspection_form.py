"""The form for one walk through a building: several spaces, each with its outcome."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import cast

import streamlit as st

from geo.errors import DataError
from geo.model.building import OUTCOME_WORDS, OUTCOMES, Inspection, Outcome, Space
from geo.model.time import STOCKHOLM, local_day
from geo.wording import Wording
from ui.components.drafts import Faults, faults, form_id, get, put, seed
from ui.components.fields import (
    FIRST,
    NOTE_CHARS,
    OTHER_DAY,
    SECOND,
    day_field,
    day_of,
    fault,
    fold_field,
    keep_known,
)
from ui.viewmodels.entries import InspectionEntry, SpaceEntry, proposed_due_on
from ui.viewmodels.local_times import placed, read_clock
from ui.viewmodels.log_choices import Choice


def inspection_form(
    prefix: str,
    *,
    buildings: Sequence[Choice],
    spaces: Mapping[str, Sequence[Space]],
    now: datetime,
    wording: Wording,
    is_correction: bool = False,
) -> None:
    """Draw the form for one walk through a building: several spaces, each with its outcome."""
    found = faults(prefix)
    labels = {choice.key: choice.label for choice in buildings}
    keep_known(prefix, "building_id", labels)
    st.selectbox(
        wording("Byggnad"),
        list(labels),
        index=None,
        key=f"{prefix}_building_id",
        format_func=lambda key: labels.get(key, key),
        placeholder=wording("Sök adress eller område"),
        disabled=is_correction,
        persist_state="session",
    )
    fault(found, "building_id")
    building_id = get(prefix, "building_id")
    if building_id is None:
        return
    offered = list(spaces.get(building_id, ()))
    if not is_correction:
        # A key for each building: what was ticked in one means nothing in another.
        st.pills(
            wording("Vilka utrymmen?"),
            offered,
            selection_mode="multi",
            key=_spaces_key(prefix, building_id),
            format_func=lambda space: wording(space).capitalize(),
            persist_state="session",
        )
        fault(found, "spaces")
    for space in _spaces(prefix):
        with st.container(border=True):
            _space(prefix, space, found, now=now, wording=wording)
    _when(prefix, found, now=now, wording=wording, is_correction=is_correction)


def _spaces_key(prefix: str, building_id: str) -> str:
    return f"{prefix}_spaces_{building_id}"


def _spaces(prefix: str) -> list[Space]:
    only = get(prefix, "only_space")
    if only is not None:
        return [only]
    ticked = st.session_state.get(_spaces_key(prefix, str(get(prefix, "building_id"))))
    return list(ticked or [])


def _space(prefix: str, space: Space, found: Faults, *, now: datetime, wording: Wording) -> None:
    st.pills(
        wording("{space}: hur såg det ut?", space=wording(space).capitalize()),
        OUTCOMES,
        key=f"{prefix}_{space}_outcome",
        format_func=lambda outcome: wording(OUTCOME_WORDS[cast("Outcome", outcome)]).capitalize(),
        on_change=_propose_due,
        args=(prefix, space, now),
        persist_state="session",
    )
    fault(found, f"{space}.outcome")
    outcome = get(prefix, f"{space}_outcome")
    if outcome in {"brist", "anmarkning"}:
        about = (
            wording("Vad är fel? Om huset, inte om personer")
            if outcome == "brist"
            else wording("Vad anmärks? Om huset, inte om personer")
        )
        st.text_area(
            about,
            key=f"{prefix}_{space}_deficiencies",
            max_chars=NOTE_CHARS,
            height=80,
            persist_state="session",
        )
        fault(found, f"{space}.deficiencies")
    if outcome in {"brist", "ej_tilltrade"}:
        st.date_input(
            wording("Klart senast") if outcome == "brist" else wording("Ny dag att försöka"),
            value=None,
            key=f"{prefix}_{space}_due_on",
            format="YYYY-MM-DD",
            width=180,
            persist_state="session",
        )
        fault(found, f"{space}.due_on")
    if outcome in {"brist", "anmarkning"} and get(prefix, "only_space") is not None:
        st.date_input(
            wording("Åtgärdad (tom om den inte är det)"),
            value=None,
            key=f"{prefix}_{space}_fixed_on",
            format="YYYY-MM-DD",
            width=180,
            persist_state="session",
        )
        fault(found, f"{space}.fixed_on")


def _propose_due(prefix: str, space: Space, now: datetime) -> None:
    outcome = get(prefix, f"{space}_outcome")
    put(prefix, **{f"{space}_due_on": proposed_due_on(outcome, on=local_day(now))})


def _when(
    prefix: str, found: Faults, *, now: datetime, wording: Wording, is_correction: bool
) -> None:
    """Ask when; a walk that is logged on the spot was now."""
    if not is_correction:
        seed(prefix, when_is_now=True)
        st.segmented_control(
            wording("När?"),
            [True, False],
            key=f"{prefix}_when_is_now",
            required=True,
            format_func=lambda is_now: wording("Nu") if is_now else wording("Annan tid"),
            persist_state="session",
        )
        if get(prefix, "when_is_now"):
            return
    day_field(prefix, now=now, wording=wording, is_correction=is_correction)
    st.text_input(
        wording("Klockan"),
        key=f"{prefix}_clock",
        max_chars=8,
        placeholder=wording("TT:MM"),
        width=130,
        persist_state="session",
    )
    fault(found, "on", "inspected_at")
    on = day_of(prefix, today=local_day(now))
    try:
        if on is not None and placed(on, read_clock(get(prefix, "clock", "") or "")).is_twofold:
            fold_field(prefix, "clock_fold", get(prefix, "clock"), wording)
    except DataError:
        return


def read_inspection(prefix: str, *, now: datetime) -> InspectionEntry:
    """Give what stands in the form for an inspection."""
    is_now = bool(get(prefix, "when_is_now", True)) and get(prefix, "only_space") is None
    local = now.astimezone(STOCKHOLM)
    return InspectionEntry(
        building_id=get(prefix, "building_id"),
        on=local.date() if is_now else day_of(prefix, today=local.date()),
        clock=f"{local:%H:%M}" if is_now else (get(prefix, "clock", "") or ""),
        is_second=bool(local.fold) if is_now else get(prefix, "clock_fold") == SECOND,
        spaces=tuple(_read_space(prefix, space) for space in _spaces(prefix)),
    )


def _read_space(prefix: str, space: Space) -> SpaceEntry:
    outcome: Outcome | None = get(prefix, f"{space}_outcome")
    own_id = form_id(prefix)
    return SpaceEntry(
        # One form may store several; each has a key made of the form's and its space.
        inspection_id=own_id if get(prefix, "only_space") else f"{own_id}-{space}",
        space=space,
        outcome=outcome,
        deficiencies=(
            get(prefix, f"{space}_deficiencies", "") or ""
            if outcome in {"brist", "anmarkning"}
            else ""
        ),
        due_on=get(prefix, f"{space}_due_on") if outcome in {"brist", "ej_tilltrade"} else None,
        fixed_on=get(prefix, f"{space}_fixed_on") if outcome in {"brist", "anmarkning"} else None,
    )


def fill_inspection(prefix: str, inspection: Inspection) -> None:
    """Put a stored inspection into the form, to be corrected."""
    at, space = inspection.inspected_at.astimezone(STOCKHOLM), inspection.space
    put(
        prefix,
        id=inspection.inspection_id,
        building_id=inspection.building_id,
        only_space=space,
        when_is_now=False,
        day=OTHER_DAY,
        on=at.date(),
        clock=f"{at:%H:%M}",
        clock_fold=SECOND if at.fold else FIRST,
        **{
            f"{space}_outcome": inspection.outcome,
            f"{space}_deficiencies": inspection.deficiencies or "",
            f"{space}_due_on": inspection.due_on,
            f"{space}_fixed_on": inspection.fixed_on,
        },
    )
