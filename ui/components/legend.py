"""The legend under the map: exactly what is on it, in words beside the symbols."""

from __future__ import annotations

import base64
import html

import streamlit as st

from geo.maps.layers import MapView
from geo.maps.legend import legend_items
from geo.wording import Wording


def legend(view: MapView, wording: Wording) -> None:
    """Explain the symbols of this view."""
    items = "".join(
        f"<li>{picture(item.svg)}<span>{html.escape(item.text)}</span></li>"
        for item in legend_items(view, wording)
    )
    if items:
        name = html.escape(wording("Teckenförklaring"))
        st.html(f'<ul class="tk-legend" aria-label="{name}">{items}</ul>')


def symbols(view: MapView, wording: Wording) -> dict[str, str]:
    """Give the drawing of each state on the map, as HTML for ``st.html``."""
    return {item.code: picture(item.svg) for item in legend_items(view, wording)}


def picture(svg: str) -> str:
    """Make a constant drawing an image: Streamlit takes SVG elements out of HTML."""
    data = base64.b64encode(svg.encode()).decode("ascii")
    return f'<img class="tk-symbol" alt="" src="data:image/svg+xml;base64,{data}">'
