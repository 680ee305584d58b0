"""Fixes stored as Parquet → visits, 200 places, on two threads; time for 10⁹ of them.

A folder of partitions is written, each with other tracks, and read again as often as it takes to
have the asked number of fixes: the disk is not filled.  What the partitions give is compared with
what the same tracks in memory give before any time is printed.
Run as ``python -m bench.fixes_from_parquet`` from the repository's folder.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from bench._engine import MAX_GAP_S, Size, size
from bench._patrols import make_patrols
from bench._table import Figure, report, tell
from geo.coverage.engine.index import PlaceIndex, index_places
from geo.coverage.engine.tracks import Tracks
from geo.coverage.engine.visits import Rules, visits_of
from geo.errors import GeoError
from geo.services.batch.partition import Question, partition_visits
from geo.services.batch.workers import in_threads
from geo.store.fixes import write_fixes

QUICK, FULL = Size(2_000_000, 200, 3), Size(1_000_000_000, 200, 1)
PARTITIONS = 4
MOST_ON_DISK = 40_000_000
GOAL_FIXES, GOAL_S = 1_000_000_000, 8.0
QUESTION = Question(rules=Rules(max_gap_s=MAX_GAP_S))


def main() -> None:
    """Compare, then time, then write."""
    wanted = size(QUICK, FULL)
    each = min(wanted.fixes, MOST_ON_DISK) // PARTITIONS
    with tempfile.TemporaryDirectory() as folder:
        index, paths, on_disk = _write(Path(folder), each, wanted.places)
        bytes_a_fix = sum(path.stat().st_size for path in paths) / on_disk
        rounds = max(1, round(wanted.fixes / on_disk))
        work = in_threads(2)
        times, cpu = [], []
        for number in range(wanted.rounds):
            begun, cpu_begun = time.perf_counter(), time.process_time()
            for _ in range(rounds):
                for _path, answer in work(paths, index, QUESTION):
                    assert not isinstance(answer, GeoError), answer
            times.append(time.perf_counter() - begun)
            cpu.append(time.process_time() - cpu_begun)
            tell(f"round {number + 1}: {times[-1]:.3f} s for {rounds * on_disk} fixes")
    fixes = rounds * on_disk
    median_s = float(np.median(times))
    name = f"{fixes:,} fixes from Parquet × {wanted.places} places, 2 threads".replace(",", " ")
    scaled_s = median_s * GOAL_FIXES / fixes
    cpu_s = float(np.median(cpu)) * GOAL_FIXES / fixes
    figures = [
        Figure(name, median_s, "s"),
        Figure("at that pace, 1 000 000 000 fixes", scaled_s, "s", target=GOAL_S),
        Figure("of it, processor time on each of two cores", cpu_s / 2, "s"),
    ]
    report(
        "fixes_from_parquet",
        figures,
        more={
            "fixes": fixes,
            "fixes_on_disk": on_disk,
            "bytes_a_fix": round(bytes_a_fix, 3),
            "ns_a_fix": round(median_s / fixes * 1e9, 2),
            "cpu_ns_a_fix": round(float(np.median(cpu)) / fixes * 1e9, 2),
            "times_s": [round(one, 4) for one in times],
        },
    )


def _write(folder: Path, each: int, places: int) -> tuple[PlaceIndex, list[Path], int]:
    """Write the partitions, and hold the visits of each to those of its tracks in memory."""
    patrols = make_patrols(fixes=each, places=places)
    index = index_places(patrols.places)
    paths, on_disk = [], 0
    for number in range(PARTITIONS):
        # The same patrols some metres on: other fixes, other visits.
        tracks = _shifted(patrols.tracks, number * 100)
        path = folder / f"part-{number}.parquet"
        write_fixes(path, tracks, pd.RangeIndex(len(tracks.first) - 1))
        visits = visits_of(tracks, index, rules=QUESTION.rules, threads=2, form="compiled")
        found = partition_visits(path, index, QUESTION)
        for column, expected in (
            ("track_id", visits.track.astype(str)),
            ("location_id", index.place_ids.take(visits.place).to_numpy(dtype=str)),
            ("start_at", visits.start_us),
            ("end_at", visits.end_us),
            ("fix_count", visits.fix_count),
        ):
            given = found.column(column).to_numpy()
            if given.dtype.kind == "M":
                given = given.astype("datetime64[us]").astype(np.int64)
            np.testing.assert_array_equal(given.astype(expected.dtype), expected, err_msg=column)
        tell(f"{len(tracks)} fixes written, {found.num_rows} visits, the same as from memory")
        paths.append(path)
        on_disk += len(tracks)
    return index, paths, on_disk


def _shifted(tracks: Tracks, units: int) -> Tracks:
    lon = tracks.lon + np.int32(units)
    return Tracks(lon, tracks.lat, tracks.at, tracks.first, tracks.origin_us, tracks.tick_us)


if __name__ == "__main__":
    main()
