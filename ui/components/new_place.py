"""A place drawn on the map becomes a place in the records."""

from __future__ import annotations

from datetime import date
from typing import Any

import shapely
import streamlit as st
from shapely.geometry.base import BaseGeometry

from geo.errors import GeoError, SchemaError
from geo.model.location import SUGGESTED_KINDS, Location
from geo.model.shape import DEFAULT_RADIUS_M
from geo.services.recording import hints, make, save
from geo.wording import Wording, mark
from ui import deps, state
from ui.components.say import plain, said
from ui.viewmodels.kinds import kind_told

LABELS: dict[str, str] = {
    "name": mark("Namn"),
    "kind": mark("Typ av plats"),
    "unsafe_hours": mark("Otrygga timmar"),
    "designated_from": mark("Utpekad från"),
    "review_on": mark("Omprövas"),
    "source": mark("Källa"),
    "geometry": mark("Formen på kartan"),
}
"""What the form calls the fields that can be wrong."""


def drawn() -> BaseGeometry | None:
    """Give the shape that is drawn but not saved."""
    draft = state.draft()
    return None if draft is None else shapely.from_wkt(draft[1])


def form(geometry: BaseGeometry, wording: Wording, *, on: date) -> None:
    """Ask what the drawn place is, and save it."""
    draft = state.draft()
    if draft is None:
        return
    st.subheader(wording("Ny plats"), anchor=False)
    with st.form("new_place", border=False):
        values = _asked(geometry, wording, on=on)
        told = st.container()
        with st.container(horizontal=True):
            is_saved = st.form_submit_button(wording("Spara platsen"), type="primary")
            st.form_submit_button(wording("Släng"), on_click=state.end_draft)
    if is_saved:
        with told:
            _save({**values, "location_id": draft[0], "geometry": geometry}, wording)


def _asked(geometry: BaseGeometry, wording: Wording, *, on: date) -> dict[str, Any]:
    values: dict[str, Any] = {
        "name": st.text_input(wording("Namn"), max_chars=200),
        "kind": st.selectbox(
            wording("Typ av plats"),
            tuple(dict.fromkeys((*deps.known().location_kinds, *SUGGESTED_KINDS))),
            index=None,
            format_func=lambda kind: kind_told(str(kind), wording),
            accept_new_options=True,
            placeholder=wording("Välj eller skriv"),
        ),
    }
    if "Polygon" not in geometry.geom_type:
        values["radius_m"] = st.slider(
            wording("Radie i meter")
            if geometry.geom_type == "Point"
            else wording("Meter på var sida om linjen"),
            min_value=10,
            max_value=300,
            value=int(DEFAULT_RADIUS_M),
            step=5,
        )
    values["priority"] = st.segmented_control(
        wording("Prioritet (1 är viktigast)"), [1, 2, 3], default=2
    )
    per_week = st.slider(wording("Mål: besök i veckan (0: inget mål)"), 0, 28, 3)
    minutes = st.slider(wording("Minst så här många minuter per besök (0: alla räknas)"), 0, 60, 10)
    values["visits_per_week"] = per_week or None
    values["minutes_per_visit"] = minutes or None
    values["unsafe_hours"] = st.text_input(
        wording("Otrygga timmar"),
        placeholder="Fr,Sa 20:00-02:00",
        help=wording(
            "Veckodagar Mo Tu We Th Fr Sa Su och klockslag, till exempel Fr,Sa 20:00-02:00."
        ),
    )
    values["designated_from"] = st.date_input(
        wording("Utpekad från"), value=on, format="YYYY-MM-DD"
    )
    values["review_on"] = st.date_input(wording("Omprövas"), value=None, format="YYYY-MM-DD")
    values["source"] = st.text_input(wording("Källa"), max_chars=2000)
    return values


def _save(values: dict[str, Any], wording: Wording) -> None:
    try:
        place = make(Location, {**values, "kind": values["kind"] or ""})
        personal = hints(place)
        if personal and not state.is_draft_confirmed():
            state.confirm_draft()
            st.warning(
                wording(
                    "Texten ser ut att innehålla {what}. Ta bort det, eller spara en gång till "
                    "om det inte rör någon person.",
                    what=", ".join(wording(hint) for hint in personal),
                )
            )
            return
        save(deps.store(), place, account=deps.account(), now=deps.now())
    except SchemaError as error:
        for field, reason in error.faults:
            about = wording(LABELS.get(field, field))
            st.warning(f"**{about}** {plain(wording.message(reason))}", icon=":material/info:")
        return
    except GeoError as error:
        said(error)
        return
    state.end_draft()
    state.choose("place", place.location_id)
    st.toast(wording("{name} är sparad.", name=plain(place.name)))
    st.rerun()
