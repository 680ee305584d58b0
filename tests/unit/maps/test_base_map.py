"""The base map is the same bytes every time; what changes lies elsewhere."""

from __future__ import annotations

from streamlit_folium import generate_leaflet_string

from geo.crs import to_metric
from geo.maps.base_layer import SIMPLE
from geo.maps.layers import MapView
from geo.maps.render import base_map, scene
from geo.maps.surroundings import fallback_outline, localities, surroundings


def script() -> str:
    m = base_map(surroundings(), SIMPLE)
    m.get_root().render()
    return generate_leaflet_string(m)


def test_the_base_map_is_the_same_every_time() -> None:
    assert script() == script()


def test_a_scene_empties_the_list_that_only_grows() -> None:
    group = scene(MapView({}))
    m = base_map(surroundings(), SIMPLE)
    group.add_to(m)
    m.get_root().render()
    assert "window.feature_group = [];" in generate_leaflet_string(group, base_id="x")


def test_mark_lies_where_it_should() -> None:
    # SCB: Mark's land is 931 km² and its water 82 km²; the coarse polygon (38 corners) is off by
    # up to 2.9 km at places, so only the size of the thing is asked for: within a tenth.
    outline = fallback_outline()
    assert abs(to_metric(outline).area / 1e6 - 1_013) < 101
    assert len(localities()) == 14
    assert {town.name for town in localities()} >= {"Kinna", "Skene", "Örby", "Horred"}


def test_a_precise_boundary_is_used_and_not_called_simplified() -> None:
    precise = fallback_outline().buffer(0.001, quad_segs=64)
    ground = surroundings(precise)
    assert not ground.is_simplified
    assert surroundings().is_simplified
    # Thinned for the screen, and nowhere by more than the tolerance says.
    assert to_metric(ground.outline).hausdorff_distance(to_metric(precise)) <= 8.0
    names = {town.name for town in ground.localities if town.rank == 3}
    assert {"Borås", "Svenljunga", "Varberg", "Kungsbacka"} <= names
    assert "Mark" not in names
