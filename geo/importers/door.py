"""The door: what may come in, by size, name and content, before any row is read."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

from geo.errors import FileError
from geo.importers.from_csv import read_csv
from geo.importers.from_geojson import read_geojson
from geo.importers.result import ImportKind, ImportResult
from geo.importers.rows import Progress, read_rows
from geo.importers.table import Table
from geo.wording import Amount, Message, say

MAX_BYTES: Final = 100_000_000
"""The largest file taken in, unless another limit is set."""

Format = Literal["geojson", "csv", "excel", "geopackage", "shapefile", "gpx", "parquet"]

_BY_SUFFIX: Final[Mapping[str, Format]] = {
    ".geojson": "geojson",
    ".json": "geojson",
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".xlsx": "excel",
    ".xlsm": "excel",
    ".gpkg": "geopackage",
    ".zip": "shapefile",
    ".gpx": "gpx",
    ".parquet": "parquet",
    ".geoparquet": "parquet",
}
_TAKEN: Final = ".geojson, .json, .csv, .xlsx, .gpkg, .gpx, .zip (shapefile)"
_REMEDY: Final[Mapping[str, Message]] = {
    ".xls": say("Spara om den som .xlsx."),
    ".ods": say("Spara om den som .xlsx."),
    ".shp": say("Packa .shp, .shx, .dbf och .prj i en zip-fil."),
    ".dbf": say("Packa .shp, .shx, .dbf och .prj i en zip-fil."),
    ".kml": say("Spara om den som GeoJSON."),
    ".kmz": say("Spara om den som GeoJSON."),
}
_MAGIC: Final = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"SQLite format 3\x00", "sqlite"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"%PDF", "pdf"),
    (b"\x1f\x8b", "gzip"),
    (b"\x89PNG", "bild"),
    (b"\xff\xd8\xff", "bild"),
    (b"GIF8", "bild"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf", "7z"),
    (b"PAR1", "parquet"),
)
_CONTENT: Final[Mapping[str, Message]] = {
    "zip": say("ett zip-arkiv (eller en Excelbok)"),
    "sqlite": say("en databas (GeoPackage)"),
    "ole": say("ett äldre Office-dokument"),
    "pdf": say("en PDF"),
    "gzip": say("en gzip-fil"),
    "bild": say("en bild"),
    "rar": say("ett rar-arkiv"),
    "7z": say("ett 7z-arkiv"),
    "parquet": say("Parquet"),
    "json": say("JSON"),
    "xml": say("XML"),
    "text": say("text"),
    "binary": say("något annat än text"),
}
_FITS: Final[Mapping[Format, frozenset[str]]] = {
    "geojson": frozenset(("json", "text")),  # broken JSON is told by its line
    "csv": frozenset(("text",)),
    "excel": frozenset(("zip",)),
    "shapefile": frozenset(("zip",)),
    "geopackage": frozenset(("sqlite",)),
    "gpx": frozenset(("xml",)),
    "parquet": frozenset(("parquet",)),
}
_CHUNK: Final = 1 << 20


def _content(head: bytes) -> str:
    """Tell what a file is from how it begins."""
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return name
    # Text in two bytes a letter begins as its letters do once the zeros are out.
    two_bytes = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    letters = head[2:].replace(b"\x00", b"") if two_bytes else head.removeprefix(b"\xef\xbb\xbf")
    start = letters.lstrip()
    if start.startswith(b"<"):
        return "xml"
    if two_bytes:
        return "text"
    if start.startswith((b"{", b"[")):
        return "json"
    # UTF-16 without a mark has every other byte zero; other text has hardly any control byte.
    plain = head.replace(b"\x00", b"")
    control = sum(plain.count(byte) for byte in range(32) if byte not in b"\t\n\r\f\x1a")
    zeros = len(head) - len(plain)
    if control * 20 > len(plain) or (zeros and zeros * 3 < len(head) and zeros * 20 > len(head)):
        return "binary"
    return "text"


def let_in(path: Path, *, file: str, max_bytes: int) -> str:
    """Check that it is a file of a fair size; give the hash of its content.

    Raises
    ------
    FileError
        Where it is none, is empty or too large, or cannot be read.
    """
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise FileError(say("{file} är ingen fil.", file=file))
        if found.st_size == 0:
            raise FileError(say("Filen {file} är tom.", file=file))
        if found.st_size > max_bytes:
            raise FileError(
                say(
                    "Filen {file} är större än {most} MB. Dela den i flera.",
                    file=file,
                    most=_megabytes(max_bytes),
                )
            )
        digest = hashlib.sha256()
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
    except FileNotFoundError as exc:
        raise FileError(say("Filen {file} finns inte.", file=file)) from exc
    except OSError as exc:
        raise FileError(say("Filen {file} går inte att öppna.", file=file)) from exc
    return digest.hexdigest()


def _megabytes(size: int) -> Amount:
    whole = size % 1_000_000 == 0
    return Amount(size / 1_000_000, digits=0 if whole else 1)


def format_of(path: Path, *, file: str) -> Format:
    """Tell the format by the name, and hold the content to it.

    Raises
    ------
    FileError
        Where the name or the content is of no kind that is read, or they disagree.
    """
    suffix = Path(file).suffix.casefold()
    named = _BY_SUFFIX.get(suffix)
    if named is None:
        remedy = _REMEDY.get(suffix, say("De här går att läsa: {formats}.", formats=_TAKEN))
        raise FileError(
            say(
                "Filen {file} är av en typ som inte går att läsa. {remedy}",
                file=file,
                remedy=remedy,
            )
        )
    with path.open("rb") as stream:
        head = stream.read(4096)
    if not head.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise FileError(say("Filen {file} är tom.", file=file))
    content = _content(head)
    if content not in _FITS[named]:
        raise FileError(
            say(
                "Filen {file} heter {suffix} men innehåller {content}. Byt namn eller spara om "
                "den.",
                file=file,
                suffix=suffix,
                content=_CONTENT[content],
            )
        )
    return named


def read_import(
    kind: ImportKind,
    path: Path,
    *,
    now: datetime,
    name: str | None = None,
    crs: str | None = None,
    layer: str | None = None,
    max_bytes: int = MAX_BYTES,
    progress: Progress | None = None,
) -> ImportResult:
    """Read a file of records; store nothing.

    Parameters
    ----------
    kind
        What the file's rows are.
    path
        Where the file is.
    now
        The present, aware; visits and inspections after it are rejected.
    name
        What the user calls the file, where `path` is a copy with another name.
    crs
        The coordinate system, such as ``EPSG:3007``, where the file does not say.
    layer
        Which layer of a GeoPackage, where it has several.
    max_bytes
        Larger files are refused before they are read.
    progress
        Told how many rows are done, and of how many.

    Raises
    ------
    DataError
        Where the file as a whole cannot be used; the sentence names it and the remedy.
    """
    file = Path(name or path.name).name
    sha256 = let_in(path, file=file, max_bytes=max_bytes)
    form = format_of(path, file=file)
    if form == "parquet":
        raise FileError(
            say(
                "Parquetfilen {file} innehåller GPS-punkter; läs in den på kommandoraden, med "
                "fixes import.",
                file=file,
            )
        )
    if (kind == "track") != (form == "gpx"):
        raise FileError(
            say("Spår läses från GPX-filer, och {file} är ingen.", file=file)
            if kind == "track"
            else say("GPX-filen {file} innehåller spår; importera den som spår.", file=file)
        )
    if kind == "boundary" and form in {"csv", "excel"}:
        raise FileError(
            say(
                "En gräns läses från GeoJSON, GeoPackage eller shapefil, inte från {file}.",
                file=file,
            )
        )
    if form == "gpx":
        from geo.importers.from_gpx import read_gpx  # only tracks need it

        return read_gpx(path, file=file, sha256=sha256, now=now, progress=progress)
    source = Source(path, file, kind, layer=layer, crs_known=crs is not None)
    return read_rows(
        kind, _READ[form](source), file=file, sha256=sha256, now=now, crs=crs, progress=progress
    )


@dataclass(frozen=True, slots=True)
class Source:
    """A file that is let in, and what is known about it beforehand."""

    path: Path
    file: str
    kind: ImportKind
    layer: str | None
    crs_known: bool


def _csv(source: Source) -> Table:
    return read_csv(source.path, file=source.file, kind=source.kind)


def _geojson(source: Source) -> Table:
    return read_geojson(source.path, file=source.file)


def _excel(source: Source) -> Table:
    from geo.importers.from_excel import read_excel  # only sheets need the library

    return read_excel(source.path, file=source.file, kind=source.kind)


def _geopackage(source: Source) -> Table:
    from geo.importers.from_vector import read_geopackage  # GDAL takes a while to start

    return read_geopackage(
        source.path,
        file=source.file,
        kind=source.kind,
        layer=source.layer,
        crs_known=source.crs_known,
    )


def _shapefile(source: Source) -> Table:
    from geo.importers.from_vector import read_shapefile

    return read_shapefile(source.path, file=source.file)


_READ: Final[Mapping[Format, Callable[[Source], Table]]] = {
    "csv": _csv,
    "geojson": _geojson,
    "excel": _excel,
    "geopackage": _geopackage,
    "shapefile": _shapefile,
}
