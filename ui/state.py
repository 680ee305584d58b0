"""What a session remembers: primitives and ids only, each with one name and one meaning.

The view is kept in the form its link has, so that there is one way to read it and
nothing in a session that could not be sent in a link.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from uuid import uuid4

import streamlit as st

from ui.viewmodels import link
from ui.viewmodels.link import CHOSEN_KINDS, Query, View

_VIEW: Final = "view"
_SEEN: Final = "view_seen"
_FLIGHT: Final = "flight"
_PAGE: Final = "page"
_DRAFT: Final = "draft"
_DRAFT_CONFIRMED: Final = "draft_confirmed"

OWN_KEYS: Final = (_VIEW, _SEEN, _FLIGHT, _PAGE, _DRAFT, _DRAFT_CONFIRMED)
"""Everything kept here, for the test that it is primitives only."""


def view() -> View:
    """Give what this session is looking at."""
    return link.read(st.session_state.get(_VIEW, {}))


def keep(new: View) -> None:
    """Look at something else from now on."""
    st.session_state[_VIEW] = link.write(new)


def chosen() -> tuple[str, str] | None:
    """Give what is chosen: ``("place" | "building" | "area", id)``."""
    return view().chosen


def choose(kind: str, thing_id: str) -> None:
    """Choose a place, building or housing area; its panel opens on the map."""
    if kind not in CHOSEN_KINDS:
        raise ValueError(f"cannot choose a {kind}")
    keep(replace(view(), chosen=(kind, thing_id)))


def clear_choice() -> None:
    """Choose nothing."""
    keep(replace(view(), chosen=None))


def clear_filters() -> None:
    """Keep period, choice and language; let everything through."""
    shown = view()
    keep(View(period=shown.period, chosen=shown.chosen, language=shown.language))


def fly_to_chosen() -> None:
    """Let the map move to what is chosen when it is next drawn."""
    st.session_state[_FLIGHT] = flight() + 1


def flight() -> int:
    """Give the running number of the last move of the map; 0 before the first."""
    return int(st.session_state.get(_FLIGHT, 0))


def begin_draft(wkt: str) -> None:
    """Remember a shape drawn on the map, under the id it will be saved with.

    The id is made here and once, so that a form sent twice is one place.
    """
    st.session_state[_DRAFT] = [f"plats-{uuid4().hex[:12]}", wkt]
    st.session_state.pop(_DRAFT_CONFIRMED, None)


def draft() -> tuple[str, str] | None:
    """Give the id and the shape (WKT) of a drawn place that is not saved."""
    kept = st.session_state.get(_DRAFT)
    return None if kept is None else (kept[0], kept[1])


def end_draft() -> None:
    """Forget the drawn place."""
    st.session_state.pop(_DRAFT, None)
    st.session_state.pop(_DRAFT_CONFIRMED, None)


def confirm_draft() -> None:
    """Remember that the writer was warned about the draft's text."""
    st.session_state[_DRAFT_CONFIRMED] = True


def is_draft_confirmed() -> bool:
    """Tell whether the writer was warned."""
    return bool(st.session_state.get(_DRAFT_CONFIRMED, False))


def arrive(query: Query, *, page: str) -> None:
    """Take over what a link says, where it says something new.

    On the page that was shown, and for a new visitor, an address says everything, so that
    *back* goes back.  Another page keeps what its address leaves out.
    """
    asked = link.own(query)
    seen = st.session_state.get(_SEEN)
    was_on = st.session_state.get(_PAGE)
    st.session_state[_SEEN], st.session_state[_PAGE] = asked, page
    if asked == seen:
        return
    keep(link.arrived(view(), asked, is_whole=was_on in {None, page}))
    if asked.keys() & set(link.CHOSEN.values()):
        fly_to_chosen()


def depart() -> dict[str, list[str]] | None:
    """Give the parameters the address should have now, or None where it has them already."""
    wanted = st.session_state.get(_VIEW, {})
    if wanted == st.session_state.get(_SEEN):
        return None
    st.session_state[_SEEN] = wanted
    return dict(wanted)
