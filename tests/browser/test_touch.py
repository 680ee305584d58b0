"""What only a phone or a whole screen can do: fingers, where am I, and full screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pytest
from playwright.sync_api import Page, expect

from tests.browser.tab import LAPTOP, MAP_FRAME, PHONE, Size, Tab

pytestmark = pytest.mark.browser

OpenTab = Callable[..., Tab]
KINNA = {"latitude": 57.5072, "longitude": 12.6945}
"""The square of Kinna, in Mark."""


def _middle_of_the_map(page: Page) -> tuple[float, float]:
    box = page.locator(MAP_FRAME).bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def _drag(page: Page, *fingers: Sequence[tuple[float, float]]) -> None:
    """Lay fingers on the screen, move each along its way, and lift them."""
    hand = page.context.new_cdp_session(page)

    def touch(kind: str, points: Sequence[tuple[float, float]]) -> None:
        hand.send(
            "Input.dispatchTouchEvent",
            {"type": kind, "touchPoints": [{"x": x, "y": y, "id": i} for i, (x, y) in points]},
        )

    ways = [list(enumerate(stop)) for stop in zip(*fingers, strict=True)]
    touch("touchStart", ways[0])
    for stop in ways[1:]:
        touch("touchMove", stop)
    touch("touchEnd", [])
    hand.detach()


def _way(x: float, y: float, *, dx: float = 0, dy: float = 0) -> Iterator[tuple[float, float]]:
    return ((x + dx * step / 10, y + dy * step / 10) for step in range(11))


def test_one_finger_scrolls_past_the_map_and_two_move_it(tab: OpenTab, program: str) -> None:
    seen = tab(PHONE)
    seen.open(program)
    frame = seen.map()
    centre = "[trygg.map.getCenter().lat, trygg.map.getCenter().lng]"
    before = frame.evaluate(centre)
    x, y = _middle_of_the_map(seen.page)

    _drag(
        seen.page,
        list(_way(x - 40, y, dx=90, dy=60)),
        list(_way(x + 40, y, dx=90, dy=60)),
    )
    # Fingers to the right and down show what lies to the west and north.
    frame.wait_for_function(
        "([lat, lng]) => { const at = trygg.map.getCenter(); "
        "return at.lng < lng - .01 && at.lat > lat + .01; }",
        arg=before,
    )

    moved = frame.evaluate(centre)
    _drag(seen.page, list(_way(x, y, dy=-200)))
    seen.page.wait_for_function(
        "() => document.querySelector('[data-testid=stMain]').scrollTop > 100"
    )
    assert frame.evaluate(centre) == moved
    expect(frame.get_by_text("två fingrar")).to_be_visible()  # how to move it instead


def test_the_map_says_calmly_when_it_may_not_find_me_and_finds_me_when_it_may(
    tab: OpenTab, program: str
) -> None:
    seen = tab(PHONE, geolocation=KINNA, permissions=[])
    seen.open(program)
    frame = seen.map()
    find = frame.get_by_role("button", name="Visa var jag är")
    find.click()
    expect(frame.get_by_text("Din plats kunde inte hämtas")).to_be_visible()
    assert frame.evaluate("trygg.things.where('place', 'horred-stationen')") is not None

    seen.page.context.grant_permissions(["geolocation"])
    find.click()
    frame.wait_for_function(
        "([lat, lng]) => trygg.map.getZoom() >= 15 && "
        "trygg.map.distance(trygg.map.getCenter(), [lat, lng]) < 50",
        arg=[KINNA["latitude"], KINNA["longitude"]],
    )
    expect(frame.locator(".leaflet-control-locate-location").first).to_be_visible()
    seen.shot("har_ar_jag")


@pytest.mark.parametrize("size", [PHONE, LAPTOP], ids=lambda size: str(size.width))
def test_the_map_fills_the_whole_screen_and_comes_back(
    tab: OpenTab, program: str, size: Size
) -> None:
    seen = tab(size)
    seen.open(program)
    frame = seen.map()
    whole = "[innerWidth, innerHeight]"
    before = frame.evaluate(whole)
    frame.get_by_role("button", name="Helskärm", exact=True).click()
    frame.wait_for_function("document.fullscreenElement !== null")
    wide, high = seen.page.evaluate("[screen.width, screen.height]")
    frame.wait_for_function(f"innerWidth === {wide} && innerHeight === {high}")
    # The weeks come along, and nothing of the page is left around the map.
    frame.get_by_role("slider").click(trial=True)
    frame.wait_for_function(f"trygg.map.getSize().x === {wide}")
    seen.shot(f"helskarm_{seen.size.width}")
    frame.get_by_role("button", name="Stäng helskärm").click()
    frame.wait_for_function(f"[innerWidth, innerHeight].join() === '{','.join(map(str, before))}'")
    expect(frame.get_by_role("button", name="Helskärm", exact=True)).to_be_visible()
