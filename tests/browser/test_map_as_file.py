"""The saved map: one file from the page Data, opened from disk, with nobody to ask anything."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.tab import LAPTOP, PHONE, Tab

pytestmark = pytest.mark.browser

OpenTab = Callable[..., Tab]


def test_the_file_is_a_whole_map(tab: OpenTab, program: str, tmp_path: Path) -> None:
    seen = tab()
    seen.open(f"{program}/data?fran=2021-12-06&till=2021-12-31")
    with seen.page.expect_download() as download:
        seen.page.get_by_role("button", name="Kartan som webbsida").click()
    file = tmp_path / "karta.html"
    download.value.save_as(file)

    for size in (PHONE, LAPTOP):
        saved = tab(size)
        page = saved.page
        page.goto(file.as_uri())
        page.locator("html[data-painted]").wait_for(state="attached")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Trygg karta · Mark")
        expect(page.get_by_text("6 december – 31 december 2021").first).to_be_visible()
        row = page.get_by_role("row", name="Horred station")
        expect(row).to_contain_text("långt efter målet")
        spot = page.evaluate("trygg.things.where('place', 'horred-stationen')")
        page.locator("#map_div").click(position={"x": spot["x"], "y": spot["y"]})
        expect(page.locator(".on-map")).to_contain_text("Horred station")
        page.get_by_role("slider").press("Home")
        page.get_by_role("slider").press("ArrowRight")
        expect(page.locator(".trygg-week")).to_have_text("vecka 50")
        # Two visits a week are wanted, and one came: derived in test_working_day.py.
        assert page.evaluate("trygg.things.stateOf('horred-stationen')") == "behind"
        saved.shot(f"fil_{size.width}")
        assert saved.asked == [file.as_uri()]
        assert saved.overflow_px() <= 0
