"""What a run did, and how it is written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from geo.formula import guarded
from geo.store.whole import written_whole
from geo.wording import Message

OUT_SUFFIXES: Final = (".parquet", ".csv")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file, or something in one, that is not in the result as it was meant, and why."""

    file: str
    reason: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchResult:
    """What a run did.

    Attributes
    ----------
    partitions
        Files of fixes found; each is in exactly one of `used`, `doubles` and `failed`.
    used, doubles, failed
        In the result; the same content as an earlier file; not readable.
    reused
        How many of the used ones an earlier run had done.
    tracks, fixes
        In the used files.
    visits
        Rows of the result.
    locations
        Places asked about.
    left_out
        Everything that could not be used as it was meant.
    """

    partitions: int
    used: int
    doubles: int
    failed: int
    reused: int
    tracks: int
    fixes: int
    visits: int
    locations: int
    left_out: tuple[LeftOut, ...]


def days_path(out: Path) -> Path:
    """Say where the coverage table of days goes."""
    return out.with_name(f"{out.stem}-days{out.suffix}")


def write_table(out: Path, table: Any) -> None:
    """Write a table as the name says, whole or not at all."""
    with written_whole(out) as file:
        if out.suffix.lower() == ".csv":
            pa_csv.write_csv(_guarded(table), file)
        else:
            pq.write_table(table, file, compression="zstd", write_page_checksum=True)


def _guarded(table: Any) -> Any:
    """Make text safe to open in a spreadsheet: ids come from files of others."""
    for number, column in enumerate(table.schema):
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            known = table.column(number).combine_chunks().dictionary_encode()
            safe = pa.array([guarded(one) for one in known.dictionary.to_pylist()], column.type)
            table = table.set_column(number, column, safe.take(known.indices))
    return table
