"""Example data: what ships in ``data/`` and an invented year of work around it.

shipped_locations
    The hand-made places of ``data/locations.geojson``.
shipped_promises
    The citizen promise of ``data/promises.json``.
example_records
    The places and a year of visits, buildings, inspections, activities and tracks.
"""

from geo.services.demo.records import example_records
from geo.services.demo.shipped import shipped_locations, shipped_promises

__all__ = ["example_records", "shipped_locations", "shipped_promises"]
