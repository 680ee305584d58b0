"""The row of filters that every number obeys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import streamlit as st

from geo.errors import DataError
from geo.model.period import Period
from geo.wording import Wording
from ui import deps, state
from ui.components import answers, save_as
from ui.components.say import plain
from ui.viewmodels.kinds import kind_told
from ui.viewmodels.period import PRESETS, Preset, preset_of, preset_told, presets

_FROM, _TO, _PRESET = "filter_from", "filter_to", "filter_preset"
_SEARCH, _SEARCHED = "filter_search", "filter_searched"


def row(wording: Wording, *, page: str) -> None:
    """Draw the filters; on a phone they open behind one button."""
    with st.container(key="filters_shell"):
        st.checkbox(_phone_label(wording), key="filters_open", on_change="ignore", width="content")
        with st.container(key="filters", horizontal=True, vertical_alignment="center", gap="small"):
            _period(wording)
            _kinds(wording)
            _search(wording)
            with st.container(key="save_as", width="content"):
                save_as.menu(wording, page=page)


def was_searched() -> bool:
    """Tell, once, whether something was just found by its name."""
    return bool(st.session_state.pop(_SEARCHED, False))


def _phone_label(wording: Wording) -> str:
    asked = deps.selection()
    days = wording.days(asked.period.from_on, asked.period.last_on)
    return wording("Filter · {days}", days=days)


def _period(wording: Wording) -> None:
    period = deps.selection().period
    short_cuts = presets(deps.snapshot(), now=deps.now())
    st.session_state[_FROM], st.session_state[_TO] = period.from_on, period.last_on
    st.session_state[_PRESET] = preset_of(period, short_cuts)
    with st.popover(
        wording.days(period.from_on, period.last_on),
        icon=":material/calendar_month:",
        key="filter_period",
        width="content",
    ):
        st.date_input(
            wording("Från och med"), key=_FROM, format="YYYY-MM-DD", on_change=_days_changed
        )
        st.date_input(
            wording("Till och med"), key=_TO, format="YYYY-MM-DD", on_change=_days_changed
        )
        st.caption(wording("Alla siffror, kartor och filer gäller de här dagarna."))
    st.segmented_control(
        wording("Genväg till period"),
        [name for name in PRESETS if name in short_cuts],
        key=_PRESET,
        format_func=lambda name: preset_told(name, short_cuts[name], wording),
        label_visibility="collapsed",
        on_change=_preset_changed,
    )


def _days_changed() -> None:
    first, last = st.session_state[_FROM], st.session_state[_TO]
    if not isinstance(first, date) or not isinstance(last, date):
        return
    # Whoever moves one end past the other means the day they just chose.
    first, last = min(first, last), max(first, last)
    try:
        period = Period(first, last + timedelta(days=1))
    except DataError:
        return
    state.keep(replace(state.view(), period=period))


def _preset_changed() -> None:
    name: Preset | None = st.session_state[_PRESET]
    if name is None:
        return
    period = presets(deps.snapshot(), now=deps.now())[name]
    state.keep(replace(state.view(), period=period))


def _kinds(wording: Wording) -> None:
    known, asked = deps.known(), deps.selection()
    _several(
        "visit_kinds",
        known.visit_kinds,
        asked.visit_kinds,
        every=wording("Alla besök"),
        some=wording(
            "Besök: {kept}",
            kept=_counted(
                tuple(kind_told(kind, wording) for kind in asked.visit_kinds), known.visit_kinds
            ),
        ),
        label=wording("Typ av besök"),
        shown=lambda kind: plain(kind_told(str(kind), wording)),
    )
    places = (*asked.location_kinds, *asked.priorities)
    with st.popover(
        wording("Platser: {kept}", kept=len(places)) if places else wording("Alla platser"),
        key="filter_places",
        width="content",
    ):
        _pills(
            "priorities",
            known.priorities,
            asked.priorities,
            label=wording("Prioritet"),
            shown=lambda priority: wording("Prioritet {priority}", priority=priority),
        )
        _pills(
            "location_kinds",
            known.location_kinds,
            asked.location_kinds,
            label=wording("Typ av plats"),
            shown=lambda kind: plain(kind_told(str(kind), wording)),
        )
    _several(
        "areas",
        known.areas,
        asked.areas,
        every=wording("Alla områden"),
        some=wording("Områden: {kept}", kept=_counted(asked.areas, known.areas)),
        label=wording("Bostadsområde"),
    )


def _counted(kept: tuple[str, ...], known: tuple[str, ...]) -> str:
    return plain(kept[0]) if len(kept) == 1 else f"{len(kept)}/{len(known)}"


def _several(
    field: str,
    known: tuple[str, ...],
    kept: tuple[str, ...],
    *,
    every: str,
    some: str,
    label: str,
    shown: Callable[[object], str] = plain,
) -> None:
    with st.popover(some if kept else every, key=f"filter_popover_{field}", width="content"):
        _pills(field, known, kept, label, shown)


def _pills(
    field: str,
    known: tuple[str, ...] | tuple[int, ...],
    kept: tuple[str, ...] | tuple[int, ...],
    label: str,
    shown: Callable[[object], str] = plain,
) -> None:
    key = f"filter_{field}"
    st.session_state[key] = list(kept)
    st.pills(
        label,
        known,
        selection_mode="multi",
        key=key,
        format_func=shown,
        on_change=_kept_changed,
        args=(field,),
    )


def _kept_changed(field: str) -> None:
    kept: dict[str, Any] = {field: tuple(st.session_state[f"filter_{field}"])}
    state.keep(replace(state.view(), **kept))


def _search(wording: Wording) -> None:
    options = answers.findable()
    st.selectbox(
        wording("Sök plats eller adress"),
        list(options),
        index=None,
        key=_SEARCH,
        format_func=lambda key: options.get(key, ""),
        placeholder=wording("Sök plats eller adress"),
        label_visibility="collapsed",
        on_change=_searched,
    )


def _searched() -> None:
    found = st.session_state[_SEARCH]
    st.session_state[_SEARCH] = None
    if found is None:
        return
    kind, _, thing_id = found.partition(":")
    state.choose(kind, thing_id)
    state.fly_to_chosen()
    st.session_state[_SEARCHED] = True
