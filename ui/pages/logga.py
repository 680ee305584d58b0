"""*Logga*: store a visit, an inspection or an activity; correct it, take it back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import streamlit as st

from geo.model.time import local_day
from geo.model.visit import Visit
from geo.services.recording import latest_by
from geo.wording import Wording, mark
from ui import deps, state
from ui.components import drafts, forms, logged_list, recording
from ui.components.drafts import CORRECTING, FORM, FormKind
from ui.components.rows import CORRECT
from ui.components.say import plain
from ui.viewmodels import entries, log_choices

FORMS: Final[Mapping[FormKind, str]] = {
    "visits": mark("Patrullbesök"),
    "inspections": mark("Genomgång"),
    "activities": mark("Aktivitet"),
}
_SAVE_LABELS: Final[Mapping[FormKind, str]] = {
    "visits": mark("Spara besöket"),
    "inspections": mark("Spara genomgången"),
    "activities": mark("Spara aktiviteten"),
}
_CORRECTION_HEADINGS: Final[Mapping[FormKind, str]] = {
    "visits": mark("Ändra besöket"),
    "inspections": mark("Ändra genomgången"),
    "activities": mark("Ändra aktiviteten"),
}


def page() -> None:
    """Ask what happened, store it, and show what was stored last."""
    wording = deps.wording()
    _arrive()
    forms.load_look()
    left, right = st.columns([3, 2], gap="large")
    with left, st.container(key="forms"):
        if drafts.correction() is None:
            _log(wording)
        else:
            _correct(wording)
    with right, st.container(key="latest"):
        logged_list.latest(wording)


def _open_asked() -> None:
    """Open the record a link asks to correct (``ratta=visits:<id>``), once."""
    asked = st.query_params.get(CORRECT)
    if asked is None:
        return
    del st.query_params[CORRECT]
    name, _, record_id = asked.partition(":")
    kind = next((kind for kind in FORMS if kind == name), None)
    if kind is not None:
        recording.open_correction(kind, record_id)


def _arrive() -> None:
    """Take over what was chosen on the map or in the link, and leave an old confirmation."""
    if FORM not in st.session_state:
        drafts.forget_done()
    _open_asked()
    chosen = state.chosen()
    if chosen is None or not drafts.is_new_choice(chosen):
        return
    kind, thing_id = chosen
    offered = deps.rights().forms
    if kind == "place" and "visits" in offered:
        drafts.put("visits", location_id=thing_id)
        st.session_state[FORM] = "visits"
    elif kind == "building" and "inspections" in offered:
        drafts.put("inspections", building_id=thing_id)
        st.session_state[FORM] = "inspections"
    drafts.forget_done()


def _log(wording: Wording) -> None:
    offered = [kind for kind in FORMS if kind in deps.rights().forms]
    st.session_state.setdefault(FORM, offered[0])
    st.segmented_control(
        wording("Vad vill du logga?"),
        offered,
        key=FORM,
        required=True,
        format_func=lambda kind: wording(FORMS[kind]),
        label_visibility="collapsed",
        on_change=drafts.forget_done,
    )
    done = drafts.done()
    if done is not None:
        logged_list.confirmation(done, wording)
        return
    kind: FormKind = st.session_state[FORM]
    if not _form(kind, kind, wording):
        return
    _save_bar(kind, kind, wording, label=wording(_SAVE_LABELS[kind]))
    if kind == "inspections":
        logged_list.deficiencies(wording)


def _correct(wording: Wording) -> None:
    about = drafts.correction()
    if about is None:
        return
    st.markdown(f"#### {wording(_CORRECTION_HEADINGS[about.kind])}")
    _form(about.kind, CORRECTING, wording)
    _save_bar(about.kind, CORRECTING, wording, label=wording("Spara ändringen"))
    st.button(
        wording("Avbryt"), key="edit_cancel", type="tertiary", on_click=drafts.close_correction
    )


def _form(kind: FormKind, prefix: str, wording: Wording) -> bool:
    """Draw the fields of one form; says whether there was anything to fill in."""
    snapshot, now = deps.snapshot(), deps.now()
    is_correction = prefix == CORRECTING
    places = log_choices.place_choices(snapshot, on=local_day(now), wording=wording)
    match kind:
        case "visits":
            if not places:
                return _nothing(
                    wording("Det finns inga platser än. Importera platser, eller rita på kartan."),
                    wording,
                )
            if not is_correction:
                _begin_where_the_last_was()
            forms.visit_form(
                prefix,
                places=places,
                kinds=log_choices.visit_kinds(snapshot),
                now=now,
                wording=wording,
                is_correction=is_correction,
            )
        case "inspections":
            buildings = log_choices.building_choices(snapshot)
            if not buildings:
                return _nothing(
                    wording("Det finns inga byggnader än. Importera byggnader."), wording
                )
            forms.inspection_form(
                prefix,
                buildings=buildings,
                spaces={b.building_id: b.spaces for b in snapshot.buildings},
                now=now,
                wording=wording,
                is_correction=is_correction,
            )
        case "activities":
            forms.activity_form(
                prefix,
                places=places,
                kinds=log_choices.activity_kinds(snapshot),
                now=now,
                wording=wording,
            )
    return True


def _nothing(sentence: str, wording: Wording) -> bool:
    st.info(sentence, icon=":material/info:")
    st.page_link("pages/data.py", label=wording("Till Data"))
    return False


def _begin_where_the_last_was() -> None:
    """Begin a visit as the last one was: same place, patrol and number of officers."""
    last = latest_by(deps.store(), Visit, account=deps.account(), most=1)
    if last:
        visit = last[0].record
        drafts.seed(
            "visits",
            location_id=visit.location_id,
            kind=visit.kind,
            officers=min(visit.officers, entries.MOST_BY_TAP + 1),
            officers_text=str(visit.officers),
        )
    drafts.seed("visits", location_id=None, kind="patrull")


def _save_bar(kind: FormKind, prefix: str, wording: Wording, *, label: str) -> None:
    """Draw the button that saves; on a phone it stays at the bottom of the screen."""
    with st.container(key="form_save"):
        _problem(prefix, wording)
        if kind == "visits":
            now = recording.pressed_at(prefix) or deps.now()
            summary = forms.visit_summary(prefix, now=now, wording=wording)
            if summary:
                st.caption(plain(summary))
        st.button(
            wording("Spara ändå") if drafts.get(prefix, "warning") else label,
            key=f"{prefix}_save",
            type="primary",
            on_click=recording.save,
            args=(kind, prefix),
            width="stretch",
        )


def _problem(prefix: str, wording: Wording) -> None:
    """Say beside the button why nothing is saved yet: on a phone the field may be out of sight."""
    problem, warning = drafts.get(prefix, "problem"), drafts.get(prefix, "warning")
    found = list(dict.fromkeys(drafts.faults(prefix).values()))
    if problem:
        st.warning(plain(problem), icon=":material/info:")
    elif warning:
        st.warning(plain(warning), icon=":material/person_alert:")
    elif found:
        told = [wording("Inte sparat än."), found[0]]
        if len(found) > 1:
            told.append(wording("Se de röda rutorna."))
        st.warning(plain(" ".join(told)), icon=":material/info:")


page()
