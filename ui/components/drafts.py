"""What the page *Logga* remembers: what stands in its forms, and what was just done.

Fields are kept under the form's prefix; everything is a primitive, so that a session
can be sent elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal
from uuid import uuid4

import streamlit as st

FormKind = Literal["visits", "inspections", "activities"]
What = Literal["saved", "changed", "fixed", "taken", "back"]
Faults = Mapping[str, str]

CORRECTING: Final = "edit"
"""Prefix of the form for corrections; a new record's form has its kind as prefix."""

_DONE: Final = "logga_done"
_CORRECTION: Final = "logga_edit"
_HISTORY: Final = "logga_history"
_NOTICE: Final = "logga_notice"
_SEEN_CHOICE: Final = "logga_seen_choice"

FORM: Final = "logga_form"
"""Key of the choice of form; it is gone while another page is shown."""


@dataclass(frozen=True, slots=True)
class Done:
    """What was just done to which records, to be confirmed and undone."""

    kind: FormKind
    ids: tuple[str, ...]
    what: What


@dataclass(frozen=True, slots=True)
class Correction:
    """The record being corrected, and the version that was seen standing (0: none stands)."""

    kind: FormKind
    record_id: str
    version: int


# ------------------------------------------------------------------ fields


def get(prefix: str, name: str, default: Any = None) -> Any:
    """Give what stands in a field."""
    return st.session_state.get(f"{prefix}_{name}", default)


def put(prefix: str, **values: Any) -> None:
    """Set fields; only before they are drawn in this run."""
    for name, value in values.items():
        st.session_state[f"{prefix}_{name}"] = value


def seed(prefix: str, **values: Any) -> None:
    """Set fields that nobody has touched yet."""
    for name, value in values.items():
        st.session_state.setdefault(f"{prefix}_{name}", value)


def drop(prefix: str, *names: str) -> None:
    """Forget fields, so that they are seeded anew."""
    for name in names:
        st.session_state.pop(f"{prefix}_{name}", None)


def form_id(prefix: str) -> str:
    """Give the key of what this form will store: made once, so that a retry is no duplicate."""
    seed(prefix, id=str(uuid4()))
    return str(get(prefix, "id"))


def faults(prefix: str) -> Faults:
    """Give what is wrong with the form, by field, as it was found at the last try."""
    found: Faults = get(prefix, "faults", {})
    return found


def clear(prefix: str) -> None:
    """Forget everything in a form."""
    for key in [key for key in st.session_state if str(key).startswith(f"{prefix}_")]:
        del st.session_state[key]


# ------------------------------------------------------------------ the page


def done() -> Done | None:
    """Give what was just done."""
    kept = st.session_state.get(_DONE)
    return None if kept is None else Done(kept["kind"], tuple(kept["ids"]), kept["what"])


def confirm(news: Done) -> None:
    """Remember what was done, so that the page confirms it."""
    st.session_state[_DONE] = asdict(news)


def forget_done() -> None:
    """Show the form again instead of what was done."""
    st.session_state.pop(_DONE, None)
    st.session_state.pop(_NOTICE, None)


def correction() -> Correction | None:
    """Give what is being corrected."""
    kept = st.session_state.get(_CORRECTION)
    return None if kept is None else Correction(**kept)


def correct(about: Correction) -> None:
    """Correct a record from now on; also another version of the same."""
    st.session_state[_CORRECTION] = asdict(about)


def close_correction() -> None:
    """Stop correcting."""
    about = st.session_state.pop(_CORRECTION, None)
    if about is not None:
        # The choice of form was not drawn meanwhile, so its value is gone.
        st.session_state[FORM] = about["kind"]


def notice() -> str:
    """Give the sentence to show about what could not be done; empty if nothing went wrong."""
    return str(st.session_state.get(_NOTICE, ""))


def notify(sentence: str) -> None:
    """Keep a sentence to show."""
    st.session_state[_NOTICE] = sentence


def shown_history() -> tuple[str, str] | None:
    """Give the record whose history is open: its kind and key."""
    kept = st.session_state.get(_HISTORY)
    return None if kept is None else (kept[0], kept[1])


def toggle_history(kind: str, record_id: str) -> None:
    """Open a record's history, or close it."""
    if shown_history() == (kind, record_id):
        del st.session_state[_HISTORY]
    else:
        st.session_state[_HISTORY] = [kind, record_id]


def is_new_choice(chosen: tuple[str, str]) -> bool:
    """Tell whether something else is chosen on the map than when this was last asked."""
    is_new = list(chosen) != st.session_state.get(_SEEN_CHOICE)
    st.session_state[_SEEN_CHOICE] = list(chosen)
    return is_new
