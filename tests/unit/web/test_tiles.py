"""Tiles and assets over HTTP: rows counted from the right end, parts of files, caching."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from starlette.applications import Starlette

from geo.maps.assets import SCRIPTS, asset_path, missing_packages
from geo.maps.base_layer import SIMPLE, BaseLayer
from tests.unit.web.asking import ask
from web.assets import ASSET_ROUTE
from web.tiles import tile_routes


@pytest.fixture
def mbtiles(tmp_path: Path) -> Starlette:
    file = tmp_path / "mark.mbtiles"
    with sqlite3.connect(file) as tiles:
        tiles.execute("CREATE TABLE tiles (zoom_level, tile_column, tile_row, tile_data blob)")
        # At zoom 2 there are four rows; row 0 from the south is y = 3 from the north.
        tiles.execute("INSERT INTO tiles VALUES (2, 1, 0, ?)", (b"\x89PNG south",))
        tiles.execute("INSERT INTO tiles VALUES (2, 1, 3, ?)", (b"\xff\xd8 north",))
        tiles.execute("INSERT INTO tiles VALUES (2, 1, 2, ?)", (b"\x1f\x8b vector",))
    tiles.close()
    return Starlette(routes=tile_routes(BaseLayer("raster", file=file)))


def test_rows_are_counted_from_the_north(mbtiles: Starlette) -> None:
    south, north = ask(mbtiles, "/tiles/2/1/3"), ask(mbtiles, "/tiles/2/1/0")
    assert (south.body, south.headers["content-type"]) == (b"\x89PNG south", "image/png")
    assert (north.body, north.headers["content-type"]) == (b"\xff\xd8 north", "image/jpeg")
    vector = ask(mbtiles, "/tiles/2/1/1")
    assert vector.headers["content-encoding"] == "gzip"
    assert "vector-tile" in vector.headers["content-type"]


@pytest.mark.parametrize("path", ["/tiles/2/0/0", "/tiles/2/9/9", "/tiles/99/1/1"])
def test_beyond_the_edge_is_empty_and_no_error(mbtiles: Starlette, path: str) -> None:
    assert (ask(mbtiles, path).status, ask(mbtiles, path).body) == (204, b"")


def test_an_address_that_is_no_tile_is_not_found(mbtiles: Starlette) -> None:
    assert ask(mbtiles, "/tiles/2/1/../../etc").status == 404
    assert ask(Starlette(routes=tile_routes(SIMPLE)), "/tiles/2/1/3").status == 404


def test_parts_of_a_pmtiles_file(tmp_path: Path) -> None:
    file = tmp_path / "mark.pmtiles"
    file.write_bytes(bytes(range(256)))
    app = Starlette(routes=tile_routes(BaseLayer("vector", file=file)))
    part = ask(app, "/tiles/basemap.pmtiles", headers={"range": "bytes=10-19"})
    assert part.status == 206
    assert part.headers["content-range"] == "bytes 10-19/256"
    assert part.body == bytes(range(10, 20))
    assert ask(app, "/tiles/basemap.pmtiles", method="HEAD").headers["content-length"] == "256"
    assert ask(app, "/tiles/basemap.pmtiles", headers={"range": "bytes=900-"}).status == 416


@pytest.mark.skipif(bool(missing_packages()), reason="browser files are not installed (make setup)")
def test_assets_are_kept_for_ever() -> None:
    app = Starlette(routes=[ASSET_ROUTE])
    answer = ask(app, "/assets/" + asset_path(*SCRIPTS["leaflet"]))
    assert answer.status == 200
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith("text/javascript")
    assert ask(app, "/assets/leaflet@1.9.4/../../app.py").status == 404
    assert ask(app, "/assets/trygg@0/map.js").status == 404
