"""GPS fixes in and out of their folder: import, undo, disposal by age.

One import is one partition, named by the hash of what was imported.  So the same file again is
recognised, an import is there whole or not at all, and undoing it is removing one file.  A
track is called by its kind of patrol, its import and a number; no text of the file is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from geo.coverage.cells import Bools, Ints
from geo.coverage.engine.tracks import Tracks, in_order
from geo.errors import DataError, FileError, NotFoundError
from geo.importers.fixes.batch import FixBatch, Noted, Tally
from geo.importers.fixes.door import FixFile, fix_batches, open_fixes
from geo.importers.rows import Progress
from geo.model.time import SECOND_US, to_us
from geo.services.importing import shown_name
from geo.store.fixes import SUFFIX, alone_in, read_fixes, write_fixes
from geo.wording import Message, say

_ID_CHARS: Final = 16
_IMPORT_ID: Final = re.compile(rf"[0-9a-f]{{{_ID_CHARS}}}")
_UNFINISHED: Final = ".*.part"
_LEFT_BEHIND: Final = timedelta(days=1)
"""An unfinished file older than this is nobody's: whoever wrote it was stopped."""


@dataclass(frozen=True, slots=True)
class FixReceipt:
    """What importing one file did, or would do.

    Attributes
    ----------
    file
        What the user calls it.
    import_id
        Names the import; None where nothing is, or would be, stored.
    accepted, tracks
        How many fixes and tracks are stored.
    one_fix_tracks, same_moment
        Tracks of a single fix among them, and fixes read at the moment of another of their track.
    duplicates
        Fixes already there, because the same file was imported before.
    left_out, seen
        What was not read, and what to look at again, by reason, with the first lines.
    refused
        Why the file as a whole was not read.
    """

    file: str
    import_id: str | None = None
    accepted: int = 0
    tracks: int = 0
    one_fix_tracks: int = 0
    same_moment: int = 0
    duplicates: int = 0
    left_out: tuple[Noted, ...] = ()
    seen: tuple[Noted, ...] = ()
    refused: Message | None = None

    @property
    def exit_code(self) -> int:
        """0 all accepted (also where it was there already), 1 some left out, 2 nothing usable."""
        if not self.accepted and not self.duplicates:
            return 2
        return 1 if self.left_out else 0


