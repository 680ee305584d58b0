"""The exported map: one file, opened from disk, with nothing to ask anybody for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from geo.maps.standalone import standalone_html
from geo.maps.surroundings import surroundings
from geo.wording import Wording
from tests.browser.conftest import SHOTS, Watched
from tests.browser.map_page.values import HOSTILE, view

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [390, 1440])
def test_the_file_is_a_whole_map(watch: Callable[..., Watched], tmp_path: Path, width: int) -> None:
    file = tmp_path / "karta.html"
    page = standalone_html(
        view(), surroundings(), title=HOSTILE, wording=Wording("sv"), lines=["1 mars – 30 maj 2021"]
    )
    file.write_text(page, "utf-8")
    seen = watch(width=width)
    seen.page.goto(file.as_uri())
    seen.page.locator("html[data-painted]").wait_for(state="attached")
    expect(seen.page.get_by_role("heading", level=1)).to_have_text(HOSTILE)
    expect(seen.page.get_by_role("row", name="Horred, stationen långt efter målet")).to_be_visible()
    spot = seen.page.evaluate("trygg.things.where('place', 'horred')")
    seen.page.locator("#map_div").click(position={"x": spot["x"], "y": spot["y"]})
    assert seen.page.evaluate("trygg.scene.chosen.id") == "horred"
    seen.page.get_by_role("slider").press("Home")
    expect(seen.page.locator(".trygg-week")).to_have_text("vecka 20")
    assert seen.page.evaluate("trygg.things.stateOf('horred')") == "met"
    SHOTS.mkdir(exist_ok=True)
    seen.page.screenshot(path=SHOTS / f"file_{width}.png")
    assert seen.page.title() == HOSTILE
    assert seen.asked == [file.as_uri()]
    assert seen.complaints == []
