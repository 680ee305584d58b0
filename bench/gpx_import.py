"""GPX → a partition of fixes on disk; beside gpxpy reading the same file.

Ours is the whole import: hash, reading, putting in order, writing, safe on disk.  gpxpy only reads.
All positions and times are compared before any time is printed.
Run as ``python -m bench.gpx_import`` from the repository's folder.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import gpxpy
import numpy as np

from bench._patrols import make_patrols
from bench._sizes import sized
from bench._table import Figure, report, tell
from geo.coverage.engine.tracks import Tracks
from geo.services.fixes import FixReceipt, import_fixes
from geo.store.fixes import read_fixes

QUICK, FULL = 50_000, 1_000_000
TARGET_S = 8.0
"""For a million points."""
_NOW = datetime(2026, 1, 1, tzinfo=UTC)


def write_gpx(path: Path, tracks: Tracks) -> None:
    """Write tracks as a receiver does: a segment each, with height and time.

    Parameters
    ----------
    path
        Where to.
    tracks
        What to write.
    """
    moments = (tracks.origin_us + tracks.at.astype(np.int64) * tracks.tick_us).astype("M8[us]")
    written = np.datetime_as_string(moments, unit="s")
    with path.open("w", encoding="utf-8") as file:
        file.write(
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            '<gpx version="1.1" creator="bench" xmlns="http://www.topografix.com/GPX/1/1">\n<trk>\n'
        )
        for begin, end in zip(tracks.first[:-1], tracks.first[1:], strict=True):
            file.write("<trkseg>\n")
            for at in range(begin, end):
                file.write(
                    f'<trkpt lat="{tracks.lat[at] / 1e7:.7f}" lon="{tracks.lon[at] / 1e7:.7f}">'
                    f"<ele>{80 + at % 9}.5</ele><time>{written[at]}Z</time></trkpt>\n"
                )
            file.write("</trkseg>\n")
        file.write("</trk>\n</gpx>\n")


def imported(path: Path, folder: Path) -> FixReceipt:
    """Import the file into an empty folder.

    Parameters
    ----------
    path
        The file.
    folder
        Where partitions go; emptied first.
    """
    for old in folder.glob("*"):
        old.unlink()
    return import_fixes(path, folder, kind="bil", now=_NOW, max_bytes=10**10)


def usual(path: Path) -> list[tuple[int, int, int]]:
    """Read the file the usual way: seconds, longitude, latitude of every point.

    Parameters
    ----------
    path
        The file.
    """
    with path.open(encoding="utf-8") as stream:
        found = gpxpy.parse(stream)
    return [
        (int(point.time.timestamp()), round(point.longitude * 1e7), round(point.latitude * 1e7))
        for track in found.tracks
        for segment in track.segments
        for point in segment.points
    ]


def main() -> None:
    """Compare, then time, then write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fixes", type=int, default=sized(quick=QUICK, full=FULL))
    parser.add_argument("--rounds", type=int, default=sized(quick=2, full=3))
    wanted = parser.parse_args()
    # gpxpy keeps 2 kB a point: a tenth of a large file is enough to know how fast it is.
    peer_fixes = min(wanted.fixes, 100_000)
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        source, small, folder = place / "a.gpx", place / "b.gpx", place / "fixes"
        folder.mkdir()
        tracks = make_patrols(fixes=wanted.fixes, places=20).tracks
        write_gpx(source, tracks)
        write_gpx(small, make_patrols(fixes=peer_fixes, places=20).tracks)
        tell(f"{len(tracks)} points, {source.stat().st_size / 1e6:.0f} MB")

        receipt = imported(source, folder)
        stored, _ = read_fixes(folder / f"{receipt.import_id}.parquet")
        everything = np.arange(len(tracks))
        assert receipt.accepted == len(tracks) == len(stored)
        assert not receipt.left_out
        np.testing.assert_array_equal(stored.first, tracks.first)
        np.testing.assert_array_equal(stored.lon, tracks.lon)
        np.testing.assert_array_equal(stored.lat, tracks.lat)
        np.testing.assert_array_equal(stored.at_us(everything), tracks.at_us(everything))
        bytes_a_fix = (folder / f"{receipt.import_id}.parquet").stat().st_size / len(stored)

        receipt = imported(small, folder)
        stored, _ = read_fixes(folder / f"{receipt.import_id}.parquet")
        seconds = stored.at_us(np.arange(len(stored))) // 1_000_000
        ours = list(zip(seconds.tolist(), stored.lon.tolist(), stored.lat.tolist(), strict=True))
        assert ours == usual(small)
        tell(f"{len(stored)} points, the same as gpxpy reads")

        wall: dict[str, list[float]] = {"ours": [], "gpxpy": []}
        cpu: dict[str, list[float]] = {"ours": [], "gpxpy": []}
        for number in range(wanted.rounds):
            for way, work in {
                "ours": lambda: imported(source, folder),
                "gpxpy": lambda: usual(small),
            }.items():
                begun, cpu_begun = time.perf_counter(), time.process_time()
                work()
                wall[way].append(time.perf_counter() - begun)
                cpu[way].append(time.process_time() - cpu_begun)
            tell(f"round {number + 1}: {wall['ours'][-1]:.2f} s, gpxpy {wall['gpxpy'][-1]:.2f} s")
    ours_s = statistics.median(wall["ours"])
    peer_s = statistics.median(wall["gpxpy"]) * len(tracks) / len(stored)
    many = f"{len(tracks):,}".replace(",", " ")
    target = TARGET_S * len(tracks) / 1_000_000
    report(
        "gpx_import",
        [Figure(f"GPX → partition, {many} points", ours_s, "s", target=target, peer=peer_s)],
        more={
            "points": len(tracks),
            "peer_points": len(stored),
            "bytes_a_fix": round(bytes_a_fix, 2),
            "wall_s": wall,
            "cpu_s": cpu,
        },
    )


if __name__ == "__main__":
    main()
