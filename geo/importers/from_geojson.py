"""GeoJSON features as rows: the first feature is line 1."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from geo.errors import CrsError, FileError
from geo.importers.coordinates import System, system_named
from geo.importers.result import Flag, Rejected
from geo.importers.rfc7946 import StructureError, parse_json, read_feature, read_root
from geo.importers.table import MAX_COLUMNS, MAX_ROWS, Row, Table
from geo.wording import Amount, say


def _named_system(root: Mapping[str, object], *, file: str) -> System | None:
    """Read the ``crs`` member of the 2008 format, which RFC 7946 took away."""
    crs = root.get("crs")
    if crs is None:
        return None
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(name, str):
        raise CrsError(
            say("Medlemmen ”crs” i {file} går inte att läsa. Spara om filen i WGS 84.", file=file)
        )
    return system_named(name, file=file)


def read_geojson(path: Path, *, file: str) -> Table:
    """Read a GeoJSON file's features as rows.

    Raises
    ------
    FileError
        Where the file is not JSON, or its frame not GeoJSON.
    CrsError
        Where it names a coordinate system that is not read here.
    """
    root, features = read_root(parse_json(path.read_bytes(), file=file), file=file)
    if len(features) > MAX_ROWS:
        raise FileError(
            say(
                "Filen {file} har fler än {most} rader. Dela den i flera.",
                file=file,
                most=Amount(MAX_ROWS),
            )
        )
    system = _named_system(root, file=file)
    headers: dict[str, int] = {}
    rejected: list[Rejected] = []
    good: list[tuple[int, Mapping[str, object], Row]] = []
    for line, found in enumerate(features, start=1):
        try:
            feature = read_feature(found)
        except StructureError as exc:
            rejected.append(Rejected(line, exc.member, exc.message))
            continue
        for name in feature.properties:
            headers.setdefault(name, len(headers))
        if len(headers) > MAX_COLUMNS:
            raise FileError(
                say(
                    "Filen {file} har fler än {most} kolumner. Så stor är ingen tabell som läses "
                    "här.",
                    file=file,
                    most=MAX_COLUMNS,
                )
            )
        flags = tuple(Flag("geometry", note) for note in feature.notes)
        row = Row(line, (), feature.geometry, feature.feature_id, flags)
        good.append((line, feature.properties, row))
    names = tuple(headers)
    rows = [
        Row(
            line,
            tuple(properties.get(name) for name in names),
            row.geometry,
            row.feature_id,
            row.flags,
        )
        for line, properties, row in good
    ]
    return Table(names, rows, rejected, encoding="utf-8", system=system, columns_vary=True)
