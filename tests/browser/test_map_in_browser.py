"""The map by itself, on values made here: what it does without asking the page, and what with."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.tab import Tab

pytestmark = pytest.mark.browser

OpenTab = Callable[..., Tab]


@pytest.fixture
def seen(tab: OpenTab, map_url: str) -> Tab:
    """A tab with the page that shows only the map, painted."""
    opened = tab(reduced_motion="reduce")
    opened.page.goto(map_url)
    opened.map()
    return opened


def filtered(seen: Tab, *, painted: int) -> None:
    """Press the stand-in for a filter, and wait for the map of it: one rerun."""
    seen.page.get_by_role("button", name="Filtrera").click()
    seen.map().wait_for_function(f"trygg.painted === {painted}")


def test_click_is_one_rerun_and_the_view_stays(seen: Tab) -> None:
    frame = seen.look_at(57.37, 12.48, zoom=13)
    frame.evaluate("window.keptAlive = true")
    before = seen.sent
    seen.press_thing("place", "horred")
    expect(seen.page.get_by_text("vald place horred")).to_be_visible()
    filtered(seen, painted=3)  # whatever else the click asked for would have gone before this
    assert seen.sent == before + 2
    assert frame.evaluate("window.keptAlive") is True  # the frame was not built anew
    centre = frame.evaluate("[trygg.map.getCenter().lat, trygg.map.getZoom()]")
    assert centre == [pytest.approx(57.37, abs=1e-4), 13]


def test_what_the_map_does_by_itself_is_no_rerun(seen: Tab) -> None:
    frame, before = seen.map(), seen.sent
    frame.evaluate("trygg.map.panBy([200, 90], {animate: false})")
    frame.evaluate("trygg.map.setZoom(12, {animate: false})")

    slider, state = frame.get_by_role("slider"), "trygg.things.stateOf('horred')"
    assert frame.evaluate(state) == "far"  # the whole period
    slider.press("ArrowRight")
    expect(frame.locator(".trygg-week")).to_have_text("vecka 20")
    assert frame.evaluate(state) == "met"
    assert frame.evaluate("trygg.things.stateOf('satila')") == "absent"
    assert frame.evaluate("trygg.things.stateOf('hostile')") == "met"  # not in the weeks
    slider.press("End")
    expect(slider).to_have_attribute("aria-valuetext", "vecka 22, 2021: inget rapporterat")
    slider.press("Home")
    expect(slider).to_have_attribute("aria-valuenow", "1")

    frame.get_by_role("button", name="Mät avstånd").click()
    seen.press_map(500, 300)
    seen.press_map(620, 300)
    expect(frame.locator(".polyline-measure-tooltip-total").last).to_contain_text("km")
    frame.get_by_role("button", name="Mät avstånd").click()

    frame.get_by_role("button", name="Lager").click()
    frame.get_by_label("Otrygga platser").uncheck()
    assert frame.evaluate("trygg.things.where('place', 'horred')") is None
    frame.get_by_label("Otrygga platser").check()
    assert frame.evaluate("trygg.things.where('place', 'horred')") is not None

    filtered(seen, painted=2)
    assert seen.sent == before + 1  # the filter's
    expect(frame.locator(".trygg-week")).to_have_text("vecka 20")  # the filter leaves the week


def test_view_survives_a_reload(seen: Tab) -> None:
    frame = seen.map()
    zoom = frame.evaluate("trygg.map.getZoom()") + 1
    frame.get_by_role("button", name="Zooma in").click()
    frame.wait_for_function(f"trygg.map.getZoom() === {zoom} && !trygg.map._animatingZoom")
    seen.page.reload()
    assert seen.map().evaluate("trygg.map.getZoom()") == zoom


def test_areas_open_into_buildings(seen: Tab) -> None:
    frame = seen.map()
    assert frame.evaluate("trygg.things.where('building', 'b1')") is None
    seen.press_thing("area", "Hedbo")
    expect(seen.page.get_by_text("vald area Hedbo")).to_be_visible()
    frame = seen.look_at(57.51, 12.691, zoom=16)
    assert frame.evaluate("trygg.things.where('area', 'Hedbo')") is None
    seen.press_thing("building", "b1")
    expect(seen.page.get_by_text("vald building b1")).to_be_visible()


def test_weeks_play_to_the_end_and_stop(seen: Tab) -> None:
    frame = seen.map()
    frame.get_by_role("slider").press("End")
    frame.get_by_role("slider").press("ArrowLeft")
    frame.get_by_role("slider").press("Space")
    expect(frame.get_by_role("button", name="Pausa")).to_be_visible()
    expect(frame.locator(".trygg-week")).to_have_text("vecka 22")
    expect(frame.get_by_role("button", name="Spela veckorna")).to_be_visible()


def test_draws_a_point_and_an_area(seen: Tab) -> None:
    frame = seen.map()
    frame.get_by_role("button", name="Rita en punkt").click()
    seen.press_map(500, 400)
    expect(seen.page.get_by_text(re.compile(r"^ritat POINT \(12\.\d+ 57\.\d+\)$"))).to_be_visible()
    frame.get_by_role("button", name="Rita ett område").click()
    seen.put_corners([(500, 200), (600, 200), (600, 300), (500, 300)])
    frame.get_by_role("button", name="Klar").click()
    expect(seen.page.get_by_text(re.compile(r"^ritat POLYGON \(\(12\."))).to_be_visible()


def test_search_flies_once(seen: Tab) -> None:
    frame = seen.map()
    seen.page.get_by_role("button", name="Flyg").click()
    frame.wait_for_function("trygg.map.getZoom() === 15")
    seen.look_at(57.5, 12.6, zoom=11)
    filtered(seen, painted=3)
    assert frame.evaluate("trygg.map.getZoom()") == 11


def test_names_what_is_chosen_over_everything_else(seen: Tab) -> None:
    frame = seen.look_at(57.51, 12.691, zoom=17)
    seen.press_thing("building", "b0")
    expect(seen.page.get_by_text("vald building b0")).to_be_visible()
    frame.wait_for_function("trygg.painted === 2")
    # The name stands beside the ring around its building, not under it.
    name = frame.evaluate("trygg.things.names().find((one) => one.must)")
    chosen = frame.evaluate("trygg.things.symbols().find((one) => one.id === 'b0')")
    assert name["text"] == "Hedbovägen 1"
    ring_px = 1.5 * chosen["side"]
    beside = abs(name["left"] + name["width"] / 2 - chosen["x"]) > ring_px + name["width"] / 2
    over = abs(name["top"] + name["height"] / 2 - chosen["y"]) > ring_px + name["height"] / 2
    assert beside or over


def test_memory_does_not_pile_up(seen: Tab) -> None:
    frame = seen.map()
    for turn in range(2, 7):
        filtered(seen, painted=turn)
    assert frame.evaluate("window.feature_group.length") == 1
    layers = frame.evaluate("Object.keys(trygg.map._layers).length")
    filtered(seen, painted=7)
    # One empty feature group per rerun would show here.
    assert frame.evaluate("Object.keys(trygg.map._layers).length") == layers
