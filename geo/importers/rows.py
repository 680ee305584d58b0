"""From a table's rows to records: every cell read by its column, every record checked whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

import shapely
from pydantic import ValidationError
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from geo.errors import CrsError, DataError, FileError
from geo.importers.columns import (
    COLUMNS,
    OWN_KEY,
    POSITION,
    Columns,
    Reads,
    map_columns,
    require_columns,
)
from geo.importers.coordinates import Placed, System, place, system_named
from geo.importers.decimals import read_number, read_whole
from geo.importers.quoting import quoted
from geo.importers.result import Flag, ImportKind, ImportResult, Parsed, Rejected, made_id
from geo.importers.table import Row, Table
from geo.importers.times import (
    Moment,
    ambiguous,
    no_clock,
    read_day,
    read_moment,
    second_taken,
)
from geo.importers.words import read_outcome, read_space, read_spaces, read_yes
from geo.model.activity import Activity
from geo.model.boundary import Boundary
from geo.model.building import Building, Inspection
from geo.model.location import Location
from geo.model.personal import personal_hints
from geo.model.problems import problems as problems_of
from geo.model.record import Record
from geo.model.shape import shape_word
from geo.model.time import local_day
from geo.model.visit import Visit
from geo.wording import Message, say

Progress = Callable[[int, int | None], None]
"""Called with how much is done, and of how much where that is known."""

_EVERY: Final = 500
"""Rows between two reports of progress."""

_FREE_TEXT: Final = frozenset(("name", "note", "deficiencies", "place_text", "not_done_reason"))
_MOJIBAKE: Final = re.compile("Ã[¥¤¶\x85\x84\x96…„–]|\N{REPLACEMENT CHARACTER}")

_RECORDS: Final[Mapping[ImportKind, type[Record]]] = {
    "locations": Location,
    "buildings": Building,
    "inspections": Inspection,
    "visits": Visit,
    "activities": Activity,
    "boundary": Boundary,
}
_HAS_SHAPE: Final = frozenset(("locations", "buildings", "boundary"))


def _read_text(value: object) -> str:
    """Read a text; a number in a sheet's or layer's text column is written out."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool) or not isinstance(value, int | float | date):
        raise DataError(say("Här ska stå en text."))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


_READERS: Final[Mapping[Reads, Callable[[object], object]]] = {
    "text": _read_text,
    "whole": read_whole,
    "number": read_number,
    "yes": read_yes,
    "day": read_day,
    "spaces": read_spaces,
    "space": read_space,
    "outcome": read_outcome,
}


@dataclass(slots=True)
class _Draft:
    """One row on its way to a record."""

    row: Row
    values: dict[str, object] = field(default_factory=dict)
    written: dict[str, object] = field(default_factory=dict)
    moments: dict[str, Moment] = field(default_factory=dict)
    problems: list[tuple[str | None, Message]] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)


