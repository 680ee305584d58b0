"""Work that is no visit: targeted operations, school work, meetings, campaigns, safety walks."""

from __future__ import annotations

from typing import ClassVar

from pydantic import model_validator

from geo.model.problems import wrong
from geo.model.record import Day, Key, Kind, Line, Note, Record
from geo.wording import mark

SUGGESTED_KINDS: tuple[str, ...] = (
    mark("riktad insats narkotika"),
    mark("skolarbete"),
    mark("föräldramöte"),
    mark("informationsinsats"),
    mark("trygghetsvandring"),
    mark("synpunkt"),
)
"""Kinds the forms offer; any other text is as good."""


class Activity(Record):
    """Something done on one or more days, at a place, a school, an area, or nowhere in particular.

    ``from_on`` and ``to_on`` are the first and the last day, both included.
    """

    kind_of_record: ClassVar[Kind] = "activities"

    activity_id: Key
    kind: Line
    from_on: Day
    to_on: Day
    location_id: Key | None = None
    place_text: Note = None
    note: Note = None
    example: bool = False

    @property
    def record_id(self) -> str:
        """The activity's own key."""
        return self.activity_id

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Activity:
        if self.to_on < self.from_on:
            raise wrong("Aktiviteten slutar innan den börjar.")
        return self
