"""Fixes in CSV, block by block: any delimiter, any encoding, decimal comma, Swedish names.

Lines are physical lines, as the user sees them.  A line break inside quotes is refused with the
whole file: it is nearly always a stray quotation mark, which would swallow the rows after it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pv

from geo.errors import FileError
from geo.importers.coordinates import system_named
from geo.importers.fixes.batch import Bools, FixBatch, Ints, Tally
from geo.importers.fixes.table import TableFixes, fix_columns
from geo.importers.from_csv import delimiter_of, head_of
from geo.importers.rows import Progress
from geo.importers.table import MAX_COLUMNS
from geo.importers.text_encoding import detect_encoding
from geo.wording import say

_BLOCK: Final = 1 << 21


@dataclass(frozen=True, slots=True)
class _Form:
    """How a file is written: its encoding, delimiter, headers, and the lines before the rows."""

    encoding: str
    delimiter: str
    headers: tuple[str, ...]
    lines_before: int


def _form_of(path: Path, *, file: str) -> _Form:
    encoding = detect_encoding(path, file=file)
    head, named = head_of(path, encoding)
    unreadable = say("Rubrikraden i {file} går inte att läsa; se över citattecknen.", file=file)
    try:
        delimiter = named or delimiter_of(head, "fixes")
        reader = csv.reader(head, delimiter=delimiter)
        headers = next((cells for cells in reader if any(cell.strip() for cell in cells)), None)
    except csv.Error as exc:
        raise FileError(unreadable) from exc
    if headers is None:
        raise FileError(say("Filen {file} har inga rader.", file=file))
    if len(headers) > MAX_COLUMNS:
        raise FileError(
            say(
                "Filen {file} har fler än {most} kolumner. Så stor är ingen tabell som läses här.",
                file=file,
                most=MAX_COLUMNS,
            )
        )
    named_cells = tuple(cell.strip("\ufeff \t\r\n") for cell in headers)
    return _Form(encoding, delimiter, named_cells, reader.line_num + (named is not None))


def csv_batches(
    path: Path,
    *,
    file: str,
    now: datetime,
    tally: Tally,
    crs: str | None = None,
    progress: Progress | None = None,
) -> Iterator[FixBatch]:
    """Read a CSV file's fixes, a block of rows at a time.

    Parameters
    ----------
    path, file
        Where it is, and what it is called in messages.
    now
        The present, aware; fixes after it are left out.
    tally
        Told what is left out, with physical lines.
    crs
        The coordinate system, where the file does not say.
    progress
        Told how many rows are read, and None: nobody knows of how many.

    Raises
    ------
    DataError
        Where the file is no table, lacks a column, or its coordinate system cannot be told.
    """
    form = _form_of(path, file=file)
    columns = fix_columns(form.headers, file=file)
    fixes = TableFixes(
        file=file,
        now=now,
        tally=tally,
        declared=None if crs is None else system_named(crs, file=file),
        in_degrees=columns.in_degrees,
    )
    broken: list[int] = []
    rows = 0
    for block in _blocks(path, form, broken, file=file):
        lines = _lines_of(rows, len(block), broken, form.lines_before)
        rows += len(block)
        _refuse_line_breaks(block, lines, file=file)
        written = _written(block)
        yield fixes.batch(columns.rows(block.filter(pa.array(written)), lines[written]))
        if progress is not None:
            progress(rows, None)
    tally.note("broken_row", broken, len(broken))


def _blocks(path: Path, form: _Form, broken: list[int], *, file: str) -> Iterator[Any]:
    """Yield the rows as text, in blocks; the lines of rows of another width go to `broken`."""
    swallowing: list[int] = []

    def put_aside(row: Any) -> str:
        if "\n" in row.text:
            swallowing.append(row.number)
            return "error"
        broken.append(row.number)
        return "skip"

    names = [str(number) for number in range(len(form.headers))]
    try:
        # One thread: then rows know their number.
        with pv.open_csv(
            path,
            read_options=pv.ReadOptions(
                use_threads=False,
                block_size=_BLOCK,
                skip_rows=form.lines_before,
                column_names=names,
                encoding=form.encoding,
            ),
            parse_options=pv.ParseOptions(
                delimiter=form.delimiter, ignore_empty_lines=False, invalid_row_handler=put_aside
            ),
            convert_options=pv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        ) as reader:
            yield from reader
    except (pa.ArrowException, UnicodeError, OSError) as exc:
        if swallowing:
            raise _stray_quote(swallowing[0], file) from exc
        raise FileError(
            say("Filen {file} går inte att läsa som en tabell. Spara om den.", file=file)
        ) from exc


def _stray_quote(line: int, file: str) -> FileError:
    return FileError(
        say(
            "Rad {line} i {file} har ett citattecken som aldrig stängs, eller en radbrytning i en "
            "cell. Filen läses inte.",
            line=line,
            file=file,
        )
    )


def _refuse_line_breaks(block: Any, lines: Ints, *, file: str) -> None:
    for column in block.columns:
        found = pc.index(pc.match_substring(column, "\n"), True).as_py()
        if found >= 0:
            raise _stray_quote(int(lines[found]), file)


def _written(block: Any) -> Bools:
    """Tell which rows have anything in them."""
    some = np.zeros(len(block), dtype=bool)
    for column in block.columns:
        some |= np.asarray(pc.binary_length(column).to_numpy()) > 0
        if some.all():
            break
    return some


def _lines_of(begin: int, count: int, broken: list[int], before: int) -> Ints:
    """Give the lines of the sound rows from number `begin`: the broken ones stand in between."""
    nth = np.arange(begin, begin + count)
    # So many sound rows come before each broken one.
    sound_before = np.array(broken, dtype=np.int64) - before - 1 - np.arange(len(broken))
    return before + 1 + nth + np.searchsorted(sound_before, nth, side="right")
