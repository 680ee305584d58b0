"""What lies under the map: street tiles that cannot be reached, and files of one's own."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Frame, expect

from geo.maps.basemap import build_basemap
from tests.browser.tab import LAPTOP, PROJECTOR, Tab

pytestmark = pytest.mark.browser

OpenTab = Callable[..., Tab]
MARK = {"zoom": 9, "x": 274, "y": 155}
"""The tile of zoom 9 in which Kinna lies: x = floor((12.69 + 180) / 360 · 2⁹), y by Mercator."""


def test_unreachable_street_tiles_break_nothing(
    watch: OpenTab, serve_program: Callable[..., str]
) -> None:
    seen = watch(LAPTOP)
    seen.open(serve_program(TRYGG_BASEMAP="osm"))
    frame = seen.map()
    expect(frame.get_by_text("Bakgrundskartan kan inte nås just nu")).to_be_visible()
    expect(frame.locator(".leaflet-tile-loaded")).to_have_count(0)
    frame = seen.look_at(57.357, 12.473, zoom=14)
    seen.press_thing("place", "horred-stationen")
    expect(seen.page.get_by_role("heading", name="Horred station")).to_be_visible()
    seen.shot("osm_utan_nat")
    # Nobody but the tile server the setting names is asked, and nothing else goes wrong.
    assert seen.strangers()
    assert all(url.startswith("https://tile.openstreetmap.org/") for url in seen.strangers())
    assert all("ERR_NAME_NOT_RESOLVED" in line for line in seen.complaints)


def test_vector_tiles_from_a_file_of_ones_own(
    tab: OpenTab, serve_program: Callable[..., str], tmp_path: Path
) -> None:
    pyrosm = pytest.importorskip("pyrosm", reason="pyrosm ships the extract this test reads")
    file = tmp_path / "kotka.pmtiles"
    build_basemap(Path(pyrosm.get_data("test_pbf")), file)
    seen = tab(PROJECTOR)
    seen.open(serve_program(TRYGG_BASEMAP=str(file)))
    # The extract is of a town elsewhere, so the map goes there.
    with seen.page.expect_response(lambda r: r.url.endswith("basemap.pmtiles")) as answer:
        frame = seen.look_at(60.53, 26.945, zoom=14)
    assert answer.value.status == 206  # in parts, as they are needed
    _wait_for_drawn(frame, "canvas.leaflet-tile")
    expect(frame.get_by_text("© OpenStreetMap")).to_be_visible()
    seen.shot("bakgrund_vektor")


def test_picture_tiles_from_a_file_of_ones_own(
    tab: OpenTab, serve_program: Callable[..., str], tmp_path: Path
) -> None:
    file = tmp_path / "egen.mbtiles"
    _write_mbtiles(file, _png((38, 120, 200)))
    seen = tab(LAPTOP)
    with seen.page.expect_response("**/tiles/9/*/*") as answer:
        seen.open(serve_program(TRYGG_BASEMAP=str(file)))
    assert answer.value.status in {200, 204}  # 204: the file has no such tile
    frame = seen.look_at(57.5, 12.6, zoom=9)
    mine = frame.locator(f"img.leaflet-tile-loaded[src$='/tiles/9/{MARK['x']}/{MARK['y']}']")
    expect(mine).to_be_visible()
    assert mine.evaluate("tile => tile.naturalWidth") == 256
    expect(frame.get_by_text("© Kommunens karta <b>")).to_be_visible()
    seen.shot("bakgrund_bilder")


def _wait_for_drawn(frame: Frame, tiles: str) -> None:
    """Wait for a tile that is not blank."""
    frame.wait_for_function(
        """tiles => [...document.querySelectorAll(tiles)].some((tile) => {
            const blank = document.createElement("canvas");
            [blank.width, blank.height] = [tile.width, tile.height];
            return tile.toDataURL() !== blank.toDataURL();
        })""",
        arg=tiles,
    )


def _png(colour: tuple[int, int, int]) -> bytes:
    picture = io.BytesIO()
    Image.new("RGB", (256, 256), colour).save(picture, "PNG")
    return picture.getvalue()


def _write_mbtiles(file: Path, tile: bytes) -> None:
    """Write the one tile; the format counts rows from the south (TMS)."""
    with closing(sqlite3.connect(file)) as tiles:
        tiles.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
        tiles.execute(
            "CREATE TABLE tiles (zoom_level INT, tile_column INT, tile_row INT, tile_data BLOB)"
        )
        tiles.executemany(
            "INSERT INTO metadata VALUES (?, ?)",
            [("format", "png"), ("attribution", "© Kommunens karta <b>")],
        )
        row = 2 ** MARK["zoom"] - 1 - MARK["y"]
        tiles.execute("INSERT INTO tiles VALUES (?, ?, ?, ?)", (MARK["zoom"], MARK["x"], row, tile))
        tiles.commit()
