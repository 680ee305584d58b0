"""Where somebody was, as pictures of the server: switched on, week by week."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Frame, expect

from geo.model.visit import Fix, Track
from geo.services.tracks import tracks_in_records
from geo.store.fixes import write_fixes
from tests.browser.tab import Tab

pytestmark = pytest.mark.browser

OpenTab = Callable[..., Tab]

IS_THERE = """(days) => {
  const drawn = [...document.querySelectorAll(".leaflet-tiles-presence-pane img")];
  return drawn.length > 0 && drawn.every((img) => img.complete && img.naturalWidth > 0 &&
    img.src.includes("/" + days + "/"));
}"""
IS_SHADED = """() => [...document.querySelectorAll(".leaflet-tiles-presence-pane img")]
  .some((img) => img.naturalWidth === 256)"""


def switch_on(frame: Frame, layer: str) -> None:
    """Open the layer switch by the keyboard, and check a box."""
    frame.get_by_role("button", name="Lager").press("Enter")
    frame.get_by_role("checkbox", name=layer).press("Space")


def test_presence_is_shown_for_the_period_and_for_each_week(tab: OpenTab, map_url: str) -> None:
    seen = tab(reduced_motion="reduce")
    seen.page.goto(map_url)
    frame = seen.map()
    expect(frame.locator(".trygg-caption")).to_be_hidden()
    switch_on(frame, "Närvaro")
    frame.wait_for_function(IS_THERE, arg="20210517-20210607")
    assert frame.evaluate(IS_SHADED)
    expect(frame.locator(".trygg-caption")).to_contain_text("Där inget är skuggat är inget känt.")

    slider = frame.get_by_role("slider")
    slider.press("ArrowRight")
    frame.wait_for_function(IS_THERE, arg="20210517-20210524")
    slider.press("ArrowRight")
    frame.wait_for_function(IS_THERE, arg="20210524-20210531")
    slider.press("Escape")
    frame.wait_for_function(IS_THERE, arg="20210517-20210607")

    frame.get_by_role("checkbox", name="Närvaro").press("Space")
    expect(frame.locator(".leaflet-tiles-presence-pane img")).to_have_count(0)
    expect(frame.locator(".trygg-caption")).to_be_hidden()


def test_very_many_visits_are_tiles_from_the_start(tab: OpenTab, map_url: str) -> None:
    seen = tab(reduced_motion="reduce")
    seen.page.goto(f"{map_url}?instead=1&theme=dark")
    frame = seen.map()
    frame.wait_for_function(IS_THERE, arg="20210517-20210607")
    assert frame.evaluate("trygg.tiles.address('presence')").endswith("?theme=dark")
    frame.get_by_role("button", name="Lager").press("Enter")
    expect(frame.get_by_role("checkbox", name="Närvaro")).to_be_hidden()
    frame.get_by_role("checkbox", name="Besök").press("Space")
    expect(frame.locator(".leaflet-tiles-presence-pane img")).to_have_count(0)


def test_ground_covered_is_said_and_shown_in_the_week_played(
    tab: OpenTab, serve_program: Callable[..., str]
) -> None:
    seen = tab(reduced_motion="reduce")
    seen.page.goto(f"{serve_program()}/?fran=2021-01-04&till=2021-12-31")
    frame = seen.map()
    switch_on(frame, "Täckt mark")
    said = frame.locator(".trygg-caption")
    expect(said).to_contain_text("Hela perioden: ")
    expect(said).to_contain_text("km² (")
    expect(said).to_contain_text("inom 25 m från ett spår.")
    frame.wait_for_function(
        """() => [...document.querySelectorAll(".leaflet-tiles-ground-pane img")]
          .some((img) => img.naturalWidth === 256)"""
    )
    frame.get_by_role("slider").press("End")
    expect(said).to_contain_text("Vecka 52: ")
    frame.wait_for_function("() => trygg.tiles.address('ground').includes('/20211227-20220101/')")


def test_stored_fixes_are_shown_and_counted_as_ground(
    tab: OpenTab, serve_program: Callable[..., str], tmp_path: Path
) -> None:
    begun = datetime(2021, 5, 26, 18, tzinfo=UTC)
    walk = [Fix(begun + timedelta(minutes=n), 12.45 + n / 500, 57.36) for n in range(30)]
    track = Track(track_id="t", name="t", kind="fotpatrull", fixes=tuple(walk))
    write_fixes(tmp_path / "a.parquet", tracks_in_records([track]), pd.Index(["fotpatrull/a-1"]))
    (tmp_path / "b.parquet").write_bytes(b"nothing of the kind")
    address = serve_program(TRYGG_FIXES=str(tmp_path))
    seen = tab(reduced_motion="reduce")
    # A week in which the examples have no track.
    seen.open(f"{address}/?fran=2021-05-24&till=2021-05-30")
    frame = seen.map()
    switch_on(frame, "GPS-spår")
    said = frame.locator(".trygg-caption")
    expect(said).to_have_text(
        "1 fil med GPS-punkter är skadad och visas inte. "
        "GPS-spår: mörkare där de har stannat längre. Där inget är skuggat finns inget spår."
    )
    frame.wait_for_function(
        """() => [...document.querySelectorAll(".leaflet-tiles-fixes-pane img")]
          .some((img) => img.naturalWidth === 256)"""
    )
    frame.get_by_role("checkbox", name="Täckt mark").press("Space")
    expect(said).to_contain_text("Vecka 21: ")
    expect(said).to_contain_text("km² (")
    seen.shot("gps_spar")
    assert seen.violations() == []
