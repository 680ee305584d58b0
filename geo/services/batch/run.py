"""A folder of fixes and a file of places → a file of visits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import pyarrow as pa

from geo.coverage.engine.index import index_places
from geo.coverage.table import coverage_table
from geo.errors import DataError, FileError, GeoError, SettingError
from geo.importers.door import read_import
from geo.model.location import Location
from geo.model.period import Period
from geo.services.batch.folder import look_into
from geo.services.batch.partition import Question
from geo.services.batch.parts import Parts
from geo.services.batch.result import (
    OUT_SUFFIXES,
    BatchResult,
    LeftOut,
    days_path,
    write_table,
)
from geo.services.batch.workers import Work
from geo.services.faults import fault_messages
from geo.services.frames import designations_of, places_of
from geo.wording import say

Progress = Callable[[int, int | None], None]


def coverage_batch(
    fixes: Path,
    locations: Path,
    out: Path,
    *,
    work: Work,
    now: datetime,
    question: Question | None = None,
    period: Period | None = None,
    progress: Progress = lambda _done, _total: None,
) -> BatchResult:
    """Find the visits of all partitions in a folder.

    Parameters
    ----------
    fixes
        The folder; partitions end in ``.parquet`` and may lie in folders of it.
    locations
        A file of places, as it could be imported.
    out
        ``.parquet`` or ``.csv``: visits as ``partition.VISITS``, files in order of their names.
        With a period also ``…-days``, the coverage table of its days.
    work
        Where the work is done; the result does not depend on it.
    now
        The present, aware.
    question
        What a visit is.
    period
        Days for the coverage table; visits are found whatever their day.
    progress
        Told how many partitions are done, and of how many.

    Returns
    -------
    BatchResult
        Counts, and a sentence for everything that was left out.

    Raises
    ------
    DataError
        Where no place or no file of fixes can be used, or `out` is of another kind.
    """
    question = question or Question()
    if out.suffix.lower() not in OUT_SUFFIXES:
        raise DataError(say("Resultatet {file} ska sluta på .parquet eller .csv.", file=out.name))
    records, rows_left_out = _read_locations(locations, now)
    places = places_of(records)
    index = index_places(places)
    folder = look_into(fixes)
    parts = Parts(out, places, question)
    waiting = {one.path: one for one in folder.seen if not parts.is_done(one.digest)}
    reused = len(folder.seen) - len(waiting)
    progress(reused, len(folder.seen))
    failed: dict[str, LeftOut] = {}
    for number, (path, answer) in enumerate(work(list(waiting), index, question), start=reused + 1):
        one = waiting[path]
        if isinstance(answer, SettingError):
            raise answer
        if isinstance(answer, GeoError):
            failed[one.name] = LeftOut(one.name, answer.message)
        else:
            parts.keep(one.digest, answer)
        progress(number, len(folder.seen))
    used = [one for one in folder.seen if one.name not in failed]
    files_left_out = (*folder.left_out, *(failed[name] for name in sorted(failed)))
    if not used:
        raise _nothing_to_use(fixes.name, files_left_out)
    visits = pa.concat_tables([parts.read(one.digest) for one in used])
    if period is not None:
        write_table(days_path(out), _day_table(records, visits, period))
    write_table(out, visits)
    if not failed and not folder.failed:
        parts.remove()
    return BatchResult(
        partitions=len(folder.seen) + folder.doubles + folder.failed,
        used=len(used),
        doubles=folder.doubles,
        failed=folder.failed + len(failed),
        reused=reused,
        tracks=sum(one.tracks for one in used),
        fixes=sum(one.fixes for one in used),
        visits=len(visits),
        locations=len(index.place_ids),
        left_out=(
            *rows_left_out,
            *(LeftOut(locations.name, said) for said in fault_messages(index.faults)),
            *files_left_out,
        ),
    )


def _nothing_to_use(folder: str, left_out: Sequence[LeftOut]) -> FileError:
    if not left_out:
        return FileError(say("Mappen {folder} har inga GPS-punkter (.parquet).", folder=folder))
    return FileError(
        say(
            "Ingen fil i {folder} går att använda. {file}: {reason}",
            folder=folder,
            file=left_out[0].file,
            reason=left_out[0].reason,
        )
    )


def _read_locations(file: Path, now: datetime) -> tuple[list[Location], list[LeftOut]]:
    found = read_import("locations", file, now=now)
    records = [cast(Location, parsed.record) for parsed in found.parsed]
    if not records:
        raise DataError(say("Ingen plats i {file} går att använda.", file=file.name))
    left_out = [
        LeftOut(
            file.name,
            one.reason
            if one.line is None
            else say("Rad {line}: {reason}", line=one.line, reason=one.reason),
        )
        for one in found.rejected
    ]
    return records, left_out


def _day_table(records: Sequence[Location], visits: Any, period: Period) -> Any:
    """Count the days of a period; how many officers there were, no fix can tell."""
    presence = visits.select(["location_id", "start_at", "end_at"]).to_pandas()
    days = coverage_table(
        designations_of(records), presence.assign(officers=1), period=period, by="day"
    )
    return pa.Table.from_pandas(days.drop(columns="officer_min"), preserve_index=False)
