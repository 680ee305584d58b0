"""Everything the example holds, in the order a store can take it."""

from __future__ import annotations

from geo.model.record import Record
from geo.services.demo.activities import example_activities
from geo.services.demo.buildings import example_buildings, example_inspections
from geo.services.demo.shipped import shipped_locations
from geo.services.demo.tracks import example_tracks
from geo.services.demo.visits import example_visits
from geo.services.demo.year import the_year


def example_records(*, seed: int) -> tuple[Record, ...]:
    """Invent a year of work, 2021, around the shipped places.

    Parameters
    ----------
    seed
        0 or more.  The same seed gives the same records, bit for bit, on every
        machine.  Keys are numbered alike for every seed: two examples do not mix.

    Returns
    -------
    tuple of Record
        Locations, buildings, inspections, visits, activities and tracks, each after
        what it refers to, all with ``example`` set.  The promise is real and comes
        from `shipped_promises`.
    """
    places = shipped_locations()
    year = the_year(seed=seed)
    buildings = example_buildings(seed=seed)
    return (
        *places,
        *buildings,
        *example_inspections(buildings, year=year, seed=seed),
        *example_visits(places, year=year, seed=seed),
        *example_activities(places, year=year, seed=seed),
        *example_tracks(places, year=year, seed=seed),
    )
