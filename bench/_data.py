"""The example year with as many visits as a bench asks for, once for both apps.

The same visits lie in a SQLite database written through the store (ours) and in a GeoPackage (the
plain app's).  Each has a position, so that both maps show every one of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.model.location import Location
from geo.model.visit import Visit
from geo.services.demo import example_records
from geo.services.demo.ground import spot_in
from geo.store.open import open_store
from geo.store.store import Put

NOW = "2022-01-03T09:00:00+01:00"
"""The Monday after the example year: everything in it has happened."""

SEED = 2021
RARE_KINDS = ("cykel", "mc", "ridande", "vandring")
"""Kinds only a few visits are of, so that a filter on them leaves the map about as full."""
_RARE_SHARE = 0.025
_ON_THE_WAY_SHARE = 0.4
_SPREAD_M, _SPREAD_ON_THE_WAY_M = 30.0, 900.0
_DEGREES_EAST, _DEGREES_NORTH = 1 / 59_900, 1 / 111_400
"""Degrees to a metre at 57.5° N; only to strew positions with, nothing is measured."""


@dataclass(frozen=True)
class Data:
    """The same visits, twice on disk and once in memory.

    Attributes
    ----------
    db
        URL of the database for our app.
    plain
        GeoPackage for the plain app.
    visits
        ``visit_id, kind, start_at, lon, lat``, all done and all in 2021 in Mark.
    """

    db: str
    plain: Path
    visits: pd.DataFrame

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of visit there are."""
        return tuple(sorted(self.visits["kind"].unique()))

    def count(self, kinds: Sequence[str]) -> int:
        """Count the visits of some kinds, the slow and obvious way."""
        return sum(1 for kind in self.visits["kind"] if kind in kinds)


def make_data(folder: Path, *, visits: int) -> Data:
    """Make a year with so many visits around the example's places and buildings."""
    records = example_records(seed=SEED)
    made = tuple(_visits(records, visits))
    kept = [record for record in records if not isinstance(record, Visit)]
    folder.mkdir(parents=True, exist_ok=True)
    db = f"sqlite:///{folder / 'trygg.db'}"
    store = open_store(db)
    store.write(
        [Put(record) for record in (*kept, *made)],
        origin="bench",
        at=datetime.fromisoformat(NOW),
    )
    store.close()
    frame = pd.DataFrame(
        {
            "visit_id": [visit.visit_id for visit in made],
            "kind": [visit.kind for visit in made],
            "start_at": pd.to_datetime([visit.start_at for visit in made], utc=True),
            "lon": [visit.lon for visit in made],
            "lat": [visit.lat for visit in made],
        }
    )
    points = gpd.GeoDataFrame(
        frame[["visit_id", "kind", "start_at"]],
        geometry=gpd.points_from_xy(frame["lon"], frame["lat"]),
        crs="EPSG:4326",
    )
    points.to_file(folder / "visits.gpkg", layer="visits")
    return Data(db, folder / "visits.gpkg", frame)


def make_examples(folder: Path) -> str:
    """Make the database a new installation starts with; give its URL."""
    folder.mkdir(parents=True, exist_ok=True)
    db = f"sqlite:///{folder / 'trygg.db'}"
    store = open_store(db)
    records = [Put(record) for record in example_records(seed=SEED)]
    store.write(records, origin="bench", at=datetime.fromisoformat(NOW))
    store.close()
    return db


def _visits(records: Sequence[object], count: int) -> Iterator[Visit]:
    """Draw from the example's own visits, so that its rhythm and unevenness stay."""
    rng = np.random.default_rng(SEED)
    places = {r.location_id: spot_in(r) for r in records if isinstance(r, Location)}
    drawn_from = [r for r in records if isinstance(r, Visit) and r.done and r.location_id in places]
    for number, index in enumerate(rng.integers(0, len(drawn_from), count), start=1):
        like = drawn_from[index]
        spot = places[str(like.location_id)]
        is_on_the_way = rng.random() < _ON_THE_WAY_SHARE
        spread_m = _SPREAD_ON_THE_WAY_M if is_on_the_way else _SPREAD_M
        east_m, north_m = rng.normal(0.0, spread_m, 2)
        # Within the visit's own hour, so that the day, its week and its silences stay.
        start_at = like.start_at.replace(minute=int(rng.integers(0, 60)))
        rare = int(rng.random() / _RARE_SHARE)
        yield Visit(
            visit_id=f"bench-{number:06d}",
            location_id=None if is_on_the_way else like.location_id,
            lon=round(spot.lon + east_m * _DEGREES_EAST, 6),
            lat=round(spot.lat + north_m * _DEGREES_NORTH, 6),
            start_at=start_at,
            end_at=start_at + timedelta(minutes=int(rng.integers(2, 40))),
            kind=RARE_KINDS[rare] if rare < len(RARE_KINDS) else like.kind,
            officers=like.officers,
            source="bench",
            example=True,
        )
