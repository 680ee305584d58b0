"""*Genomgångar*: what the housing company has gone through, what is due, and what is wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, get_args

import streamlit as st

from geo.services.inspections import SPACE_STATES
from geo.wording import Wording, mark
from ui import deps, state
from ui.components import linked, rows
from ui.components.say import plain
from ui.viewmodels import genomgangar as vm
from ui.viewmodels import link
from ui.viewmodels.building_list import building_list, in_area
from ui.viewmodels.inspection_tasks import deficiency_list, no_access_list, to_do
from ui.viewmodels.opened_building import opened_building
from ui.viewmodels.period import asked_on
from ui.viewmodels.space_states import KEPT, KEPT_WORDS, Asked, state_told
from ui.viewmodels.table import Table

Part = Literal["omraden", "byggnader", "att-gora", "brister"]
PARTS: tuple[Part, ...] = get_args(Part)
PART_WORDS: dict[Part, str] = {
    "omraden": mark("Områden"),
    "byggnader": mark("Byggnader"),
    "att-gora": mark("Att göra"),
    "brister": mark("Brister och låsta dörrar"),
}


def page() -> None:
    """Draw the page: a sentence, one list, and the building that is opened."""
    wording = deps.wording()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        part = linked.segments(
            wording("Del av sidan"), PARTS, name="vy", shown=lambda p: wording(PART_WORDS[p])
        )
        kept = linked.segments(
            wording("Utrymmen"), KEPT, name="utrymmen", shown=lambda k: wording(KEPT_WORDS[k])
        )
    asked = Asked(
        on=asked_on(deps.selection(), deps.snapshot(), now=deps.now()),
        interval_days=deps.settings().inspection_interval_days,
        kept=kept,
    )
    found = deps.answered(vm.inspected, asked)
    st.markdown(found.sentence)
    if not len(found.areas):
        return
    st.caption(plain(found.as_of))
    match part:
        case "omraden":
            _areas(found, asked, wording)
        case "byggnader":
            shown = deps.answered(building_list, _ask_states(asked, wording))
            _choosing(shown, wording, key="genomgangar_buildings")
        case "att-gora":
            shown = deps.answered(to_do, _ask_states(asked, wording))
            _choosing(shown, wording, key="genomgangar_to_do")
        case "brister":
            for make, key in ((deficiency_list, "deficiencies"), (no_access_list, "no_access")):
                shown = deps.answered(make, asked)
                st.markdown(f"##### {plain(shown.title)}")
                _choosing(shown, wording, key=f"genomgangar_{key}")
    _opened(asked, wording)


def _ask_states(asked: Asked, wording: Wording) -> Asked:
    """Ask which states to list; none chosen lists them all."""
    chosen = linked.several(
        wording("Läge"), SPACE_STATES, name="lage", shown=lambda one: state_told(one, wording)
    )
    return replace(asked, states=chosen)


def _areas(found: vm.Inspected, asked: Asked, wording: Wording) -> None:
    rows.table(found.areas, key="genomgangar_areas", is_choosing=True, most_rows=16)
    area = rows.chosen_row("genomgangar_areas", found.areas)
    if area is None:
        st.caption(wording("Välj ett område för att se dess byggnader."))
        return
    shown = in_area(deps.answered(building_list, asked), area)
    st.markdown(f"##### {plain(area)}")
    _choosing(shown, wording, key="genomgangar_area_buildings")


def _choosing(shown: Table, wording: Wording, *, key: str) -> None:
    """Draw a list in which choosing a row opens its building."""
    rows.table(
        shown,
        key=key,
        is_choosing=True,
        chosen=_chosen_building(),
        on_choose=lambda: _choose(rows.chosen_row(key, shown)),
        most_rows=10,
    )
    if len(shown) and _chosen_building() is None:
        st.caption(wording("Välj en rad för att öppna byggnaden."))


def _choose(building_id: str | None) -> None:
    if building_id is None:
        state.clear_choice()
    else:
        state.choose("building", building_id)


def _chosen_building() -> str | None:
    chosen = state.chosen()
    return chosen[1] if chosen is not None and chosen[0] == "building" else None


def _opened(asked: Asked, wording: Wording) -> None:
    """Draw the building that is opened: its spaces, and all that happened in them."""
    building_id = _chosen_building()
    if building_id is None:
        return
    found = deps.answered(opened_building, asked, building_id)
    if found is None:
        return
    with st.container(border=True, key="opened_building"):
        st.markdown(f"##### {plain(found.title)}\n\n{plain(found.next_due)}")
        with st.container(horizontal=True, vertical_alignment="center"):
            query = link.write(deps.view())
            st.page_link(
                "pages/karta.py",
                label=wording("Visa på kartan"),
                icon=":material/map:",
                query_params=query,
            )
            if "inspections" in deps.rights().forms:
                st.page_link(
                    "pages/logga.py",
                    label=wording("Logga genomgång"),
                    icon=":material/add:",
                    query_params=query,
                )
            st.button(
                wording("Stäng"), key="close_building", type="tertiary", on_click=state.clear_choice
            )
        rows.table(found.spaces, key="opened_spaces")
        st.markdown(f"**{wording('Vad som har hänt')}**")
        rows.table(found.history, key="opened_history", is_choosing=True, most_rows=8)
        rows.correction(
            "inspections",
            rows.chosen_row("opened_history", found.history),
            label=wording("Rätta genomgången i Logga"),
        )


page()
