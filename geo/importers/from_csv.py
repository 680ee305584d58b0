"""CSV as it comes: any delimiter, any encoding, quotes, and line numbers as the user sees them."""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from geo.errors import FileError
from geo.formula import unguarded
from geo.importers.columns import TableKind, count_known
from geo.importers.result import Rejected
from geo.importers.table import MAX_COLUMNS, MAX_ROWS, Row, Table
from geo.importers.text_encoding import detect_encoding
from geo.wording import Amount, say

DELIMITERS = (",", ";", "\t", "|")
_LONGEST_LINE = 1_000_000
_MAX_BROKEN = 1_000
"""So many rows with broken quotes are named; a file with more is no table."""

# A polygon in one cell is longer than the library's own limit, which holds for the process.
csv.field_size_limit(max(csv.field_size_limit(), _LONGEST_LINE))


class _Lines:
    """A text's physical lines, counted, of which those just taken can be given back."""

    def __init__(self, stream: io.TextIOBase, *, file: str) -> None:
        self._stream = stream
        self._file = file
        self._waiting: deque[str] = deque()
        self._taken: list[str] = []
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self._waiting:
            line = self._waiting.popleft()
        else:
            try:
                line = self._stream.readline(_LONGEST_LINE)
            except UnicodeDecodeError as exc:
                raise FileError(
                    say(
                        "Rad {line} i {file} har tecken som inte går att läsa. Spara om filen "
                        "som UTF-8.",
                        line=self.number + 1,
                        file=self._file,
                    )
                ) from exc
        if not line:
            raise StopIteration
        if len(line) >= _LONGEST_LINE:
            raise FileError(
                say(
                    "Rad {line} i {file} är längre än en miljon tecken; filen är ingen tabell.",
                    line=self.number + 1,
                    file=self._file,
                )
            )
        self.number += 1
        self._taken.append(line)
        return line

    def begin(self) -> int:
        """Start a new record; give the line it begins on."""
        self._taken.clear()
        return self.number + 1

    def give_back_all_but_first(self) -> None:
        """Read again what a broken record swallowed after its first line."""
        swallowed = self._taken[1:]
        self._waiting.extendleft(reversed(swallowed))
        self.number -= len(swallowed)
        self._taken.clear()


def _records(lines: _Lines, delimiter: str) -> Iterator[tuple[int, list[str] | None]]:
    """Yield each record and its first line; ``None`` where its quotes are broken."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        line = lines.begin()
        try:
            yield line, next(reader)
        except StopIteration:
            return
        except csv.Error:
            lines.give_back_all_but_first()
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
            yield line, None


def delimiter_of(head: list[str], kind: TableKind | None) -> str:
    """Choose the delimiter under which the header names most known columns."""

    def merit(delimiter: str) -> tuple[int, int]:
        for cells in csv.reader(head, delimiter=delimiter):
            if any(cell.strip() for cell in cells):
                known = count_known(kind, tuple(cells)) if kind is not None else 0
                return known, len(cells)
        return 0, 0

    return max(DELIMITERS, key=merit)


def head_of(path: Path, encoding: str) -> tuple[list[str], str | None]:
    """Read the first lines, and the delimiter where Excel's ``sep=`` names it."""
    with path.open(encoding=encoding, newline="", errors="replace") as stream:
        head = [line for _ in range(50) if (line := stream.readline(_LONGEST_LINE))]
    if head and head[0].strip().casefold().startswith("sep=") and len(head[0].strip()) <= 5:
        return head[1:], head[0].strip("\r\n")[4:5] or None
    return head, None


def read_csv(path: Path, *, file: str, kind: TableKind | None = None) -> Table:
    """Read a CSV file's rows; each row's line is the physical line it begins on.

    Raises
    ------
    FileError
        Where the encoding cannot be told or the file is no table.
    """
    encoding = detect_encoding(path, file=file)
    head, named = head_of(path, encoding)
    try:
        delimiter = named or delimiter_of(head, kind)
    except csv.Error as exc:
        raise FileError(
            say("Rubrikraden i {file} går inte att läsa; se över citattecknen.", file=file)
        ) from exc
    headers: tuple[str, ...] | None = None
    rows: list[Row] = []
    rejected: list[Rejected] = []
    quotes = 0
    with path.open(encoding=encoding, newline="") as stream:
        lines = _Lines(stream, file=file)
        if named is not None:
            next(lines)
        for line, cells in _records(lines, delimiter):
            if cells is not None and not any(cell.strip() for cell in cells):
                continue
            if headers is None:
                headers = _headers(cells, file=file)
                continue
            problem = _broken(line, cells, len(headers))
            if problem is not None:
                rejected.append(problem)
                quotes += cells is None
                if quotes > _MAX_BROKEN:  # each may have cost the reading of many lines
                    raise FileError(
                        say(
                            "Filen {file} har fler än {most} rader med trasiga citattecken. Spara "
                            "om den.",
                            file=file,
                            most=Amount(_MAX_BROKEN),
                        )
                    )
                continue
            # Our own exports guard text that a spreadsheet would run; here it becomes itself again.
            rows.append(Row(line, tuple(unguarded(c) for c in (cells or [])[: len(headers)])))
            if len(rows) + len(rejected) > MAX_ROWS:
                raise FileError(
                    say(
                        "Filen {file} har fler än {most} rader. Dela den i flera.",
                        file=file,
                        most=Amount(MAX_ROWS),
                    )
                )
    if headers is None:
        raise FileError(say("Filen {file} har inga rader.", file=file))
    return Table(headers, rows, rejected, encoding=encoding)


def _headers(cells: list[str] | None, *, file: str) -> tuple[str, ...]:
    if cells is None:
        raise FileError(
            say("Rubrikraden i {file} går inte att läsa; se över citattecknen.", file=file)
        )
    headers = tuple(cell.strip("\ufeff \t\r\n") for cell in cells)
    while headers and not headers[-1]:
        headers = headers[:-1]
    if len(headers) > MAX_COLUMNS:
        raise FileError(
            say(
                "Filen {file} har fler än {most} kolumner. Så stor är ingen tabell som läses här.",
                file=file,
                most=MAX_COLUMNS,
            )
        )
    return headers


def _broken(line: int, cells: list[str] | None, width: int) -> Rejected | None:
    """Say what is wrong with a row's form, if anything is."""
    if cells is None:
        return Rejected(
            line, None, say("Ett citattecken som börjar på raden är fel eller stängs aldrig.")
        )
    if len(cells) < width or any(cell.strip() for cell in cells[width:]):
        return Rejected(
            line,
            None,
            say("Raden har {n} fält men rubrikraden {width}.", n=len(cells), width=width),
        )
    if any("\0" in cell for cell in cells):
        return Rejected(line, None, say("Raden har ett nolltecken; filen är skadad."))
    return None
