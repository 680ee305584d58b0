"""All tracks there are: of records, and of a folder of partitions."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geo.coverage.engine.tracks import Tracks
from geo.errors import FileError
from geo.maps.surroundings import fallback_outline
from geo.model.visit import Fix, Track
from geo.services.ground import ground_of, joined_ground
from geo.services.tracks import (
    folder_state,
    kinds_in,
    partitions_of,
    tracks_in,
    tracks_in_records,
)
from geo.store.fixes import write_fixes

EVENING = datetime(2021, 5, 26, 18, tzinfo=UTC)


def record(number: int, *, days: int = 0) -> Track:
    begun = EVENING + timedelta(days=days)
    fixes = [
        Fix(begun + timedelta(minutes=n), 12.69 + (number + n) / 1_000, 57.507) for n in range(3)
    ]
    return Track(track_id=f"t{number}", name="t", kind="fot", fixes=tuple(reversed(fixes)))


def partition(folder: Path, name: str, *tracks: Track, ids: list[str]) -> Path:
    path = folder / f"{name}.parquet"
    write_fixes(path, tracks_in_records(tracks), pd.Index(ids))
    return path


def same(one: Tracks, other: Tracks) -> bool:
    everything = np.arange(len(one))
    return (
        len(one) == len(other)
        and np.array_equal(one.lon, other.lon)
        and np.array_equal(one.lat, other.lat)
        and np.array_equal(one.first, other.first)
        and np.array_equal(one.at_us(everything), other.at_us(everything))
    )


def test_records_and_a_partition_of_them_have_the_same_fixes_in_order_of_time(
    tmp_path: Path,
) -> None:
    records = [record(0), record(5, days=9)]
    path = partition(tmp_path, "a", *records, ids=["fot/a-1", "bil/a-2"])
    whole = tracks_in_records(records)
    assert same(tracks_in(path), whole)
    assert np.diff(whole.at_us(np.arange(3))).tolist() == [60_000_000, 60_000_000]
    assert kinds_in(path) == {"fot", "bil"}
    assert same(tracks_in(path, ["bil"]), tracks_in_records(records[1:]))
    assert len(tracks_in(path, ["mc"])) == 0


def test_tracks_another_program_named_have_no_kind(tmp_path: Path) -> None:
    path = partition(tmp_path, "a", record(0), ids=["bil"])
    assert kinds_in(path) == {""}
    assert len(tracks_in(path)) == 3
    assert len(tracks_in(path, ["bil"])) == 0


def test_a_folder_has_another_name_when_a_file_comes_goes_or_is_written_anew(
    tmp_path: Path,
) -> None:
    def state() -> str:
        return folder_state(partitions_of(tmp_path))

    assert partitions_of(tmp_path / "nowhere") == ()
    states = [state()]
    assert states == [""]
    path = partition(tmp_path, "a", record(0), ids=["fot/a-1"])
    states.append(state())
    assert state() == states[-1]
    partition(tmp_path, "b", record(1), ids=["fot/b-1"])
    states.append(state())
    os.utime(path, ns=(1, 1))
    states.append(state())
    (tmp_path / "b.parquet").unlink()
    states.append(state())
    assert len({*states}) == len(states)
    assert [name.name for name, _ in partitions_of(tmp_path)] == ["a.parquet"]


def test_a_damaged_partition_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(b"PAR1 and nothing more")
    for read in (tracks_in, kinds_in):
        with pytest.raises(FileError, match=r"a\.parquet"):
            read(path)


def test_ground_laid_in_lots_is_the_ground_of_all() -> None:
    area = fallback_outline()
    records = [record(0, days=70), record(2), record(40, days=12)]
    whole = ground_of(tracks_in_records(records), area)
    lots = [ground_of(tracks_in_records([one]), area) for one in records]
    joined = joined_ground([*lots, None])
    assert whole is not None
    assert joined is not None
    assert (joined.first_on, joined.squares.weeks) == (whole.first_on, 11)
    for name in ("row", "column", "bits"):
        assert np.array_equal(getattr(joined.squares, name), getattr(whole.squares, name))
    assert joined_ground([None]) is None
    assert joined_ground([]) is None