def _is_blank(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


# ------------------------------------------------------------------ positions


@dataclass(frozen=True, slots=True)
class _Where:
    """Which columns hold the position, and what the column names say about its system."""

    x: str | None = None
    y: str | None = None
    in_degrees: bool | None = None


_PAIRS: Final = (("lon", "lat", True), ("E", "N", False), ("x", "y", None))


def _where(columns: Columns, *, file: str) -> _Where:
    found = [pair for pair in _PAIRS if pair[0] in columns.at or pair[1] in columns.at]
    if not found:
        return _Where()
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
    return _Where(x, y, in_degrees)


def _without_position(columns: Columns) -> Columns:
    """Treat coordinate columns as unknown where the file brings its own geometry."""
    names = {column.name for column in POSITION if column.name != "crs"} & columns.at.keys()
    return Columns(
        {name: at for name, at in columns.at.items() if name not in names},
        {name: word for name, word in columns.called.items() if name not in names},
        (*columns.unknown, *(columns.called[name] for name in sorted(names))),
    )


def _nameless(table: Table) -> tuple[str, ...]:
    """Name by their number the columns that hold something but have no header."""
    return tuple(
        f"({at + 1})"
        for at, header in enumerate(table.headers)
        if not header.strip() and any(not _is_blank(row.cells[at]) for row in table.rows)
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


def _geometry(draft: _Draft, columns: Columns, where: _Where) -> BaseGeometry | None:
    """Make the row's geometry, in the file's own coordinates."""
    cells = draft.row.cells
    if draft.row.geometry is not None:
        return draft.row.geometry
    if "geometry" in columns.at:
        cell = cells[columns.at["geometry"]]
        if _is_blank(cell):
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
        if _is_blank(cell):
            continue
        try:
            numbers.append(read_number(cell))
        except DataError as exc:
            draft.problems.append((columns.header(name), exc.message))
            return None
    if len(numbers) == 1:
        empty = where.x if _is_blank(cells[columns.at[where.x]]) else where.y
        draft.problems.append((columns.header(empty), say("Bara den ena koordinaten är angiven.")))
    if len(numbers) != 2:
        return None
    point: BaseGeometry = shapely.Point(numbers[0], numbers[1])
    return point


def _declared(table: Table, columns: Columns, crs: str | None, *, file: str) -> System | None:
    """Find the one coordinate system that the importer, the file or its column names."""
    named: dict[str, System] = {}
    if crs is not None:
        system = system_named(crs, file=file)
        named[system.code] = system
    if table.system is not None:
        named[table.system.code] = table.system
    if "crs" in columns.at:
        at = columns.at["crs"]
        words = {_read_text(row.cells[at]) for row in table.rows if not _is_blank(row.cells[at])}
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


def _settle_positions(
    kind: ImportKind,
    drafts: Sequence[_Draft],
    placed: Placed,
    *,
    where: _Where,
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
        elif kind in _HAS_SHAPE:
            draft.values["geometry"] = geometry


def _written(draft: _Draft, name: str | None, columns: Columns) -> str:
    return quoted(draft.row.cells[columns.at[name]]) if name else ""


# ------------------------------------------------------------------ cells


def _read_cells(kind: ImportKind, draft: _Draft, columns: Columns) -> None:
    cells = draft.row.cells
    for column in COLUMNS[kind]:
        at = columns.at.get(column.name)
        if at is None:
            continue
        cell = cells[at]
        if _is_blank(cell):
            continue
        name = column.name
        try:
            if column.reads == "moment":
                moment = read_moment(cell, day_is_enough=kind == "inspections")
                draft.moments[name], draft.written[name] = moment, cell
                draft.values[name] = moment.at
            else:
                draft.values[name] = _READERS[column.reads](cell)
        except DataError as exc:
            draft.problems.append((columns.header(name), exc.message))
            continue
        if isinstance(cell, str) and column.reads == "text":
            _flag_text(draft, columns.header(name), cell, free=name in _FREE_TEXT)


def _flag_text(draft: _Draft, header: str, text: str, *, free: bool) -> None:
    if free:
        draft.flags.extend(
            Flag(
                header,
                say(
                    "Texten kan peka på en person ({hint}). Ta bort uppgiften om den inte behövs.",
                    hint=Message(hint),
                ),
            )
            for hint in personal_hints(text)
        )
    if _MOJIBAKE.search(text):
        draft.flags.append(
            Flag(header, say("Texten ser felkodad ut (å, ä eller ö har blivit andra tecken)."))
        )


def _flag_moments(draft: _Draft, columns: Columns) -> None:
    for name, moment in draft.moments.items():
        header, written = columns.header(name), draft.written[name]
        if moment.clock_missing:
            draft.flags.append(Flag(header, no_clock(written)))
        elif moment.also_at is not None:
            second = draft.values[name] == moment.also_at
            draft.flags.append(
                Flag(header, second_taken(written) if second else ambiguous(written))
            )


def _not_after(draft: _Draft, name: str, columns: Columns, now: datetime) -> None:
    moment = draft.values.get(name)
    if isinstance(moment, datetime) and moment > now:
        draft.problems.append(
            (
                columns.header(name),
                say("”{value}” ligger i framtiden.", value=quoted(draft.written[name])),
            )
        )


# ------------------------------------------------------------------ what each kind needs


def _finish_visit(draft: _Draft, columns: Columns, now: datetime) -> None:
    values = draft.values
    minutes = values.pop("minutes", None)
    start, end = values.get("start_at"), values.get("end_at")
    _not_after(draft, "start_at", columns, now)
    if isinstance(minutes, float):
        if not 0 <= minutes <= 24 * 60:
            draft.problems.append(
                (
                    columns.header("minutes"),
                    say("Antalet minuter måste vara mellan 0 och 1 440."),
                )
            )
        elif isinstance(start, datetime):
            counted = start + timedelta(minutes=minutes)
            also = draft.moments["end_at"].also_at if "end_at" in draft.moments else None
            if end is None and "end_at" not in draft.written:
                values["end_at"] = end = counted
            elif counted not in {end, also}:
                draft.problems.append(
                    (
                        columns.header("minutes"),
                        say("Sluttiden och antalet minuter säger olika."),
                    )
                )
            else:
                values["end_at"] = end = counted
    if end is None and values.get("done") is False and isinstance(start, datetime):
        values["end_at"] = end = start  # nothing happened, so nothing ended
    if isinstance(start, datetime) and isinstance(end, datetime):
        if end < start:
            later = draft.moments["end_at"].also_at if "end_at" in draft.moments else None
            if later is not None and later >= start:
                values["end_at"] = end = later
            else:
                draft.problems.append(
                    (columns.header("end_at"), say("Besöket slutar innan det börjar."))
                )
        if start <= now < end:
            draft.flags.append(Flag(columns.header("end_at"), say("Besöket slutar i framtiden.")))
    _flag_moments(draft, columns)


def _finish_inspection(draft: _Draft, columns: Columns, now: datetime) -> None:
    _not_after(draft, "inspected_at", columns, now)
    fixed = draft.values.get("fixed_on")
    if isinstance(fixed, date) and fixed > local_day(now):
        draft.problems.append(
            (
                columns.header("fixed_on"),
                say("”{value}” ligger i framtiden.", value=str(fixed)),
            )
        )
    _flag_moments(draft, columns)


def _finish_activity(draft: _Draft, columns: Columns, now: datetime) -> None:
    values = draft.values
    happened = values.pop("happened_on", None)
    first, last = values.pop("from", None), values.pop("to", None)
    if happened is not None and (first is not None or last is not None):
        draft.problems.append(
            (
                columns.header("happened_on"),
                say("Ange antingen dagen eller från och till, inte båda."),
            )
        )
        return
    if first is None and last is not None:
        draft.problems.append((columns.header("from"), say("Värde saknas.")))
        return
    start = happened if happened is not None else first
    if start is None:
        if not draft.problems:
            name = "happened_on" if "from" not in columns.at else "from"
            draft.problems.append((columns.header(name), say("Värde saknas.")))
        return
    values["from_on"] = start
    values["to_on"] = last if last is not None else start
    if isinstance(start, date) and start > local_day(now):
        name = "happened_on" if happened is not None else "from"
        draft.problems.append(
            (columns.header(name), say("”{value}” ligger i framtiden.", value=str(start)))
        )


def _finish_boundary(draft: _Draft, fallback_name: str) -> None:
    draft.values.setdefault("name", fallback_name)


# ------------------------------------------------------------------ records

_FIELD_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "from_on": ("happened_on", "from"),
    "to_on": ("to",),
    "end_at": ("end_at", "minutes"),
    "lon": ("lon", "E", "x", "geometry"),
    "lat": ("lat", "N", "y", "geometry"),
}


def _file_field(name: str, columns: Columns, geometry_field: str) -> str | None:
    """Give the file's own word for a record's field."""
    if not name:
        return None
    for candidate in _FIELD_OF.get(name, (name,)):
        if candidate in columns.at:
            return columns.header(candidate)
    return geometry_field if name == "geometry" else name


def _masked(reason: Message) -> Message:
    """Keep what may point at a person out of a sentence that repeats a cell."""
    params = {
        key: quoted(value) if isinstance(value, str) else value
        for key, value in reason.params.items()
    }
    return Message(reason.template, params)


def _one_reason(found: Sequence[tuple[str | None, Message]]) -> Message:
    """Put all that is wrong with a row in one sentence, the first first."""
    reason = found[0][1]
    for name, other in found[1:]:
        reason = (
            say("{first} Dessutom {field}: {other}", first=reason, field=name, other=other)
            if name
            else say("{first} Dessutom: {other}", first=reason, other=other)
        )
    return reason


def _once(
    found: Sequence[tuple[str | None, Message]],
) -> list[tuple[str | None, Message]]:
    """Keep the first problem of each field."""
    seen: set[str | None] = set()
    kept: list[tuple[str | None, Message]] = []
    for name, reason in found:
        if name not in seen:
            kept.append((name, reason))
            seen.add(name)
    return kept


def read_rows(
    kind: ImportKind,
    table: Table,
    *,
    file: str,
    sha256: str,
    now: datetime,
    crs: str | None = None,
    progress: Progress | None = None,
) -> ImportResult:
    """Make records of a table's rows; what is wrong with a row never costs another.

    Parameters
    ----------
    kind
        What the rows are.
    table
        The rows as the file gives them.
    file, sha256
        The file's name, for messages, and the hash of its content, for made keys.
    now
        Visits and inspections after this moment are rejected.
    crs
        The coordinate system, where the importer knows better than the file.
    progress
        Told the rows done and all rows.

    Raises
    ------
    DataError
        Where the file as a whole cannot be used: columns missing or doubled, or a
        coordinate system that is unknown, contradictory or cannot be told.
    """
    columns = map_columns(kind, table.headers, file=file, truncated=table.truncated_headers)
    if any(row.geometry is not None for row in table.rows):
        columns = _without_position(columns)
    if not table.columns_vary:
        require_columns(kind, columns, file=file)
    where = _where(columns, file=file)
    nameless = _nameless(table)
    drafts = [_Draft(row, flags=list(row.flags)) for row in table.rows]
    crs_label: str | None = None
    if kind == "visits" or kind in _HAS_SHAPE:
        geometries = [_geometry(draft, columns, where) for draft in drafts]
        placed = place(
            geometries,
            declared=_declared(table, columns, crs, file=file),
            in_degrees=where.in_degrees,
            whole_areas=kind == "boundary",
            file=file,
        )
        _settle_positions(
            kind,
            drafts,
            placed,
            where=where,
            columns=columns,
            geometry_field=table.geometry_field,
        )
        if any(geometry is not None for geometry in geometries):
            crs_label = placed.system.label if placed.system else None
    parsed: list[Parsed[Record]] = []
    rejected = list(table.rejected)
    stem = file.rsplit(".", 1)[0]
    total = len(drafts)
    drafts.reverse()
    for done in range(total):
        if progress is not None and done % _EVERY == 0:
            progress(done, total)
        draft = drafts.pop()  # let go of each row once it is a record: files may be long
        outcome = _record(kind, draft, columns, table, sha256=sha256, now=now, stem=stem)
        if isinstance(outcome, Rejected):
            rejected.append(outcome)
        else:
            parsed.append(outcome)
    if progress is not None:
        progress(total, total)
    rejected.sort(key=lambda item: item.line or 0)
    return ImportResult(
        kind=kind,
        file=file,
        sha256=sha256,
        parsed=tuple(parsed),
        rejected=tuple(rejected),
        unknown_columns=(*columns.unknown, *nameless),
        crs=crs_label,
        encoding=table.encoding,
    )


def _record(
    kind: ImportKind,
    draft: _Draft,
    columns: Columns,
    table: Table,
    *,
    sha256: str,
    now: datetime,
    stem: str,
) -> Parsed[Record] | Rejected:
    _read_cells(kind, draft, columns)
    values = draft.values
    if kind == "visits":
        _finish_visit(draft, columns, now)
    elif kind == "inspections":
        _finish_inspection(draft, columns, now)
    elif kind == "activities":
        _finish_activity(draft, columns, now)
    elif kind == "boundary":
        _finish_boundary(draft, stem)
    key = OWN_KEY[kind]
    if key not in values and draft.row.feature_id is not None:
        values[key] = draft.row.feature_id
    id_given = key in values
    if not id_given and kind not in {"locations", "buildings"}:
        values[key] = made_id(sha256, draft.row.line)
    found = draft.problems
    try:
        record = _RECORDS[kind].model_validate(values)
    except ValidationError as exc:
        found = found + [
            (_file_field(problem.field, columns, table.geometry_field), _masked(problem.reason))
            for problem in problems_of(exc)
            # An end that was to be counted from a start or minutes nobody could read.
            if not (problem.field == "end_at" and found and "end_at" not in draft.written)
        ]
    if found:
        # A cell that could not be read also leaves its field empty: say only the first.
        kept = _once(_without_echo(found))
        return Rejected(draft.row.line, kept[0][0], _one_reason(kept))
    return Parsed(draft.row.line, record, id_given, tuple(draft.flags))


def _without_echo(
    found: Sequence[tuple[str | None, Message]],
) -> list[tuple[str | None, Message]]:
    """Drop what follows from an earlier problem: a missing field, or the record as a whole."""
    if len(found) == 1:
        return list(found)
    named = [item for item in found if item[0] is not None]
    return list(named or found)
