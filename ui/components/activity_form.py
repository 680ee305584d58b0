"""The form for an activity: what, when, and where if anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from geo.model.activity import Activity
from geo.model.time import local_day
from geo.wording import Wording
from ui.components.drafts import faults, form_id, get, put, seed
from ui.components.fields import fault, keep_known, kind_field, note_field
from ui.viewmodels.entries import ActivityEntry
from ui.viewmodels.log_choices import Choice


def activity_form(
    prefix: str,
    *,
    places: Sequence[Choice],
    kinds: Sequence[str],
    now: datetime,
    wording: Wording,
) -> None:
    """Draw the form for an activity."""
    found = faults(prefix)
    kind_field(prefix, found, kinds, label=wording("Vad gjordes?"), wording=wording)
    seed(prefix, from_on=local_day(now))
    with st.container(horizontal=True, gap="small"):
        st.date_input(
            wording("Dag, eller första dagen"),
            key=f"{prefix}_from_on",
            format="YYYY-MM-DD",
            width=180,
            persist_state="session",
        )
        st.date_input(
            wording("Sista dagen, om flera"),
            value=None,
            key=f"{prefix}_to_on",
            format="YYYY-MM-DD",
            width=180,
            persist_state="session",
        )
    fault(found, "from_on", "to_on")
    labels = {choice.key: choice.label for choice in places}
    keep_known(prefix, "location_id", labels)
    st.selectbox(
        wording("Utpekad plats"),
        list(labels),
        index=None,
        key=f"{prefix}_location_id",
        format_func=lambda key: labels.get(key, key),
        placeholder=wording("Ingen, eller sök plats"),
        persist_state="session",
    )
    fault(found, "location_id")
    st.text_input(
        wording("Var, om det inte är en utpekad plats"),
        key=f"{prefix}_place_text",
        max_chars=200,
        placeholder=wording("Skola, område eller lokal"),
        persist_state="session",
    )
    fault(found, "place_text")
    note_field(prefix, found, wording, about=wording("Anteckning, inte om personer"))


def read_activity(prefix: str) -> ActivityEntry:
    """Give what stands in the form for an activity."""
    return ActivityEntry(
        activity_id=form_id(prefix),
        kind=get(prefix, "kind"),
        from_on=get(prefix, "from_on"),
        to_on=get(prefix, "to_on"),
        location_id=get(prefix, "location_id"),
        place_text=get(prefix, "place_text", "") or "",
        note=get(prefix, "note", "") or "",
    )


def fill_activity(prefix: str, activity: Activity) -> None:
    """Put a stored activity into the form, to be corrected."""
    put(
        prefix,
        id=activity.activity_id,
        kind=activity.kind,
        from_on=activity.from_on,
        to_on=None if activity.to_on == activity.from_on else activity.to_on,
        location_id=activity.location_id,
        place_text=activity.place_text or "",
        note=activity.note or "",
    )
