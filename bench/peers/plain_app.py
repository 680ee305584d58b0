"""Serves the plain page, with the scripts its map needs from this machine.

Stock folium fetches Leaflet from the internet and shows a blank map without it.  So that both
maps can be measured on a machine without a network, the plain one gets our local files, and
nothing else: no hardening, which would also make folium faster.
"""

from __future__ import annotations

import streamlit as st
from folium.elements import JSCSSMixin

from geo.maps.assets import local_script, local_style
from web.assets import ASSET_ROUTE

_NOT_SHIPPED = ("jquery", "bootstrap", "awesome", "glyphicons")
"""Nothing on this map uses them, and streamlit-folium stops at a script that is not found."""


def _use_local_files(element: type[JSCSSMixin]) -> None:
    element.default_js = [
        (name, local_script(url))
        for name, url in element.default_js
        if not name.startswith(_NOT_SHIPPED)
    ]
    element.default_css = [
        (name, local_style(url))
        for name, url in element.default_css
        if not name.startswith(_NOT_SHIPPED)
    ]
    for child in element.__subclasses__():
        _use_local_files(child)


_use_local_files(JSCSSMixin)

app = st.App("plain_page.py", routes=[ASSET_ROUTE])
