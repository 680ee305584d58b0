"""One more place, or a changed one: only its visits are found anew."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import cast

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.coverage.engine.compiling import Form
from geo.coverage.engine.index import index_places
from geo.coverage.engine.shapes import Fault
from geo.coverage.engine.tracks import Tracks
from geo.coverage.engine.visits import By, Rules, Visits, visits_of


@dataclass(frozen=True, slots=True, eq=False)
class Renewed:
    """Visits after a change of places.

    Attributes
    ----------
    visits
        All of them, in order of track, start, place.
    place_ids
        What ``visits.place`` are positions among: as `index_places` would have them.
    searched
        The places whose visits were found anew.
    faults
        Of those places, and of zones.
    """

    visits: Visits
    place_ids: pd.Index[str]
    searched: tuple[str, ...]
    faults: tuple[Fault, ...]


def visits_after_change(
    visits: Visits,
    place_ids: pd.Index[str],
    tracks: Tracks,
    places: gpd.GeoDataFrame,
    *,
    changed: Collection[str],
    zones: gpd.GeoDataFrame | None = None,
    by: By = "fixes",
    rules: Rules,
    threads: int = 1,
    form: Form = "auto",
) -> Renewed:
    """Find what ``visits_of`` would, searching only for places that are new or changed.

    Parameters
    ----------
    visits, place_ids
        As found before the change, from the same tracks and zones and by the same rules: places do
        not know each other, but a changed zone changes them all.
    tracks
        The fixes.
    places
        All places after the change, as for ``index_places``.  Visits of places that are not among
        them any more are left out.
    changed
        Ids of places whose shape, reach or time changed.  Those not in `place_ids` are new and need
        not be named.
    zones, by, rules, threads, form
        As for ``index_places`` and ``visits_of``.

    Raises
    ------
    ValueError
        Where a place said to have changed is neither among the old nor the new ones.
    """
    now = cast("pd.Index[str]", pd.Index(places["location_id"].unique()))
    strangers = sorted(set(changed) - set(now) - set(place_ids))
    if strangers:
        raise ValueError(f"no place {strangers[0]!r} has changed: there is none")
    is_searched = now.isin(list(changed)) | ~now.isin(place_ids)
    searched = now[is_searched]
    index = index_places(places[places["location_id"].isin(searched)], zones=zones)
    found = visits_of(tracks, index, by=by, rules=rules, threads=threads, form=form)

    # −1 where a place is gone or was searched.
    position = now.get_indexer(place_ids)
    position[place_ids.isin(searched)] = -1
    kept = position[visits.place] >= 0
    place = np.concatenate(
        [position[visits.place[kept]], now.get_indexer(index.place_ids)[found.place]]
    )
    columns = {
        name: np.concatenate([getattr(visits, name)[kept], getattr(found, name)])
        for name in Visits.__slots__
    } | {"place": place.astype(np.int64)}
    order = np.lexsort((columns["place"], columns["start_us"], columns["track"]))
    return Renewed(
        Visits(**{name: column[order] for name, column in columns.items()}),
        now,
        tuple(searched),
        index.faults,
    )
