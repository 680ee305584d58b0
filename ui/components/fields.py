"""What the forms of *Logga* are made of: fields that keep what is typed, and say what is wrong.

Every field has a key of its own under the form's prefix and keeps what was typed for
the whole session, also while it is hidden or another page is shown: nothing typed is
lost.  A form is read from those keys, so that a button's callback can read it too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

import streamlit as st

from geo.errors import SchemaError
from geo.model.time import local_day
from geo.wording import Wording
from ui.components.drafts import Faults, get, put, seed
from ui.components.say import plain
from ui.viewmodels.kinds import kind_told

SHEET: Final = Path(__file__).resolve().parent / "forms.css"

TODAY, YESTERDAY, OTHER_DAY = "today", "yesterday", "other"
FIRST, SECOND = "first", "second"
NOTE_CHARS: Final = 2_000


def load_look() -> None:
    """Lay the forms' style over the page."""
    st.html(SHEET)


def faults_told(error: SchemaError, wording: Wording) -> dict[str, str]:
    """Put what is wrong into words, by field; several faults of one field are one text."""
    told: dict[str, str] = {}
    for field, reason in error.faults:
        sentence = wording.message(reason)
        told[field] = f"{told[field]} {sentence}" if field in told else sentence
    return told


def fault(found: Faults, *names: str) -> None:
    """Tell what is wrong with a field, under it."""
    for name in names:
        if name in found:
            st.error(plain(found[name]), icon=":material/error:")


def day_field(prefix: str, *, now: datetime, wording: Wording, is_correction: bool) -> None:
    """Ask for a day: today and yesterday are one tap."""
    today = local_day(now)
    words = {
        TODAY: wording("I dag"),
        YESTERDAY: wording("I går"),
        OTHER_DAY: wording("Annan dag"),
    }
    seed(prefix, day=TODAY)
    if not is_correction:
        st.segmented_control(
            wording("Dag"),
            list(words),
            key=f"{prefix}_day",
            required=True,
            format_func=lambda day: words[day],
            persist_state="session",
        )
    if is_correction or get(prefix, "day") == OTHER_DAY:
        seed(prefix, on=today)
        st.date_input(
            wording("Datum"),
            key=f"{prefix}_on",
            format="YYYY-MM-DD",
            max_value=max(today, get(prefix, "on") or today),
            width=180,
            persist_state="session",
        )


def day_of(prefix: str, *, today: date) -> date | None:
    """Give the day that is chosen."""
    match get(prefix, "day", TODAY):
        case "today":
            return today
        case "yesterday":
            return today - timedelta(days=1)
    on: date | None = get(prefix, "on")
    return on


def fold_field(prefix: str, name: str, clock: str, wording: Wording) -> None:
    """Ask which of the two, where clocks went back and a time came twice."""
    words = {
        FIRST: wording("Första gången (sommartid)"),
        SECOND: wording("Andra gången (vintertid)"),
    }
    seed(prefix, **{name: FIRST})
    st.segmented_control(
        wording("Klockan visade {clock} två gånger den natten. Vilken gång?", clock=plain(clock)),
        list(words),
        key=f"{prefix}_{name}",
        required=True,
        format_func=lambda fold: words[fold],
        persist_state="session",
    )


def kind_field(
    prefix: str, found: Faults, kinds: Sequence[str], *, label: str, wording: Wording
) -> None:
    """Ask of what kind it was."""
    suggested(prefix, "kind", kinds, label=label, wording=wording)
    fault(found, "kind")


def suggested(
    prefix: str, name: str, options: Sequence[str], *, label: str, wording: Wording
) -> None:
    """Offer suggestions, and take any other text as well."""
    current = get(prefix, name)
    listed = list(options) if not current or current in options else [current, *options]
    st.selectbox(
        label,
        listed,
        index=None,
        key=f"{prefix}_{name}",
        format_func=lambda word: kind_told(str(word), wording),
        placeholder=wording("Välj eller skriv"),
        accept_new_options=True,
        persist_state="session",
    )


def note_field(prefix: str, found: Faults, wording: Wording, *, about: str) -> None:
    """Offer room for a few words."""
    st.text_area(
        about,
        key=f"{prefix}_note",
        max_chars=NOTE_CHARS,
        height=80,
        placeholder=wording("Valfritt"),
        persist_state="session",
    )
    fault(found, "note")


def keep_known(prefix: str, name: str, known: Mapping[str, str]) -> None:
    """Empty a choice of something that is not there any more."""
    if get(prefix, name) is not None and get(prefix, name) not in known:
        put(prefix, **{name: None})
