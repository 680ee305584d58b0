"""Fixes on disk: one Parquet file is one *partition*, whole tracks in every row group.

Three columns of whole numbers, each kept as the steps between its values: ``lon`` and ``lat`` in
1e-7 degrees, ``at`` in ticks since an origin, compressed besides.  Whose each fix is takes no
column: the footer lists the tracks and how many fixes each has, in the order of the rows.  Pages
and footer carry checksums, so that a file that rotted is refused and not counted from.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from filelock import FileLock, Timeout

from geo.coverage.cells import Ints
from geo.coverage.engine.tracks import Ticks, Tracks
from geo.errors import FileError, StorageError
from geo.model.time import SECOND_US
from geo.store.whole import written_whole
from geo.wording import say

SUFFIX: Final = ".parquet"
ROW_GROUP_FIXES: Final = 1 << 20
"""About how many fixes a row group has: 12 MB of columns."""

_WAIT_S: Final = 10.0
_FORM: Final = b"trygg.fixes"
_VERSION: Final = b"1"
_TRACKS: Final = b"trygg.tracks"
_DIGEST: Final = b"trygg.tracks.blake2b"
_COLUMNS: Final = ("lon", "lat", "at")
_UNREADABLE: Final = (
    OSError,
    pa.ArrowException,
    ArithmeticError,
    LookupError,
    TypeError,
    ValueError,
)
"""What a damaged file makes of a reader: names that are no text, numbers beyond all bounds …"""
_TICKS_US: Final = (SECOND_US, 1_000)
# The steps of noisy coordinates are packed as tightly as they go: zstd took 1 % off them, and a
# quarter of the time of reading.
_COMPRESSION: Final = {"lon": "none", "lat": "none", "at": "zstd"}


def write_fixes(path: Path, tracks: Tracks, track_ids: pd.Index) -> None:
    """Write one partition, whole or not at all.

    Parameters
    ----------
    path
        Where; what stood there is replaced once the new file is safe on disk.
    tracks
        The fixes; moments are kept exactly, in whole seconds where all of them are.
    track_ids
        The id of each track, a text or a whole number.

    Raises
    ------
    ValueError
        Where there is not one id per track.
    TypeError
        Where an id is neither text nor a whole number.
    """
    counts = np.diff(tracks.first)
    if len(track_ids) != len(counts):
        raise ValueError(f"{len(track_ids)} ids for {len(counts)} tracks")
    at, origin_us, tick_us = _compact(tracks)
    about = {
        "ids": [_plain_id(one) for one in track_ids],
        "counts": counts.tolist(),
        "origin_us": origin_us,
        "tick_us": tick_us,
        "content": _digest(tracks.lon, tracks.lat, at),
    }
    listed = json.dumps(about, separators=(",", ":")).encode()
    footer = {_FORM: _VERSION, _TRACKS: listed, _DIGEST: _digest(listed).encode()}
    table = pa.table(
        {"lon": tracks.lon, "lat": tracks.lat, "at": at},
        schema=_schema(pa.int32() if at.dtype == np.int32 else pa.int64()),
    )
    with (
        written_whole(path) as file,
        pq.ParquetWriter(
            file,
            table.schema,
            compression=_COMPRESSION,
            use_dictionary=False,
            column_encoding=dict.fromkeys(_COLUMNS, "DELTA_BINARY_PACKED"),
            write_page_checksum=True,
            store_schema=False,
        ) as writer,
    ):
        writer.add_key_value_metadata(footer)
        for begin, end in _row_groups(tracks.first):
            writer.write_table(table.slice(begin, end - begin), row_group_size=end - begin)


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Let nobody else take away or rewrite partitions of a folder meanwhile.

    The lock is a file beside the folder; it is free again also when who held it was stopped.

    Raises
    ------
    StorageError
        Where somebody else holds it for long.
    """
    try:
        with FileLock(folder.with_name(f".{folder.name}.lock"), timeout=_WAIT_S):
            yield
    except Timeout as exc:
        raise StorageError(
            say("Någon annan tar bort GPS-punkter just nu; försök igen om en stund.")
        ) from exc


def read_fixes(path: Path) -> tuple[Tracks, pd.Index]:
    """Read a whole partition.

    Returns
    -------
    tuple
        The fixes, and the id of each track.

    Raises
    ------
    FileError
        Names the file where it is missing, damaged, or no partition of fixes.
    """
    partition = Partition(path)
    parts = [tracks for tracks, _ in partition]
    first = np.r_[0, np.cumsum(partition.counts)]
    columns = {
        name: np.concatenate([getattr(part, name) for part in parts])
        if parts
        else np.zeros(0, dtype=np.int32)
        for name in _COLUMNS
    }
    whole = Tracks(**columns, first=first, origin_us=partition.origin_us, tick_us=partition.tick_us)
    return whole, partition.track_ids


