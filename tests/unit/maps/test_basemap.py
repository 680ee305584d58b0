"""A real small extract becomes a background file, and rubbish becomes a sentence."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
from shapely.geometry import LineString, Point, box

from geo.errors import FileError
from geo.maps.base_layer import base_layer
from geo.maps.basemap import build_basemap


def test_a_real_extract(tmp_path: Path) -> None:
    pyrosm = pytest.importorskip("pyrosm", reason="pyrosm ships the extract this test reads")
    source = Path(pyrosm.get_data("test_pbf"))
    told: list[float] = []
    out = tmp_path / "kotka.pmtiles"
    receipt = build_basemap(source, out, progress=told.append)
    # Counted independently: the extract's own ways and relations tagged building.
    with_buildings = pyogrio.read_dataframe(
        source, layer="multipolygons", where="building IS NOT NULL", on_invalid="ignore"
    )
    drawn = with_buildings[with_buildings.geometry.notna()]
    assert receipt.features["house"] == len(drawn) > 2_000
    assert {"major", "minor", "path", "place"} <= set(receipt.features)
    assert told == sorted(told)
    assert told[-1] == 1
    assert base_layer(str(out)).kind == "vector"
    assert [path.name for path in tmp_path.iterdir()] == ["kotka.pmtiles"]


def test_a_geopackage_in_the_national_grid(tmp_path: Path) -> None:
    source = tmp_path / "mark.gpkg"
    roads = gpd.GeoDataFrame(
        {"highway": ["primary", "track", None], "name": ["Väg 41", None, "stig"]},
        geometry=[LineString([(345000, 6375000), (346000, 6376000)])] * 3,
        crs="EPSG:3006",
    )
    lakes = gpd.GeoDataFrame(
        {"natural": ["water"]}, geometry=[box(345000, 6375000, 345500, 6375500)], crs="EPSG:3006"
    )
    towns = gpd.GeoDataFrame(
        {"place": ["town"], "name": ["Kinna"]}, geometry=[Point(345200, 6375200)], crs="EPSG:3006"
    )
    for layer, frame in {"roads": roads, "lakes": lakes, "towns": towns}.items():
        frame.to_file(source, layer=layer, driver="GPKG")
    receipt = build_basemap(source, tmp_path / "mark.pmtiles")
    assert dict(receipt.features) == {"major": 1, "path": 1, "water": 1, "place": 1}


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("absent.osm.pbf", None, "finns inte"),
        ("empty.osm.pbf", b"", "går inte att läsa"),
        ("rubbish.osm.pbf", b"rubbish" * 50, "går inte att läsa"),
        ("rubbish.gpkg", b"rubbish" * 50, "går inte att läsa"),
    ],
)
def test_rubbish_is_a_sentence_and_leaves_the_old_file(
    tmp_path: Path, name: str, content: bytes | None, words: str
) -> None:
    source, out = tmp_path / name, tmp_path / "out.pmtiles"
    out.write_bytes(b"the old one")
    if content is not None:
        source.write_bytes(content)
    with pytest.raises(FileError, match=words):
        build_basemap(source, out)
    assert out.read_bytes() == b"the old one"


def test_the_file_must_be_named_for_what_it_is(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="pmtiles"):
        build_basemap(tmp_path / "a.osm.pbf", tmp_path / "a.zip")
