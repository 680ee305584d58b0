"""Text a person typed never runs: not in branca's second parse, not in ours."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Callable

import folium
import folium.plugins
import pytest
from shapely.geometry import Point
from streamlit_folium import generate_leaflet_string

from geo.maps.base_layer import SIMPLE
from geo.maps.hardening import LiteralText, harden_branca, is_hardened
from geo.maps.layers import Building, HousingArea, Locality, MapView, Place, Surroundings
from geo.maps.render import base_map, scene
from geo.maps.standalone import standalone_html
from geo.wording import Wording

MARKER = "49_ran_49"
HOSTILE = (
    "{{ '49' ~ '_ran_' ~ '49' }}",
    "{{ cycler.__init__.__globals__.os.getpid() }}",
    "{% raise %}",
    "{% for x in range(3) %}x",
    "{# gone #}",
    "${alert(1)}",
    "`",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"); alert(1); ("',
    "'-alert(1)-'",
    "\u2028 ny rad \u2029",
    "é_map_div_start_00ff 😀",
)

# Every way into the output that folium offers a text and this program could come to use.
FOLIUM_SINKS: dict[str, Callable[[str], folium.Element]] = {
    "popup": lambda text: folium.Marker((57, 12), popup=folium.Popup(text)),
    "popup parsed": lambda text: folium.Marker((57, 12), popup=folium.Popup(text, parse_html=True)),
    "tooltip": lambda text: folium.Marker((57, 12), tooltip=text),
    "div icon": lambda text: folium.Marker((57, 12), icon=folium.DivIcon(html=text)),
    "layer name": lambda text: folium.FeatureGroup(name=text),
    "feature property": lambda text: folium.GeoJson(
        {
            "type": "Feature",
            "properties": {"name": text},
            "geometry": {"type": "Point", "coordinates": [12, 57]},
        }
    ),
    "circle option": lambda text: folium.CircleMarker((57, 12), color=text),
    "attribution": lambda text: folium.TileLayer("https://x.invalid/{z}/{x}/{y}", attr=text),
}


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("sink", FOLIUM_SINKS)
def test_branca_runs_nothing(sink: str, text: str) -> None:
    m = folium.Map((57, 12))
    FOLIUM_SINKS[sink](text).add_to(m)
    folium.LayerControl().add_to(m)
    page = m.get_root().render()
    assert MARKER not in page


def test_without_the_hardening_the_same_text_runs() -> None:
    # In a process of its own: proof that the test above can fail.
    code = (
        "import folium\n"
        "m = folium.Map((57, 12))\n"
        f"folium.Marker((57, 12), tooltip={HOSTILE[0]!r}).add_to(m)\n"
        "print(m.get_root().render())"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert MARKER in answer.stdout


def test_hardening_is_in_force_and_may_be_repeated() -> None:
    harden_branca()
    harden_branca()
    assert is_hardened()
    assert LiteralText("{{ 1 + 1 }}").render(this=None) == "{{ 1 + 1 }}"


def view_saying(text: str) -> MapView:
    return MapView(
        {"map": text, "play": text},
        places=(Place(text, Point(12.6, 57.5), "met", text, 50),),
        buildings=(Building(text, 12.6, 57.5, text, "clear", "due", text),),
        areas=(HousingArea(text, 12.6, 57.5, 0.5),),
        locale="sv",
    )


def ground_saying(text: str) -> Surroundings:
    return Surroundings(Point(12.6, 57.5).buffer(0.1), (), (Locality(text, 12.6, 57.5),))


@pytest.mark.parametrize("text", HOSTILE)
def test_our_map_carries_text_only_as_base64(text: str) -> None:
    m = base_map(ground_saying(text), SIMPLE)
    group = scene(view_saying(text))
    group.add_to(m)
    m.get_root().render()
    sent = generate_leaflet_string(m)
    assert text not in sent
    assert MARKER not in sent
    # … and it arrives as it was typed.
    start, paint = (part.split('"')[1] for part in sent.split("trygg.")[1:])
    assert json.loads(base64.b64decode(start))["ground"]["localities"][0][0] == text
    assert json.loads(base64.b64decode(paint))["places"]["name"] == [text]


@pytest.mark.parametrize("text", HOSTILE)
def test_the_file_carries_text_only_escaped(text: str) -> None:
    page = standalone_html(
        view_saying(text), ground_saying(text), title=text, wording=Wording("sv"), lines=[text]
    )
    calm = standalone_html(
        view_saying("a"), ground_saying("a"), title="a", wording=Wording("sv"), lines=["a"]
    )
    assert MARKER not in page
    assert page.count("<script") == calm.count("<script")
    assert page.count("<img") == calm.count("<img")
    block = page.split('id="data">')[1].split("</script>")[0]
    assert json.loads(block)["scene"]["places"]["name"] == [text]
