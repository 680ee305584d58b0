"""Rows as CSV that a spreadsheet in the reader's language opens as it should."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime

import numpy as np
import pandas as pd

from geo.formula import guarded
from geo.reports.cells import Cell, with_positions
from geo.wording import Wording

_BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""Tells Excel that the file is UTF-8."""


def to_csv(rows: pd.DataFrame, *, wording: Wording) -> bytes:
    """Write exactly the rows given, one line each after the header.

    Swedish files have ``;`` between cells, decimal comma and *ja*/*nej*; English
    ones ``,``, decimal point and *yes*/*no*.  Numbers have all their digits, no
    grouping and no exponent; moments are Swedish local time with their offset,
    such as ``2021-10-31 02:30:00+01:00``; a missing value is an empty cell.  Text
    is made harmless by `geo.formula.guarded` and can be read back from it.

    There is no room for a stamp in CSV: lines of remarks would break every reader.
    It is in the name of the file (`geo.reports.stamp.report_name`).
    """
    table = with_positions(rows)
    text = io.StringIO(newline="")
    text.write(_BOM)
    writer = csv.writer(text, delimiter=";" if wording.language == "sv" else ",")
    writer.writerow([guarded(name) for name in table.columns])
    for row in table.rows:
        writer.writerow([_written(cell, wording=wording) for cell in row])
    return text.getvalue().encode("utf-8")


def _written(cell: Cell, *, wording: Wording) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return wording("ja") if cell else wording("nej")
    if isinstance(cell, int):
        return str(cell)
    if isinstance(cell, float):
        digits = np.format_float_positional(cell, unique=True, trim="-")
        return digits.replace(".", ",") if wording.language == "sv" else digits
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return guarded(cell)
