"""What was logged: the confirmation, the latest of this account, and deficiencies still open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import streamlit as st

from geo.model.record import Record
from geo.model.time import local_day
from geo.model.visit import Visit
from geo.services.recording import latest_by
from geo.store.store import Stored
from geo.wording import Wording, mark
from ui import deps
from ui.components import drafts, recording
from ui.components.drafts import Done, What
from ui.components.recording import TYPES
from ui.components.say import plain
from ui.viewmodels import entries, log_choices, logged

_MOST_LATEST: Final = 8
_MOST_DEFICIENCIES: Final = 5

_HEADINGS: Final[Mapping[What, str]] = {
    "saved": mark("Sparat"),
    "changed": mark("Ändringen är sparad"),
    "fixed": mark("Bristen är åtgärdad"),
    "taken": mark("Borttaget"),
    "back": mark("Ändringen är ångrad"),
}


def _told(one: logged.Told) -> None:
    st.markdown(f"**{plain(one.title)}**  \n{plain(one.detail)}", width="stretch")


def notice() -> None:
    """Say what could not be done, if anything."""
    if drafts.notice():
        st.warning(plain(drafts.notice()), icon=":material/info:")


def confirmation(done: Done, wording: Wording) -> None:
    """Say what was just done, with the way to change it and to undo it."""
    store, snapshot = deps.store(), deps.snapshot()
    names, today = logged.names_of(snapshot), local_day(deps.now())
    record_type = TYPES[done.kind]
    with st.container(border=True, key="form_done"):
        st.markdown(f"#### :material/check_circle: {wording(_HEADINGS[done.what])}")
        for record_id in done.ids:
            record = store.history(record_type, record_id)[-1].record
            _told(logged.told(record, names=names, today=today, wording=wording))
            if done.what == "saved" and isinstance(record, Visit):
                st.caption(entries.since_last_told(snapshot, record, wording))
        notice()
        with st.container(horizontal=True, gap="small"):
            if done.what == "taken":
                st.button(wording("Lägg tillbaka"), key="done_back", on_click=recording.put_back)
            else:
                if len(done.ids) == 1:
                    st.button(
                        wording("Ändra"),
                        key="done_edit",
                        on_click=recording.open_correction,
                        args=(done.kind, done.ids[0]),
                    )
                st.button(wording("Ångra"), key="done_undo", on_click=recording.undo)
            st.button(
                wording("Logga mer"),
                key="done_more",
                type="primary",
                on_click=drafts.forget_done,
            )


def latest(wording: Wording) -> None:
    """Show what this account wrote last, each to be corrected, taken back or looked into."""
    store, account = deps.store(), deps.account()
    names = logged.names_of(deps.snapshot())
    stored: list[Stored[Record]] = []
    for record_type in TYPES.values():
        stored += latest_by(store, record_type, account=account, most=_MOST_LATEST)
    rows = logged.logged_rows(
        stored, most=_MOST_LATEST, names=names, today=local_day(deps.now()), wording=wording
    )
    st.markdown(f"##### {wording('Senast loggat')}")
    if not rows:
        st.caption(
            wording("Inget är loggat härifrån än. Det du sparar visas här och går att ändra.")
        )
    for row in rows:
        with st.container(border=True, gap="xsmall"):
            _told(row.told)
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.caption(plain(row.recorded), width="stretch")
                _buttons(row, wording)
            if drafts.shown_history() == (row.kind, row.record_id):
                _history(row, names, wording)


def _buttons(row: logged.LoggedRow, wording: Wording) -> None:
    for name, label, act in (
        ("edit", wording("Ändra"), recording.open_correction),
        ("take", wording("Ta bort"), recording.take_back),
        ("past", wording("Historik"), drafts.toggle_history),
    ):
        st.button(
            label,
            key=f"{name}_{row.kind}_{row.record_id}",
            type="tertiary",
            # Several rows have the same buttons; this tells them apart when heard.
            help=wording("{act}: {title}", act=label, title=plain(row.told.title)),
            on_click=act,
            args=(row.kind, row.record_id),
        )


def _history(row: logged.LoggedRow, names: logged.Names, wording: Wording) -> None:
    versions = deps.store().history(TYPES[row.kind], row.record_id)
    for version in logged.history_told(versions, names=names, wording=wording):
        st.markdown(f"{plain(version.when)} · {plain(version.who)}  \n{plain(version.what)}")


def deficiencies(wording: Wording) -> None:
    """List deficiencies that are open, each with the way to say that it is put right."""
    building_id = drafts.get("inspections", "building_id")
    found = log_choices.open_deficiencies(
        deps.snapshot(),
        building_id=building_id,
        today=local_day(deps.now()),
        wording=wording,
    )
    if not found:
        if building_id is not None:
            st.caption(wording("Byggnaden har inga öppna brister."))
        return
    st.markdown(f"##### {wording('Öppna brister')}")
    notice()
    for one in found[:_MOST_DEFICIENCIES]:
        with st.container(horizontal=True, vertical_alignment="center", border=True):
            _told(logged.Told(one.title, one.detail))
            st.button(
                wording("Åtgärdad i dag"),
                key=f"fixed_{one.inspection_id}",
                on_click=recording.put_right,
                args=(one.inspection_id,),
            )
    left = len(found) - _MOST_DEFICIENCIES
    if left > 0:
        st.caption(
            wording.plural(
                "{n} öppen brist till. Välj byggnad för att se dess brister.",
                "{n} öppna brister till. Välj byggnad för att se dess brister.",
                left,
            )
        )
