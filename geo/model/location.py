"""Designated unsafe places (*utpekade otrygga platser*)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from pydantic import BeforeValidator, Field, model_validator

from geo.errors import HoursError
from geo.model.hours import UnsafeHours
from geo.model.problems import wrong
from geo.model.record import Day, Key, Kind, Line, Note, Record
from geo.model.shape import DEFAULT_RADIUS_M, PlaceShape
from geo.wording import mark

SUGGESTED_KINDS: tuple[str, ...] = (
    mark("torg"),
    mark("bostadsgård"),
    mark("lekplats"),
    mark("skolgård"),
    mark("parkering"),
    mark("garage"),
    mark("gångtunnel"),
    mark("gångväg"),
    mark("busshållplats"),
    mark("station"),
    mark("resecentrum"),
    mark("promenad"),
    mark("aktivitetspark"),
    mark("idrottsplats"),
    mark("badplats"),
    mark("grillplats"),
)
"""Kinds of place the forms offer; any other text is as good."""


def _hours(value: object) -> object:
    if not isinstance(value, str):
        return value
    if not value.strip():
        return None
    try:
        return UnsafeHours.parse(value)
    except HoursError as exc:
        raise wrong(exc.message.template, **exc.message.params) from exc


class Location(Record):
    """One piece of a place's history: where it is, and what was aimed at, while it was designated.

    A new target, shape or designation starts a new piece with the same
    ``location_id``; the pieces of one place do not overlap.  ``designated_from``
    is the first day, ``designated_to`` the first day after (exclusive); ``None``
    leaves that end open.
    """

    kind_of_record: ClassVar[Kind] = "locations"

    location_id: Key
    name: Line
    kind: Line
    geometry: PlaceShape
    radius_m: Annotated[float, Field(gt=0, le=5_000, allow_inf_nan=False)] | None = None
    priority: Annotated[int, Field(ge=1, le=3)] | None = None
    visits_per_week: Annotated[float, Field(ge=0, le=1_000, allow_inf_nan=False)] | None = None
    minutes_per_visit: Annotated[float, Field(ge=0, le=1_440, allow_inf_nan=False)] | None = None
    unsafe_hours: Annotated[UnsafeHours | None, BeforeValidator(_hours)] = None
    designated_from: Day | None = None
    designated_to: Day | None = None
    review_on: Day | None = None
    source: Note = None
    example: bool = False

    @property
    def record_id(self) -> str:
        """The place and the day this piece of its history begins."""
        return f"{self.location_id}@{self.designated_from or ''}"

    @property
    def shown_id(self) -> str:
        """The place, which is what people call it by."""
        return self.location_id

    @property
    def reach_m(self) -> float:
        """Radius of a point or half-width of a corridor; 0 for a polygon without a margin."""
        if self.radius_m is not None:
            return self.radius_m
        return 0.0 if "Polygon" in self.geometry.geom_type else DEFAULT_RADIUS_M

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Location:
        if (
            self.designated_from is not None
            and self.designated_to is not None
            and self.designated_to <= self.designated_from
        ):
            raise wrong(
                "Platsen slutar vara utpekad {to} men börjar {start}.",
                to=str(self.designated_to),
                start=str(self.designated_from),
            )
        return self

    def is_designated(self, on: date) -> bool:
        """Tell whether this piece is in force on a day."""
        begun = self.designated_from is None or self.designated_from <= on
        return begun and (self.designated_to is None or on < self.designated_to)

    def overlaps(self, other: Location) -> bool:
        """Tell whether two pieces are in force on some same day."""
        starts_before_other_ends = (
            self.designated_from is None
            or other.designated_to is None
            or self.designated_from < other.designated_to
        )
        ends_after_other_starts = (
            self.designated_to is None
            or other.designated_from is None
            or other.designated_from < self.designated_to
        )
        return starts_before_other_ends and ends_after_other_starts
