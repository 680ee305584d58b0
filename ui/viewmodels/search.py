"""What the search box can find: places, addresses and housing areas."""

from __future__ import annotations

from collections.abc import Mapping

from geo.services.selection import Selection
from geo.services.snapshot import Snapshot
from geo.wording import Wording


def find_options(snapshot: Snapshot, selection: Selection, wording: Wording) -> Mapping[str, str]:
    """Give ``kind:id`` → what it is called, places first, then areas, then addresses."""
    del selection  # A name can be looked for at any time.
    places = {f"place:{place.location_id}": place.name for place in snapshot.locations}
    areas = {
        f"area:{area}": wording("Bostadsområde {area}", area=area)
        for area in sorted({building.area for building in snapshot.buildings})
    }
    buildings = {f"building:{b.building_id}": b.address for b in snapshot.buildings}
    return {**_by_name(places), **areas, **_by_name(buildings)}


def _by_name(options: Mapping[str, str]) -> dict[str, str]:
    return dict(sorted(options.items(), key=lambda item: item[1].casefold()))
