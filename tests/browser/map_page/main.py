"""One page: the map, what it said last, and a filter."""

import sys
from dataclasses import replace
from pathlib import Path

import streamlit as st

sys.path.insert(0, str(Path(__file__).parent))

from values import PRESENCE, view

from geo.config import read_settings
from geo.maps.base_layer import base_layer
from geo.maps.layers import Chosen
from geo.maps.surroundings import surroundings
from ui.components.map_view import MapEvent, map_view

st.set_page_config(page_title="Kartprov", layout="wide")
state = st.session_state
state.setdefault("runs", 0)
state.setdefault("seed", 0)
state.setdefault("fly", 0)
state.setdefault("chosen", None)
state.runs += 1


def remember(event: MapEvent) -> None:
    """Choose what was clicked, before the page is drawn again."""
    if event.kind in ("place", "building", "area"):
        state.chosen = (event.kind, event.id)


def next_seed() -> None:
    """Stand in for a filter."""
    state.seed += 1


def fly() -> None:
    """Stand in for a search."""
    state.fly += 1


chosen = Chosen(*state.chosen) if state.chosen else None
event = map_view(
    view(
        visits=int(st.query_params.get("visits", "500")),
        seed=state.seed,
        chosen=chosen,
        theme="dark" if st.query_params.get("theme") == "dark" else "light",
        presence=replace(PRESENCE, instead="instead" in st.query_params),
        draw=("point", "polygon", "line"),
        fly_to=(state.fly, Chosen("place", "horred")) if state.fly else None,
    ),
    ground=surroundings(),
    base=base_layer(str(read_settings().basemap)),
    css_height="60vh",
    on_event=remember,
)
st.button("Filtrera", on_click=next_seed)
st.button("Flyg", on_click=fly)
st.text(f"körning {state.runs}")
st.text(f"vald {chosen.kind} {chosen.id}" if chosen else "inget valt")
if event and event.geometry is not None:
    st.text(f"ritat {event.geometry.wkt}")
