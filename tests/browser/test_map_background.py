"""A background file of one's own, made from a real extract and read in parts by the browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from geo.maps.basemap import build_basemap
from tests.browser.conftest import ROOT, SHOTS, Watched

pytestmark = pytest.mark.browser


def test_vector_tiles_from_the_machines_own_file(
    watch: Callable[..., Watched], serve: Callable[..., str], tmp_path: Path
) -> None:
    pyrosm = pytest.importorskip("pyrosm", reason="pyrosm ships the extract this test reads")
    file = tmp_path / "kotka.pmtiles"
    build_basemap(Path(pyrosm.get_data("test_pbf")), file)
    url = serve(ROOT / "tests" / "browser" / "map_page" / "app.py", TRYGG_BASEMAP=str(file))
    seen = watch()
    seen.page.goto(url)
    frame = seen.map()
    with seen.page.expect_response(lambda r: r.url.endswith("basemap.pmtiles")) as answer:
        frame.evaluate("trygg.map.setView([60.53, 26.945], 14, {animate: false})")
    assert answer.value.status == 206
    # A drawn tile is one that is not blank: some pixel differs from the first.
    frame.wait_for_function(
        """[...document.querySelectorAll('canvas.leaflet-tile')].some((c) => {
            const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
            return d.some((v, i) => v !== d[i % 4]);
        })"""
    )
    SHOTS.mkdir(exist_ok=True)
    seen.page.screenshot(path=SHOTS / "background_vector.png")
    assert seen.strangers() == []
    assert seen.complaints == []
