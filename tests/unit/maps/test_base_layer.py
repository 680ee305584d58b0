"""``TRYGG_BASEMAP`` is read, or refused with a sentence."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from geo.errors import SettingError
from geo.maps.base_layer import base_layer


def mbtiles(file: Path, form: str = "png") -> Path:
    with sqlite3.connect(file) as tiles:
        tiles.execute("CREATE TABLE metadata (name text, value text)")
        tiles.execute("CREATE TABLE tiles (zoom_level, tile_column, tile_row, tile_data blob)")
        tiles.execute("INSERT INTO metadata VALUES ('format', ?)", (form,))
        tiles.execute("INSERT INTO metadata VALUES ('attribution', '<b>© Lantmäteriet</b>')")
        tiles.execute("INSERT INTO tiles VALUES (2, 1, 0, ?)", (b"\x89PNG tile",))
    tiles.close()
    return file


def test_words() -> None:
    assert base_layer("osm").tile_host == "https://tile.openstreetmap.org"
    assert base_layer("simple").tile_host is None
    assert base_layer(" OSM ").kind == "osm"
    assert base_layer("").kind == "simple"


@pytest.mark.parametrize(("form", "kind"), [("png", "raster"), ("pbf", "vector")])
def test_own_mbtiles(tmp_path: Path, form: str, kind: str) -> None:
    made = base_layer(str(mbtiles(tmp_path / "mark.mbtiles", form)))
    assert (made.kind, made.max_zoom, made.tile_host) == (kind, 2, None)
    assert made.url.startswith("../../tiles/")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("absent.mbtiles", None, "finns inte"),
        ("text.mbtiles", b"not a database", "inte en MBTiles"),
        ("text.pmtiles", b"not tiles", "inte en PMTiles"),
        ("short.pmtiles", b"PMTiles\x03", "inte en PMTiles"),
        ("raster.pmtiles", b"PMTiles\x03" + bytes(91) + b"\x02" + bytes(60), "bilder"),
        ("map.png", b"\x89PNG", ".mbtiles eller .pmtiles"),
    ],
)
def test_unfit_files_are_refused_with_a_sentence(
    tmp_path: Path, name: str, content: bytes | None, words: str
) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SettingError, match=words):
        base_layer(str(file))
