"""GeoPackage layers and zipped shapefiles, read by GDAL after they are checked."""

from __future__ import annotations

import codecs
import math
import sqlite3
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
import pyogrio
import shapely
from numpy.typing import NDArray

from geo.errors import CrsError, DataError, FileError
from geo.importers.archives import checked_entries, unpack
from geo.importers.columns import count_known
from geo.importers.coordinates import System, system_of_wkt
from geo.importers.result import ImportKind, Rejected
from geo.importers.table import MAX_COLUMNS, MAX_ROWS, Row, Table
from geo.importers.text_encoding import detect_encoding
from geo.wording import Amount, say

_PARTS: Final = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_GDAL_NAMES: Final = {"mac_roman": "macintosh"}
_DBF_HEADER_AT: Final = 8
_LONGEST_PRJ: Final = 20_000


def _unreadable(file: str) -> FileError:
    return FileError(say("Filen {file} är skadad eller avbruten; hämta den på nytt.", file=file))


@contextmanager
def _reading(file: str) -> Iterator[None]:
    """Turn whatever a library says of a damaged file into one sentence.

    What GDAL remarks on the data is not shown: the rows are checked after.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except DataError:
        raise
    except Exception as exc:  # a damaged file raises whatever its bytes lead to
        raise _unreadable(file) from exc


def _plain(value: object) -> object:
    """Turn numpy's value into Python's; absent ones into ``None``."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and math.isnan(value):
        return None
    return value


def _system(crs: str | None, *, has_geometry: bool, crs_known: bool, file: str) -> System | None:
    if not has_geometry:
        return None
    if crs:
        return system_of_wkt(crs, file=file)
    if crs_known:
        return None
    raise CrsError(
        say(
            "Filen {file} säger inte vilket koordinatsystem den är i. Spara om den med "
            "koordinatsystem, till exempel SWEREF 99 TM.",
            file=file,
        )
    )


def _read(
    path: Path, *, layer: str | None, encoding: str | None, file: str, **options: str
) -> tuple[dict[str, Any], NDArray[np.object_] | None, Sequence[NDArray[Any]]]:
    with _reading(file):
        meta, _, geometry, fields = pyogrio.raw.read(
            path,
            layer=layer,
            encoding=encoding,
            force_2d=True,
            max_features=MAX_ROWS + 1,
            datetime_as_string=True,
            **options,
        )
    return meta, geometry, fields


def _table(
    path: Path,
    *,
    layer: str | None,
    encoding: str | None,
    crs_known: bool,
    truncated: bool,
    file: str,
    **options: str,
) -> Table:
    meta, geometry, fields = _read(path, layer=layer, encoding=encoding, file=file, **options)
    headers = tuple(str(name) for name in meta["fields"])
    count = len(geometry) if geometry is not None else len(fields[0]) if fields else 0
    if count > MAX_ROWS or len(headers) > MAX_COLUMNS:
        raise FileError(
            say(
                "Filen {file} har fler än {most} rader. Dela den i flera.",
                file=file,
                most=Amount(MAX_ROWS),
            )
        )
    shapes: list[object] = [None] * count
    if geometry is not None:
        shapes = shapely.from_wkb(geometry, on_invalid="ignore").tolist()
    system = _system(
        meta.get("crs"),
        has_geometry=geometry is not None and any(part is not None for part in geometry),
        crs_known=crs_known,
        file=file,
    )
    rows: list[Row] = []
    rejected: list[Rejected] = []
    for i in range(count):
        if geometry is not None and geometry[i] is not None and shapes[i] is None:
            rejected.append(Rejected(i + 1, "geometry", say("Geometrin går inte att läsa.")))
            continue
        shape = shapes[i]
        cells = tuple(_plain(column[i]) for column in fields)
        usable = shape if isinstance(shape, shapely.Geometry) and not shape.is_empty else None
        if usable is not None and not _is_finite(usable):
            rejected.append(
                Rejected(i + 1, "geometry", say("Geometrin har en koordinat som inte är ett tal."))
            )
            continue
        rows.append(Row(i + 1, cells, usable))
    return Table(
        headers,
        rows,
        rejected,
        encoding=encoding,
        system=system,
        truncated_headers=truncated,
    )


def _is_finite(shape: shapely.Geometry) -> bool:
    return bool(np.isfinite(shapely.get_coordinates(shape)).all())


# ------------------------------------------------------------------ GeoPackage


def _read_only(path: Path) -> str:
    """Address a database so that nothing is written beside it."""
    return f"{path.resolve().as_uri()}?mode=ro&immutable=1"


def _check_geopackage(path: Path, *, file: str) -> None:
    """Look at the database's own list before GDAL opens it.

    A virtual table may run code of a library that happens to be there; a GeoPackage
    needs none but its spatial index.
    """
    with _reading(file), closing(sqlite3.connect(_read_only(path), uri=True)) as db:
        db.text_factory = lambda text: text.decode("utf-8", errors="replace")
        listed = db.execute("SELECT name, sql FROM sqlite_master").fetchall()
    if "gpkg_contents" not in {name for name, _ in listed}:
        raise FileError(say("Filen {file} är en databas men inget GeoPackage.", file=file))
    for _, sql in listed:
        words = " ".join(str(sql or "").split()).casefold()
        if words.startswith("create virtual table") and " using rtree" not in words:
            raise FileError(
                say("Filen {file} har en virtuell tabell, som inte läses här.", file=file)
            )


