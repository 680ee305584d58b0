"""The values as a folium map: the only place that imports folium.

The *base map* holds Leaflet, every plugin, our constant code and what lies underneath. It must come
out byte for byte the same on every rerun, or streamlit-folium builds the frame anew and the view is
lost. The *feature group* holds one call with everything that changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import folium
import folium.plugins
from branca.element import MacroElement
from folium.elements import JSCSSMixin
from folium.template import Template

from geo.maps.assets import SCRIPTS, STYLES, VECTOR_SCRIPT, asset_url, local_script, local_style
from geo.maps.base_layer import BaseLayer
from geo.maps.hardening import harden_branca
from geo.maps.layers import MapView, Surroundings
from geo.maps.payload import encode, ground_payload, scene_payload

harden_branca()

MARK_CENTRE: Final = (57.465, 12.62)
"""lat, lon to open at; the browser then fits the outline to the frame it has."""

_MIN_ZOOM, _MAX_ZOOM = 8, 19
_UNNEEDED = ("bootstrap", "awesome", "glyphicons", "jquery")


def _classes(root: type[JSCSSMixin]) -> Iterator[type[JSCSSMixin]]:
    yield root
    for child in root.__subclasses__():
        yield from _classes(child)


def use_local_files() -> None:
    """Point every folium class at files this program serves; calling it again changes nothing.

    Bootstrap, Font Awesome, glyphicons and awesome-markers are left out, and so is jQuery, which
    only folium's popups need: nothing drawn here uses them. What folium asks for and we do not
    have becomes ``…/unknown/<file>``.
    """
    for element in _classes(JSCSSMixin):
        element.default_js = [
            (name, local_script(url))
            for name, url in element.default_js
            if not name.startswith(_UNNEEDED)
        ]
        element.default_css = [
            (name, local_style(url))
            for name, url in element.default_css
            if not name.startswith(_UNNEEDED)
        ]


use_local_files()


_OUR_SCRIPTS = [(name, asset_url(*file)) for name, file in SCRIPTS.items() if name != "leaflet"]
_OUR_STYLES = [(name, asset_url(*file)) for name, file in STYLES.items() if name != "leaflet_css"]


class _Start(JSCSSMixin, MacroElement):
    """Starts our code on the map; part of the base map."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        'trygg.start({{ this._parent.get_name() }}, "{{ this.payload }}");'
        "{% endmacro %}"
    )

    default_js = _OUR_SCRIPTS
    default_css = _OUR_STYLES

    def __init__(self, payload: str, *, vector: bool) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # branca has no types here
        self._name = "Start"
        self.payload = payload
        if vector:
            self.default_js = [("protomaps", asset_url(*VECTOR_SCRIPT)), *_OUR_SCRIPTS]


class _Paint(MacroElement):
    """Paints one scene; the only child of the feature group.

    streamlit-folium only ever adds to ``window.feature_group``, so the list is emptied first; what
    is drawn is ours to replace, and does not lie in Leaflet's feature group at all.
    """

    _template = Template(
        "{% macro script(this, kwargs) %}"
        'window.feature_group = []; trygg.paint("{{ this.payload }}");'
        "{% endmacro %}"
    )

    def __init__(self, payload: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # branca has no types here
        self._name = "Paint"
        self.payload = payload


def base_map(ground: Surroundings, base: BaseLayer) -> folium.Map:
    """Build the base map. Cheap; never cache it (st_folium writes into what it is given)."""
    made = folium.Map(
        location=MARK_CENTRE,
        zoom_start=10,
        tiles=None,
        zoom_control=False,
        minZoom=_MIN_ZOOM,
        maxZoom=_MAX_ZOOM,
        zoomSnap=0.5,
        wheelPxPerZoomLevel=90,
    )
    start = _Start(encode(ground_payload(ground, base)), vector=base.kind == "vector")
    made.add_child(start, name="start")
    return made


def scene(view: MapView) -> folium.FeatureGroup:
    """Everything that changes, as one feature group with one child."""
    group = folium.FeatureGroup(name="scene")
    group.add_child(_Paint(encode(scene_payload(view))), name="paint")
    return group
