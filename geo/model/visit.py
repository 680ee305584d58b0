"""Patrol visits (*patrullbesök*), and tracks they may come from."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, ClassVar, NamedTuple

from pydantic import Field, model_validator

from geo.model.problems import wrong
from geo.model.record import Key, Kind, Line, Moment, Note, Record
from geo.wording import mark

SUGGESTED_KINDS: tuple[str, ...] = (
    mark("fotpatrull"),
    mark("bil"),
    mark("patrull"),
    mark("områdespolis"),
    mark("ordningsvakt"),
    mark("fältare"),
)
"""Kinds of patrol the forms offer; any other text is as good."""

SUGGESTED_REASONS: tuple[str, ...] = (
    mark("Prioriterat larm"),
    mark("Hann inte"),
    mark("Passet avbröts"),
    mark("Gick inte att komma fram"),
)
"""Why a visit did not take place, as the forms offer it; any other text is as good."""

LONGEST_VISIT = timedelta(hours=24)
"""A visit longer than a day is a typing error in one of its ends."""

Degrees = Annotated[float, Field(allow_inf_nan=False)]


class Visit(Record):
    """A patrol was at a place, or at a position, for a while; or was to be, and was not.

    ``officers`` is how many, never who.  A visit that was not done carries the
    reason and counts as no presence.
    """

    kind_of_record: ClassVar[Kind] = "visits"

    visit_id: Key
    location_id: Key | None = None
    lon: Annotated[Degrees, Field(ge=-180, le=180)] | None = None
    lat: Annotated[Degrees, Field(ge=-90, le=90)] | None = None
    start_at: Moment
    end_at: Moment
    kind: Line = "patrull"
    officers: Annotated[int, Field(ge=1, le=500)] = 1
    done: bool = True
    not_done_reason: Note = None
    source: Note = None
    flags: tuple[Line, ...] = ()
    note: Note = None
    example: bool = False

    @property
    def record_id(self) -> str:
        """The visit's own key."""
        return self.visit_id

    @model_validator(mode="after")
    def _is_whole(self) -> Visit:
        if (self.lon is None) != (self.lat is None):
            raise wrong("Bara den ena koordinaten är angiven.")
        if self.location_id is None and self.lon is None:
            raise wrong("Besöket har varken plats eller koordinater.")
        if self.end_at < self.start_at:
            raise wrong("Besöket slutar innan det börjar.")
        if self.end_at - self.start_at > LONGEST_VISIT:
            raise wrong("Besöket är längre än ett dygn.")
        if not self.done and self.not_done_reason is None:
            raise wrong("Ett besök som inte blev av behöver en anledning.")
        return self


class Fix(NamedTuple):
    """One GPS position: an aware moment, longitude and latitude in WGS 84."""

    at: datetime
    lon: float
    lat: float


class Track(Record):
    """A patrol's positions in time order; says which kind of patrol, never whose."""

    kind_of_record: ClassVar[Kind] = "tracks"

    track_id: Key
    name: Line
    kind: Line = "patrull"
    source: Note = None
    fixes: Annotated[tuple[Fix, ...], Field(min_length=1)]
    example: bool = False

    @property
    def record_id(self) -> str:
        """The track's own key."""
        return self.track_id
