"""One file of fixes → its visits."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

from geo.coverage.engine.compiling import Form, engine
from geo.coverage.engine.index import PlaceIndex
from geo.coverage.engine.sources import SOURCES
from geo.coverage.engine.visits import By, Rules, Visits, visits_of
from geo.errors import SettingError
from geo.store.fixes import Partition
from geo.wording import say

_MOMENT: Final = pa.timestamp("us", tz="UTC")

VISITS: Final = pa.schema(
    [
        pa.field("track_id", pa.string(), nullable=False),
        pa.field("location_id", pa.string(), nullable=False),
        pa.field("start_at", _MOMENT, nullable=False),
        pa.field("end_at", _MOMENT, nullable=False),
        pa.field("fix_count", pa.int64(), nullable=False),
        pa.field("is_silent", pa.bool_(), nullable=False),
        pa.field("is_too_fast", pa.bool_(), nullable=False),
    ]
)
"""As ``geo.coverage.engine.visits.Found``; ids are text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of every partition.

    Attributes
    ----------
    by, rules
        As for ``find_visits``.
    engine
        The sources of the one who asks: who answers must have the same.
    """

    by: By = "fixes"
    rules: Rules = field(default_factory=Rules)
    engine: str = SOURCES


def partition_visits(path: Path, index: PlaceIndex, question: Question) -> Any:
    """Find the visits of one partition, a row group in memory at a time.

    Returns
    -------
    Table
        Of the schema ``VISITS``, in order of track (as in the file), start, place.

    Raises
    ------
    FileError
        Where the file is damaged or no partition of fixes.
    SettingError
        Where this machine has another engine than the one who asks.
    """
    if question.engine != SOURCES:
        raise SettingError(
            say("En arbetare har en annan version av programmet; installera samma på alla.")
        )
    partition = Partition(path)
    track_ids = pa.array([str(one) for one in partition.track_ids], type=pa.string())
    place_ids = pa.array([str(one) for one in index.place_ids], type=pa.string())
    found = []
    for tracks, first_track in partition:
        visits = visits_of(
            tracks, index, by=question.by, rules=question.rules, threads=1, form=_form()
        )
        found.append(_table(visits, track_ids.slice(first_track), place_ids))
    return pa.concat_tables(found) if found else VISITS.empty_table()


def _table(visits: Visits, track_ids: Any, place_ids: Any) -> Any:
    columns = [
        track_ids.take(pa.array(visits.track)),
        place_ids.take(pa.array(visits.place)),
        pa.array(visits.start_us).cast(_MOMENT),
        pa.array(visits.end_us).cast(_MOMENT),
        pa.array(visits.fix_count.astype(np.int64)),
        pa.array(visits.is_silent),
        pa.array(visits.is_too_fast),
    ]
    return pa.Table.from_arrays(columns, schema=VISITS)


@cache
def _form() -> Form:
    """Wait for the compiled form, since nobody watches a page; numpy where it cannot be had."""
    try:
        engine("compiled")
    except RuntimeError:
        return "numpy"
    return "compiled"
