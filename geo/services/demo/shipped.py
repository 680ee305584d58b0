"""Reads what ships in ``data/``: hand-made places and the promise of 2021."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import shapely.geometry
from pydantic import ValidationError

from geo.errors import FileError
from geo.model.location import Location
from geo.model.problems import schema_error
from geo.model.promise import Promise, PromiseItem
from geo.wording import say

DATA = Path(__file__).resolve().parents[3] / "data"
LOCATIONS = DATA / "locations.geojson"
PROMISES = DATA / "promises.json"


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as exc:
        raise FileError(
            say("Filen {file} saknas. Hämta hem hela programmet igen.", file=path.name)
        ) from exc
    except ValueError as exc:
        raise FileError(
            say("Filen {file} går inte att läsa som JSON. Hämta hem den igen.", file=path.name)
        ) from exc


def shipped_locations() -> tuple[Location, ...]:
    """Read the hand-made places of ``data/locations.geojson``, in the order of the file.

    Raises
    ------
    FileError
        Where the file is missing or is no JSON.
    SchemaError
        Where a feature is not a valid place.
    """
    try:
        return tuple(
            Location(**feature["properties"], geometry=shapely.geometry.shape(feature["geometry"]))
            for feature in _read(LOCATIONS)["features"]
        )
    except ValidationError as exc:
        raise schema_error(exc) from exc


def shipped_promises() -> tuple[Promise | PromiseItem, ...]:
    """Read the citizen promise of 2021: each promise, then its items in order.

    The promise is public and no example: its records do not say ``example``.

    Raises
    ------
    FileError
        Where the file is missing or is no JSON.
    SchemaError
        Where a promise or an item is not valid.
    """
    shipped = _read(PROMISES)
    try:
        promises = [Promise(**promise) for promise in shipped["promises"]]
        items = [PromiseItem(**item) for item in shipped["items"]]
    except ValidationError as exc:
        raise schema_error(exc) from exc
    return (*promises, *sorted(items, key=lambda item: (item.promise_id, item.order)))
