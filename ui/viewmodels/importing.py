"""What the page *Data* says before an import: kinds of files, their columns, the first rows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath

import pandas as pd
from shapely.geometry.base import BaseGeometry

from geo.importers.columns import COLUMNS, POSITION
from geo.importers.result import IMPORT_KINDS, ImportKind
from geo.model.shape import shape_word
from geo.services.importing import Plan
from geo.store.store import Put
from geo.wording import Wording, mark
from ui.viewmodels.kinds import kind_told
from ui.viewmodels.space_states import outcome_told

KIND_WORDS: Mapping[str, str] = {
    "locations": mark("Platser"),
    "buildings": mark("Byggnader"),
    "inspections": mark("Genomgångar"),
    "visits": mark("Besök"),
    "activities": mark("Aktiviteter"),
    "track": mark("Spår (GPX)"),
    "boundary": mark("Kommungräns"),
    "coverage": mark("Täckning per plats"),
}


_HAS_POSITION: frozenset[ImportKind] = frozenset(("locations", "buildings", "visits"))


SYSTEMS: tuple[tuple[str, str], ...] = (
    ("EPSG:4326", "WGS 84"),
    ("EPSG:3006", "SWEREF 99 TM"),
    ("EPSG:3007", "SWEREF 99 12 00"),
    ("EPSG:3008", "SWEREF 99 13 30"),
    ("EPSG:3009", "SWEREF 99 15 00"),
    ("EPSG:3010", "SWEREF 99 16 30"),
    ("EPSG:3011", "SWEREF 99 18 00"),
    ("EPSG:3012", "SWEREF 99 14 15"),
    ("EPSG:3013", "SWEREF 99 15 45"),
    ("EPSG:3014", "SWEREF 99 17 15"),
    ("EPSG:3015", "SWEREF 99 18 45"),
    ("EPSG:3016", "SWEREF 99 20 15"),
    ("EPSG:3017", "SWEREF 99 21 45"),
    ("EPSG:3018", "SWEREF 99 23 15"),
)
"""Systems a file may be in; Mark lies in 12 00 and 13 30."""


MOST_PREVIEWED = 5


_UNFIT_FOR_A_NAME = re.compile(r"[\x00-\x1f\x7f/\\]")


_NAME_CHARS = 100


@dataclass(frozen=True, slots=True)
class ColumnHelp:
    """One column of a template."""

    name: str
    also: str
    needed: str


def import_kinds(wording: Wording) -> dict[ImportKind, str]:
    """Name the kinds of import."""
    return {kind: wording(KIND_WORDS[kind]) for kind in IMPORT_KINDS}


def column_help(kind: ImportKind, wording: Wording) -> tuple[ColumnHelp, ...]:
    """List the columns a kind has, the words that also are understood, and which are needed."""
    rows = [
        ColumnHelp(
            name=column.name,
            also=", ".join(column.aliases),
            needed=wording("behövs") if column.required else "",
        )
        for column in COLUMNS[kind]
    ]
    if kind in _HAS_POSITION:
        rows += [
            ColumnHelp(column.name, ", ".join(column.aliases), needed="") for column in POSITION
        ]
    return tuple(rows)


def kind_help(kind: ImportKind, wording: Wording) -> str:
    """Say in a sentence what a file of a kind must have."""
    match kind:
        case "visits":
            return wording(
                "En rad per besök. Ange plats eller koordinater, och sluttid eller minuter."
            )
        case "locations" | "buildings":
            return wording(
                "En rad per plats eller byggnad, med geometri eller koordinater "
                "(lon, lat eller N, E)."
            )
        case "inspections":
            return wording("En rad per utrymme och tillfälle. Byggnaderna ska finnas redan.")
        case "activities":
            return wording("En rad per aktivitet. Ange dag, eller första och sista dag.")
        case "track":
            return wording(
                "GPX-fil med tider. Punkter utan tid tas inte med. "
                "Filen får inte säga vem som bar mottagaren."
            )
        case "boundary":
            return wording("En fil med kommunens gräns som yta (GeoJSON, GeoPackage, shapefile).")


def file_name(name: str, wording: Wording) -> str:
    """Make a name somebody gave a file fit to be written beside others, and to be shown.

    Examples
    --------
    >>> file_name("../../besök mars.csv", Wording())
    'besök mars.csv'
    >>> file_name("..", Wording())
    'fil'
    """
    last = re.split(r"[/\\]", name)[-1]
    cleaned = _UNFIT_FOR_A_NAME.sub("", last).strip().strip(".") and _UNFIT_FOR_A_NAME.sub("", last)
    if not cleaned:
        return wording("fil")
    pure = PurePath(cleaned.strip())
    return pure.stem[: _NAME_CHARS - len(pure.suffix[:12])] + pure.suffix[:12]


def columns_used(plan: Plan) -> tuple[str, ...]:
    """Name the canonical columns a file was found to have."""
    used: dict[str, None] = {}
    for change in plan.changes[:500]:
        if isinstance(change, Put):
            record = change.record
            used.update(
                (name, None)
                for name in type(record).model_fields
                if name in record.model_fields_set and name != "flags"
            )
    return tuple(used)


def first_rows(plan: Plan, wording: Wording, *, most: int = MOST_PREVIEWED) -> pd.DataFrame:
    """Show the first rows that would be stored, as they were understood."""
    columns = columns_used(plan)
    puts = [change for change in plan.changes if isinstance(change, Put)][:most]
    return pd.DataFrame(
        [
            {name: _cell(name, getattr(put.record, name), wording) for name in columns}
            for put in puts
        ],
        columns=list(columns),
    )


def _cell(name: str, value: object, wording: Wording) -> str:
    """Write a value of a record; what is a code there is a word here."""
    match name:
        case "outcome":
            return outcome_told(value, wording)
        case "space" | "spaces" | "kind":
            parts = value if isinstance(value, tuple) else (value,)
            is_kind = name == "kind"
            said = [kind_told(str(p), wording) if is_kind else wording(str(p)) for p in parts]
            return "; ".join(said)
    return _shown(value, wording)


def _shown(value: object, wording: Wording) -> str:  # noqa: PLR0911 - one line for each kind of value
    match value:
        case None:
            return ""
        case bool():
            return wording("ja") if value else wording("nej")
        case datetime():
            return wording.moment(value)
        case float():
            return f"{value:.10g}".replace(".", "," if wording.language == "sv" else ".")
        case BaseGeometry() if value.geom_type == "Point":
            return f"{value.x:.5f} {value.y:.5f}"
        case BaseGeometry():
            shape = wording.message(shape_word(value))
            return wording("{type} med {n} hörn", type=shape, n=wording.number(_corners(value)))
        case tuple() if len(value) > 10:
            return wording.plural("{n} punkt", "{n} punkter", len(value))
        case tuple():
            return "; ".join(str(part) for part in value)
    return str(value)


def _corners(shape: BaseGeometry) -> int:
    import shapely

    return int(shapely.get_num_coordinates(shape))
