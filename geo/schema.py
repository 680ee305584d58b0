"""The columns of our frames, and a check that names everything wrong with one.

Moments are ``datetime64[us, UTC]``.  A frame may have more columns than its
schema; it may not have fewer.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

import pandas as pd

from geo.errors import SchemaError
from geo.wording import say

Holds = Literal["text", "moment", "number", "whole", "flag", "anything"]
Schema = Mapping[str, Holds]


def _schema(**columns: Holds) -> Schema:
    return MappingProxyType(columns)


DESIGNATIONS: Final = _schema(
    location_id="text",
    name="text",
    start_at="moment",
    end_at="moment",
    visits_per_week="number",
    minutes_per_visit="number",
    unsafe_hours="anything",
)
"""One row per piece of a place's history; ``NaT`` leaves an end open, ``NaN`` means no target."""

PLACES: Final = _schema(
    location_id="text",
    start_at="moment",
    end_at="moment",
    radius_m="number",
    geometry="anything",
)
"""The same pieces with their shapes (EPSG:4326) and reach, for placing visits."""

PRESENCE: Final = _schema(
    location_id="text", visit_id="text", start_at="moment", end_at="moment", officers="whole"
)
"""One row per visit and place it counts for; only visits that were done."""

VISITS: Final = _schema(
    visit_id="text",
    location_id="anything",
    lon="number",
    lat="number",
    start_at="moment",
    end_at="moment",
    kind="text",
    officers="whole",
    done="flag",
    not_done_reason="anything",
    source="anything",
    flags="anything",
    note="anything",
    example="flag",
)
"""One row per visit as it was logged."""

SPACES: Final = _schema(building_id="text", area="text", space="text")
"""One row per space of a building that is to be gone through."""

INSPECTIONS: Final = _schema(
    inspection_id="text",
    building_id="text",
    space="text",
    inspected_at="moment",
    outcome="text",
    deficiencies="anything",
    due_on="anything",
    fixed_on="anything",
)
"""One row per inspection; ``due_on`` and ``fixed_on`` are ``date`` or ``None``."""


def _holds(column: pd.Series, wanted: Holds) -> bool:
    kind = column.dtype.kind if hasattr(column.dtype, "kind") else "O"
    match wanted:
        case "moment":
            return isinstance(column.dtype, pd.DatetimeTZDtype) and str(column.dt.tz) == "UTC"
        case "number":
            return kind in "iuf"
        case "whole":
            return kind in "iu"
        case "flag":
            return kind == "b"
        case "text":
            return kind == "O" or isinstance(column.dtype, pd.StringDtype)
        case "anything":
            return True


def check(frame: pd.DataFrame, schema: Schema) -> None:
    """Refuse a frame that lacks a column or holds the wrong thing in one; names them all.

    Raises
    ------
    SchemaError
        With every fault, not just the first.
    """
    faults = [
        (name, say("Kolumnen saknas."))
        if name not in frame.columns
        else (
            name,
            say("Kolumnen har {found}, inte {wanted}.", found=frame[name].dtype, wanted=wanted),
        )
        for name, wanted in schema.items()
        if name not in frame.columns or not _holds(frame[name], wanted)
    ]
    if faults:
        raise SchemaError(faults)


def empty(schema: Schema) -> pd.DataFrame:
    """Make a frame with a schema's columns and no rows."""
    dtypes: Mapping[Holds, str] = {
        "moment": "datetime64[us, UTC]",
        "number": "float64",
        "whole": "int64",
        "flag": "bool",
        "text": "object",
        "anything": "object",
    }
    return pd.DataFrame(
        {name: pd.Series([], dtype=dtypes[wanted]) for name, wanted in schema.items()}
    )
