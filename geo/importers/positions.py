"""Where a row's position stands in the file, and in which coordinate system."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import shapely
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from geo.errors import CrsError, DataError, FileError
from geo.importers.columns import POSITION, Columns
from geo.importers.coordinates import Placed, System, system_named
from geo.importers.decimals import read_number
from geo.importers.draft import Draft, is_blank
from geo.importers.fields import read_text
from geo.importers.quoting import quoted
from geo.importers.result import Flag, ImportKind
from geo.importers.table import Table
from geo.model.shape import shape_word
from geo.wording import say

HAS_SHAPE: Final = frozenset(("locations", "buildings", "boundary"))


@dataclass(frozen=True, slots=True)
class PositionColumns:
    """Which columns hold the position, and what the column names say about its system."""

    x: str | None = None
    y: str | None = None
    in_degrees: bool | None = None


_PAIRS: Final = (("lon", "lat", True), ("E", "N", False), ("x", "y", None))


def position_columns(columns: Columns, *, file: str) -> PositionColumns:
    """Find the columns that hold the position.

    Raises
    ------
    FileError
        Where there are several ways to say it, or half a one.
    """
    found = [pair for pair in _PAIRS if pair[0] in columns.at or pair[1] in columns.at]
    if not found:
        return PositionColumns()
    if len(found) > 1 or "geometry" in columns.at:
        named = [n for x, y, _ in found for n in (x, y)] + ["geometry"]
        raise FileError(
            say(
                "Filen {file} anger läget på flera sätt ({columns}). Behåll ett av dem.",
                file=file,
                columns=", ".join(columns.header(n) for n in named if n in columns.at),
            )
        )
    x, y, in_degrees = found[0]
    for name, other in ((x, y), (y, x)):
        if name not in columns.at:
            raise FileError(
                say(
                    "Filen {file} har kolumnen {there} men inte {missing}.",
                    file=file,
                    there=columns.header(other),
                    missing=name,
                )
            )
    return PositionColumns(x, y, in_degrees)


def without_position(columns: Columns) -> Columns:
    """Treat coordinate columns as unknown where the file brings its own geometry."""
    names = {column.name for column in POSITION if column.name != "crs"} & columns.at.keys()
    return Columns(
        {name: at for name, at in columns.at.items() if name not in names},
        {name: word for name, word in columns.called.items() if name not in names},
        (*columns.unknown, *(columns.called[name] for name in sorted(names))),
    )


def nameless(table: Table) -> tuple[str, ...]:
    """Name by their number the columns that hold something but have no header."""
    return tuple(
        f"({at + 1})"
        for at, header in enumerate(table.headers)
        if not header.strip() and any(not is_blank(row.cells[at]) for row in table.rows)
    )


def _from_wkt(text: str) -> BaseGeometry:
    # Nested collections are read by recursion in C, which a hostile text could exhaust.
    if text.upper().count("COLLECTION") > 1:
        raise DataError(say("Geometrin går inte att läsa som WKT."))
    try:
        geometry: BaseGeometry = shapely.from_wkt(text)
    except (ShapelyError, ValueError, UnicodeError) as exc:
        raise DataError(say("Geometrin går inte att läsa som WKT.")) from exc
    if not shapely.get_coordinates(geometry).size:
        raise DataError(say("Geometrin är tom."))
    xy = shapely.get_coordinates(geometry)
    if not bool((abs(xy) < float("inf")).all()):
        raise DataError(say("Geometrin har en koordinat som inte är ett tal."))
    return geometry


def geometry_of(draft: Draft, columns: Columns, where: PositionColumns) -> BaseGeometry | None:
    """Make the row's geometry, in the file's own coordinates."""
    cells = draft.row.cells
    if draft.row.geometry is not None:
        return draft.row.geometry
    if "geometry" in columns.at:
        cell = cells[columns.at["geometry"]]
        if is_blank(cell):
            return None
        try:
            return _from_wkt(str(cell))
        except DataError as exc:
            draft.problems.append((columns.header("geometry"), exc.message))
            return None
    if where.x is None or where.y is None:
        return None
    numbers: list[float] = []
    for name in (where.x, where.y):
        cell = cells[columns.at[name]]
        if is_blank(cell):
            continue
        try:
            numbers.append(read_number(cell))
        except DataError as exc:
            draft.problems.append((columns.header(name), exc.message))
            return None
    if len(numbers) == 1:
        empty = where.x if is_blank(cells[columns.at[where.x]]) else where.y
        draft.problems.append((columns.header(empty), say("Bara den ena koordinaten är angiven.")))
    if len(numbers) != 2:
        return None
    point: BaseGeometry = shapely.Point(numbers[0], numbers[1])
    return point


def declared(table: Table, columns: Columns, crs: str | None, *, file: str) -> System | None:
    """Find the one coordinate system that the importer, the file or its column names."""
    named: dict[str, System] = {}
    if crs is not None:
        system = system_named(crs, file=file)
        named[system.code] = system
    if table.system is not None:
        named[table.system.code] = table.system
    if "crs" in columns.at:
        at = columns.at["crs"]
        words = {read_text(row.cells[at]) for row in table.rows if not is_blank(row.cells[at])}
        if len(words) > 4:
            words = set(sorted(words)[:4])
        for word in sorted(words):
            system = system_named(word, file=file)
            named[system.code] = system
    if len(named) > 1:
        raise CrsError(
            say(
                "Filen {file} nämner flera koordinatsystem: {systems}. Dela den, en fil per "
                "system.",
                file=file,
                systems=", ".join(system.label for system in named.values()),
            )
        )
    return next(iter(named.values()), None)


def settle_positions(
    kind: ImportKind,
    drafts: Sequence[Draft],
    placed: Placed,
    *,
    where: PositionColumns,
    columns: Columns,
    geometry_field: str,
) -> None:
    """Give each draft its position in WGS 84, with what there is to say about it."""
    if where.x and where.y:
        name = f"{columns.header(where.x)}, {columns.header(where.y)}"
    else:
        name = columns.header("geometry") if "geometry" in columns.at else geometry_field
    for i, draft in enumerate(drafts):
        problem, geometry = placed.problems[i], placed.geometries[i]
        if problem is not None:
            draft.problems.append((name, problem))
            continue
        if geometry is None:
            continue
        if placed.swapped and placed.system is not None:
            draft.flags.append(
                Flag(
                    name,
                    say(
                        "Axlarna är omkastade i filen; läst som öst {x}, nord {y} i {crs}.",
                        x=_written(draft, where.y, columns),
                        y=_written(draft, where.x, columns),
                        crs=placed.system.label,
                    )
                    if where.x
                    else say(
                        "Axlarna är omkastade i filen; lästa som öst före nord i {crs}.",
                        crs=placed.system.label,
                    ),
                )
            )
        if placed.away[i]:
            draft.flags.append(Flag(name, say("Läget är utanför Mark, helt eller delvis.")))
        if kind == "visits":
            if geometry.geom_type != "Point":
                draft.problems.append(
                    (
                        name,
                        say(
                            "Ett besök anges med en punkt, inte {type}.", type=shape_word(geometry)
                        ),
                    )
                )
                continue
            draft.values["lon"], draft.values["lat"] = geometry.x, geometry.y
        elif kind in HAS_SHAPE:
            draft.values["geometry"] = geometry


def _written(draft: Draft, name: str | None, columns: Columns) -> str:
    return quoted(draft.row.cells[columns.at[name]]) if name else ""
