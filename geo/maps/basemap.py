"""Make a background map file from an OpenStreetMap extract or a GeoPackage.

``python -m geo basemap EXTRACT.osm.pbf|FILE.gpkg --out mark.pmtiles``: pyogrio's GDAL reads the one
and writes the other, so no other program is needed. The file has one layer, ``map``, whose
features say what they are by ``kind``: ``water stream green built house major minor path rail
place``; ``geo/maps/js/ground.js`` draws exactly these.
"""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from geo.crs import STORED
from geo.errors import FileError
from geo.wording import say

Progress = Callable[[float], None]
"""Called with how much is done, 0–1."""

_MIN_ZOOM, _MAX_ZOOM = 8, 14
_TILE_BYTES = 1_500_000
"""GDAL's own limit (500 kB) drops houses in towns; these tiles are read from the same machine."""

_GREEN = frozenset({"forest", "wood", "grass", "meadow", "park", "scrub", "recreation_ground"})
_BUILT = frozenset({"residential", "commercial", "industrial", "retail"})
_MAJOR = frozenset({"motorway", "trunk", "primary", "secondary", "motorway_link", "trunk_link"})
_MINOR = frozenset(
    {"tertiary", "unclassified", "residential", "living_street", "service", "pedestrian"}
)
_PATH = frozenset({"track", "path", "footway", "cycleway", "steps", "bridleway"})
_PLACES = frozenset({"city", "town", "village", "hamlet", "suburb", "neighbourhood"})
_STREAMS = frozenset({"river", "stream", "canal"})


@dataclass(frozen=True, slots=True)
class BasemapReceipt:
    """What was made: features per kind, and the file's size."""

    out: Path
    features: Mapping[str, int]
    size_bytes: int


def build_basemap(source: Path, out: Path, *, progress: Progress | None = None) -> BasemapReceipt:
    """Read an extract and write a PMTiles file for ``TRYGG_BASEMAP``.

    Parameters
    ----------
    source
        ``.osm.pbf``, or a ``.gpkg`` with OpenStreetMap's columns (``highway``, ``building``,
        ``natural``, ``waterway``, ``landuse``, ``place``, ``railway``, ``leisure``, ``name``).
    out
        A ``.pmtiles`` file; replaced only once the new one is whole.
    progress
        Told how much is done, 0–1.

    Raises
    ------
    FileError
        The source cannot be read, or holds nothing this map draws.
    """
    tell = progress or (lambda _share: None)
    if out.suffix.lower() != ".pmtiles":
        raise FileError(say("Filen {file} ska sluta på .pmtiles.", file=out))
    frames = list(_read(source, tell))
    kept = [frame for frame in frames if len(frame)]
    if not kept:
        raise FileError(
            say("Filen {file} innehåller inget som bakgrundskartan ritar.", file=source)
        )
    table = gpd.GeoDataFrame(pd.concat(kept, ignore_index=True), geometry="geometry", crs=STORED)
    tell(0.6)
    _write(table, out)
    tell(1.0)
    counts = table["kind"].value_counts()
    return BasemapReceipt(
        out, {str(kind): int(n) for kind, n in counts.items()}, out.stat().st_size
    )


def _read(source: Path, tell: Progress) -> Iterator[gpd.GeoDataFrame]:
    if not source.is_file():
        raise FileError(say("Filen {file} finns inte.", file=source))
    try:
        layers = [str(name) for name in pyogrio.list_layers(source)[:, 0]]
        for done, layer in enumerate(layers):
            if layer != "other_relations":
                with warnings.catch_warnings():
                    # GDAL's own notes about odd tags and unclosed rings in an extract.
                    warnings.simplefilter("ignore", RuntimeWarning)
                    # Broken rings (an extract cuts lakes in two) become no geometry: left out.
                    frame = pyogrio.read_dataframe(source, layer=layer, on_invalid="ignore")
                yield _classified(frame)
            tell(0.6 * (done + 1) / len(layers))
    except (DataSourceError, DataLayerError) as exc:
        raise FileError(
            say(
                "Filen {file} går inte att läsa som OpenStreetMap-utdrag eller GeoPackage.",
                file=source,
            )
        ) from exc


def _classified(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Keep what is drawn, with ``kind``, ``name`` and geometry only, in EPSG:4326."""
    frame = frame[frame.geometry.notna() & ~frame.geometry.is_empty]
    if frame.crs is not None and frame.crs != STORED:
        frame = frame.to_crs(STORED)
    is_area = frame.geom_type.isin(["Polygon", "MultiPolygon"])
    is_line = frame.geom_type.isin(["LineString", "MultiLineString"])
    is_point = frame.geom_type == "Point"

    def tag(name: str) -> pd.Series:
        if name in frame.columns:
            column: pd.Series = frame[name].astype("string").fillna("")
            return column
        return pd.Series("", index=frame.index, dtype="string")

    kind = pd.Series("", index=frame.index, dtype="string")
    rules = (
        ("green", is_area & (tag("landuse").isin(_GREEN) | tag("natural").isin(_GREEN))),
        ("green", is_area & tag("leisure").isin({"park", "garden", "pitch"})),
        ("built", is_area & tag("landuse").isin(_BUILT)),
        ("water", is_area & ((tag("natural") == "water") | (tag("waterway") == "riverbank"))),
        ("house", is_area & (tag("building") != "") & (tag("building") != "no")),
        ("stream", is_line & tag("waterway").isin(_STREAMS)),
        ("rail", is_line & (tag("railway") == "rail")),
        ("rail", is_line & tag("other_tags").str.contains('"railway"=>"rail"', regex=False)),
        ("path", is_line & tag("highway").isin(_PATH)),
        ("minor", is_line & tag("highway").isin(_MINOR)),
        ("major", is_line & tag("highway").isin(_MAJOR)),
        ("place", is_point & tag("place").isin(_PLACES)),
    )
    for name, matches in rules:
        kind[matches.to_numpy(dtype=bool)] = name
    names = tag("name").where(kind.isin(["place", "major", "minor"]), "")
    made = gpd.GeoDataFrame(
        {"kind": kind.astype(object), "name": names.astype(object)},
        geometry=shapely.force_2d(frame.geometry.to_numpy()),
        crs=STORED,
    )
    return made[made["kind"] != ""]


def _write(table: gpd.GeoDataFrame, out: Path) -> None:
    # Beside the target, so that the last step is one rename and never half a file.
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".basemap-") as folder:
        made = Path(folder) / "made.pmtiles"
        pyogrio.write_dataframe(
            table,
            made,
            driver="PMTiles",
            layer="map",
            geometry_type="Unknown",
            MINZOOM=_MIN_ZOOM,
            MAXZOOM=_MAX_ZOOM,
            MAX_SIZE=_TILE_BYTES,
            NAME="Trygg karta",
        )
        with suppress(FileNotFoundError):
            made.with_suffix(".tmp.mbtiles").unlink()
        made.replace(out)
