"""Which reader a file of fixes is for, and what is let in at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from geo.errors import FileError
from geo.importers.door import Format, format_of, let_in
from geo.importers.fixes.batch import FixBatch, Tally
from geo.importers.fixes.from_gpx import gpx_batches
from geo.importers.rows import Progress
from geo.wording import say


@dataclass(frozen=True, slots=True)
class FixFile:
    """A file of fixes that is let in.

    Attributes
    ----------
    path, file
        Where it is, and what it is called in messages.
    sha256
        The hash of its content.
    form
        ``gpx``, ``csv`` or ``parquet``.
    """

    path: Path
    file: str
    sha256: str
    form: Format


def open_fixes(path: Path, *, file: str, max_bytes: int) -> FixFile:
    """Look at a file from outside: its size, its name, how it begins.

    Raises
    ------
    FileError
        Where it is missing, empty, too large, or of a kind fixes are not read from.
    """
    sha256 = let_in(path, file=file, max_bytes=max_bytes)
    form = format_of(path, file=file)
    if form not in {"gpx", "csv", "parquet"}:
        raise FileError(
            say("GPS-punkter läses från GPX, CSV och GeoParquet, inte från {file}.", file=file)
        )
    return FixFile(path, file, sha256, form)


def fix_batches(
    source: FixFile,
    *,
    now: datetime,
    tally: Tally,
    crs: str | None = None,
    progress: Progress | None = None,
) -> Iterator[FixBatch]:
    """Read a file's fixes, batch by batch; nothing of the file but these is kept.

    Parameters
    ----------
    source
        See `open_fixes`.
    now
        The present, aware; fixes after it are left out.
    tally
        Told what is left out, and where; complete when the last batch is given.
    crs
        The coordinate system, where the file does not say; GPX is always WGS 84.
    progress
        Told how much is done, and of how much where that is known.

    Raises
    ------
    DataError
        While iterated, where the file as a whole cannot be used; names it.
    """
    match source.form:
        case "gpx":
            return gpx_batches(
                source.path, file=source.file, now=now, tally=tally, progress=progress
            )
        case "csv":
            from geo.importers.fixes.from_csv import csv_batches  # pyarrow takes a while to start

            return csv_batches(
                source.path, file=source.file, now=now, tally=tally, crs=crs, progress=progress
            )
        case _:
            from geo.importers.fixes.from_parquet import parquet_batches

            return parquet_batches(
                source.path, file=source.file, now=now, tally=tally, crs=crs, progress=progress
            )
