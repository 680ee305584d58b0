"""Fixes in GeoParquet, or in plain Parquet with columns of coordinates, batch by batch."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pyproj import CRS
from pyproj.exceptions import CRSError as ProjCrsError

from geo.errors import CrsError, FileError
from geo.importers.coordinates import WGS84, System, system_named, system_of_wkt
from geo.importers.fixes.batch import MAX_FIXES, FixBatch, Tally, too_many_fixes
from geo.importers.fixes.table import TableFixes, fix_columns
from geo.importers.rows import Progress
from geo.importers.table import MAX_COLUMNS
from geo.wording import say

_BATCH: Final = 1 << 17
_MAX_UNPACKED: Final = 4_000_000_000
"""The columns of a fix take some 60 bytes a row; 20 million rows are a third of this."""


def parquet_batches(
    path: Path,
    *,
    file: str,
    now: datetime,
    tally: Tally,
    crs: str | None = None,
    progress: Progress | None = None,
) -> Iterator[FixBatch]:
    """Read a Parquet file's fixes; a row's line is its ordinal, from 1.

    Parameters
    ----------
    path, file
        Where it is, and what it is called in messages.
    now
        The present, aware; fixes after it are left out.
    tally
        Told what is left out, with lines.
    crs
        The coordinate system, where the file does not say.
    progress
        Told how many rows are read, and of how many.

    Raises
    ------
    DataError
        Where the file is damaged or too large, lacks a column, or its coordinate system cannot
        be told.
    """
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as source:
            _refuse_the_huge(source.metadata, file=file)
            geometry, system = _geometry_of(source.schema_arrow.metadata or {}, file=file)
            headers = tuple(source.schema_arrow.names)
            columns = fix_columns(headers, file=file, geometry=geometry)
            if crs is not None:
                system = system_named(crs, file=file)
            fixes = TableFixes(
                file=file,
                now=now,
                tally=tally,
                declared=system if len(columns.position) == 1 or crs is not None else None,
                in_degrees=columns.in_degrees,
            )
            done, total = 0, source.metadata.num_rows
            wanted = sorted(columns.used)
            there = columns.among(wanted)
            for block in source.iter_batches(
                _BATCH, columns=[headers[one] for one in wanted], use_threads=False
            ):
                lines = np.arange(done + 1, done + 1 + len(block))
                yield fixes.batch(there.rows(block, lines))
                done += len(block)
                if progress is not None:
                    progress(done, total)
    except (pa.ArrowException, OSError) as exc:
        raise _damaged(file) from exc


def _damaged(file: str) -> FileError:
    return FileError(say("Filen {file} är skadad eller avbruten; hämta den på nytt.", file=file))


def _refuse_the_huge(metadata: Any, *, file: str) -> None:
    if metadata.num_rows > MAX_FIXES:
        raise too_many_fixes(file)
    groups = (metadata.row_group(number) for number in range(metadata.num_row_groups))
    if metadata.num_columns > MAX_COLUMNS * 4 or (
        sum(group.total_byte_size for group in groups) > _MAX_UNPACKED
    ):
        raise FileError(say("Filen {file} blir orimligt stor när den packas upp.", file=file))


def _geometry_of(metadata: dict[bytes, bytes], *, file: str) -> tuple[str | None, System | None]:
    """Read what GeoParquet says of the column of positions: its name and coordinate system.

    Source: the GeoParquet specification 1.1; without ``crs`` it is OGC:CRS84, and where that is
    null nobody knows.
    """
    try:
        about = json.loads(metadata.get(b"geo", b"null"))
        if about is None:
            return None, None
        name = str(about["primary_column"])
        column = about["columns"][name]
        if "crs" not in column:
            return name, WGS84
        if column["crs"] is None:
            return name, None
        crs = CRS.from_json_dict(column["crs"])
    except (KeyError, TypeError, ValueError, AttributeError) as exc:
        raise _damaged(file) from exc
    except ProjCrsError as exc:
        raise CrsError(say("Koordinatsystemet i {file} går inte att läsa.", file=file)) from exc
    return name, system_of_wkt(crs.to_wkt(), file=file)
