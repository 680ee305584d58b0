"""What the page *Data* says: what an import would do or did, and what can be exported."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath

import pandas as pd
from shapely.geometry.base import BaseGeometry

from geo.importers.columns import COLUMNS, POSITION
from geo.importers.result import IMPORT_KINDS, ImportKind
from geo.model.receipt import Receipt, Remark
from geo.model.shape import shape_word
from geo.reports.export import ReportFormat
from geo.reports.stamp import ReportStamp
from geo.reports.to_csv import to_csv
from geo.services.exporting import EXPORT_KINDS, ExportKind, export_rows
from geo.services.importing import Plan
from geo.services.selection import Selection
from geo.services.snapshot import Snapshot
from geo.store.store import Put
from geo.wording import Wording, mark
from ui.viewmodels.kinds import kind_told
from ui.viewmodels.period import filter_sentences
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

FORMAT_WORDS: Mapping[ReportFormat, str] = {
    "csv": mark("CSV"),
    "xlsx": mark("Excel"),
    "geojson": mark("GeoJSON"),
    "gpkg": mark("GeoPackage"),
}

_SPATIAL: frozenset[ExportKind] = frozenset(("locations", "buildings", "visits", "coverage"))
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
MOST_REMARKS = 20
"""Remarks of each sort shown on screen; the receipt that can be downloaded has them all."""

_UNFIT_FOR_A_NAME = re.compile(r"[\x00-\x1f\x7f/\\]")
_NAME_CHARS = 100


@dataclass(frozen=True, slots=True)
class ColumnHelp:
    """One column of a template."""

    name: str
    also: str
    needed: str


@dataclass(frozen=True, slots=True)
class Remarks:
    """Remarks of one sort: which rows, and why; ``left_out`` says how many are not shown."""

    title: str
    rows: tuple[tuple[str, str], ...]
    left_out: str


@dataclass(frozen=True, slots=True)
class ReceiptTold:
    """A receipt in words: a sentence, four numbers, facts about the file, and its remarks."""

    headline: str
    is_good: bool
    numbers: tuple[tuple[str, str], ...]
    facts: tuple[str, ...]
    remarks: tuple[Remarks, ...]


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One import that was made, and whether it can be undone."""

    import_id: str
    title: str
    detail: str
    can_undo: bool
    undone: str


@dataclass(frozen=True, slots=True)
class ExportTold:
    """How many rows an export has, and whether any of them is invented."""

    rows: int
    has_examples: bool
    sentence: str


def import_kinds(wording: Wording) -> dict[ImportKind, str]:
    """Name the kinds of import."""
    return {kind: wording(KIND_WORDS[kind]) for kind in IMPORT_KINDS}


def export_kinds(wording: Wording) -> dict[ExportKind, str]:
    """Name the kinds of export."""
    return {kind: wording(KIND_WORDS[kind]) for kind in EXPORT_KINDS}


def formats_of(kind: ExportKind) -> tuple[ReportFormat, ...]:
    """List the formats that suit a kind: map formats only where the rows have a place."""
    return ("xlsx", "csv", "geojson", "gpkg") if kind in _SPATIAL else ("xlsx", "csv")


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


def receipt_told(receipt: Receipt, wording: Wording, *, is_plan: bool = False) -> ReceiptTold:
    """Put a receipt, or the plan of an import, into words."""
    numbers = (
        (
            wording("Kan sparas") if is_plan else wording("Sparade"),
            wording.number(receipt.accepted),
        ),
        (
            wording("Finns redan") if is_plan else wording("Fanns redan"),
            wording.number(receipt.duplicates),
        ),
        (wording("Att se över"), wording.number(len(receipt.flagged))),
        (
            wording("Avvisas") if is_plan else wording("Avvisade"),
            wording.number(len(receipt.rejected)),
        ),
    )
    remarks = (
        _remarks(wording("Avvisas") if is_plan else wording("Avvisade"), receipt.rejected, wording),
        _remarks(wording("Att se över"), receipt.flagged, wording),
    )
    return ReceiptTold(
        headline=_headline(receipt, wording, is_plan=is_plan),
        is_good=receipt.exit_code == 0,
        numbers=numbers,
        facts=_facts(receipt, wording),
        # The one remark there is may be the headline already.
        remarks=() if _is_about_the_file(receipt) else tuple(r for r in remarks if r.rows),
    )


def _is_about_the_file(receipt: Receipt) -> bool:
    return len(receipt.rejected) == 1 and receipt.rejected[0].line is None and not receipt.flagged


def _remarks(title: str, remarks: Sequence[Remark], wording: Wording) -> Remarks:
    left = len(remarks) - MOST_REMARKS
    return Remarks(
        title=title,
        rows=tuple(
            (_where(remark, wording), wording.message(remark.reason))
            for remark in remarks[:MOST_REMARKS]
        ),
        left_out=(
            wording.plural(
                "{n} rad till står i kvittot som går att hämta.",
                "{n} rader till står i kvittot som går att hämta.",
                left,
            )
            if left > 0
            else ""
        ),
    )


def _where(remark: Remark, wording: Wording) -> str:
    if remark.line is None:
        return wording("Hela filen")
    if remark.field is None:
        return wording("Rad {line}", line=remark.line)
    return wording("Rad {line}, {field}", line=remark.line, field=remark.field)


