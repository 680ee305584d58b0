"""Coverage table for a year: 25 places, 10 000 visits; beside the usual pandas loop.

The same data in the same run; the results are compared before any time is printed.
Run as ``python -m bench.coverage_table`` from the repository's folder.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import date

import numpy as np
import pandas as pd

from bench._table import Figure, report
from geo.coverage.table import FIGURES, coverage_table
from geo.model.hours import UnsafeHours
from geo.model.period import Grain, Period

PLACES, VISITS = 25, 10_000
YEAR = Period(date(2021, 1, 1), date(2022, 1, 1))
TARGET_MS = 5.0


def example(*, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Make places with evening hours and visits with a night and weekend rhythm."""
    rng = np.random.default_rng(seed)
    ids = [f"plats-{number:02d}" for number in range(PLACES)]
    never = pd.Series([pd.NaT] * PLACES, dtype="datetime64[us, UTC]")
    designations = pd.DataFrame(
        {
            "location_id": ids,
            "name": [f"Plats {number}" for number in range(PLACES)],
            "start_at": never,
            "end_at": never,
            "visits_per_week": rng.integers(1, 15, PLACES).astype(float),
            "minutes_per_visit": rng.choice([np.nan, 5, 10, 15], PLACES),
            "unsafe_hours": [
                UnsafeHours.parse(
                    f"Mo-Th {18 + n % 4}:00-23:00; Fr,Sa {19 + n % 3}:00-0{1 + n % 4}:00"
                )
                for n in range(PLACES)
            ],
        }
    )
    # Some reach back before the year, as the store gives them.
    day = rng.integers(-10, 365, VISITS)
    hour = rng.choice(24, VISITS, p=_night())
    minute = hour * 60 + rng.integers(0, 60, VISITS)
    start = pd.Timestamp("2021-01-01") + pd.to_timedelta(day * 1440 + minute, unit="min")
    start = pd.Series(start).dt.tz_localize(
        "Europe/Stockholm", ambiguous=np.ones(VISITS, dtype=bool), nonexistent="shift_forward"
    )
    start = start.astype("datetime64[us, UTC]")
    presence = pd.DataFrame(
        {
            # As ``place_visits`` gives it.
            "location_id": pd.Categorical(np.array(ids)[rng.integers(0, PLACES, VISITS)]),
            "visit_id": [f"b{number}" for number in range(VISITS)],
            "start_at": start,
            "end_at": start + pd.to_timedelta(rng.integers(0, 45, VISITS), unit="min"),
            "officers": rng.integers(1, 4, VISITS),
        }
    ).sort_values("start_at", ignore_index=True)
    presence["end_at"] = presence["end_at"].astype("datetime64[us, UTC]")
    return designations, presence


def _night() -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    weight = np.ones(24)
    weight[19:24] = 6
    weight[:3] = 4
    return weight / weight.sum()


def usual_table(designations: pd.DataFrame, presence: pd.DataFrame, by: Grain) -> pd.DataFrame:
    """Count the same, the way one would write it: a loop over places, periods and rows."""
    rows = []
    for place in designations.itertuples():
        mine = presence[presence["location_id"] == place.location_id]
        unsafe = place.unsafe_hours.intervals(YEAR)
        for piece in YEAR.pieces(by):
            start, end = pd.Timestamp(piece.start_at), pd.Timestamp(piece.end_at)
            length = end - start
            inside = mine[(mine["start_at"] < end) & (mine["end_at"] >= start)]
            officer_min = patrol_min = hit_min = 0.0
            gaps, covered_to, count, enough = [], start, 0, 0
            for visit in inside.sort_values("start_at").itertuples():
                if visit.start_at < start and visit.end_at == start:
                    continue
                begin, stop = max(visit.start_at, start), min(visit.end_at, end)
                officer_min += (stop - begin).total_seconds() / 60 * visit.officers
                if visit.start_at >= start:
                    count += 1
                    minutes = (visit.end_at - visit.start_at).total_seconds() / 60
                    if not minutes < place.minutes_per_visit:
                        enough += 1
                if begin > covered_to:
                    gaps.append(begin - covered_to)
                fresh = max(begin, covered_to)
                if stop > fresh:
                    patrol_min += (stop - fresh).total_seconds() / 60
                    hit_min += _unsafe_minutes(unsafe, fresh, stop)
                    covered_to = stop
                covered_to = max(covered_to, stop)
            if end > covered_to:
                gaps.append(end - covered_to)
            begun = mine.loc[mine["start_at"] < end, "end_at"]
            since = max(end - begun.max(), pd.Timedelta(0)) if len(begun) else None
            days = [gap / pd.Timedelta("1D") for gap in gaps]
            rows.append(
                {
                    "location_id": place.location_id,
                    "name": place.name,
                    "period_start": piece.from_on.isoformat(),
                    "period_end": piece.to_on.isoformat(),
                    "visits": count,
                    "officer_min": officer_min,
                    "patrol_min": patrol_min,
                    "days_since_last": np.nan if since is None else since / pd.Timedelta("1D"),
                    "longest_gap_days": max(days, default=0.0),
                    "avg_idleness_days": sum(gap**2 for gap in days)
                    / (2 * (length / pd.Timedelta("1D"))),
                    "target_share": min(
                        1.0, enough / (place.visits_per_week * (length / pd.Timedelta("168h")))
                    ),
                    "hit_in_time_share": hit_min / patrol_min if patrol_min else np.nan,
                }
            )
    return pd.DataFrame(rows)


def _unsafe_minutes(
    unsafe: np.ndarray[tuple[int, int], np.dtype[np.int64]], start: pd.Timestamp, end: pd.Timestamp
) -> float:
    start_us, end_us = start.as_unit("us").value // 1000, end.as_unit("us").value // 1000
    overlap = np.minimum(unsafe[:, 1], end_us) - np.maximum(unsafe[:, 0], start_us)
    return float(np.maximum(overlap, 0).sum() / 60e6)


def times_ms(work: Callable[[], object], *, rounds: int) -> list[float]:
    """Time some rounds after one that warms up."""
    work()
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        times.append((time.perf_counter() - begun) * 1e3)
    return times


def main() -> None:
    """Compare, then time, then write."""
    designations, presence = example(seed=2021)
    figures: list[Figure] = []
    times: dict[str, list[float]] = {}
    for by in ("all", "week"):
        grain: Grain = "all" if by == "all" else "week"
        ours = coverage_table(designations, presence, period=YEAR, by=grain)
        begun = time.perf_counter()
        usual = usual_table(designations, presence, grain)
        peer_ms = (time.perf_counter() - begun) * 1e3
        keys = ["location_id", "name", "period_start", "period_end"]
        assert ours[keys].to_dict("list") == usual[keys].to_dict("list")
        for figure in FIGURES:
            np.testing.assert_allclose(
                ours[figure].astype(float), usual[figure].astype(float), rtol=1e-9, err_msg=figure
            )
        ours_times = times_ms(
            lambda grain=grain: coverage_table(designations, presence, period=YEAR, by=grain),
            rounds=100,
        )
        figures.append(
            Figure(
                f"coverage table of a year, {len(ours)} rows",
                statistics.median(ours_times),
                "ms",
                target=TARGET_MS if by == "all" else None,
                peer=peer_ms,
            )
        )
        times[by] = [round(each, 3) for each in ours_times]
    report("coverage_table", figures, more={"places": PLACES, "visits": VISITS, "ours_ms": times})


if __name__ == "__main__":
    main()
