"""One way out for every format: rows in, a named file out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, assert_never, get_args

import pandas as pd

from geo.reports.stamp import ReportStamp, report_name, shows_examples
from geo.reports.to_csv import to_csv
from geo.reports.to_excel import to_excel
from geo.reports.to_geojson import to_geojson
from geo.reports.to_geopackage import to_geopackage
from geo.wording import Wording

ReportFormat = Literal["csv", "xlsx", "geojson", "gpkg"]
"""What a report can be written as, named as the file ends."""

REPORT_FORMATS: tuple[ReportFormat, ...] = get_args(ReportFormat)

_TABLES: frozenset[ReportFormat] = frozenset(("csv", "xlsx"))

MEDIA_TYPES: dict[ReportFormat, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
}


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A file ready to be saved or sent."""

    name: str
    media_type: str
    content: bytes


def report_file(
    rows: pd.DataFrame,
    *,
    form: ReportFormat,
    kind: str,
    stamp: ReportStamp,
    wording: Wording,
) -> ReportFile:
    """Write exactly the rows given, in the form asked for.

    Parameters
    ----------
    rows
        A frame, or a ``GeoDataFrame`` in WGS 84.
    form
        What to write.
    kind
        What the rows are; names the layer of a GeoPackage.
    stamp
        What the file says about itself.
    wording
        The reader's language.

    Returns
    -------
    ReportFile
        Its name tells title, period and whether there are examples in it.

    Raises
    ------
    DataError
        Where the rows do not fit the form.
    """
    if kind == "coverage" and form in _TABLES:
        # Figures name their places; only a map needs the shapes as well.
        rows = pd.DataFrame(rows).drop(columns="geometry", errors="ignore")
    match form:
        case "csv":
            content = to_csv(rows, wording=wording)
        case "xlsx":
            content = to_excel(rows, stamp=stamp, wording=wording)
        case "geojson":
            content = to_geojson(rows, stamp=stamp, wording=wording)
        case "gpkg":
            content = to_geopackage(rows, kind=kind, stamp=stamp, wording=wording)
        case _:
            assert_never(form)
    has_examples = shows_examples(rows, stamp)
    name = report_name(stamp, has_examples=has_examples, suffix=f".{form}", wording=wording)
    return ReportFile(name=name, media_type=MEDIA_TYPES[form], content=content)