def import_fixes(
    path: Path,
    folder: Path,
    *,
    kind: str,
    now: datetime,
    max_bytes: int,
    keep_days: int | None = None,
    crs: str | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> FixReceipt:
    """Read a file of fixes and store them as one partition, whole tracks in order of time.

    Parameters
    ----------
    path
        A GPX, CSV or GeoParquet file.
    folder
        Where partitions are; made where it is missing.
    kind
        The kind of patrol, part of the name of each track.
    now
        The present, aware; fixes after it are left out.
    max_bytes
        Larger files are refused before they are read.
    keep_days
        Tracks that would be disposed of at once are left out; None keeps all.
    crs
        The coordinate system, where the file does not say.
    dry_run
        Store nothing.
    progress
        Told how much is read, and of how much where that is known.

    Returns
    -------
    FixReceipt
        Also where nothing could be read at all: then it says why.
    """
    file = shown_name(path.name or str(path))
    try:
        source = open_fixes(path, file=file, max_bytes=max_bytes)
        import_id = source.sha256[:_ID_CHARS]
        partition = folder / f"{import_id}{SUFFIX}"
        if partition.exists():
            there, _ = read_fixes(partition)
            return FixReceipt(file, import_id, duplicates=len(there))
        return _import(
            source,
            partition,
            kind=kind,
            now=now,
            keep_days=keep_days,
            crs=crs,
            dry_run=dry_run,
            progress=progress,
        )
    except DataError as exc:
        return FixReceipt(file, refused=exc.message)


def _import(
    source: FixFile,
    partition: Path,
    *,
    kind: str,
    now: datetime,
    keep_days: int | None,
    crs: str | None,
    dry_run: bool,
    progress: Progress | None,
) -> FixReceipt:
    tally = Tally()
    batches = list(fix_batches(source, now=now, tally=tally, crs=crs, progress=progress))
    tracks, numbers, backwards, same_moment = _in_order(batches)
    tally.note("out_of_order", (), backwards)
    if keep_days is not None:
        old = _is_old(tracks, now=now, keep_days=keep_days)
        tally.note("too_old", (), int(np.diff(tracks.first)[old].sum()))
        tracks, numbers = tracks.only(~old), numbers[~old]
    receipt = FixReceipt(
        file=source.file,
        accepted=len(tracks),
        tracks=len(numbers),
        one_fix_tracks=int((np.diff(tracks.first) == 1).sum()),
        same_moment=same_moment,
        left_out=tally.left_out(),
        seen=tally.seen(),
    )
    if not len(tracks):
        nothing = say("Filen {file} har inga punkter som går att använda.", file=source.file)
        return replace(receipt, refused=None if receipt.left_out else nothing)
    if dry_run:
        return receipt
    import_id = partition.stem
    partition.parent.mkdir(parents=True, exist_ok=True)
    write_fixes(partition, tracks, pd.Index([f"{kind}/{import_id}-{n + 1}" for n in numbers]))
    return replace(receipt, import_id=import_id)


def _in_order(batches: list[FixBatch]) -> tuple[Tracks, Ints, int, int]:
    """Put a file's batches together; with each track's number and what `in_order` counts."""
    if not batches:
        batches = [FixBatch(*(np.zeros(0, dtype) for dtype in ("i8", "i8", "i4", "i4")))]
    track, at_s, lon, lat = (
        np.concatenate([getattr(batch, name) for batch in batches])
        for name in ("track", "at_s", "lon", "lat")
    )
    batches.clear()  # half of the memory
    numbers, own = np.unique(track, return_inverse=True)
    tracks, backwards, same_moment = in_order(own, at_s, lon, lat, track_count=len(numbers))
    return replace(tracks, tick_us=SECOND_US), numbers, backwards, same_moment


def _is_old(tracks: Tracks, *, now: datetime, keep_days: int) -> Bools:
    """Tell which tracks ended longer ago than they may be kept; none is empty."""
    ends_us = tracks.at_us(tracks.first[1:] - 1)
    return ends_us < to_us(now - timedelta(days=keep_days))


def undo_fixes(folder: Path, import_id: str) -> int:
    """Take back a whole import.

    Returns
    -------
    int
        How many fixes were removed.

    Raises
    ------
    NotFoundError
        Where there is no such import.
    FileError
        Where its partition is damaged; it is left where it is.
    """
    partition = folder / f"{import_id}{SUFFIX}"
    if not _IMPORT_ID.fullmatch(import_id) or not partition.exists():
        raise NotFoundError(say("Importen {import_id} finns inte.", import_id=import_id[:60]))
    with alone_in(folder):
        tracks, _ = read_fixes(partition)
        partition.unlink()
    return len(tracks)


@dataclass(frozen=True, slots=True)
class Disposal:
    """What a disposal took away, or would take.

    Attributes
    ----------
    before
        Tracks that ended before this are gone.
    tracks, fixes
        How many of them went.
    partitions, shortened
        Partitions removed whole, and those that keep some tracks, by name.
    unfinished
        Files that a stopped import left behind.
    kept
        Fixes that stay.
    damaged
        Partitions that could not be read, and so not be judged, with why.
    """

    before: datetime
    tracks: int = 0
    fixes: int = 0
    partitions: tuple[str, ...] = ()
    shortened: tuple[str, ...] = ()
    unfinished: tuple[str, ...] = ()
    kept: int = 0
    damaged: tuple[tuple[str, Message], ...] = ()


def dispose_fixes(
    folder: Path, *, now: datetime, keep_days: int, dry_run: bool = False
) -> Disposal:
    """Remove the tracks that ended longer ago than they may be kept; whole tracks only.

    Parameters
    ----------
    folder
        Where partitions are.
    now
        The present, aware.
    keep_days
        A track goes when its last fix is older than so many days of 24 hours.
    dry_run
        Remove nothing; say what would go.
    """
    # Who undoes an import meanwhile would find it written back.
    is_alone = nullcontext() if dry_run or not folder.exists() else alone_in(folder)
    with is_alone:
        return _dispose(folder, now=now, keep_days=keep_days, dry_run=dry_run)


def _dispose(folder: Path, *, now: datetime, keep_days: int, dry_run: bool) -> Disposal:
    gone = Disposal(before=now - timedelta(days=keep_days))
    for partition in sorted(folder.glob(f"*{SUFFIX}")):
        try:
            tracks, ids = read_fixes(partition)
        except FileError as exc:
            gone = replace(gone, damaged=(*gone.damaged, (partition.name, exc.message)))
            continue
        old = _is_old(tracks, now=now, keep_days=keep_days)
        kept = tracks.only(~old)
        gone = replace(
            gone,
            tracks=gone.tracks + int(old.sum()),
            fixes=gone.fixes + len(tracks) - len(kept),
            kept=gone.kept + len(kept),
        )
        if old.all():
            gone = replace(gone, partitions=(*gone.partitions, partition.name))
            if not dry_run:
                partition.unlink()
        elif old.any():
            gone = replace(gone, shortened=(*gone.shortened, partition.name))
            if not dry_run:
                write_fixes(partition, kept, ids[~old])
    unfinished = tuple(_unfinished(folder, before=now - _LEFT_BEHIND))
    if not dry_run:
        for path in unfinished:
            path.unlink(missing_ok=True)
    return replace(gone, unfinished=tuple(path.name for path in unfinished))


def _unfinished(folder: Path, *, before: datetime) -> Iterator[Path]:
    for path in sorted(folder.glob(_UNFINISHED)):
        if path.stat().st_mtime < before.timestamp():
            yield path
