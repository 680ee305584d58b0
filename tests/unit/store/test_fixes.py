"""Partitions of fixes: what is written is read, and what rotted is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.coverage.engine.tracks import Tracks
from geo.errors import FileError
from geo.store import fixes as store
from geo.store import whole as whole_file
from geo.store.fixes import Partition, read_fixes, write_fixes

WORLD = np.array([1_800_000_000, 900_000_000])
ids = st.lists(
    st.one_of(st.text(max_size=4), st.integers(-(2**63), 2**63 - 1)), unique=True, max_size=6
)
in_one_folder = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def drawn(seed: int, tracks: int, *, tick_us: int = 1_000_000, long: bool = False) -> Tracks:
    """Tracks of no to six fixes anywhere on earth, moments in order within each."""
    rng = np.random.default_rng(seed)
    first = np.r_[0, np.cumsum(rng.integers(0, 7, tracks))].astype(np.int64)
    lon, lat = (rng.integers(-most, most + 1, first[-1]).astype(np.int32) for most in WORLD)
    at = np.sort(rng.integers(0, 2**61 // tick_us if long else 10**6, first[-1]))
    return Tracks(
        lon, lat, at if long else at.astype(np.int32), first, int(rng.integers(0, 2**50)), tick_us
    )


def moments(tracks: Tracks) -> list[int]:
    return tracks.at_us(np.arange(len(tracks))).tolist()


def content(tracks: Tracks, track_ids: pd.Index) -> tuple[list[object], ...]:
    columns = (tracks.lon, tracks.lat, tracks.first)
    return (*(column.tolist() for column in columns), moments(tracks), track_ids.tolist())


@settings(in_one_folder, max_examples=60)
@given(
    seed=st.integers(0, 2**32 - 1),
    ids=ids,
    tick_us=st.sampled_from([1, 10, 1_000, 250_000, 1_000_000, 60_000_000]),
    long=st.booleans(),
    group=st.integers(1, 12),
)
def test_what_is_written_is_read(tmp_path, *, seed, ids, tick_us, long, group):
    tracks = drawn(seed, len(ids), tick_us=tick_us, long=long)
    track_ids = pd.Index(ids, dtype=object)
    path = tmp_path / "a.parquet"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "ROW_GROUP_FIXES", group)
        write_fixes(path, tracks, track_ids)

    back, back_ids = read_fixes(path)

    assert content(back, back_ids) == content(tracks, track_ids)
    assert back.lon.dtype == back.lat.dtype == np.int32
    partition = Partition(path)
    assert len(partition) == len(tracks)
    groups = list(partition)
    for part, first_track in groups:
        mine = slice(first_track, first_track + len(part.first) - 1)
        assert np.diff(part.first).tolist() == np.diff(tracks.first)[mine].tolist()
        # Whole tracks, and no more of them than fit, unless one alone is longer.
        assert len(part) <= group or (np.diff(part.first) > 0).sum() == 1
    assert sum(len(part) for part, _ in groups) == len(tracks)
    assert [path] == list(tmp_path.iterdir())


def test_whole_seconds_are_kept_in_four_bytes_whatever_they_came_in(tmp_path):
    seconds = drawn(1, 5)
    in_us = replace(seconds, at=seconds.at.astype(np.int64) * 1_000_000, tick_us=1)

    write_fixes(tmp_path / "a.parquet", in_us, pd.RangeIndex(5))

    back, _ = read_fixes(tmp_path / "a.parquet")
    assert (back.at.dtype, back.tick_us) == (np.int32, 1_000_000)
    assert moments(back) == moments(seconds)


def test_columns_are_steps_and_not_dictionaries(tmp_path):
    tracks = drawn(2, 50)
    write_fixes(tmp_path / "a.parquet", tracks, pd.RangeIndex(50))
    columns = pq.ParquetFile(tmp_path / "a.parquet").metadata.row_group(0)
    told = [columns.column(number) for number in range(3)]
    assert [each.path_in_schema for each in told] == ["lon", "lat", "at"]
    assert all("DELTA_BINARY_PACKED" in each.encodings for each in told)
    assert told[2].compression == "ZSTD"


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    path = tmp_path_factory.mktemp("whole") / "whole.parquet"
    tracks, track_ids = drawn(3, 40), pd.Index([f"pass-{number}" for number in range(40)])
    write_fixes(path, tracks, track_ids)
    return path.read_bytes(), content(tracks, track_ids)


@settings(in_one_folder, max_examples=300)
@given(share=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_a_file_with_one_bit_turned_is_refused_or_means_the_same(tmp_path, whole, share, bit):
    raw, meant = whole
    rotten = bytearray(raw)
    rotten[int(share * len(raw))] ^= 1 << bit
    path = tmp_path / "rotten.parquet"
    path.write_bytes(rotten)
    try:
        found = content(*read_fixes(path))
    except FileError as exc:
        found = str(exc)
    assert found == meant or "rotten.parquet" in found


@settings(in_one_folder, max_examples=30)
@given(share=st.floats(0, 1, exclude_max=True))
def test_a_file_cut_off_is_refused(tmp_path, whole, share):
    raw, _ = whole
    path = tmp_path / "cut.parquet"
    path.write_bytes(raw[: int(share * len(raw))])
    with pytest.raises(FileError, match=r"cut\.parquet är skadad"):
        read_fixes(path)


def test_a_column_whose_name_rotted_is_refused(tmp_path, whole):
    raw, _ = whole
    path = tmp_path / "rotten.parquet"
    footer = len(raw) - 8 - int.from_bytes(raw[-8:-4], "little")
    place = raw.index(b"lon", footer)
    path.write_bytes(raw[:place] + b"\xec" + raw[place + 1 :])
    with pytest.raises(FileError, match=r"rotten\.parquet är skadad"):
        read_fixes(path)


def test_files_of_others_are_named(tmp_path):
    path = tmp_path / "other.parquet"
    pq.write_table(pa.table({"lon": [1], "lat": [2], "at": [3]}), path)
    with pytest.raises(FileError, match=r"other\.parquet innehåller inte sparade GPS-punkter"):
        read_fixes(path)
    with pytest.raises(FileError, match=r"none\.parquet finns inte"):
        read_fixes(tmp_path / "none.parquet")
    with pytest.raises(FileError, match="skadad eller går inte att läsa"):
        read_fixes(tmp_path)


def test_a_file_that_cuts_a_track_is_refused(tmp_path):
    tracks = Tracks(*(np.arange(6, dtype=np.int32) for _ in range(3)), np.array([0, 4, 6]))
    path = tmp_path / "a.parquet"
    write_fixes(path, tracks, pd.Index(["a", "b"]))
    old = pq.ParquetFile(path)
    table = old.read()
    with pq.ParquetWriter(path, table.schema, store_schema=False) as writer:
        writer.add_key_value_metadata(old.metadata.metadata)
        writer.write_table(table, row_group_size=3)
    with pytest.raises(FileError, match="skadad"):
        read_fixes(path)


def test_a_write_that_fails_leaves_what_stood_there(tmp_path, monkeypatch):
    path = tmp_path / "a.parquet"
    before = drawn(4, 3)
    write_fixes(path, before, pd.RangeIndex(3))

    def no_space(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(whole_file.os, "fsync", no_space)
    with pytest.raises(OSError, match="No space"):
        write_fixes(path, drawn(5, 8), pd.RangeIndex(8))

    assert moments(read_fixes(path)[0]) == moments(before)
    assert [path] == list(tmp_path.iterdir())


def test_ids_must_fit_their_tracks(tmp_path):
    with pytest.raises(ValueError, match="2 ids for 3 tracks"):
        write_fixes(Path(tmp_path / "a"), drawn(6, 3), pd.Index(["a", "b"]))
    with pytest.raises(TypeError, match="not float"):
        write_fixes(Path(tmp_path / "a"), drawn(6, 1), pd.Index([1.5]))
    assert not list(tmp_path.iterdir())


def test_the_digest_tells_contents_apart(tmp_path):
    tracks, track_ids = drawn(7, 9), pd.RangeIndex(9)
    moved = replace(tracks, lon=tracks.lon + np.int32(1))
    others = [
        (tracks, track_ids + 1),
        (moved, track_ids),
        (replace(tracks, origin_us=1), track_ids),
    ]
    found = []
    for number, (one, one_ids) in enumerate([(tracks, track_ids), *others, (tracks, track_ids)]):
        write_fixes(tmp_path / f"{number}.parquet", one, one_ids)
        found.append(Partition(tmp_path / f"{number}.parquet").digest)
    assert found[0] == found[-1]
    assert len(set(found)) == 4
