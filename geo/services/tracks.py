"""The tracks there are, wherever they are kept: some as records, very many in a folder of fixes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from geo.coverage.cells import Bools
from geo.coverage.engine.tracks import Tracks, tracks_of
from geo.model.visit import Track
from geo.store.fixes import SUFFIX, Partition, read_fixes

_STATE_BYTES: Final = 4
_KIND_ENDS: Final = "/"


def partitions_of(folder: Path) -> tuple[tuple[Path, str], ...]:
    """List the partitions of a folder, in order of name; none where there is no folder.

    Returns
    -------
    tuple
        Each with a text that is another one when its file has been written anew.
    """
    found = []
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        try:
            about = path.stat()
        except FileNotFoundError:
            continue  # Undone while we looked.
        found.append((path, f"{path.name} {about.st_size} {about.st_mtime_ns}"))
    return tuple(found)


def folder_state(partitions: Sequence[tuple[Path, str]]) -> str:
    """Name what a folder holds, in eight hexadecimal digits; empty where it holds nothing."""
    if not partitions:
        return ""
    listed = "\n".join(state for _, state in partitions)
    return hashlib.blake2b(listed.encode(), digest_size=_STATE_BYTES).hexdigest()


def kinds_in(partition: Path) -> frozenset[str]:
    """Name the kinds of patrol whose tracks a partition has; its fixes are not read.

    Raises
    ------
    FileError
        Where it is damaged.
    """
    return frozenset(_kind(one) for one in Partition(partition).track_ids)


def tracks_in(partition: Path, kinds: Sequence[str] = ()) -> Tracks:
    """Read the tracks of some kinds of patrol, of all if none are named.

    Raises
    ------
    FileError
        Where the partition is damaged.
    """
    tracks, ids = read_fixes(partition)
    if not kinds:
        return tracks
    kept: Bools = np.array([_kind(one) in kinds for one in ids], dtype=bool)
    return tracks if kept.all() else tracks.only(kept)


def tracks_in_records(records: Sequence[Track]) -> Tracks:
    """Give the fixes of records, whose own come in any order, as columns."""
    fixes = [(t.track_id, fix.at, fix.lon, fix.lat) for t in records for fix in t.fixes]
    frame = pd.DataFrame(fixes, columns=["track_id", "at", "lon", "lat"])
    frame["at"] = pd.to_datetime(frame["at"], utc=True).dt.as_unit("us")
    return tracks_of(frame)[0]


def _kind(track_id: object) -> str:
    """Read the kind of patrol in a track's name; empty where another program named it."""
    return str(track_id).partition(_KIND_ENDS)[0] if _KIND_ENDS in str(track_id) else ""
