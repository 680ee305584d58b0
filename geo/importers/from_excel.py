"""Excel workbooks: the first sheet whose headers are known, row by row."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final

import openpyxl

from geo.errors import DataError, FileError
from geo.importers.archives import checked_entries
from geo.importers.columns import count_known
from geo.importers.result import ImportKind, Rejected
from geo.importers.table import MAX_COLUMNS, MAX_ROWS, Row, Table
from geo.wording import Amount, say

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

_HEADER_WITHIN: Final = 20
"""Rows from the top among which the headers are looked for; titles may stand above."""

_ERRORS: Final = frozenset(
    ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SAKNAS!")
)


def _is_blank(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _rows(book: Workbook, sheet: str) -> Iterator[tuple[int, tuple[object, ...]]]:
    """Yield the rows that have something in them, numbered as the sheet shows them."""
    page = book[sheet]
    if not hasattr(page, "reset_dimensions"):
        return  # a sheet of charts
    page.reset_dimensions()  # what a sheet says of its own size need not be true
    for number, cells in enumerate(page.iter_rows(max_col=MAX_COLUMNS, values_only=True), start=1):
        if not all(_is_blank(cell) for cell in cells):
            yield number, tuple(cells)


def _header(book: Workbook, sheet: str, kind: ImportKind) -> tuple[int, tuple[str, ...]] | None:
    """Find the row of headers: the one among the first that names most known columns."""
    best: tuple[int, int, tuple[str, ...]] | None = None
    for number, cells in _rows(book, sheet):
        if number > _HEADER_WITHIN:
            break
        headers = tuple("" if cell is None else str(cell).strip() for cell in cells)
        known = count_known(kind, headers)
        if known and (best is None or known > best[0]):
            best = known, number, headers
    return (best[1], best[2]) if best else None


def _table(book: Workbook, *, kind: ImportKind, file: str) -> Table:
    for sheet in book.sheetnames:
        found = _header(book, sheet, kind)
        if found is not None:
            break
    else:
        raise FileError(
            say(
                "Excelboken {file} har inget blad med kända rubriker. Hämta mallen för att se "
                "vilka som behövs.",
                file=file,
            )
        )
    at, headers = found
    width = max(i for i, header in enumerate(headers, start=1) if header)
    rows: list[Row] = []
    rejected: list[Rejected] = []
    for number, cells in _rows(book, sheet):
        if number <= at:
            continue
        if len(rows) >= MAX_ROWS:
            raise FileError(
                say(
                    "Filen {file} har fler än {most} rader. Dela den i flera.",
                    file=file,
                    most=Amount(MAX_ROWS),
                )
            )
        padded = (*cells, *([None] * (width - len(cells))))[:width]
        faulty = next((i for i, cell in enumerate(padded) if cell in _ERRORS), None)
        if faulty is not None:
            rejected.append(
                Rejected(
                    number,
                    headers[faulty],
                    say("Cellen har felvärdet {value}.", value=padded[faulty]),
                )
            )
            continue
        rows.append(Row(number, padded))
    return Table(headers[:width], rows, rejected)


def read_excel(path: Path, *, file: str, kind: ImportKind) -> Table:
    """Read the first sheet whose headers are known; formulas give their last saved value.

    Raises
    ------
    FileError
        Where it is no workbook, is damaged, or has no sheet with known headers.
    """
    names = {entry.filename.casefold() for entry in checked_entries(path, file=file)}
    if "xl/workbook.xml" not in names:
        raise FileError(say("Filen {file} är ett arkiv men ingen Excelbok (.xlsx).", file=file))
    try:
        # What the library cannot show (pictures, drop-down lists) it warns of; we only read.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
            with closing(book):
                return _table(book, kind=kind, file=file)
    except DataError:
        raise
    except Exception as exc:  # a broken workbook raises whatever its XML leads to
        raise FileError(
            say("Excelboken {file} går inte att läsa; spara om den i Excel.", file=file)
        ) from exc