class Partition:
    """A partition on disk, opened: its tracks are known, its fixes are read when asked for.

    Iterating gives, row group by row group, the fixes and the position of their first track
    among `track_ids`: no more than one row group has to be in memory.

    Attributes
    ----------
    track_ids
        The id of each track.
    counts
        How many fixes each has.
    origin_us, tick_us
        What moments are counted from, and in; as in ``Tracks``.
    digest
        The same for the same fixes of the same tracks, and for no others.

    Raises
    ------
    FileError
        When made or iterated; names the file where it is missing, damaged, or no partition.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._file = pq.ParquetFile(path, page_checksum_verification=True)
            metadata = self._file.metadata.metadata or {}
            if metadata.get(_FORM) != _VERSION:
                raise FileError(
                    say("Filen {file} innehåller inte sparade GPS-punkter.", file=path.name)
                )
            self.digest = metadata[_DIGEST].decode("ascii")
            if self.digest != _digest(metadata[_TRACKS]):
                raise self._damaged()
            about = json.loads(metadata[_TRACKS])
            self.track_ids = pd.Index(about["ids"])
            self.counts: Ints = np.array(about["counts"], dtype=np.int64)
            self.origin_us, self.tick_us = int(about["origin_us"]), int(about["tick_us"])
            self._first_tracks = self._tracks_of_row_groups()
        except FileNotFoundError as exc:
            raise FileError(say("Filen {file} finns inte.", file=path.name)) from exc
        except _UNREADABLE as exc:
            raise self._damaged() from exc

    def __len__(self) -> int:
        """Count the fixes."""
        return int(self._file.metadata.num_rows)

    def __iter__(self) -> Iterator[tuple[Tracks, int]]:
        """Read row group by row group."""
        for number, first_track in enumerate(self._first_tracks[:-1]):
            here = slice(first_track, self._first_tracks[number + 1])
            try:
                table = self._file.read_row_group(number, columns=list(_COLUMNS), use_threads=False)
                lon, lat, at = (_as_numpy(table.column(name)) for name in _COLUMNS)
            except _UNREADABLE as exc:
                raise self._damaged() from exc
            first = np.r_[0, np.cumsum(self.counts[here])]
            yield Tracks(lon, lat, at, first, self.origin_us, self.tick_us), first_track

    def _tracks_of_row_groups(self) -> list[int]:
        """Find where each row group's tracks begin, and check that no track is cut."""
        metadata = self._file.metadata
        schema = self._file.schema_arrow
        kinds = {name: {pa.int32()} for name in ("lon", "lat")} | {"at": {pa.int32(), pa.int64()}}
        if any(name not in schema.names for name in kinds) or any(
            schema.field(name).type not in allowed for name, allowed in kinds.items()
        ):
            raise self._damaged()
        rows = [metadata.row_group(number).num_rows for number in range(metadata.num_row_groups)]
        ends, first = np.cumsum(rows, dtype=np.int64), np.r_[0, np.cumsum(self.counts)]
        whole = len(self.track_ids) == len(self.counts) and self.tick_us > 0
        whole &= bool((self.counts >= 0).all()) and first[-1] == sum(rows)
        if not whole or not np.isin(ends, first).all():
            raise self._damaged()
        # Tracks without a fix belong to the row group that ends at them; the last has the rest.
        stops = np.searchsorted(first, ends, side="right") - 1
        return [0, *stops.tolist()]

    def _damaged(self) -> FileError:
        return FileError(
            say("Filen {file} är skadad eller går inte att läsa.", file=self._path.name)
        )


def _digest(*parts: Any) -> str:
    """Give a short name for some bytes or arrays, that no others have."""
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        digest.update(part)
    return digest.hexdigest()


def _schema(at: Any) -> Any:
    fields = [pa.field(name, pa.int32(), nullable=False) for name in ("lon", "lat")]
    return pa.schema([*fields, pa.field("at", at, nullable=False)])


def _as_numpy(column: Any) -> Any:
    """Give a column's values without copying them, where Arrow has them in one piece."""
    return column.chunk(0).to_numpy() if column.num_chunks == 1 else column.to_numpy()


def _plain_id(one: object) -> str | int:
    if isinstance(one, str):
        return one
    if isinstance(one, int | np.integer) and not isinstance(one, bool):
        return int(one)
    raise TypeError(f"a track id must be text or a whole number, not {type(one).__name__}")


def _compact(tracks: Tracks) -> tuple[Ticks, int, int]:
    """Count moments from the first one, in the longest tick that keeps them exact."""
    if not len(tracks):
        return np.zeros(0, dtype=np.int32), 0, SECOND_US
    # From the earliest moment: differences are small whatever the origin was.
    at = tracks.at.astype(np.int64)
    earliest = int(at.min())
    at -= earliest
    origin_us = tracks.origin_us + earliest * tracks.tick_us
    step = int(np.gcd.reduce(at)) * tracks.tick_us
    tick_us = next((tick for tick in _TICKS_US if step % tick == 0), 1)
    at = at * tracks.tick_us // tick_us
    fits = int(at.max()) <= np.iinfo(np.int32).max
    return (at.astype(np.int32) if fits else at), origin_us, tick_us


def _row_groups(first: Ints) -> Iterator[tuple[int, int]]:
    """Cut the rows between tracks, into pieces of about ``ROW_GROUP_FIXES``."""
    begin = 0
    while begin < first[-1]:
        # The last border within reach; a longer track has a row group of its own.
        within = first[np.searchsorted(first, begin + ROW_GROUP_FIXES, side="right") - 1]
        end = int(within if within > begin else first[np.searchsorted(first, begin, "right")])
        yield begin, end
        begin = end
