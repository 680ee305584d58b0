"""The map as a person meets it: painted, clicked, played, drawn on, with the network off."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.browser.conftest import SHOTS, SIZES, Watched

pytestmark = pytest.mark.browser

Watch = Callable[..., Watched]


def click_thing(page: Page, frame: Frame, kind: str, thing_id: str) -> None:
    """Click a symbol where it is drawn."""
    spot = frame.evaluate(f"trygg.things.where({kind!r}, {thing_id!r})")
    frame.locator("#map_div").click(position={"x": spot["x"], "y": spot["y"]})


def runs(page: Page) -> int:
    text = page.get_by_text(re.compile(r"^körning \d+$")).inner_text()
    return int(text.split()[1])


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_paints_without_a_network_or_a_complaint(
    watch: Watch, map_url: str, width: int, height: int, theme: str
) -> None:
    seen = watch(width=width, height=height, color_scheme=theme, has_touch=width < 600)
    seen.page.goto(f"{map_url}/?theme={theme}")
    frame = seen.map()
    expect(frame.get_by_role("slider")).to_be_visible()
    expect(frame.get_by_text("förenklad gräns")).to_be_visible()
    for place in ("horred", "satila", "hostile", "torestorp", "fritsla"):
        assert frame.evaluate(f"trygg.things.where('place', '{place}')") is not None
    SHOTS.mkdir(exist_ok=True)
    seen.page.screenshot(path=SHOTS / f"map_{width}_{theme}.png")
    assert seen.asked
    assert seen.strangers() == []
    assert seen.failed == []
    assert seen.complaints == []


def test_click_is_one_rerun_and_the_view_stays(watch: Watch, map_url: str) -> None:
    seen = watch()
    seen.page.goto(map_url)
    frame = seen.map()
    before = runs(seen.page)
    frame.evaluate("trygg.map.setView([57.37, 12.48], 13, {animate: false})")
    frame.evaluate("window.keptAlive = true")
    click_thing(seen.page, frame, "place", "horred")
    expect(seen.page.get_by_text("vald place horred")).to_be_visible()
    seen.page.wait_for_timeout(800)  # a second rerun, if there were one, would have come
    assert runs(seen.page) == before + 1
    assert frame.evaluate("window.keptAlive") is True  # the frame was not built anew
    centre = frame.evaluate("[trygg.map.getCenter().lat, trygg.map.getZoom()]")
    assert centre == [pytest.approx(57.37, abs=1e-4), 13]
    assert seen.complaints == []


def test_panning_is_no_rerun(watch: Watch, map_url: str) -> None:
    seen = watch()
    seen.page.goto(map_url)
    frame = seen.map()
    before = runs(seen.page)
    frame.evaluate("trygg.map.panBy([200, 90], {animate: false})")
    frame.evaluate("trygg.map.setZoom(12, {animate: false})")
    seen.page.wait_for_timeout(1000)
    assert runs(seen.page) == before


def test_view_survives_a_reload(watch: Watch, map_url: str) -> None:
    seen = watch()
    seen.page.goto(map_url)
    frame = seen.map()
    frame.get_by_role("button", name="Zooma in").click()
    seen.page.wait_for_timeout(600)
    zoom = frame.evaluate("trygg.map.getZoom()")
    seen.page.reload()
    assert seen.map().evaluate("trygg.map.getZoom()") == zoom


def test_areas_open_into_buildings(watch: Watch, map_url: str) -> None:
    seen = watch()
    seen.page.goto(map_url)
    frame = seen.map()
    assert frame.evaluate("trygg.things.where('building', 'b1')") is None
    click_thing(seen.page, frame, "area", "Hedbo")
    expect(seen.page.get_by_text("vald area Hedbo")).to_be_visible()
    frame.evaluate("trygg.map.setView([57.51, 12.691], 16, {animate: false})")
    assert frame.evaluate("trygg.things.where('area', 'Hedbo')") is None
    click_thing(seen.page, frame, "building", "b1")
    expect(seen.page.get_by_text("vald building b1")).to_be_visible()


def test_hostile_name_is_only_text(watch: Watch, map_url: str) -> None:
    seen = watch()
    seen.page.goto(map_url)
    frame = seen.map()
    spot = frame.evaluate("trygg.things.where('place', 'hostile')")
    frame.locator("#map_div").hover(position={"x": spot["x"], "y": spot["y"]})
    tip = frame.locator(".trygg-tip b")
    expect(tip).to_contain_text("{{ 7*7 }}")
    expect(tip).to_contain_text("<img src=x onerror=")
    assert frame.locator(".trygg-tip img, .trygg-tip script").count() == 0
    assert seen.page.title() == "Kartprov"
    assert frame.title() != "hacked"
    assert seen.complaints == []


def test_weeks_by_keyboard_recolour_without_a_rerun(watch: Watch, map_url: str) -> None:
    seen = watch()
    seen.page.goto(map_url)
    frame = seen.map()
    before = runs(seen.page)
    state = "trygg.things.stateOf('horred')"
    slider = frame.get_by_role("slider")
    assert frame.evaluate(state) == "far"  # the whole period
    slider.focus()
    slider.press("ArrowRight")
    expect(frame.locator(".trygg-week")).to_have_text("vecka 20")
    assert frame.evaluate(state) == "met"
    assert frame.evaluate("trygg.things.stateOf('satila')") == "absent"
    assert frame.evaluate("trygg.things.stateOf('hostile')") == "met"  # not in the weeks
    slider.press("End")
    expect(slider).to_have_attribute("aria-valuetext", "vecka 22, 2021: inget rapporterat")
    slider.press("ArrowLeft")
    assert frame.evaluate(state) == "behind"
    slider.press("Home")
    expect(slider).to_have_attribute("aria-valuenow", "1")
    slider.press("Escape")
    expect(slider).to_have_attribute("aria-valuetext", "Hela perioden")
    assert frame.evaluate(state) == "far"
    seen.page.wait_for_timeout(600)
    assert runs(seen.page) == before


def test_weeks_play_to_the_end_and_stop(watch: Watch, map_url: str) -> None:
    seen = watch()
    seen.page.goto(map_url)
    frame = seen.map()
    frame.get_by_role("slider").focus()
    frame.get_by_role("slider").press("Space")
    expect(frame.get_by_role("button", name="Pausa")).to_be_visible()
    expect(frame.locator(".trygg-week")).to_have_text("vecka 22", timeout=6000)
    expect(frame.get_by_role("button", name="Spela veckorna")).to_be_visible()


def test_week_stays_when_the_filter_changes(watch: Watch, map_url: str) -> None:
    seen = watch()
    seen.page.goto(map_url)
    frame = seen.map()
    frame.get_by_role("slider").press("End")
    seen.page.get_by_role("button", name="Filtrera").click()
    expect(seen.page.get_by_text("körning 2")).to_be_visible()
    frame.wait_for_function("trygg.painted === 2")
    expect(frame.locator(".trygg-week")).to_have_text("vecka 22")


def test_draws_a_point_and_an_area(watch: Watch, map_url: str) -> None:
    seen = watch()
    seen.page.goto(map_url)
    frame = seen.map()
    surface = frame.locator("#map_div")
    frame.get_by_role("button", name="Rita en punkt").click()
    surface.click(position={"x": 500, "y": 400})
    expect(seen.page.get_by_text(re.compile(r"^ritat POINT \(12\.\d+ 57\.\d+\)$"))).to_be_visible()
    frame.get_by_role("button", name="Rita ett område").click()
    for x, y in ((500, 200), (600, 200), (600, 300), (500, 300)):
        surface.click(position={"x": x, "y": y})
        seen.page.wait_for_timeout(100)  # Leaflet.draw takes no second corner within 50 ms
    frame.get_by_role("button", name="Klar").click()
    expect(seen.page.get_by_text(re.compile(r"^ritat POLYGON \(\(12\."))).to_be_visible()
    assert seen.complaints == []


def test_search_flies_once(watch: Watch, map_url: str) -> None:
    seen = watch(reduced_motion="reduce")
    seen.page.goto(map_url)
    frame = seen.map()
    seen.page.get_by_role("button", name="Flyg").click()
    frame.wait_for_function("trygg.map.getZoom() === 15")
    frame.evaluate("trygg.map.setView([57.5, 12.6], 11, {animate: false})")
    seen.page.get_by_role("button", name="Filtrera").click()
    frame.wait_for_function("trygg.painted === 3")
    assert frame.evaluate("trygg.map.getZoom()") == 11


def test_layer_switch_hides_and_says_so(watch: Watch, map_url: str) -> None:
    seen = watch()
    seen.page.goto(map_url)
    frame = seen.map()
    frame.get_by_role("button", name="Lager").click()
    frame.get_by_label("Otrygga platser").uncheck()
    assert frame.evaluate("trygg.things.where('place', 'horred')") is None
    frame.get_by_label("Otrygga platser").check()
    assert frame.evaluate("trygg.things.where('place', 'horred')") is not None


def test_measures_a_distance(watch: Watch, map_url: str) -> None:
    seen = watch()
    seen.page.goto(map_url)
    frame = seen.map()
    frame.get_by_role("button", name="Mät avstånd").click()
    surface = frame.locator("#map_div")
    surface.click(position={"x": 500, "y": 300})
    surface.click(position={"x": 620, "y": 300})
    expect(frame.locator(".polyline-measure-tooltip-total").last).to_contain_text("km")
    assert runs(seen.page) == 1  # measuring tells nobody
    assert seen.complaints == []


def test_one_finger_scrolls_the_page_on_a_phone(watch: Watch, map_url: str) -> None:
    seen = watch(width=390, height=844, has_touch=True, is_mobile=True)
    seen.page.goto(map_url)
    frame = seen.map()
    assert frame.evaluate("trygg.map.dragging.enabled()") is False
    assert frame.evaluate("trygg.map.touchZoom.enabled()") is True
    touch_action = frame.evaluate("getComputedStyle(trygg.map.getContainer()).touchAction")
    assert "pan-y" in touch_action


def test_memory_does_not_pile_up(watch: Watch, map_url: str) -> None:
    seen = watch()
    seen.page.goto(map_url)
    frame = seen.map()
    for turn in range(2, 7):
        seen.page.get_by_role("button", name="Filtrera").click()
        frame.wait_for_function(f"trygg.painted === {turn}")
    assert frame.evaluate("window.feature_group.length") == 1
    layers = frame.evaluate("Object.keys(trygg.map._layers).length")
    seen.page.get_by_role("button", name="Filtrera").click()
    frame.wait_for_function("trygg.painted === 7")
    # One empty feature group per rerun would show here.
    assert frame.evaluate("Object.keys(trygg.map._layers).length") == layers


def test_unreachable_tiles_leave_the_map_calm(watch: Watch, serve: Callable[..., str]) -> None:
    url = serve(SHOTS.parent / "map_page" / "app.py", TRYGG_BASEMAP="osm")
    seen = watch()
    seen.page.goto(url)
    frame = seen.map()
    expect(frame.get_by_text("Bakgrundskartan kan inte nås just nu")).to_be_visible()
    assert all(url.startswith("https://tile.openstreetmap.org/") for url in seen.strangers())
    assert frame.locator(".leaflet-tile-loaded").count() == 0
    click_thing(seen.page, frame, "place", "horred")
    expect(seen.page.get_by_text("vald place horred")).to_be_visible()
    assert all("ERR_NAME_NOT_RESOLVED" in line for line in seen.complaints)


def test_axe_finds_nothing_wrong_with_the_map(watch: Watch, map_url: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    seen = watch()
    seen.page.goto(map_url)
    found = axe.Axe().run(
        seen.map(),  # it only looks at the document it runs in
        options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]},
    )
    assert found.response["passes"]  # it did look
    assert found.response["violations"] == []
