"""What can be exported of the view, and in which formats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from geo.reports.export import ReportFormat
from geo.reports.stamp import ReportStamp
from geo.services.audience import AUDIENCE_NAMES, withheld_told
from geo.services.exporting import EXPORT_KINDS, ExportKind, export_rows
from geo.services.selection import Selection
from geo.services.snapshot import Snapshot
from geo.wording import Wording, mark
from ui.viewmodels.importing import KIND_WORDS
from ui.viewmodels.period import filter_sentences

FORMAT_WORDS: Mapping[ReportFormat, str] = {
    "csv": mark("CSV"),
    "xlsx": mark("Excel"),
    "geojson": mark("GeoJSON"),
    "gpkg": mark("GeoPackage"),
}


_SPATIAL: frozenset[ExportKind] = frozenset(("locations", "buildings", "visits", "coverage"))


@dataclass(frozen=True, slots=True)
class ExportTold:
    """How many rows an export has, and whether any of them is invented."""

    rows: int
    has_examples: bool
    sentence: str


def export_kinds(wording: Wording) -> dict[ExportKind, str]:
    """Name the kinds of export."""
    return {kind: wording(KIND_WORDS[kind]) for kind in EXPORT_KINDS}


def formats_of(kind: ExportKind) -> tuple[ReportFormat, ...]:
    """List the formats that suit a kind: map formats only where the rows have a place."""
    return ("xlsx", "csv", "geojson", "gpkg") if kind in _SPATIAL else ("xlsx", "csv")


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
        audience=wording(AUDIENCE_NAMES[snapshot.audience]),
        withheld=withheld_told(snapshot.audience, wording),
    )
