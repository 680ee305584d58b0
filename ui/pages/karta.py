"""The map: which places are far from their target, and which buildings wait to be gone through."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import streamlit as st

from geo.maps.layers import DRAW_KINDS, Chosen, MapView, Theme, ThingKind
from ui import deps, state
from ui.components import answers, legend, new_place, panel, rows
from ui.components.map_view import MapEvent, let_it_begin, map_view
from ui.viewmodels.karta import Karta, exact_points
from ui.viewmodels.map_table import map_table

MAP_HEIGHT_PX = 620
_TABLE = "map_table_rows"


def page() -> None:
    """Draw the map, the panel beside it, and what both say in words."""
    wording = deps.wording()
    karta = answers.karta()
    scene = _scene(karta)
    with st.container(key="map_and_panel", horizontal=True, gap=None):
        with st.container(key="map"):
            map_view(
                scene,
                ground=deps.ground(),
                base=deps.basemap(),
                height=MAP_HEIGHT_PX,
                css_height="var(--trygg-map-height)",
                on_event=_happened,
            )
            let_it_begin()
        with st.container(key="panel"):
            _show_panel(karta, scene)
    with st.container(key="under_map", gap="small"):
        with st.container(key="sentence", horizontal=True, vertical_alignment="center"):
            st.markdown(karta.sentence, width="content")
            is_table = st.toggle(wording("Visa som tabell"), key="map_table", width="content")
        if is_table:
            _table_twin(karta)
        legend.legend(scene, wording)


def _happened(event: MapEvent) -> None:
    """Take in a click before the page is drawn, so that it is drawn once."""
    if event.kind == "drawn" and event.geometry is not None:
        state.begin_draft(event.geometry.wkt)
    elif event.kind in {"place", "building", "area"} and event.id is not None:
        state.choose(event.kind, event.id)


def _scene(karta: Karta) -> MapView:
    chosen, flight = state.chosen(), state.flight()
    pointed = None if chosen is None else Chosen(cast("ThingKind", chosen[0]), chosen[1])
    points = None
    if pointed is not None and pointed.kind == "place":
        points = exact_points(deps.selected(), deps.selection().period, pointed.id)
    theme: Theme = "dark" if st.context.theme.type == "dark" else "light"
    return replace(
        karta.scene,
        chosen=pointed,
        points=points,
        fly_to=None if pointed is None or not flight else (flight, pointed),
        draft=new_place.drawn(),
        draw=DRAW_KINDS if deps.rights().may_draw else (),
        theme=theme,
    )


def _show_panel(karta: Karta, scene: MapView) -> None:
    wording, chosen = deps.wording(), state.chosen()
    if scene.draft is not None:
        new_place.form(scene.draft, wording, on=answers.as_of().on)
    elif chosen is None:
        panel.worst(karta, legend.symbols(scene, wording), wording)
    else:
        _show_chosen(*chosen)


def _show_chosen(kind: str, thing_id: str) -> None:
    wording = deps.wording()
    match kind:
        case "place" if place := answers.place(thing_id):
            panel.place(place, wording)
        case "building" if building := answers.building(thing_id):
            panel.building(building, wording)
        case "area" if area := answers.area(thing_id):
            panel.area(area, wording)
        case _:
            panel.unknown(answers.findable().get(f"{kind}:{thing_id}"), wording)


def _table_twin(karta: Karta) -> None:
    """Show every place as a row; choosing one chooses the place, as a click on the map does."""
    is_internal = deps.seen().audience == "intern"
    table = map_table(karta.rows, deps.wording(), is_internal=is_internal)

    def chosen() -> None:
        place_id = rows.chosen_row(_TABLE, table)
        if place_id is not None:
            state.choose("place", place_id)
            state.fly_to_chosen()

    rows.table(table, key=_TABLE, is_choosing=True, on_choose=chosen)


page()