def _choose_layer(path: Path, *, kind: ImportKind, layer: str | None, file: str) -> str:
    with _reading(file):
        names = [str(name) for name, _ in pyogrio.list_layers(path)]
    if layer is not None and layer in names:
        return layer
    if layer is None and len(names) == 1:
        return names[0]
    if layer is None and kind in names:
        return kind
    if layer is None and names:
        with _reading(file):
            fields = {name: pyogrio.read_info(path, layer=name)["fields"] for name in names[:50]}
        known = {name: count_known(kind, tuple(map(str, f))) for name, f in fields.items()}
        most = max(known.values())
        best = [name for name, count in known.items() if count == most]
        if most and len(best) == 1:
            return best[0]
    if not names:
        raise FileError(say("Filen {file} har inga lager.", file=file))
    raise FileError(
        say(
            "Det går inte att välja lager i {file}; där finns {layers}. Spara det ena i en egen "
            "fil.",
            file=file,
            layers=", ".join(names[:8]),
        )
    )


def read_geopackage(
    path: Path, *, file: str, kind: ImportKind, layer: str | None = None, crs_known: bool = False
) -> Table:
    """Read one layer of a GeoPackage; the first row is line 1.

    Without `layer`: the only one, the one named as the kind, or the one that has
    most of its columns.

    Raises
    ------
    FileError
        Where it is damaged, no GeoPackage, or the layer cannot be chosen.
    CrsError
        Where it has shapes but names no coordinate system, or one not read here.
    """
    _check_geopackage(path, file=file)
    chosen = _choose_layer(path, kind=kind, layer=layer, file=file)
    return _table(
        path,
        layer=chosen,
        encoding=None,
        crs_known=crs_known,
        truncated=False,
        file=file,
        IMMUTABLE="YES",  # no journal beside somebody else's file
    )


# ------------------------------------------------------------------ shapefile


def _parts(entries: Sequence[zipfile.ZipInfo], *, file: str) -> dict[str, zipfile.ZipInfo]:
    """Find the one shapefile's parts by suffix."""
    by_stem: dict[str, dict[str, zipfile.ZipInfo]] = {}
    for entry in entries:
        path = PurePosixPath(entry.filename.casefold())
        hidden = any(part.startswith((".", "__macosx")) for part in path.parts)
        if not entry.is_dir() and not hidden and path.suffix in _PARTS:
            by_stem.setdefault(str(path.with_suffix("")), {})[path.suffix] = entry
    found = [parts for parts in by_stem.values() if ".shp" in parts]
    if len(found) != 1:
        raise FileError(
            say(
                "Arkivet {file} ska ha en shapefil (.shp), inte {n}.",
                file=file,
                n=len(found),
            )
        )
    parts = found[0]
    if ".prj" not in parts:
        raise CrsError(
            say(
                "Shapefilen i {file} saknar .prj, så koordinatsystemet är okänt. Packa med den.",
                file=file,
            )
        )
    for suffix in (".shx", ".dbf"):
        if suffix not in parts:
            raise FileError(
                say("Shapefilen i {file} saknar {suffix}. Packa med den.", file=file, suffix=suffix)
            )
    return parts


def _named_encoding(cpg: Path) -> str | None:
    """Read a .cpg file: ``UTF-8``, ``1252``, ``ANSI 1252`` …."""
    name = cpg.read_bytes()[:40].decode("ascii", errors="ignore").strip()
    digits = "".join(sign for sign in name if sign.isdigit())
    for candidate in (name, f"cp{digits}", f"iso-8859-{digits.removeprefix('8859')}"):
        try:
            return codecs.lookup(candidate).name
        except (LookupError, ValueError):
            continue
    return None


def _text_encoding(folder: Path, *, file: str) -> str:
    """Name the encoding of the attribute table, which must then be able to read it."""
    table = (folder / "layer.dbf").read_bytes()
    start = int.from_bytes(table[_DBF_HEADER_AT : _DBF_HEADER_AT + 2], "little")
    body = table[start:].replace(b"\0", b" ")
    cpg = folder / "layer.cpg"
    named = _named_encoding(cpg) if cpg.exists() else None
    if named is not None:
        try:
            body.decode(named)
        except UnicodeDecodeError:
            named = None
    if named is not None:
        return named
    text = folder / "layer.txt"
    text.write_bytes(body or b" ")
    return detect_encoding(text, file=file)


def read_shapefile(path: Path, *, file: str) -> Table:
    """Read a zipped shapefile; the first row is line 1.

    Raises
    ------
    FileError
        Where the archive breaks a limit, or does not hold exactly one whole shapefile.
    CrsError
        Where the .prj is missing, or names a system not read here.
    """
    parts = _parts(checked_entries(path, file=file), file=file)
    with TemporaryDirectory(prefix="trygg-") as name:
        folder = Path(name)
        for suffix, entry in parts.items():
            unpack(path, entry, folder / f"layer{suffix}", file=file)
        prj = (folder / "layer.prj").read_bytes()[:_LONGEST_PRJ].decode("utf-8", errors="replace")
        system = system_of_wkt(prj, file=file)
        encoding = _text_encoding(folder, file=file)
        (folder / "layer.cpg").unlink(missing_ok=True)
        table = _table(
            folder / "layer.shp",
            layer=None,
            encoding=_GDAL_NAMES.get(encoding, encoding),
            crs_known=True,
            truncated=True,
            file=file,
        )
    return Table(
        table.headers,
        table.rows,
        table.rejected,
        encoding=encoding,
        system=system,
        truncated_headers=True,
    )
