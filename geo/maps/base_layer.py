"""Which background the map gets, by the setting ``TRYGG_BASEMAP``.

``osm`` · ``simple`` · the path of an MBTiles or PMTiles file of one's own.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from geo.errors import SettingError
from geo.wording import say

BaseKind = Literal["simple", "osm", "raster", "vector"]

OSM_HOST = "https://tile.openstreetmap.org"


@dataclass(frozen=True, slots=True)
class BaseLayer:
    """One background.

    Attributes
    ----------
    kind
        ``simple`` nothing beside the outline · ``osm`` OpenStreetMap's own tile server ·
        ``raster`` pictures from a file · ``vector`` vector tiles from a file.
    url
        Leaflet's address for tiles (or of the PMTiles file), as seen from the map's frame.
    file
        The user's own file, served by `web.tiles`.
    tile_host
        The other host that must be allowed; None when nothing leaves the machine.
    """

    kind: BaseKind
    url: str = ""
    file: Path | None = None
    max_zoom: int = 19
    attribution: str = ""
    tile_host: str | None = None


SIMPLE = BaseLayer("simple")
OSM = BaseLayer(
    "osm",
    url=OSM_HOST + "/{z}/{x}/{y}.png",
    attribution="© OpenStreetMap",
    tile_host=OSM_HOST,
)


def base_layer(setting: str) -> BaseLayer:
    """Read the setting.

    Raises
    ------
    SettingError
        Neither ``osm``, ``simple`` nor a readable MBTiles or PMTiles file.
    """
    match setting.strip().lower():
        case "" | "simple":
            return SIMPLE
        case "osm":
            return OSM
    file = Path(setting.strip()).expanduser()
    if not file.is_file():
        raise SettingError(
            say(
                "TRYGG_BASEMAP ska vara osm, simple eller en fil; filen {file} finns inte.",
                file=file,
            )
        )
    if file.suffix.lower() == ".pmtiles":
        return _from_pmtiles(file)
    if file.suffix.lower() == ".mbtiles":
        return _from_mbtiles(file)
    raise SettingError(
        say(
            "Bakgrundskartan {file} ska heta något som slutar på .mbtiles eller .pmtiles.",
            file=file,
        )
    )


# Header of PMTiles version 3: magic, version, …, tile type at byte 99, max zoom at byte 101.
_PMTILES_MAGIC = b"PMTiles\x03"
_PMTILES_HEADER_BYTES = 127
_PMTILES_VECTOR = 1


def _from_pmtiles(file: Path) -> BaseLayer:
    with file.open("rb") as opened:
        header = opened.read(_PMTILES_HEADER_BYTES)
    if len(header) < _PMTILES_HEADER_BYTES or not header.startswith(_PMTILES_MAGIC):
        raise SettingError(say("Filen {file} är inte en PMTiles-fil (version 3).", file=file))
    if header[99] != _PMTILES_VECTOR:
        raise SettingError(
            say("PMTiles-filen {file} har bilder; använd vektorplattor eller MBTiles.", file=file)
        )
    return BaseLayer(
        "vector",
        url="../../tiles/basemap.pmtiles",
        file=file,
        max_zoom=header[101],
        attribution="© OpenStreetMap",
    )


def _from_mbtiles(file: Path) -> BaseLayer:
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as tiles:
            about = dict(tiles.execute("SELECT name, value FROM metadata"))
            (deepest,) = tiles.execute("SELECT max(zoom_level) FROM tiles").fetchone()
    except sqlite3.DatabaseError as exc:
        raise SettingError(say("Filen {file} är inte en MBTiles-fil.", file=file)) from exc
    is_vector = about.get("format") == "pbf"
    return BaseLayer(
        "vector" if is_vector else "raster",
        url="../../tiles/{z}/{x}/{y}",
        file=file,
        max_zoom=int(deepest or 0),
        attribution=str(about.get("attribution") or ""),
    )
