"""Rows as an Excel workbook: one sheet of rows, one that says what they are."""

from __future__ import annotations

import io
from datetime import date, datetime

import pandas as pd
import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from geo.errors import DataError
from geo.model.time import UTC
from geo.reports.cells import Cell, Table, with_positions
from geo.reports.stamp import ReportStamp, shows_examples, stamp_notes
from geo.wording import Wording, say

MOST_ROWS = 1_048_575
"""Rows an Excel sheet holds beside its header (Microsoft, *Excel specifications and limits*)."""

MOST_CHARS = 32_767
"""Characters an Excel cell holds (same source); longer text is cut and ends with ``…``."""

_WIDEST = 60
_NARROWEST = 8
_MEASURED_ROWS = 200
_FIRST_EXCEL_DAY = date(1900, 3, 1)
_MOST_EXACT = 2**53
_OPTIONS = {
    "in_memory": True,
    "remove_timezone": True,  # moments are in Swedish local time by then
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def to_excel(rows: pd.DataFrame, *, stamp: ReportStamp, wording: Wording) -> bytes:
    """Write exactly the rows given, and their stamp on a second sheet.

    Every text is written as text, never as formula or link.  Days are dates and
    moments are local time; Excel knows no offset, so the two 02:30 of the last
    Sunday in October look the same.  The same rows and stamp give the same bytes.

    Raises
    ------
    DataError
        Where there are more rows than a sheet holds.
    """
    if len(rows) > MOST_ROWS:
        raise DataError(
            say(
                "Excel rymmer {most} rader, urvalet har {count}. Välj CSV eller en kortare tid.",
                most=MOST_ROWS,
                count=len(rows),
            )
        )
    table = with_positions(rows)
    content = io.BytesIO()
    try:
        with xlsxwriter.Workbook(content, _OPTIONS) as book:
            # Without a moment of its own the file would have the clock's, and differ each time.
            made_at = stamp.made_at.astimezone(UTC)
            book.set_properties({"title": stamp.title[:255], "created": made_at})
            _Sheet(book).fill(table, name=wording("Rader"))
            notes = stamp_notes(stamp, has_examples=shows_examples(rows, stamp), wording=wording)
            about = Table(
                columns=(wording("Om"), ""),
                rows=(*notes, (wording("Tider"), wording("Svensk lokal tid"))),
            )
            _Sheet(book).fill(about, name=wording("Om"), is_filtered=False)
    except XlsxWriterException as exc:
        raise DataError(say("Excelfilen gick inte att skriva: {why}.", why=str(exc))) from exc
    return content.getvalue()


class _Sheet:
    """Writes tables on sheets of one workbook, in its formats."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._header: Format = book.add_format(
            {"bold": True, "bg_color": "#E8EEF7", "bottom": 1, "text_wrap": False}
        )
        self._day: Format = book.add_format({"num_format": "yyyy-mm-dd"})
        self._moment: Format = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})

    def fill(self, table: Table, *, name: str, is_filtered: bool = True) -> None:
        """Write a table with a header that stays when the rows are scrolled."""
        sheet: Worksheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for column, title in enumerate(table.columns):
            sheet.write_string(0, column, _fitting(title), self._header)
            sheet.set_column(column, column, _width(table, column))
        for line, row in enumerate(table.rows, start=1):
            for column, cell in enumerate(row):
                self._write(sheet, line, column, cell)
        if is_filtered and table.columns:
            sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)

    def _write(self, sheet: Worksheet, line: int, column: int, cell: Cell) -> None:
        if cell is None:
            return
        if isinstance(cell, bool):
            sheet.write_boolean(line, column, cell)
        elif isinstance(cell, int | float) and abs(cell) <= _MOST_EXACT:
            sheet.write_number(line, column, cell)
        elif isinstance(cell, date) and _day(cell) >= _FIRST_EXCEL_DAY:
            is_moment = isinstance(cell, datetime)
            sheet.write_datetime(line, column, cell, self._moment if is_moment else self._day)
        else:
            sheet.write_string(line, column, _fitting(_text(cell)))


def _day(cell: date) -> date:
    return cell.date() if isinstance(cell, datetime) else cell


def _text(cell: Cell) -> str:
    return cell.isoformat(sep=" ") if isinstance(cell, datetime) else str(cell)


def _fitting(text: str) -> str:
    return text if len(text) <= MOST_CHARS else text[: MOST_CHARS - 1] + "…"


def _width(table: Table, column: int) -> int:
    """Give a column's width in characters, from its title and its first rows."""
    texts = [table.columns[column] + "  ▾"]
    for row in table.rows[:_MEASURED_ROWS]:
        cell = row[column]
        if isinstance(cell, datetime):
            texts.append("2021-12-31 23:59")
        elif cell is not None:
            texts.append(str(cell) if not isinstance(cell, float) else f"{cell:.6g}")
    return max(_NARROWEST, min(_WIDEST, max(len(text) for text in texts) + 1))
