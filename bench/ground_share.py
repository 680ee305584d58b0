"""Which share of a town's ground tracks came near; beside shapely (buffer, union_all).

The shares are compared before any time is printed: squares of 5 m may be a fiftieth of a
percentage point off.
Run as ``python -m bench.ground_share`` from the repository's folder.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from bench._engine import MAX_GAP_S, Size, as_json, figures, interleaved, size
from bench._patrols import EAST, NORTH, Patrols, make_patrols
from bench._table import report, tell
from geo.coverage.ground.covered import REACH_M, ground_covered, ground_share
from geo.coverage.ground.raster import raster_over
from geo.crs import METRIC, STORED, reproject

QUICK, FULL = Size(10_000, 20, 9), Size(100_000, 20, 9)
AT_LEAST = {"1 thread": 1_500.0}
MOST_OFF_POINTS = 0.02
HALF_SIDE_M = 4_000.0
# Eight edges a quarter circle are shapely's default; more make the peer slower and more exact.
_QUARTER = 32


def shapely_share(patrols: Patrols, town: shapely.Geometry) -> float:
    """Buffer every line between two fixes, and join all that."""
    tracks = patrols.tracks
    points = gpd.points_from_xy(patrols.lon_deg, patrols.lat_deg, crs=STORED).to_crs(METRIC)
    xy = shapely.get_coordinates(points)
    joined = np.diff(tracks.at_us(np.arange(len(tracks)))) <= MAX_GAP_S * 1e6
    joined[tracks.first[1:-1] - 1] = False
    lines = shapely.linestrings(np.stack([xy[:-1][joined], xy[1:][joined]], axis=1))
    alone = np.r_[True, ~joined] & np.r_[~joined, True]
    shapes = np.concatenate([lines, shapely.points(xy[alone])])
    covered = shapely.union_all(shapely.buffer(shapes, REACH_M, quad_segs=_QUARTER))
    return float(covered.intersection(town).area / town.area)


def main() -> None:
    """Compare, then time, then write."""
    wanted = size(QUICK, FULL)
    patrols = make_patrols(fixes=wanted.fixes, places=wanted.places)
    town = shapely.box(
        EAST - HALF_SIDE_M, NORTH - HALF_SIDE_M, EAST + HALF_SIDE_M, NORTH + HALF_SIDE_M
    )
    raster = raster_over(reproject(town, source=METRIC, target=STORED))
    ever = np.array([-(2**60), 2**60])

    def ours() -> float:
        found = ground_covered(
            patrols.tracks, raster, week_borders_us=ever, max_gap_s=MAX_GAP_S, form="compiled"
        )
        return ground_share(found)

    share, peer = ours(), shapely_share(patrols, town)
    off = abs(share - peer) * 100
    assert off <= MOST_OFF_POINTS, f"{off:.3f} percentage points apart"
    tell(f"{share:.2%} and {peer:.2%}: {off:.4f} percentage points apart")
    times = interleaved(
        {"1 thread": ours, "shapely": lambda: shapely_share(patrols, town)},
        rounds=wanted.rounds,
        slow="shapely",
        slow_rounds=2,
    )
    work = f"{wanted.fixes:,} fixes".replace(",", " ")
    report(
        "ground_share",
        figures(work, times, peer="shapely", at_least=AT_LEAST),
        more={"fixes": len(patrols.tracks), "apart_points": off, "times": as_json(times)},
    )


if __name__ == "__main__":
    main()
