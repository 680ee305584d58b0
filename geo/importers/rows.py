"""From a table's rows to records: every cell read by its column, every record checked whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

from pydantic import ValidationError

from geo.errors import FileError
from geo.importers.columns import OWN_KEY, Columns, map_columns, require_columns
from geo.importers.coordinates import place
from geo.importers.draft import Draft
from geo.importers.fields import read_fields
from geo.importers.finish import (
    finish_activity,
    finish_boundary,
    finish_inspection,
    finish_visit,
)
from geo.importers.positions import (
    HAS_SHAPE,
    declared,
    geometry_of,
    nameless,
    position_columns,
    settle_positions,
    without_position,
)
from geo.importers.quoting import quoted
from geo.importers.result import ImportKind, ImportResult, Parsed, Rejected, made_id
from geo.importers.table import Table
from geo.model.activity import Activity
from geo.model.boundary import Boundary
from geo.model.building import Building, Inspection
from geo.model.location import Location
from geo.model.problems import problems as problems_of
from geo.model.record import Record
from geo.model.visit import Visit
from geo.wording import Message, say

Progress = Callable[[int, int | None], None]
"""Called with how much is done, and of how much where that is known."""

_EVERY: Final = 500
"""Rows between two reports of progress."""

_RECORDS: Final[Mapping[ImportKind, type[Record]]] = {
    "locations": Location,
    "buildings": Building,
    "inspections": Inspection,
    "visits": Visit,
    "activities": Activity,
    "boundary": Boundary,
}
_FIELD_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "from_on": ("happened_on", "from"),
    "to_on": ("to",),
    "end_at": ("end_at", "minutes"),
    "lon": ("lon", "E", "x", "geometry"),
    "lat": ("lat", "N", "y", "geometry"),
}


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
        columns = without_position(columns)
    if not table.columns_vary:
        require_columns(kind, columns, file=file)
    if not table.rows and not table.rejected:
        raise FileError(
            say("Filen {file} har inga rader att läsa in; lägg till minst en rad.", file=file)
        )
    where = position_columns(columns, file=file)
    without_header = nameless(table)
    drafts = [Draft(row, flags=list(row.flags)) for row in table.rows]
    crs_label: str | None = None
    if kind == "visits" or kind in HAS_SHAPE:
        geometries = [geometry_of(draft, columns, where) for draft in drafts]
        placed = place(
            geometries,
            declared=declared(table, columns, crs, file=file),
            in_degrees=where.in_degrees,
            whole_areas=kind == "boundary",
            file=file,
        )
        settle_positions(
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
    total = len(drafts)
    drafts.reverse()
    for done in range(total):
        if progress is not None and done % _EVERY == 0:
            progress(done, total)
        draft = drafts.pop()  # let go of each row once it is a record: files may be long
        outcome = _record(kind, draft, columns, table, file=file, sha256=sha256, now=now)
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
        unknown_columns=(*columns.unknown, *without_header),
        crs=crs_label,
        encoding=table.encoding,
    )


def _record(
    kind: ImportKind,
    draft: Draft,
    columns: Columns,
    table: Table,
    *,
    file: str,
    sha256: str,
    now: datetime,
) -> Parsed[Record] | Rejected:
    read_fields(kind, draft, columns)
    values = draft.values
    if kind == "visits":
        finish_visit(draft, columns, now)
    elif kind == "inspections":
        finish_inspection(draft, columns, now)
    elif kind == "activities":
        finish_activity(draft, columns, now)
    elif kind == "boundary":
        finish_boundary(draft, file.rsplit(".", 1)[0])
    key = OWN_KEY[kind]
    if key not in values and draft.row.feature_id is not None:
        values[key] = draft.row.feature_id
    id_given = key in values
    if not id_given and kind not in {"locations", "buildings"}:
        values[key] = made_id(file, sha256, draft.row.line)
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


def _without_echo(
    found: Sequence[tuple[str | None, Message]],
) -> list[tuple[str | None, Message]]:
    """Drop what follows from an earlier problem: a missing field, or the record as a whole."""
    if len(found) == 1:
        return list(found)
    named = [item for item in found if item[0] is not None]
    return list(named or found)


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