def _headline(receipt: Receipt, wording: Wording, *, is_plan: bool) -> str:
    if receipt.exit_code == 2:
        whole = [remark for remark in receipt.rejected if remark.line is None]
        if whole:
            return wording.message(whole[0].reason)
        return wording("Ingen rad i filen {file} gick att läsa.", file=receipt.file)
    if not receipt.accepted:
        return wording("Allt i filen {file} finns redan; inget nytt att spara.", file=receipt.file)
    stored = (
        wording.plural(
            "{n} rad i filen {file} kan sparas; inget är sparat än.",
            "{n} rader i filen {file} kan sparas; inget är sparat än.",
            receipt.accepted,
            file=receipt.file,
        )
        if is_plan
        else wording.plural(
            "{n} rad ur filen {file} är sparad.",
            "{n} rader ur filen {file} är sparade.",
            receipt.accepted,
            file=receipt.file,
        )
    )
    if not receipt.rejected:
        return stored
    n = len(receipt.rejected)
    turned_away = (
        wording.plural("{n} rad avvisas.", "{n} rader avvisas.", n)
        if is_plan
        else wording.plural("{n} rad avvisades.", "{n} rader avvisades.", n)
    )
    return f"{stored} {turned_away}"


def _facts(receipt: Receipt, wording: Wording) -> tuple[str, ...]:
    facts = []
    if receipt.updated:
        facts.append(
            wording.plural(
                "{n} rad ersätter en befintlig uppgift; den gamla finns kvar i historiken.",
                "{n} rader ersätter befintliga uppgifter; de gamla finns kvar i historiken.",
                receipt.updated,
            )
        )
    if receipt.crs:
        facts.append(wording("Koordinatsystem: {crs}", crs=receipt.crs))
    if receipt.encoding:
        facts.append(wording("Teckenkodning: {encoding}", encoding=receipt.encoding))
    if receipt.unknown_columns:
        facts.append(
            wording(
                "Kolumner som inte används: {columns}",
                columns=", ".join(receipt.unknown_columns),
            )
        )
    return tuple(facts)


def receipt_csv(receipt: Receipt, wording: Wording) -> bytes:
    """Write every remark of a receipt as a CSV file, safe to open in a spreadsheet."""
    rows = [
        {
            "what": what,
            "line": remark.line,
            "field": remark.field,
            "reason": wording.message(remark.reason),
        }
        for what, remarks in (
            (wording("Avvisad"), receipt.rejected),
            (wording("Att se över"), receipt.flagged),
        )
        for remark in remarks
    ]
    frame = pd.DataFrame(rows, columns=["what", "line", "field", "reason"], dtype=object)
    names = {
        "what": wording("utfall"),
        "line": wording("rad"),
        "field": wording("kolumn"),
        "reason": wording("orsak"),
    }
    return to_csv(frame.rename(columns=names), wording=wording)


def import_rows(receipts: Sequence[Receipt], wording: Wording) -> tuple[ImportRow, ...]:
    """List the imports that were made, the newest first."""
    rows = []
    for receipt in receipts:
        when = wording.moment(receipt.imported_at) if receipt.imported_at else ""
        detail = [
            wording(KIND_WORDS.get(receipt.kind, receipt.kind)),
            when,
            wording.plural("{n} rad sparad", "{n} rader sparade", receipt.accepted),
        ]
        if receipt.rejected:
            detail.append(wording.plural("{n} avvisad", "{n} avvisade", len(receipt.rejected)))
        rows.append(
            ImportRow(
                import_id=receipt.import_id or "",
                title=receipt.file,
                detail=" · ".join(part for part in detail if part),
                can_undo=receipt.undone_at is None,
                undone=undone_told(receipt, wording),
            )
        )
    return tuple(rows)


def undone_told(receipt: Receipt, wording: Wording) -> str:
    """Say when an import was undone, and what was kept; empty if it stands."""
    if receipt.undone_at is None:
        return ""
    undone = wording(
        "Importen av {file} är ångrad {moment}.",
        file=receipt.file,
        moment=wording.moment(receipt.undone_at),
    )
    kept = receipt.kept_at_undo
    if not kept:
        return undone
    named = ", ".join(kept[:5]) + (" …" if len(kept) > 5 else "")
    sentence = wording.plural(
        "{n} uppgift behölls, eftersom någon har ändrat den sedan dess: {named}.",
        "{n} uppgifter behölls, eftersom någon har ändrat dem sedan dess: {named}.",
        len(kept),
        named=named,
    )
    return f"{undone} {sentence}"


def view_told(selection: Selection, wording: Wording) -> str:
    """Say in a line what view an export is of."""
    period = selection.period
    days = wording.days(period.from_on, period.last_on)
    return " · ".join([days, *filter_sentences(selection, wording)])


def export_told(
    snapshot: Snapshot, selection: Selection, wording: Wording, kind: ExportKind
) -> ExportTold:
    """Count the rows of an export."""
    rows = export_rows(snapshot, kind, selection)
    own = bool(rows["example"].any()) if "example" in rows.columns else snapshot.has_examples
    n = len(rows)
    return ExportTold(
        rows=n,
        has_examples=own,
        sentence=(
            wording.plural("{n} rad i vyn.", "{n} rader i vyn.", n)
            if n
            else wording("Inga rader i vyn. Ändra perioden eller filtren ovanför.")
        ),
    )


def export_stamp(
    snapshot: Snapshot,
    selection: Selection,
    wording: Wording,
    kind: ExportKind,
    *,
    has_examples: bool,
    now: datetime,
) -> ReportStamp:
    """Say what an exported file is of, and how old its data are."""
    until = snapshot.inspections_until if kind in {"buildings", "inspections"} else (
        snapshot.visits_until
    )  # fmt: skip
    return ReportStamp(
        title=wording(KIND_WORDS[kind]),
        # A building stands there the whole time, so its file is of no period.
        period=None if kind == "buildings" else selection.period,
        filters=filter_sentences(selection, wording),
        made_at=now,
        data_until=until,
        has_examples=has_examples,
    )
